"""Something has changed: whoever looks at the desk hears of it, and looks again."""

import asyncio
from dataclasses import dataclass, field


@dataclass(slots=True)
class Bell:
    """One event loop's alone; `rung` counts, so that nobody who has looked at 17 misses the eighteenth."""

    rung: int = 0
    closed: bool = False
    _waiting: set[asyncio.Future[None]] = field(default_factory=set)

    def ring(self) -> None:
        self.rung += 1
        self._wake()

    def close(self) -> None:
        """Nobody waits any longer."""
        self.closed = True
        self._wake()

    async def after(self, rung: int) -> int:
        """How often it has rung, once that is more than `rung`, or it is closed."""
        while self.rung <= rung and not self.closed:
            waiter = asyncio.get_running_loop().create_future()
            self._waiting.add(waiter)
            try:
                await waiter
            finally:
                self._waiting.discard(waiter)
        return self.rung

    def _wake(self) -> None:
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
