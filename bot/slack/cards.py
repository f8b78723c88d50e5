"""Cards are posted while this process leads in chat, whether or not its socket is open."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot import posting
from bot.posting import Queued
from bot.pulse import Pulse
from bot.slack.client import Access, connected
from bot.slack.posting import SlackChat
from mailflows.desk import Desk
from mailflows.posting import Posting
from storage.leading import Lead

GRACE_SECONDS: Final = 2.0
"""How long the post in flight may take to end; after it, it is looked up by the next life."""


@dataclass(slots=True)
class Cards:
    """`clock` gives the moment of each commit, where it is not the desk's own."""

    way: Access
    desk: Callable[[], Awaitable[Desk]]
    pulse: Pulse
    clock: Callable[[], datetime] | None = None
    _queued: Queued | None = None

    def committed(self) -> None:
        """Something was committed: there may be a card to post."""
        if self._queued:
            self._queued.wake()

    @asynccontextmanager
    async def posted(self, lead: Lead) -> AsyncIterator[None]:
        """For as long as the block lasts, and `lead` is held."""
        queued = self._queued = Queued()
        async with connected(self.way, retries=False) as client:
            work = Posting(SlackChat(client), clock=self.clock, lead=lambda: lead.held)
            task = asyncio.create_task(posting.post(work, self.desk, queued, self.pulse))
            try:
                yield
            finally:
                self._queued = None
                queued.end()
                await asyncio.wait({task}, timeout=GRACE_SECONDS)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
