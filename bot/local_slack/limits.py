"""How often a method may be called: so many a minute by its tier, and one message a second in each channel.

docs.slack.dev/apis/web-api/rate-limits: tier 1 from 1, tier 2 from 20, tier 3 from 50, tier 4 from 100 calls a minute;
chat.postMessage one a second and channel, "short bursts of more" allowed.
"""

import math
from dataclasses import dataclass, field
from typing import Final

from bot.local_slack.clock import Clock

TIERS: Final = {
    "apps.connections.open": 1, "chat.delete": 50, "chat.postEphemeral": 100, "chat.update": 50, "conversations.history": 50,
    "conversations.info": 50, "conversations.join": 50, "conversations.list": 20, "conversations.members": 100,
    "conversations.open": 50, "conversations.replies": 50, "files.completeUploadExternal": 100,
    "files.getUploadURLExternal": 100, "files.info": 100, "team.info": 50, "users.info": 100, "views.open": 100,
    "views.publish": 100, "views.push": 100, "views.update": 100,
}  # fmt: skip
"""Calls a minute (the page of each method); auth.test and chat.getPermalink have special rates of hundreds and are not bound here."""
BURST: Final = 3
"""assumed: three messages are a burst that a channel takes at once."""


@dataclass(slots=True)
class Limits:
    """Buckets that fill by the clock; `wait` takes from one, or says how long until it could."""

    clock: Clock
    buckets: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    """By method and channel: what is left, and when it was."""

    def wait(self, method: str, channel: str) -> int:
        """Whole seconds for Retry-After; 0: it may go, and is counted."""
        if method == "chat.postMessage":
            return self._taken((method, channel), rate=1.0, most=BURST)
        if method in TIERS:
            return self._taken((method, ""), rate=TIERS[method] / 60, most=TIERS[method])
        return 0

    def _taken(self, key: tuple[str, str], rate: float, most: int) -> int:
        now = self.clock.now()
        left, since = self.buckets.get(key, (float(most), now))
        left = min(float(most), left + (now - since) * rate)
        if left < 1:
            self.buckets[key] = left, now
            return max(1, math.ceil((1 - left) / rate))
        self.buckets[key] = left - 1, now
        return 0
