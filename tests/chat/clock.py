"""A clock that a test sets: nothing falls due before it says so."""

import asyncio
import heapq
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True, order=True)
class Due:
    at: float
    number: int
    call: Callable[[], None] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        self.cancelled = True


@dataclass(slots=True)
class HandClock:
    moment: float = 1_346_763_600.0
    """Seconds since 1970: Tuesday 4 September 2012, 9 a.m. New York."""
    due: list[Due] = field(default_factory=list)
    number: int = 0
    planned: asyncio.Event = field(default_factory=asyncio.Event)

    def now(self) -> float:
        return self.moment

    def after(self, seconds: float, call: Callable[[], None]) -> Due:
        self.number += 1
        timer = Due(self.moment + seconds, self.number, call)
        heapq.heappush(self.due, timer)
        self.planned.set()
        return timer

    def moves(self, seconds: float) -> None:
        """So much later; what falls due until then is called, in order."""
        end = self.moment + seconds
        while self.due and self.due[0].at <= end:
            timer = heapq.heappop(self.due)
            self.moment = max(self.moment, timer.at)
            if not timer.cancelled:
                timer.call()
        self.moment = end

    async def plans(self, seconds: float) -> None:
        """Return when something waits that falls due in exactly so many seconds."""
        async with asyncio.timeout(10):
            while not any(each.at == self.moment + seconds and not each.cancelled for each in self.due):
                self.planned.clear()
                await self.planned.wait()
