"""The clock that the local Slack lives by: three seconds for a trigger, thirty minutes for a response_url."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    def cancel(self) -> None: ...


class Clock(Protocol):
    """Tests bring one that they set themselves; the demo lives by the world's."""

    def now(self) -> float:
        """Seconds since 1970."""

    def after(self, seconds: float, call: Callable[[], None]) -> Timer:
        """Call once, when so many seconds have passed."""


class WorldClock:
    __slots__ = ()

    def now(self) -> float:
        return time.time()

    def after(self, seconds: float, call: Callable[[], None]) -> Timer:
        return asyncio.get_running_loop().call_later(seconds, call)
