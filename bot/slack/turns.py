"""Many answers at once, and the event loop looks around in between: mail and clock go on meanwhile."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

MOST_SECONDS: Final = 0.010
"""How long answers may follow each other within one turn of the loop; the last one that begins in it comes on top."""


@dataclass(slots=True)
class Turns:
    """Two hundred commands at once wake up in one turn of the loop; each asks for its place before it works."""

    clock: Callable[[], float] = time.monotonic
    _began: float | None = None

    async def place(self) -> None:
        """In this turn where there is room, else in the first that has."""
        while not self._has_room():  # noqa: ASYNC110 - what it waits for is the next turn of the loop
            await asyncio.sleep(0)

    def _has_room(self) -> bool:
        if self._began is None:
            self._began = self.clock()
            asyncio.get_running_loop().call_soon(self._over)  # the first thing in the next turn
        return self.clock() - self._began < MOST_SECONDS

    def _over(self) -> None:
        self._began = None
