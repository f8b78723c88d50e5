"""The SMTP edge hands one message over: taken, put off, refused, or uncertain, in the words of the server."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from committee.errors import Refused, Unavailable
from mailflows.accepted import Bounced, Deferred, NotLetIn, TooMuch, Uncertain, said
from mailflows.endpoints import SMTPServer
from mailflows.message import Message
from mailflows.smtp import SMTPSender
from mailflows.sockets import is_loopback
from tests.servers.answering import Answers, answering
from tests.servers.scripted import BARE, PIPELINING, Script, following

TEXT = b"Subject: x\r\n\r\n.\r\n..two\r\nlast\r\n"
LETTER = Message((TEXT,))
LARGE = Message((TEXT, b"x" * 76 + b"\r\n", (b"y" * 76 + b"\r\n") * 400_000))
SENDER, RECIPIENT, KEY = "secretariat@1540.example", "mission@malawi.example", "receipt/S-2012-0001#1"
EACH_WAY = pytest.mark.parametrize("extensions", [PIPELINING, BARE], ids=["in one write", "one by one"])
BEFORE_THE_TEXT = [b"MAIL", b"RCPT", b"DATA"]


async def sent(sender: SMTPSender, message: Message = LETTER, **more: Any) -> str:
    return (await sender.send(SENDER, RECIPIENT, message, key=KEY, **more)).reply


async def test_a_message_is_accepted_with_the_servers_own_words() -> None:
    handler = Answers()
    with answering(handler) as server:
        async with SMTPSender(server) as sender:
            accepted = await sender.send(SENDER, RECIPIENT, LETTER, key=KEY)
    where = f"127.0.0.1:{server.port}"
    assert (accepted.reply, accepted.server, accepted.tls) == ("250 2.0.0 queued as 7F3", where, "")
    (envelope,) = handler.took
    assert (envelope.mail_from, envelope.rcpt_tos, envelope.content) == (SENDER, [RECIPIENT], TEXT)


async def test_one_connection_carries_many_messages() -> None:
    handler = Answers()
    with answering(handler) as server:
        async with SMTPSender(server) as sender:
            for _ in range(3):
                await sent(sender)
    assert len(handler.took) == 3
    assert len(handler.sessions) == 1


async def test_a_refused_recipient_is_refused_and_the_next_message_goes() -> None:
    handler = Answers(rcpt="550 5.1.1 no such user")
    with answering(handler) as server:
        async with SMTPSender(server) as sender:
            with pytest.raises(Bounced, match=r"550 5\.1\.1 no such user"):
                await sent(sender)
            handler.rcpt = ""
            assert (await sent(sender)).startswith("250")
    assert len(handler.took) == 1


@EACH_WAY
@pytest.mark.parametrize(
    ("step", "reply"),
    [(b"RCPT", b"550 5.1.1 no such user\r\n"), (b".", b"552 5.3.4 too large\r\n"), (b".", b"554 5.7.1 not wanted\r\n")],
)
async def test_a_refusal_is_about_the_message_and_the_next_one_goes_on_the_same_line_after_a_reset(
    extensions: bytes, step: bytes, reply: bytes
) -> None:
    script = Script({step: [reply]}, extensions=extensions)
    async with following(script) as server, SMTPSender(server) as sender:
        with pytest.raises(Bounced) as caught:
            await sent(sender)
        assert caught.value.reply == reply.decode().strip()
        await sent(sender)
        await sent(sender)
    assert script.sessions == 1
    assert script.verbs().count(b"RSET") == 1


@EACH_WAY
@pytest.mark.parametrize("code", [450, 451, 452])
@pytest.mark.parametrize("step", [*BEFORE_THE_TEXT, b"."])
async def test_a_temporary_refusal_at_any_step_is_about_the_letter(extensions: bytes, code: int, step: bytes) -> None:
    script = Script(
        {step: [b"%d 4.2.0 busy\r\n" % code, b"%d try again in 2 minutes\r\n" % code]}, extensions=extensions
    )
    async with following(script) as server, SMTPSender(server) as sender:
        for after in (None, timedelta(minutes=2)):
            with pytest.raises(Deferred) as caught:
                await sent(sender)
            assert caught.value.after == after
        await sent(sender)
    assert script.sessions == 1


@pytest.mark.parametrize(("step", "accepted"), [(b"MAIL", False), (b"RCPT", False), (b"RCPT", True)])
async def test_a_server_that_asks_for_the_text_of_a_refused_message_gets_a_lone_dot(
    step: bytes, *, accepted: bool
) -> None:
    end = b"250 2.0.0 taken, for nobody\r\n" if accepted else b"554 5.5.1 no valid recipients\r\n"
    script = Script({step: [b"452 4.3.1 disk full\r\n"], b".": [end]})
    async with following(script) as server, SMTPSender(server) as sender:
        with pytest.raises(Deferred, match="disk full"):
            await sent(sender)
        await sent(sender)
    assert script.texts == [b"", TEXT.replace(b"\r\n.", b"\r\n..")]
    assert script.sessions == 1


@EACH_WAY
async def test_the_commands_go_in_one_write_only_where_the_server_takes_that(extensions: bytes) -> None:
    script = Script(extensions=extensions)
    async with following(script) as server, SMTPSender(server) as sender:
        await sent(sender)
    assert script.verbs() == [b"EHLO", b"MAIL", b"RCPT", b"DATA", b".", b"QUIT"]


async def test_the_text_goes_after_ready_and_never_before() -> None:
    script, heard = Script(), list[bytes]()

    async def ready() -> None:
        await asyncio.sleep(0.01)
        heard.extend(script.verbs())

    async with following(script) as server, SMTPSender(server) as sender:
        await sent(sender, ready=ready)
    assert heard == [b"EHLO", b"MAIL", b"RCPT", b"DATA"]


@pytest.mark.parametrize("step", BEFORE_THE_TEXT)
async def test_ready_is_not_asked_for_where_the_server_does_not_take_the_text(step: bytes) -> None:
    async def ready() -> None:
        raise AssertionError("it was asked for")

    async with following(Script({step: b"450 4.2.0 busy\r\n"})) as server, SMTPSender(server) as sender:
        with pytest.raises(Deferred):
            await sent(sender, ready=ready)


@pytest.mark.parametrize("error", [KeyError("full"), Unavailable("full"), Deferred("450 full"), Bounced("550 no")])
async def test_what_ready_raises_is_raised_and_the_message_never_ends(error: Exception) -> None:
    script = Script()

    async def ready() -> None:
        raise error

    async with following(script) as server, SMTPSender(server) as sender:
        with pytest.raises(type(error)):
            await sent(sender, ready=ready)
        assert (await sent(sender)).startswith("250")
    assert script.sessions == 2
    assert len(script.texts) == 1


async def test_a_line_that_breaks_while_ready_is_awaited_is_tried_again() -> None:
    script = Script()

    async def ready() -> None:
        script.hangs_up()
        await asyncio.sleep(0.01)

    async with following(script) as server, SMTPSender(server) as sender:
        with pytest.raises(Unavailable):
            await sent(sender, ready=ready)
    assert not script.texts


async def test_a_line_that_breaks_in_the_text_is_tried_again() -> None:
    script = Script(extensions=BARE, hangs_up_in_text=True)
    async with following(script) as server, SMTPSender(server) as sender:
        with pytest.raises(Unavailable):
            await sent(sender, LARGE)


async def test_a_large_message_arrives_as_it_is() -> None:
    script = Script()
    async with following(script) as server, SMTPSender(server) as sender:
        await sent(sender, LARGE)
    assert script.texts == [bytes(LARGE).replace(b"\r\n.", b"\r\n..")]


async def test_a_cancelled_delivery_leaves_no_line_out_of_step() -> None:
    script = Script({b".": [b""]})
    async with following(script) as server, SMTPSender(server) as sender:
        sending = asyncio.ensure_future(sent(sender))
        await script.until(lambda: script.texts)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        assert await sent(sender) == "250 2.0.0 OK"
    assert script.sessions == 2


@pytest.mark.parametrize("answer", [None, b"no answer at all\r\n", b"354 go on\r\n", b"250-without an end\r\n250"])
async def test_no_answer_to_the_final_dot_is_uncertain(answer: bytes | None) -> None:
    script = Script({b".": answer})
    async with following(script) as server, SMTPSender(server) as sender:
        asking = asyncio.ensure_future(sent(sender))
        await script.until(lambda: script.texts)
        await asyncio.sleep(0.01)
        script.hangs_up()
        with pytest.raises(Uncertain, match="the end of the message went out"):
            await asking


async def test_a_temporary_answer_to_the_final_dot_is_no_doubt() -> None:
    async with following(Script({b".": b"451 4.3.0 disk\r\n"})) as server, SMTPSender(server) as sender:
        with pytest.raises(Deferred):
            await sent(sender)


@EACH_WAY
@pytest.mark.parametrize("verb", [b"EHLO", *BEFORE_THE_TEXT])
async def test_a_line_that_breaks_before_the_text_is_tried_again(extensions: bytes, verb: bytes) -> None:
    async with following(Script({verb: None}, extensions=extensions)) as server, SMTPSender(server) as sender:
        with pytest.raises(Unavailable) as caught:
            await sent(sender)
    assert not isinstance(caught.value, Deferred | TooMuch)


async def test_after_a_broken_line_the_next_message_has_a_new_one() -> None:
    script = Script({b"RCPT": [None]})
    async with following(script) as server, SMTPSender(server) as sender:
        with pytest.raises(Unavailable):
            await sent(sender)
        assert (await sent(sender)).startswith("250")


async def test_a_message_larger_than_the_server_takes_is_not_offered() -> None:
    script = Script(extensions=b"250-script.test\r\n250 SIZE 20\r\n")
    async with following(script) as server, SMTPSender(server) as sender:
        with pytest.raises(Bounced, match="takes 20"):
            await sent(sender)
    assert b"MAIL" not in script.verbs()


@pytest.mark.parametrize("limit", [b"", b" 0", b" many", b" -1", b" " + b"9" * 5000])
async def test_a_size_that_says_nothing_forbids_nothing(limit: bytes) -> None:
    script = Script(extensions=b"250-script.test\r\n250 SIZE%b\r\n" % limit)
    async with following(script) as server, SMTPSender(server) as sender:
        await sent(sender)
    assert b"MAIL FROM:<secretariat@1540.example> SIZE=%d" % len(TEXT) in script.heard


async def test_the_delivery_is_named_where_the_server_reports_on_it() -> None:
    script = Script(extensions=b"250-script.test\r\n250-SIZE\r\n250 DSN\r\n")
    async with following(script) as server, SMTPSender(server) as sender:
        await sent(sender, envelope_id="l-2012-0017-1 +=")
    mail = next(line for line in script.heard if line.startswith(b"MAIL"))
    assert mail == b"MAIL FROM:<secretariat@1540.example> SIZE=%d RET=HDRS ENVID=l-2012-0017-1+20+2B+3D" % len(TEXT)


async def test_a_server_without_extensions_is_told_of_none() -> None:
    script = Script(extensions=BARE)
    async with following(script) as server, SMTPSender(server) as sender:
        await sent(sender, envelope_id="l-2012-0017-1")
    assert b"MAIL FROM:<secretariat@1540.example>" in script.heard


async def test_a_server_of_before_esmtp_takes_letters_too() -> None:
    script = Script({b"EHLO": b"502 5.5.1 what?\r\n"})
    async with following(script) as server, SMTPSender(server) as sender:
        await sent(sender)
    assert script.verbs()[:3] == [b"EHLO", b"HELO", b"MAIL"]


EIGHT_BIT = Message(("Subject: x\r\n\r\nécrit\r\n".encode(),))
EIGHT_BIT_HEADER = Message(("Subject: é\r\n\r\nécrit\r\n".encode(),))
LOCAL_PART = "représentant@mission.example"


@pytest.mark.parametrize(
    ("recipient", "message", "needs", "words"),
    [
        (RECIPIENT, EIGHT_BIT, b"8BITMIME", b" BODY=8BITMIME"),
        (RECIPIENT, EIGHT_BIT_HEADER, b"8BITMIME\r\n250-SMTPUTF8", b" BODY=8BITMIME SMTPUTF8"),
        (LOCAL_PART, LETTER, b"SMTPUTF8", b" SMTPUTF8"),
    ],
)
async def test_what_goes_beyond_ascii_goes_where_the_server_takes_it_and_nowhere_else(
    recipient: str, message: Message, needs: bytes, words: bytes
) -> None:
    script = Script(extensions=b"250-script.test\r\n250-%b\r\n250 HELP\r\n" % needs)
    async with following(script) as server, SMTPSender(server) as sender:
        await sender.send(SENDER, recipient, message, key=KEY)
    assert b"MAIL FROM:<secretariat@1540.example>%b" % words in script.heard
    assert b"RCPT TO:<%b>" % recipient.encode() in script.heard
    script = Script()
    async with following(script) as server, SMTPSender(server) as sender:
        with pytest.raises(
            Bounced, match=r"not offered to 127\.0\.0\.1:\d+: .* \(no (SMTPUTF8|8BITMIME) in its answer"
        ):
            await sender.send(SENDER, recipient, message, key=KEY)
    assert b"MAIL" not in script.verbs()


async def test_a_domain_beyond_ascii_needs_nothing_of_the_server() -> None:
    script = Script(extensions=BARE)
    async with following(script) as server, SMTPSender(server) as sender:
        await sender.send(SENDER, "mission@représentation.example", LETTER, key=KEY)
    assert b"RCPT TO:<mission@xn--reprsentation-ehb.example>" in script.heard


async def test_replies_in_many_lines_are_understood() -> None:
    script = Script({b"MAIL": b"250-2.1.0 one\r\n250 2.1.0 two\r\n", b".": b"250-2.0.0 taken\r\n250 2.0.0 as 7\r\n"})
    async with following(script) as server, SMTPSender(server) as sender:
        assert await sent(sender) == "250 2.0.0 taken 2.0.0 as 7"


@pytest.mark.parametrize(
    "reply", [b"550 5.7.1 not yours to send as\r\n", b"553 5.1.8 sender rejected\r\n", b"550 no\r\n"]
)
async def test_a_sender_that_is_not_taken_is_about_us_and_no_letter_is_refused_for_it(reply: bytes) -> None:
    async with following(Script({b"MAIL": reply})) as server, SMTPSender(server) as sender:
        with pytest.raises(NotLetIn, match=r"does not take secretariat@1540\.example as a sender"):
            await sent(sender)


async def test_a_message_that_is_too_large_for_mail_is_about_the_message() -> None:
    async with following(Script({b"MAIL": b"552 5.3.4 too large\r\n"})) as server, SMTPSender(server) as sender:
        with pytest.raises(Bounced):
            await sent(sender)


@EACH_WAY
async def test_a_server_that_wants_a_password_first_refuses_us_and_not_the_letter(extensions: bytes) -> None:
    script = Script({b"MAIL": b"530 5.7.0 Authentication required\r\n"}, extensions=extensions)
    async with following(script) as server, SMTPSender(server) as sender:
        with pytest.raises(NotLetIn, match="530"):
            await sent(sender)


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "0.0.0.0"])
async def test_a_practice_desk_opens_no_connection_beyond_this_computer(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr("mailflows.sockets._connected_to", never)
    async with SMTPSender(SMTPServer(host, 25), loopback_only=True) as sender:
        with pytest.raises(NotLetIn, match="practice desk"):
            await sent(sender)


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("fe80::1%lo", False),
        ("192.0.2.1", False),
    ],
)
def test_which_addresses_are_this_computers_own(address: str, ours: bool) -> None:
    assert is_loopback(address) is ours


@pytest.mark.parametrize(
    "recipient",
    [
        "a@b.example> SIZE=1", "a@b.example\r\nDATA", "", "a b@c.example", "é> x@c.example", "é\r\nDATA@c.example",
        "é\u202e@c.example", "é\ud800@c.example", ".é@c.example", "é..e@c.example", "é" * 33 + "@c.example", "é@",
    ],
)  # fmt: skip
async def test_what_is_no_address_never_reaches_the_line(recipient: str) -> None:
    async with SMTPSender(SMTPServer("127.0.0.1", 1)) as sender:
        with pytest.raises(Refused, match=r"not an address|longer than"):
            await sender.send(SENDER, recipient, LETTER, key=KEY)


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [
        ("451 try again in 30 minutes", 1800),
        ("450 4.7.1 Greylisted, wait 60 seconds", 60),
        ("421 after 2 h", 7200),
        ("450 later", None),
    ],
)
def test_how_long_to_wait_is_read_from_the_reply(reply: str, seconds: int | None) -> None:
    assert Deferred(reply).after == (timedelta(seconds=seconds) if seconds else None)
    assert TooMuch(reply).after == Deferred(reply).after


def test_a_reply_of_broken_bytes_can_be_kept() -> None:
    said("550 \udcff\ud800 \x85").encode()
