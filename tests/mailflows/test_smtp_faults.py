"""The SMTP edge among faults: 421 at each step, silence at each step, and replies that come oddly or are none."""

import asyncio
from dataclasses import replace

import pytest

from committee.errors import Unavailable
from mailflows.accepted import Bounced, Deferred, NotLetIn, TooMuch, Uncertain, Unreachable
from mailflows.message import Message
from mailflows.smtp import SMTPSender
from mailflows.smtp_timeouts import Timeouts
from tests.servers.scripted import BARE, PIPELINING, Script, following

LETTER = Message((b"Subject: x\r\n\r\nlast\r\n",))
LARGE = Message((b"Subject: x\r\n\r\n", (b"y" * 76 + b"\r\n") * 500_000))
SENDER, RECIPIENT, KEY = "secretariat@1540.example", "mission@malawi.example", "receipt/S-2012-0001#1"
EACH_WAY = pytest.mark.parametrize("extensions", [PIPELINING, BARE], ids=["in one write", "one by one"])
SHORT = Timeouts().scaled(0.001)
PATIENT_AT_THE_DOOR = replace(Timeouts().scaled(0.0003), greeting=10, command=10)
STEPS = [b"EHLO", b"MAIL", b"RCPT", b"DATA", b"."]


async def sent(sender: SMTPSender, message: Message = LETTER) -> str:
    return (await sender.send(SENDER, RECIPIENT, message, key=KEY)).reply


@EACH_WAY
@pytest.mark.parametrize("step", ["greeting", *STEPS])
async def test_a_server_that_wants_less_at_any_step_is_asked_for_less_and_the_letter_goes_later(
    extensions: bytes, step: bytes | str
) -> None:
    words = b"421 4.3.2 too many connections, try again in 10 minutes\r\n"
    script = Script({step: [words]} if isinstance(step, bytes) else {}, extensions=extensions)  # type: ignore[dict-item]
    if step == "greeting":
        script.greeting = words
    async with following(script) as server, SMTPSender(server) as sender:
        with pytest.raises(TooMuch) as caught:
            await sent(sender)
        assert caught.value.reply == words.decode().strip()
        assert caught.value.after
        assert caught.value.after.total_seconds() == 600
        script.greeting = b"220 script.test\r\n"
        await sent(sender)
    assert script.sessions == 2


@pytest.mark.parametrize(
    ("step", "reply", "error"),
    [
        (b"MAIL", b"451 4.3.2 not accepting network messages\r\n", TooMuch),
        (b"MAIL", b"450 4.7.1 Error: too much mail from 127.0.0.1\r\n", TooMuch),
        (b"MAIL", b"452 4.7.0 message rate exceeded\r\n", TooMuch),
        (b".", b"432 4.3.2 sender thread limit exceeded\r\n", TooMuch),
        (b"MAIL", b"450 4.7.1 greylisted\r\n", Deferred),
        (b"MAIL", b"452 4.3.1 disk full\r\n", Deferred),
        (b"RCPT", b"450 4.7.1 too many recipients of a generated kind\r\n", Deferred),
        (b"RCPT", b"452 4.3.2 too much\r\n", Deferred),
        (b".", b"451 4.7.1 rate limit of this recipient\r\n", Deferred),
    ],
)
async def test_what_is_about_us_is_told_from_what_is_about_a_letter(
    step: bytes, reply: bytes, error: type[Exception]
) -> None:
    async with following(Script({step: reply})) as server, SMTPSender(server) as sender:
        with pytest.raises(error) as caught:
            await sent(sender)
    assert type(caught.value) is error


@EACH_WAY
@pytest.mark.parametrize("step", [b"MAIL", b"RCPT", b"DATA"])
async def test_a_server_that_never_answers_is_given_up_before_the_text(extensions: bytes, step: bytes) -> None:
    async with (
        following(Script({step: b""}, extensions=extensions)) as server,
        SMTPSender(server, timeouts=PATIENT_AT_THE_DOOR) as sender,
    ):
        with pytest.raises(Unavailable) as caught:
            await sent(sender)
    assert type(caught.value) is Unavailable


