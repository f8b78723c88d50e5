"""What one process at a time does: whoever leads in a part holds a lease, and knows at once when it is lost."""

import asyncio
import time


class Lead:
    """A lease as its holder sees it. Before each act of the part it asks `held`, or is told by `lost`."""

    def __init__(self, part: str, seconds: float | None = None) -> None:
        self.part = part
        self._seconds, self._until = seconds, float("inf")
        self._lost = asyncio.Event()
        self.renewed()

    @property
    def held(self) -> bool:
        """Whether it still holds, by this host's own monotonic clock: a process that was frozen past it knows when it wakes."""
        return not self._lost.is_set() and time.monotonic() < self._until

    async def lost(self) -> None:
        """Wait until another process has it."""
        await self._lost.wait()

    def renewed(self, asked_at: float | None = None) -> None:
        """It holds for so long from when it was asked for, not from when the answer came."""
        if self._seconds is not None:
            self._until = (time.monotonic() if asked_at is None else asked_at) + self._seconds

    def lose(self) -> None:
        self._lost.set()
