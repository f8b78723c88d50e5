"""Two processes send from one database, and one is frozen past its lease: at most what was on its lines goes twice, and is shown."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import dispatch
from committee import claims
from committee.letters import DeliveryState
from mailflows.desk import Desk
from tests.bot.sending import (
    PAST_EVERY_LEASE,
    RELEASE,
    Sending,
    Where,
    all_sent,
    desk_of,
    queue,
    reckoned,
    sending,
    until,
)
from tests.servers.postgres import Postgres
from tests.servers.recording import RecordingSink, recording

pytest_plugins = ["tests.servers.fixtures"]
pytestmark = [pytest.mark.long, pytest.mark.server]

CONNECTIONS, LETTERS = 4, 120
FREEZES, LETTERS_A_FREEZE = 8, 40
D = DeliveryState


@pytest.fixture
def sink() -> Iterator[RecordingSink]:
    with recording(seconds=0.002) as one:
        yield one


@pytest.fixture
def where(database: str, sink: RecordingSink, tmp_path: Path) -> Where:
    return Where(tmp_path / "desk", database, sink.url, CONNECTIONS)


@pytest.fixture
async def desk(where: Where) -> AsyncIterator[Desk]:
    async with desk_of(where) as opened:
        yield opened


async def frozen_where_all_lines_wait(for_a_reply_to: bytes, one: Sending, sink: RecordingSink) -> None:
    sink.holds = for_a_reply_to
    await until(lambda: waiting(sink))
    one.freeze()
    sink.holds = b""


async def waiting(sink: RecordingSink) -> bool:
    return sink.held == CONNECTIONS


async def counted(desk: Desk, state: DeliveryState) -> int:
    return await desk.store.deliveries.count(state=state)


async def test_frozen_after_the_claim_it_sends_nothing_that_another_has_sent(
    desk: Desk, where: Where, sink: RecordingSink, postgres: Postgres
) -> None:
    await queue(desk, 0, LETTERS)
    with sending(where, "mail") as one:
        sink.holds = b"DATA"
        await until(lambda: waiting(sink))
        one.freeze()
        assert (await counted(desk, D.SENDING), await counted(desk, D.CLAIMED) >= CONNECTIONS) == (0, True)
        sink.holds = b""
        await asyncio.to_thread(postgres.shift, where.url, claims.CLAIM_LEASE + timedelta(seconds=1))
        with sending(where, "mail") as other:
            await all_sent(desk, count=LETTERS)
            one.wake()
            await queue(desk, LETTERS, LETTERS)
            await all_sent(desk, count=2 * LETTERS)
            await asyncio.to_thread(one.end)
            await asyncio.to_thread(other.end)
    assert (await reckoned(desk, sink, 2 * LETTERS)).seconds == 0


async def test_frozen_while_the_server_answers_what_was_on_its_lines_goes_once_more_and_both_are_shown(
    desk: Desk, where: Where, sink: RecordingSink, postgres: Postgres
) -> None:
    await queue(desk, 0, LETTERS)
    with sending(where, "mail") as one:
        await frozen_where_all_lines_wait(b".", one, sink)
        assert await counted(desk, D.SENDING) == CONNECTIONS
        await asyncio.to_thread(postgres.shift, where.url, PAST_EVERY_LEASE)
        with sending(where, "mail") as other:
            await all_sent(desk, count=LETTERS)
            one.wake()
            await until(lambda: both_are_on_record(desk))
            await asyncio.to_thread(one.end)
            await asyncio.to_thread(other.end)
    reckoning = await reckoned(desk, sink, LETTERS)
    twice = {one.key: one for one in reckoning.deliveries if len(one.copies) == 2}
    assert {one.address for one in twice.values()} == {*reckoning.second}
    assert (reckoning.seconds, max(reckoning.second.values())) == (CONNECTIONS, 1)
    [person] = await desk.store.staff.all()
    card, _ = await dispatch.run(desk, person, f"proof {RELEASE}")
    shown = {row["key"]: row for row in card.rows}
    assert {key for key, row in shown.items() if len(row["copies"]) == 2} == twice.keys()
    for key, delivery in twice.items():
        assert [copy["reply"] for copy in shown[key]["copies"]] == [copy.reply for copy in delivery.copies]
        assert str(shown[key]["said"]).count("ccepted") >= 2


async def both_are_on_record(desk: Desk) -> bool:
    return sum(len(one.copies) == 2 for one in await desk.store.deliveries.find()) == CONNECTIONS


async def test_frozen_at_moments_of_chance_never_more_goes_twice_than_it_had_lines(
    desk: Desk, where: Where, sink: RecordingSink, postgres: Postgres
) -> None:
    chance, queued = random.Random(1540), 0
    with sending(where, "mail") as one, sending(where, "mail") as other:
        for nth in range(1, FREEZES + 1):
            frozen = one if nth % 2 else other
            await queue(desk, queued, LETTERS_A_FREEZE)
            queued += LETTERS_A_FREEZE
            await asyncio.to_thread(sink.until, queued - LETTERS_A_FREEZE + 1)
            await asyncio.sleep(chance.uniform(0, 0.1))
            frozen.freeze()
            await asyncio.to_thread(postgres.shift, where.url, nth * PAST_EVERY_LEASE)
            await asyncio.sleep(
                chance.uniform(0.1, 0.3)
            )  # the database lets go of what a frozen one has locked, in time
            frozen.wake()
            await all_sent(desk, count=queued)
        await asyncio.to_thread(one.end)
        await asyncio.to_thread(other.end)
    reckoning = await reckoned(desk, sink, queued)
    assert reckoning.seconds <= FREEZES * CONNECTIONS * 2  # the clock jumps for both
