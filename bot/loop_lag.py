"""How long the event loop keeps its tasks waiting: what blocks it delays every letter, and every answer."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

EVERY_SECONDS: Final = 0.5
KEPT: Final = 120
"""Looks that are remembered: a minute's."""


class LoopLag:
    """The longest delay of the last minute, seen twice a second."""

    def __init__(self, *, every_seconds: float = EVERY_SECONDS) -> None:
        self._every_seconds = every_seconds
        self._seen: deque[float] = deque([0.0], maxlen=KEPT)

    @property
    def seconds(self) -> float:
        return max(self._seen)

    @asynccontextmanager
    async def measured(self) -> AsyncIterator[None]:
        looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            looking.cancel()

    async def _look(self) -> None:
        while True:
            wanted = time.monotonic() + self._every_seconds
            await asyncio.sleep(self._every_seconds)
            self._seen.append(max(0.0, time.monotonic() - wanted))
