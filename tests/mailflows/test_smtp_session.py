"""The SMTP edge is let in, or is not: the greeting, TLS, and name and password, against servers on loopback."""

import asyncio
import base64
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mailflows.accepted import Bounced, Deferred, NotLetIn, TooMuch, Unreachable
from mailflows.endpoints import SMTPServer
from mailflows.message import Message
from mailflows.smtp import SMTPSender
from mailflows.smtp_timeouts import Timeouts
from tests.servers import certificates, packages
from tests.servers.answering import Answers, answering
from tests.servers.certificates import Certificates
from tests.servers.scripted import Answer, Script, following

LETTER = Message((b"Subject: x\r\n\r\nlast\r\n",))
SENDER, RECIPIENT, KEY = "secretariat@1540.example", "mission@malawi.example", "receipt/S-2012-0001#1"
IMPLICIT_OR_STARTTLS = pytest.mark.parametrize("implicit", [False, True], ids=["STARTTLS", "TLS from the start"])
STARTTLS = b"250-script.test\r\n250-PIPELINING\r\n250 STARTTLS\r\n"
PASSWORD = b"250-script.test\r\n250 AUTH CRAM-MD5 PLAIN LOGIN\r\n"
PLAIN = b"250-script.test\r\n250 AUTH PLAIN\r\n"


@pytest.fixture(scope="session")
def trusted() -> Iterator[Certificates]:
    """A certificate for loopback, signed by an authority of this run."""
    with packages.home_of_any() as home:
        yield certificates.make(home / "tls", home)


@pytest.fixture(scope="session")
def shown(trusted: Certificates) -> dict[str, Certificates]:
    """Certificates of the same authority that are not to be trusted here, or not any more."""
    return {
        "elsewhere": certificates.signed(trusted.authority, "elsewhere", "DNS:mail.elsewhere.example"),
        "expired": certificates.signed(trusted.authority, "expired", certificates.LOOPBACK, days=-1),
    }


def context_of(shown: Certificates) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown.certificate, shown.key)
    return context


async def sent(sender: SMTPSender) -> str:
    return (await sender.send(SENDER, RECIPIENT, LETTER, key=KEY)).reply


async def tls_of(server: SMTPServer, authority: Path | None) -> str:
    async with SMTPSender(replace(server, tls_required=True), ca_file=authority) as sender:
        return (await sender.send(SENDER, RECIPIENT, LETTER, key=KEY)).tls


async def tls_with(handler: Answers, shown: Certificates, authority: Path | None, *, implicit: bool) -> str:
    """With a server in a thread of its own: it outlives a handshake that fails."""
    with answering(handler, **{"ssl_context" if implicit else "tls_context": context_of(shown)}) as server:
        return await tls_of(replace(server, implicit_tls=implicit), authority)


@IMPLICIT_OR_STARTTLS
async def test_the_line_is_protected_and_the_proof_says_how(trusted: Certificates, *, implicit: bool) -> None:
    handler = Answers()
    assert (await tls_with(handler, trusted, trusted.authority, implicit=implicit)).startswith("TLSv1.3 TLS_")
    assert len(handler.took) == 1


@IMPLICIT_OR_STARTTLS
async def test_a_protected_line_carries_many_messages_large_ones_too(trusted: Certificates, *, implicit: bool) -> None:
    large = Message((b"Subject: x\r\n\r\n", (b"y" * 76 + b"\r\n") * 50_000))
    script = Script(extensions=STARTTLS, tls=context_of(trusted))
    async with (
        following(script, implicit_tls=implicit) as server,
        SMTPSender(replace(server, tls_required=True), ca_file=trusted.authority, connections=2) as sender,
    ):
        await asyncio.gather(*(sender.send(SENDER, RECIPIENT, large, key=KEY) for _ in range(4)))
    assert script.texts == [bytes(large)] * 4
    assert script.sessions == 2


@IMPLICIT_OR_STARTTLS
async def test_a_certificate_of_an_unknown_authority_gets_nothing(trusted: Certificates, *, implicit: bool) -> None:
    handler = Answers()
    with pytest.raises(NotLetIn, match=r"certificate is not trusted .*VERBALE_CA_FILE"):
        await tls_with(handler, trusted, None, implicit=implicit)
    assert not handler.took


