"""Letters through a real Postfix: let in with a password over TLS, refused at once, or taken and sent back."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from committee.errors import Unavailable
from mailflows import reading
from mailflows.accepted import Bounced, NotLetIn
from mailflows.endpoints import SMTPServer
from mailflows.message import Message
from mailflows.smtp import SMTPSender
from tests.servers.mailbox import Account
from tests.servers.postfix import Postfix

pytest_plugins = ["tests.servers.fixtures"]
pytestmark = pytest.mark.server

RAW = b"From: desk@example.test\r\nMessage-ID: <letter@example.test>\r\nSubject: First report\r\n\r\n.With compliments.\r\n"
LETTER = Message((RAW,))
KEY = "first-report/MWI/programme-11/2#1"
PROTECTED = pytest.mark.parametrize("implicit", [False, True])


def server_for(account: Account, postfix: Postfix, *, implicit: bool = False) -> SMTPServer:
    port = postfix.ports["submissions" if implicit else "submission"]
    return SMTPServer(postfix.host, port, account.user, account.password, implicit_tls=implicit, tls_required=True)


@PROTECTED
async def test_a_letter_goes_over_tls_with_a_password_and_arrives(
    account: Account, postfix: Postfix, *, implicit: bool
) -> None:
    async with SMTPSender(
        server_for(account, postfix, implicit=implicit), ca_file=postfix.certificates.authority
    ) as post:
        accepted = await post.send(account.user, account.user, LETTER, key=KEY)
        await post.send(account.user, account.user, LETTER, key=KEY)
    assert accepted.reply.startswith("250 2.0.0 Ok: queued as ")
    assert accepted.tls.startswith("TLSv1.")
    for raw in await asyncio.to_thread(account.came, 2):
        assert raw.endswith(b"\r\n\r\n.With compliments.\r\n")


@PROTECTED
async def test_a_wrong_password_is_about_us_and_not_about_the_letter(
    account: Account, postfix: Postfix, *, implicit: bool
) -> None:
    wrong = replace(server_for(account, postfix, implicit=implicit), password="another")
    async with SMTPSender(wrong, ca_file=postfix.certificates.authority) as post:
        with pytest.raises(NotLetIn, match="refused"):
            await post.send(account.user, account.user, LETTER, key=KEY)


@PROTECTED
async def test_an_access_token_stands_in_for_a_password_and_is_read_at_each_login(
    account: Account, postfix: Postfix, tmp_path: Path, *, implicit: bool
) -> None:
    file = tmp_path / "token"
    server = replace(server_for(account, postfix, implicit=implicit), password=None, token=file)
    async with SMTPSender(server, ca_file=postfix.certificates.authority) as post:
        with pytest.raises(Unavailable, match=r"^SMTP_URL: there is no access token to read in .*FileNotFoundError"):
            await post.send(account.user, account.user, LETTER, key=KEY)
        for token in ("", "two\nlines", "\x00"):
            file.write_text(token)
            with pytest.raises(Unavailable, match="is no access token"):
                await post.send(account.user, account.user, LETTER, key=KEY)
        file.write_text("out-of-date")
        with pytest.raises(NotLetIn, match=r"name and access token are refused: 535 5\.7\.8"):
            await post.send(account.user, account.user, LETTER, key=KEY)
        file.write_text(f"{account.access_token()}\n")
        assert (await post.send(account.user, account.user, LETTER, key=KEY)).reply.startswith("250 2.0.0 Ok")


async def test_a_server_that_takes_no_access_tokens_gets_none(
    account: Account, postfix: Postfix, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("secret")
    world = SMTPServer(postfix.host, postfix.ports["mx"], account.user, token=tmp_path / "token")
    async with SMTPSender(world) as post:
        with pytest.raises(NotLetIn, match="it offers no XOAUTH2"):
            await post.send(account.user, account.user, LETTER, key=KEY)


async def test_a_server_of_an_unknown_authority_gets_no_password(account: Account, postfix: Postfix) -> None:
    async with SMTPSender(server_for(account, postfix)) as post:
        with pytest.raises(NotLetIn, match="VERBALE_CA_FILE"):
            await post.send(account.user, account.user, LETTER, key=KEY)


async def test_gone_now_is_refused_at_once_and_the_next_letter_goes_on_the_same_line(
    account: Account, postfix: Postfix
) -> None:
    async with SMTPSender(server_for(account, postfix), ca_file=postfix.certificates.authority) as post:
        with pytest.raises(Bounced, match=r"^550 5\.1\.1 .*user unknown"):
            await post.send(account.user, "mission@gone-now.test", LETTER, key=KEY)
        assert (await post.send(account.user, "mission@sink.test", LETTER, key=KEY)).reply.startswith("250 ")


@pytest.mark.parametrize(("domain", "status"), [("gone.test", "5.1.1"), ("full.test", "5.2.2"), ("spam.test", "5.7.1")])
async def test_what_is_taken_and_refused_later_comes_back_and_is_read_as_a_bounce(
    account: Account, postfix: Postfix, domain: str, status: str
) -> None:
    async with SMTPSender(server_for(account, postfix), ca_file=postfix.certificates.authority) as post:
        await post.send(account.user, f"mission@{domain}", LETTER, key=KEY)
    [raw] = await asyncio.to_thread(account.came)
    bounce = reading.read(raw).bounce
    assert bounce
    assert [(failure.address, failure.status, failure.permanent) for failure in bounce.failed] == [
        (f"mission@{domain}", status, True)
    ]
    assert bounce.message_id == "<letter@example.test>"


async def test_an_unknown_recipient_of_ours_comes_back_from_dovecot(account: Account, postfix: Postfix) -> None:
    async with SMTPSender(server_for(account, postfix), ca_file=postfix.certificates.authority) as post:
        await post.send(account.user, "nobody-here@example.test", LETTER, key=KEY)
    [raw] = await asyncio.to_thread(account.came)
    assert [failure.status for failure in (reading.read(raw).bounce or pytest.fail("no bounce")).failed] == ["5.1.1"]


async def test_what_is_greylisted_stays_in_the_queue_and_is_reported_as_delayed(
    account: Account, postfix: Postfix
) -> None:
    async with SMTPSender(server_for(account, postfix), ca_file=postfix.certificates.authority) as post:
        await post.send(account.user, "mission@slow.test", LETTER, key=KEY)
    await asyncio.to_thread(postfix.logs, "to=<mission@slow.test>")
    assert "450 4.7.1 greylisted" in postfix.log()
    [raw] = await asyncio.to_thread(account.came)
    bounce = reading.read(raw).bounce
    assert bounce
    assert (bounce.failed, [failure.status for failure in bounce.delayed]) == ((), ["4.7.1"])
