"""When the desk ticks: each minute, at once after a change, and anew when somebody has set the clock."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.heartbeat import MINUTE, EveryMinute, Heartbeat

NOON = datetime(2012, 9, 4, 12, tzinfo=UTC)
A_YEAR = timedelta(days=365)


async def soon(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - it looks from outside
            await asyncio.sleep(0.01)


async def test_it_is_time_at_once_and_then_in_a_minute() -> None:
    async with Heartbeat() as heart:
        async with asyncio.timeout(5):
            await heart.wanted()
        await soon(lambda: heart.next is not None and heart.next > datetime.now(UTC) + timedelta(seconds=50))


async def test_a_change_is_a_tick_of_its_own_also_during_another() -> None:
    async with Heartbeat() as heart:
        await heart.wanted()
        heart.beat()
        heart.beat()
        async with asyncio.timeout(5):
            await heart.wanted()
        with_nothing_new = asyncio.create_task(heart.wanted())
        await asyncio.sleep(0.05)
        assert not with_nothing_new.done()
        with_nothing_new.cancel()


def test_a_year_that_was_missed_is_one_tick() -> None:
    assert EveryMinute().get_next_fire_time(NOON, NOON + A_YEAR) == NOON + A_YEAR + MINUTE


async def test_a_clock_that_was_set_back_an_hour_does_not_stop_it() -> None:
    behind = [0.0]
    async with Heartbeat(wall=lambda: time.time() - behind[0], watch_seconds=0.02) as heart:
        await heart.wanted()
        heart._job.modify(next_run_time=datetime.now(UTC) + timedelta(hours=1))  # what APScheduler makes of it
        behind[0] = 3600.0
        async with asyncio.timeout(5):
            await heart.wanted()


async def test_a_clock_that_drifts_is_left_alone() -> None:
    async with Heartbeat(wall=lambda: time.time() * 1.0005, watch_seconds=0.02) as heart:
        await heart.wanted()
        await asyncio.sleep(0.1)
        later = heart.next
        await asyncio.sleep(0.2)
        assert heart.next == later