@IMPLICIT_OR_STARTTLS
@pytest.mark.parametrize(
    ("name", "why"),
    [("elsewhere", "IP address mismatch|not valid for '127.0.0.1'"), ("expired", "certificate has expired")],
)
async def test_a_certificate_of_another_host_or_time_gets_nothing(
    trusted: Certificates, shown: dict[str, Certificates], name: str, why: str, *, implicit: bool
) -> None:
    handler = Answers()
    with pytest.raises(NotLetIn, match=why):
        await tls_with(handler, shown[name], trusted.authority, implicit=implicit)
    assert not handler.took


async def test_a_server_whose_starttls_was_stripped_gets_nothing_where_tls_is_required() -> None:
    script = Script()
    async with following(script) as server:
        with pytest.raises(NotLetIn, match="does not offer STARTTLS"):
            await tls_of(server, None)
    assert b"MAIL" not in script.verbs()


@pytest.mark.parametrize(
    ("answer", "error"), [(b"454 4.7.0 not now\r\n", Unreachable), (b"554 5.7.3 no\r\n", NotLetIn), (None, Unreachable)]
)
async def test_a_server_that_offers_starttls_and_takes_it_back_gets_nothing(
    answer: Answer, error: type[Exception]
) -> None:
    script = Script({b"STARTTLS": answer}, extensions=STARTTLS)
    async with following(script) as server:
        with pytest.raises(error):
            await tls_of(server, None)
    assert b"MAIL" not in script.verbs()


async def test_what_comes_in_the_clear_after_the_answer_to_starttls_is_not_believed(trusted: Certificates) -> None:
    script = Script(extensions=STARTTLS, tls=context_of(trusted))
    script.answers = {b"STARTTLS": b"220 go on\r\n250-injected.test\r\n250 DSN\r\n"}
    async with following(script) as server:
        await tls_of(server, trusted.authority)
    assert [line for line in script.heard if b"MAIL" in line] == [b"MAIL FROM:<secretariat@1540.example>"]


async def test_a_server_that_answers_tls_with_words_is_not_reached() -> None:
    async with following(Script()) as server, SMTPSender(replace(server, implicit_tls=True)) as sender:
        with pytest.raises(Unreachable):
            await sent(sender)


async def test_a_tls_port_that_is_spoken_to_in_the_clear_is_named_with_the_way_out(trusted: Certificates) -> None:
    async with following(Script(extensions=STARTTLS, tls=context_of(trusted)), implicit_tls=True) as server:
        plain = replace(server, implicit_tls=False)
        async with SMTPSender(plain) as sender:
            with pytest.raises(Unreachable, match=r"did not greet within 0\.1 seconds; .*smtps://127\.0\.0\.1:\d+"):
                await sender.greets(within=0.1)


async def test_noop_shows_that_letters_could_go() -> None:
    script = Script({b"NOOP": b"250 2.0.0 here\r\n"})
    async with following(script) as server, SMTPSender(server) as sender:
        assert (await sender.greets()).reply == "250 2.0.0 here"
        await sent(sender)
    assert script.sessions == 1


def with_password(server: SMTPServer) -> SMTPServer:
    return replace(server, username="desk", password="hunter2")


async def test_name_and_password_let_us_in() -> None:
    script = Script(extensions=PLAIN)
    async with following(script) as server, SMTPSender(with_password(server)) as sender:
        await sent(sender)
    assert b"AUTH PLAIN " + base64.b64encode(b"\0desk\0hunter2") in script.heard


async def test_a_refused_password_is_about_us_is_tried_once_and_is_not_shown() -> None:
    script = Script({b"AUTH": b"535 5.7.8 no such\r\n"}, extensions=PASSWORD)
    async with following(script) as server, SMTPSender(with_password(server)) as sender:
        with pytest.raises(NotLetIn, match=r"name and password are refused: 535 5\.7\.8 no such") as caught:
            await sent(sender)
    assert script.verbs() == [b"EHLO", b"AUTH"]
    assert "hunter2" not in str(caught.value)