async def test_a_server_that_never_answers_the_first_word_is_not_reached() -> None:
    async with (
        following(Script({b"EHLO": b""})) as server,
        SMTPSender(server, timeouts=Timeouts(command=0.05)) as sender,
    ):
        with pytest.raises(Unreachable):
            await sent(sender)


async def test_a_server_that_never_answers_the_final_dot_is_uncertain() -> None:
    async with following(Script({b".": b""})) as server, SMTPSender(server, timeouts=Timeouts(dot=0.05)) as sender:
        with pytest.raises(Uncertain):
            await sent(sender)


async def test_a_server_that_stops_reading_is_given_up_before_the_final_dot() -> None:
    script = Script(seconds_for_a_block=60)
    async with following(script) as server, SMTPSender(server, timeouts=Timeouts(block=0.05)) as sender:
        with pytest.raises(Unavailable) as caught:
            await sent(sender, LARGE)
    assert not isinstance(caught.value, Deferred | TooMuch)


async def test_a_server_that_does_not_answer_a_reset_is_replaced() -> None:
    script = Script({b"RCPT": [b"550 5.1.1 no such user\r\n"], b"RSET": [None]})
    async with following(script) as server, SMTPSender(server) as sender:
        with pytest.raises(Bounced):
            await sent(sender)
        await sent(sender)
    assert script.sessions == 2


async def test_each_command_has_its_own_time_from_the_answer_before_it() -> None:
    script = Script(seconds_for_a_reply=0.08)
    times = Timeouts(mail=0.2, rcpt=0.2, data=0.2, dot=0.2)
    async with following(script) as server, SMTPSender(server, timeouts=times) as sender:
        await sent(sender)


@EACH_WAY
async def test_replies_that_come_byte_by_byte_are_understood(extensions: bytes) -> None:
    script = Script({b".": b"250-2.0.0 taken\n250 2.0.0 as 7\n"}, extensions=extensions, byte_by_byte=True)
    async with following(script) as server, SMTPSender(server) as sender:
        assert await sent(sender) == "250 2.0.0 taken 2.0.0 as 7"
        await sent(sender)
    assert script.sessions == 1


@pytest.mark.parametrize("reply", [b"250\r\n", b"250 \r\n", b"250\n", b"250-\r\n250\r\n"])
async def test_replies_without_words_are_replies(reply: bytes) -> None:
    script = Script({b"MAIL": reply, b"RCPT": reply, b".": reply})
    async with following(script) as server, SMTPSender(server) as sender:
        assert await sent(sender) == "250"


async def test_a_long_reply_with_control_codes_is_kept_short_and_clean() -> None:
    words = b"550 5.1.1 no\x00\x1b[31m \xe2\x80\xaesuch " + b"user " * 1000 + b"\r\n"
    async with following(Script({b"RCPT": words})) as server, SMTPSender(server) as sender:
        with pytest.raises(Bounced) as caught:
            await sent(sender)
    assert caught.value.reply.startswith("550 5.1.1 no [31m such user user")
    assert len(caught.value.reply) == 500


async def test_a_reply_of_a_thousand_lines_is_one_reply() -> None:
    words = b"250-2.0.0 and\r\n" * 1000 + b"250 2.0.0 taken\r\n"
    async with following(Script({b"MAIL": words, b".": words})) as server, SMTPSender(server) as sender:
        assert (await sent(sender)).startswith("250 2.0.0 and 2.0.0 and")
        await sent(sender)


@pytest.mark.parametrize("endless", [b"550-" + b"x" * 100_000, b"550-more\r\n" * 10_000, b"x" * 100_000])
@pytest.mark.parametrize(("step", "error"), [(b"RCPT", Unavailable), (b".", Uncertain)])
async def test_a_reply_without_end_is_no_answer(endless: bytes, step: bytes, error: type[Exception]) -> None:
    async with following(Script({step: endless})) as server, SMTPSender(server) as sender:
        with pytest.raises(error):
            await sent(sender)


