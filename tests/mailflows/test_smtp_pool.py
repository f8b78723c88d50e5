"""The SMTP edge keeps its connections: used again, replaced when they go, closed when they are idle, and never too many."""

import asyncio
import time
from dataclasses import replace

import pytest

from committee.errors import Unavailable
from mailflows.accepted import Bounced, TooMuch, Unreachable
from mailflows.endpoints import SMTPServer
from mailflows.message import Message
from mailflows.smtp import SMTPSender
from mailflows.smtp_timeouts import BY_THE_BOOK
from tests.servers import packages
from tests.servers.scripted import Script, following

LETTER = Message((b"Subject: x\r\n\r\nlast\r\n",))
SENDER, RECIPIENT, KEY = "secretariat@1540.example", "mission@malawi.example", "receipt/S-2012-0001#1"


async def sent(sender: SMTPSender, message: Message = LETTER) -> str:
    return (await sender.send(SENDER, RECIPIENT, message, key=KEY)).reply


async def test_as_many_connections_as_are_asked_for_and_never_more() -> None:
    script = Script(seconds_for_a_reply=0.002)
    async with following(script) as server, SMTPSender(server, connections=3) as sender:
        await asyncio.gather(*(sent(sender) for _ in range(20)))
    assert len(script.texts) == 20
    assert (script.sessions, script.most) == (3, 3)


async def test_a_second_connection_is_opened_only_when_the_first_is_busy() -> None:
    script = Script()
    async with following(script) as server, SMTPSender(server, connections=16) as sender:
        for _ in range(5):
            await sent(sender)
    assert script.sessions == 1


@pytest.mark.parametrize("goodbye", [b"", b"421 4.4.2 idle for too long\r\n"])
async def test_a_connection_that_was_closed_while_it_lay_idle_is_replaced_without_an_error(goodbye: bytes) -> None:
    script = Script()
    async with following(script) as server, SMTPSender(server) as sender:
        await sent(sender)
        script.says(goodbye)
        await asyncio.sleep(0.01)
        script.hangs_up()
        await asyncio.sleep(0.01)
        await sent(sender)
    assert script.sessions == 2
    assert script.verbs().count(b"MAIL") == 2


@pytest.mark.parametrize("step", [b"MAIL", b"RCPT", b"DATA"])
@pytest.mark.parametrize("end", [None, b"421 4.4.2 idle for too long\r\n"])
async def test_so_is_one_that_ends_when_it_is_spoken_to(step: bytes, end: bytes | None) -> None:
    script = Script()
    async with following(script) as server, SMTPSender(server) as sender:
        await sent(sender)
        script.answers[step] = [end]
        await sent(sender)
    assert script.sessions == 2


async def test_each_of_many_that_have_ended_is_replaced() -> None:
    script = Script(seconds_for_a_reply=0.001)
    async with following(script) as server, SMTPSender(server, connections=4) as sender:
        await asyncio.gather(*(sent(sender) for _ in range(4)))
        script.seconds_for_a_reply = 0
        script.answers[b"MAIL"] = [None] * 4
        await sent(sender)
        assert script.sessions == 5


async def test_a_server_that_ends_a_new_connection_too_is_not_asked_for_ever() -> None:
    script = Script()
    async with following(script) as server, SMTPSender(server) as sender:
        await sent(sender)
        script.answers[b"MAIL"] = b"421 4.3.2 closing\r\n"
        with pytest.raises(TooMuch):
            await sent(sender)
    assert script.sessions == 2


async def test_a_server_that_asks_for_less_mail_is_not_sent_more_on_another_connection() -> None:
    script = Script()
    async with following(script) as server, SMTPSender(server) as sender:
        await sent(sender)
        script.answers[b"MAIL"] = b"450 4.7.1 too much mail from you\r\n"
        with pytest.raises(TooMuch):
            await sent(sender)
    assert script.sessions == 1


async def test_a_reply_out_of_turn_ends_an_idle_connection() -> None:
    script = Script()
    async with following(script) as server, SMTPSender(server) as sender:
        await sent(sender)
        script.says(b"250 2.0.0 taken\r\n")
        await asyncio.sleep(0.01)
        await sent(sender)
    assert script.sessions == 2


async def test_an_idle_connection_is_closed_politely_and_only_when_it_has_lain_idle_long_enough() -> None:
    script = Script()
    async with following(script) as server, SMTPSender(server, idle_seconds=0.2) as sender:
        for _ in range(4):
            laid_down = time.monotonic()
            await sent(sender)
            await asyncio.sleep(0.08)
        await script.until(lambda: not script.open)
        assert time.monotonic() - laid_down > 0.19
        assert script.verbs()[-1] == b"QUIT"
        await sent(sender)
    assert script.sessions >= 2


async def test_a_server_that_does_not_say_goodbye_is_left() -> None:
    script = Script({b"QUIT": b""})
    async with following(script) as server:
        started = time.monotonic()
        sender = SMTPSender(server, timeouts=replace(BY_THE_BOOK, quit=0.02))
        async with sender:
            await sent(sender)
        assert time.monotonic() - started < 2


async def test_the_sender_may_be_entered_again() -> None:
    script = Script()
    async with following(script) as server:
        sender = SMTPSender(server)
        for _ in range(2):
            async with sender:
                await sent(sender)
    assert script.sessions == 2


async def test_a_server_that_is_away_is_asked_by_one_and_all_who_wait_hear_it() -> None:
    sender = SMTPSender(SMTPServer("127.0.0.1", packages.free_port()), connections=8)
    answers = await asyncio.gather(*(sent(sender) for _ in range(8)), return_exceptions=True)
    assert {type(each) for each in answers} == {Unreachable}


async def test_a_letter_that_is_refused_leaves_the_others_alone() -> None:
    script = Script({b"RCPT": [b"550 5.1.1 no such user\r\n"] * 3}, seconds_for_a_reply=0.001)
    async with following(script) as server, SMTPSender(server, connections=4) as sender:
        answers = await asyncio.gather(*(sent(sender) for _ in range(12)), return_exceptions=True)
    assert [type(each) for each in answers].count(Bounced) == 3
    assert script.sessions == 4
    assert len([text for text in script.texts if text]) == 9


async def test_a_large_message_to_a_slow_reader_does_not_hold_up_the_others() -> None:
    """Measured in this process's own time: what else the machine does is not our delay."""
    large = Message((b"Subject: x\r\n\r\n", (b"y" * 76 + b"\r\n") * 400_000, b".\r\n" + b".y\r\n" * 1000))
    slow, longest = Script(seconds_for_a_block=0.0005, keeps_texts=False), 0.0
    async with following(slow) as server, SMTPSender(server) as sender:
        sending = asyncio.ensure_future(sent(sender, large))
        while not sending.done():
            before = time.process_time()
            await asyncio.sleep(0)
            longest = max(longest, time.process_time() - before)
        await sending
    assert len(slow.texts) == 1
    assert longest < 0.05


async def test_a_connection_that_ends_in_a_large_message_leaves_nothing_waiting() -> None:
    large = Message((b"Subject: x\r\n\r\n", (b"y" * 76 + b"\r\n") * 400_000))
    slow = Script(seconds_for_a_block=0.01)
    async with following(slow) as server, SMTPSender(server) as sender:
        sending = asyncio.ensure_future(sent(sender, large))
        await slow.until(lambda: b"DATA" in slow.verbs())
        await asyncio.sleep(0.05)
        slow.hangs_up()
        with pytest.raises(Unavailable):
            async with asyncio.timeout(5):
                await sending