async def test_another_method_is_tried_where_one_is_not_to_be_had() -> None:
    script = Script({b"AUTH": [b"504 5.5.4 not this one\r\n"]}, extensions=PASSWORD)
    async with following(script) as server, SMTPSender(with_password(server)) as sender:
        await sent(sender)
    assert [line.split()[1] for line in script.heard if line.startswith(b"AUTH")] == [b"CRAM-MD5", b"PLAIN"]


async def test_a_server_that_takes_no_password_gets_none() -> None:
    script = Script()
    async with following(script) as server, SMTPSender(with_password(server)) as sender:
        with pytest.raises(NotLetIn, match="no way to log in"):
            await sent(sender)


async def test_a_server_that_cannot_ask_for_passwords_now_is_tried_again() -> None:
    script = Script({b"AUTH": b"454 4.7.0 Temporary failure: connection lost\r\n"}, extensions=PASSWORD)
    async with following(script) as server, SMTPSender(with_password(server)) as sender:
        with pytest.raises(Unreachable, match=r"454 4\.7\.0"):
            await sent(sender)


async def test_while_one_login_is_refused_nobody_else_tries_one() -> None:
    script = Script({b"AUTH": [b"535 5.7.8 no such\r\n"]}, extensions=PLAIN, seconds_for_a_reply=0.005)
    async with following(script) as server, SMTPSender(with_password(server), connections=4) as sender:
        refused = await asyncio.gather(*(sent(sender) for _ in range(4)), return_exceptions=True)
        assert [type(each) for each in refused] == [NotLetIn] * 4
        assert script.sessions == 1
        await asyncio.gather(*(sent(sender) for _ in range(4)))
    assert script.sessions == 5


async def test_who_waits_for_a_login_that_was_cancelled_makes_one() -> None:
    script = Script({b"AUTH": [b""]}, extensions=PLAIN)
    async with following(script) as server, SMTPSender(with_password(server), connections=2) as sender:
        first = asyncio.ensure_future(sent(sender))
        await script.until(lambda: b"AUTH" in script.verbs())
        second = asyncio.ensure_future(sent(sender))
        await asyncio.sleep(0.01)
        first.cancel()
        assert (await second).startswith("250")


@pytest.mark.parametrize(
    ("greeting", "error"),
    [
        (b"554 5.7.1 go away\r\n", NotLetIn),
        (b"421 4.3.2 full\r\n", TooMuch),
        (b"450 4.7.0 too many connections from you\r\n", TooMuch),
        (b"450 4.7.1 not now\r\n", Unreachable),
        (b"hello\r\n", Unreachable),
        (b"220-" + b"x" * 100_000, Unreachable),
        (None, Unreachable),
    ],
)
async def test_a_server_that_does_not_serve_us_refuses_no_letter(greeting: Answer, error: type[Exception]) -> None:
    async with following(Script(greeting=greeting)) as server, SMTPSender(server) as sender:
        with pytest.raises(error) as caught:
            await sent(sender)
    assert not isinstance(caught.value, Bounced | Deferred)


async def test_nobody_at_the_port_is_tried_again() -> None:
    async with SMTPSender(SMTPServer("127.0.0.1", packages.free_port())) as sender:
        with pytest.raises(Unreachable, match="does not answer"):
            await sent(sender)


async def test_the_greeting_is_waited_for_as_long_as_the_book_says_and_no_longer() -> None:
    script = Script(greeting=b"")
    async with following(script) as server, SMTPSender(server, timeouts=Timeouts().scaled(0.0001)) as sender:
        with pytest.raises(Unreachable, match=r"did not greet within 0\.03 seconds"):
            await sent(sender)


def test_under_uvloop_a_server_that_never_greets_is_hung_up_on_at_once() -> None:
    uvloop = pytest.importorskip("uvloop")

    async def hung_up() -> bytes:
        lines: asyncio.Queue[bytes] = asyncio.Queue()

        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await lines.put(await reader.read())
            writer.close()

        server = await asyncio.start_server(silent, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, SMTPSender(SMTPServer("127.0.0.1", port), timeouts=Timeouts(greeting=0.05)) as sender:
            with pytest.raises(Unreachable, match="did not greet"):
                await sent(sender)
            async with asyncio.timeout(5):
                return await lines.get()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(hung_up()) == b""
