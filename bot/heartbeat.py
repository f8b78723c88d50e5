"""When the desk ticks: once a minute, at once when something has changed, and anew when the wall clock has jumped."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Final, Self

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped] # it ships no types
from apscheduler.triggers.base import BaseTrigger  # type: ignore[import-untyped] # it ships no types

MINUTE: Final = timedelta(minutes=1)
JUMP_SECONDS: Final = 2.0
"""More than this between the wall clock and the monotonic one is no drift: somebody has set the clock, or it slept."""
WATCH_SECONDS: Final = 5.0


class EveryMinute(BaseTrigger):  # type: ignore[misc] # its base has no types
    """Plans from now and not from what was missed: a clock that is set a year ahead is one tick, not half a million."""

    __slots__ = ()

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        return now + MINUTE if previous_fire_time else now


class Heartbeat:
    """Says when it is time; whoever ticks waits for `wanted`, so that no tick ever begins within another.

    APScheduler plans by the wall clock: when that is set back an hour, it stands still for an hour. A watchdog on the
    monotonic clock sees the jump and plans anew.
    """

    def __init__(self, *, wall: Callable[[], float] = time.time, watch_seconds: float = WATCH_SECONDS) -> None:
        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        self._wanted, self._wall, self._watch_seconds = asyncio.Event(), wall, watch_seconds
        self._wanted_at: float | None = None
        self.late_seconds = 0.0  # how long after it was wanted the last tick could begin
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._job = self._scheduler.add_job(
            self._beats, EveryMinute(), coalesce=True, misfire_grace_time=None, max_instances=1
        )
        self._watchdog: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._scheduler.start()
        self._watchdog = asyncio.create_task(self._watch_the_clock())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._watchdog:
            self._watchdog.cancel()
        self._scheduler.shutdown(wait=False)

    def beat(self) -> None:
        """Something has changed: tick now, or right after the tick that is being done."""
        self._wanted_at = self._wanted_at or time.monotonic()
        self._wanted.set()

    async def wanted(self) -> None:
        """Wait until it is time for a tick."""
        await self._wanted.wait()
        self._wanted.clear()
        wanted_at, self._wanted_at = self._wanted_at, None
        self.late_seconds = time.monotonic() - wanted_at if wanted_at else 0.0

    @property
    def next(self) -> datetime | None:
        planned: datetime | None = self._job.next_run_time
        return planned

    async def _beats(self) -> None:
        self.beat()

    async def _watch_the_clock(self) -> None:
        apart = self._apart()
        while True:
            await asyncio.sleep(self._watch_seconds)
            before, apart = apart, self._apart()
            if abs(apart - before) > JUMP_SECONDS:
                self._job.modify(next_run_time=datetime.now(UTC))

    def _apart(self) -> float:
        return self._wall() - time.monotonic()
