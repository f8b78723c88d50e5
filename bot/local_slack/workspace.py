"""The workspace as others hold it: its state, what happens in it, and what one person sees of it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from bot.local_slack.event_log import Happening
from bot.local_slack.snapshot import snapshot
from bot.local_slack.state import State


@dataclass(slots=True)
class Workspace(State):
    async def subscribe(self, after: int = 0, user: str = "") -> AsyncIterator[Happening]:
        """What has happened since `after`, then what happens, as far as `user` may see it (nobody named: all of it)."""
        async for happening in self.log.after(after):
            if not user or self.concerns(happening, user):
                yield happening

    def snapshot(self, user: str) -> dict[str, Any]:
        """All that one person sees now, as JSON; its `seq` is where to subscribe from."""
        return snapshot(self, user)

    def concerns(self, happening: Happening, user: str) -> bool:
        """Whether this person may see, and would see, what has happened."""
        if happening.kind in ("person", "anew"):
            return True
        if happening.user:
            return happening.user == user
        channel = self.channels.get(happening.channel)
        return channel is None or channel.seen_by(user)
