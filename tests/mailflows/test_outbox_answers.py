"""What a mail server says, as the outbox has it afterwards: the copy's state, when it is tried again, and the server's own words."""

import asyncio
from datetime import timedelta

import pytest

from committee import pacing
from committee.letters import Delivery, DeliveryState
from mailflows.delivering import Delivering
from mailflows.endpoints import SMTPServer
from mailflows.outbox import Tally
from mailflows.smtp import SMTPSender
from tests.conftest import PracticeDesk
from tests.servers.packages import free_port
from tests.servers.recording import recording
from tests.servers.scripted import OK, Answer, Script, following

D = DeliveryState
MINUTE = timedelta(minutes=1)
AWAY = b"421 4.3.0 we are closing\r\n"
BUSY = "4.2.1 mailbox busy"


async def one_letter(desk: PracticeDesk) -> Delivery:
    """A receipt to one address, queued."""
    await desk.takes_in((await desk.mission_of("MWI")).writes("First report", attach="r.pdf"))
    [delivery] = await desk.desk.store.deliveries.find()
    return delivery


async def goes(desk: PracticeDesk, server: SMTPServer, after: timedelta = timedelta()) -> tuple[Tally, Delivery]:
    """One round over connections of its own, so much later; and what is on record then."""
    desk.desk = desk.desk.at(desk.desk.now + after)
    async with SMTPSender(server, loopback_only=True) as post:
        tally = await Delivering(post).round(desk.desk)
    [delivery] = await desk.desk.store.deliveries.find()
    return tally, delivery


@pytest.mark.parametrize("step", ["greeting", "EHLO", "MAIL", "RCPT", "DATA"])
async def test_a_server_that_closes_before_it_has_the_text_costs_a_copy_nothing_but_a_pause(
    desk: PracticeDesk, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "FIRST_PAUSE", 0.02)
    await one_letter(desk)
    script = Script(greeting=AWAY) if step == "greeting" else Script({step.encode(): [AWAY]})
    async with following(script) as server, SMTPSender(server, loopback_only=True) as post:
        outgoing = Delivering(post)
        going = asyncio.create_task(outgoing.round(desk.desk))
        await script.until(lambda: outgoing.pace.slowed)
        script.greeting = Script().greeting
        tally = await going
    [delivery] = await desk.desk.store.deliveries.find()
    assert (tally.sent, tally.later, tally.trouble, len(script.texts)) == (1, 0, "", 1)
    assert (delivery.state, delivery.tries, delivery.next_try, len(delivery.copies)) == (D.SENT, 1, None, 1)


async def test_a_server_that_closes_after_the_dot_instead_of_taking_it_has_it_again_with_the_same_bytes(
    desk: PracticeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "FIRST_PAUSE", 0.02)
    await one_letter(desk)
    script = Script({b".": [AWAY]})
    async with following(script) as server:
        tally, delivery = await goes(desk, server)
        assert (tally.later, delivery.state, delivery.tries) == (1, D.LATER, 1)
        assert (delivery.next_try, delivery.reply) == (desk.desk.now + MINUTE, "421 4.3.0 we are closing")
        assert (await goes(desk, server, MINUTE - timedelta(seconds=1)))[0].sent == 0
        tally, delivery = await goes(desk, server, timedelta(seconds=1))
    assert (tally.sent, delivery.state, delivery.tries, len(delivery.copies)) == (1, D.SENT, 2, 1)
    assert (len(script.texts), len({*script.texts})) == (2, 1)


@pytest.mark.parametrize("code", ["450", "451", "452"])
@pytest.mark.parametrize("step", [b"RCPT", b"."])
@pytest.mark.parametrize(
    ("words", "wait"),
    [(BUSY, MINUTE), (f"{BUSY}, try again in 300 seconds", 5 * MINUTE), (f"{BUSY}, try again in 10 seconds", MINUTE)],
    ids=["without a time", "with a time", "with a time that is too short"],
)
async def test_a_copy_that_is_to_come_later_comes_when_the_server_wants_it(
    desk: PracticeDesk, code: str, step: bytes, words: str, wait: timedelta
) -> None:
    await one_letter(desk)
    answer: list[Answer] = [f"{code} {words}\r\n".encode(), OK]
    async with following(Script({step: answer})) as server:
        tally, delivery = await goes(desk, server)
        assert (tally.later, tally.trouble) == (1, "")
        assert (delivery.state, delivery.reply, delivery.tries) == (D.LATER, f"{code} {words}", 1)
        assert (delivery.next_try, delivery.due) == (desk.desk.now + wait, int((desk.desk.now + wait).timestamp()))
        assert (await goes(desk, server, wait - timedelta(seconds=1)))[0] == Tally()
        tally, delivery = await goes(desk, server, timedelta(seconds=1))
        assert (tally.sent, delivery.state, delivery.tries, delivery.next_try) == (1, D.SENT, 2, None)


async def test_each_further_answer_doubles_the_wait_up_to_four_hours(desk: PracticeDesk) -> None:
    await one_letter(desk)
    waits = []
    async with following(Script({b"RCPT": f"450 {BUSY}\r\n".encode()})) as server:
        for _ in range(10):
            _, delivery = await goes(desk, server, waits[-1] if waits else timedelta())
            assert delivery.next_try
            waits.append(delivery.next_try - desk.desk.now)
    assert waits == [min(MINUTE * 2**nth, timedelta(hours=4)) for nth in range(10)]


async def test_a_relay_that_is_down_for_an_hour_burns_nothing_and_is_shown_and_then_everything_goes_once(
    desk: PracticeDesk,
) -> None:
    await desk.answers("remind first-report", yes=True)
    queued = {one.address for one in await desk.desk.store.deliveries.find()}
    port, rounds = free_port(), 0
    server = SMTPServer("127.0.0.1", port)
    for _ in range(60):
        async with SMTPSender(server, connections=4, loopback_only=True) as post:
            tally = await Delivering(post).round(desk.desk)
            rounds += 1
            assert (tally.sent, bool(tally.trouble)) == (0, True)
        desk.desk = desk.desk.at(desk.desk.now + MINUTE)
    deliveries = await desk.desk.store.deliveries.find()
    assert {(one.state, one.tries, one.first_try, one.copies) for one in deliveries} == {(D.QUEUED, 0, None, ())}
    [relay] = await desk.desk.store.relays.all()
    assert 5 <= relay.failures <= 11, "it is not hammered, and not forgotten"
    assert f"127.0.0.1:{port}" in " ".join((await desk.types("outbox")).notes)
    with recording(port) as sink:
        for _ in range(11):
            async with SMTPSender(server, connections=4, loopback_only=True) as post:
                await Delivering(post).round(desk.desk)
            desk.desk = desk.desk.at(desk.desk.now + MINUTE)
        assert (sink.copies().keys(), {*sink.copies().values()}) == (queued, {1})
    deliveries = await desk.desk.store.deliveries.find()
    assert {(one.state, one.tries, len(one.copies)) for one in deliveries} == {(D.SENT, 1, 1)}
    assert await desk.desk.store.relays.all() == []
    assert f"127.0.0.1:{port}" not in " ".join((await desk.types("outbox")).notes)