NO_REPLIES = [b"no answer at all\r\n", b"25\r\n", b"2500 ok\r\n", b"\r\n", b"999 ok\r\n", b"099 ok\r\n", b"250\tok\r\n",
              b"250-ok\r\n550 no\r\n", "２５０ ok\r\n".encode(), b"+50 ok\r\n", b"354 go on\r\n", b"100 ok\r\n"]  # fmt: skip


@EACH_WAY
@pytest.mark.parametrize("reply", NO_REPLIES)
@pytest.mark.parametrize(("step", "error"), [(b"RCPT", Unavailable), (b".", Uncertain)])
async def test_what_is_no_answer_is_never_taken_for_one(
    extensions: bytes, reply: bytes, step: bytes, error: type[Exception]
) -> None:
    script = Script({step: [reply]}, extensions=extensions)
    async with following(script) as server, SMTPSender(server, timeouts=Timeouts(data=0.5)) as sender:
        with pytest.raises(error) as caught:
            await sent(sender)
        assert not isinstance(caught.value, Deferred | TooMuch)
        await sent(sender)
    assert script.sessions == 2


@EACH_WAY
@pytest.mark.parametrize("step", [b"MAIL", b"RCPT", b"DATA"])
@pytest.mark.parametrize("surplus", [b"250 2.0.0 taken\r\n", b"554 5.0.0 not taken\r\n"])
async def test_a_reply_too_many_before_the_text_is_never_taken_for_acceptance(
    extensions: bytes, step: bytes, surplus: bytes
) -> None:
    """Where it is an answer to a later command at first sight, that command's own answer comes too many."""
    usual = b"354 go on\r\n" if step == b"DATA" else b"250 2.1.0 OK\r\n"
    script = Script({step: [usual + surplus]}, extensions=extensions)
    script.seconds_for_a_reply = 0.002
    async with following(script) as server, SMTPSender(server, timeouts=SHORT) as sender:
        with pytest.raises((Unavailable, Bounced)) as caught:
            await sent(sender)
        assert not isinstance(caught.value, Deferred | TooMuch)
    assert not any(script.texts)


async def test_a_reply_too_many_after_the_dot_leaves_a_doubt() -> None:
    script = Script({b".": [b"250 2.0.0 taken\r\n554 5.0.0 not taken\r\n"]})
    async with following(script) as server, SMTPSender(server) as sender:
        with pytest.raises(Uncertain, match="which nobody asked for"):
            await sent(sender)
        await sent(sender)
    assert script.sessions == 2


async def test_a_goodbye_after_the_answer_takes_nothing_back() -> None:
    script = Script({b".": [b"250 2.0.0 taken\r\n421 4.3.2 closing\r\n"]})
    async with following(script) as server, SMTPSender(server) as sender:
        assert await sent(sender) == "250 2.0.0 taken"
        await sent(sender)
    assert script.sessions == 2


async def test_a_goodbye_while_the_text_is_prepared_is_no_refusal_of_the_letter() -> None:
    script = Script()

    async def ready() -> None:
        script.says(b"421 4.3.2 closing\r\n")
        await asyncio.sleep(0.02)

    async with following(script) as server, SMTPSender(server) as sender:
        with pytest.raises(TooMuch, match=r"421 4\.3\.2 closing"):
            await sender.send(SENDER, RECIPIENT, LETTER, key=KEY, ready=ready)
    assert not script.texts


async def test_a_server_that_lets_nobody_in_any_more_is_no_refusal_of_the_letter() -> None:
    async with (
        following(Script({b".": b"530 5.7.0 Authentication required\r\n"})) as server,
        SMTPSender(server) as sender,
    ):
        with pytest.raises(NotLetIn):
            await sent(sender)
