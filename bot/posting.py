"""Cards are posted while the desk runs: at once when something is queued, and as fast as chat takes it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from bot.door import place_of
from bot.leads import CHAT
from bot.pulse import Pulse
from mailflows.desk import Desk
from mailflows.logs import log
from mailflows.posting import Posting

LOOKS_AGAIN_SECONDS: Final = 60.0
"""Where nothing is known to wait; what is committed is heard of at once."""
PAUSE_SECONDS: Final = 5.0
"""After a round that failed."""


@dataclass(slots=True)
class Queued:
    """Set whenever something was committed, and in the end."""

    event: asyncio.Event = field(default_factory=asyncio.Event)
    ending: bool = False

    def wake(self) -> None:
        self.event.set()

    def end(self) -> None:
        self.ending = True
        self.event.set()


async def post(posting: Posting, desk_now: Callable[[], Awaitable[Desk]], queued: Queued, pulse: Pulse) -> None:
    """Round after round until the end, by whoever leads in chat; a round that fails is logged, and the next one comes."""
    while not queued.ending:
        queued.event.clear()
        wait = await _round(posting, desk_now, pulse)
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await queued.event.wait()


async def _round(posting: Posting, desk_now: Callable[[], Awaitable[Desk]], pulse: Pulse) -> float:
    """One look at the channels; the seconds until the next."""
    try:
        done = await posting.round(await desk_now())
    except Exception as error:  # noqa: BLE001 - the desk goes on
        log.error("posting failed", kind=CHAT, error=type(error).__name__, place=place_of(error))
        pulse.failures += 1
        pulse.troubles[CHAT] = f"chat: the last round failed ({type(error).__name__})"
        return PAUSE_SECONDS
    if done.posted:
        log.info("posted", count=done.posted)
    if done.trouble or done.posted:
        pulse.troubles[CHAT] = f"chat: it does not take the cards ({done.trouble})" if done.trouble else ""
    return LOOKS_AGAIN_SECONDS if done.next_in is None else min(done.next_in, LOOKS_AGAIN_SECONDS)
