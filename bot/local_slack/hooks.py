"""response_url: the right to answer one act five times within thirty minutes."""

import secrets
from dataclasses import dataclass, field
from typing import Final

from bot.local_slack.clock import Clock
from bot.local_slack.errors import Failure
from bot.local_slack.forgetting import forget_oldest

USES: Final = 5
SECONDS: Final = 1800.0
"""docs.slack.dev/interactivity/handling-user-interaction: "up to five times within 30 minutes"."""


@dataclass(slots=True)
class Hook:
    user: str
    channel: str
    at: float
    original: str = ""
    """The message that was pressed; a command has none."""
    thread_ts: str = ""
    uses: int = 0


@dataclass(slots=True)
class Hooks:
    clock: Clock
    given: dict[str, Hook] = field(default_factory=dict)

    def give(self, user: str, channel: str, *, original: str = "", thread_ts: str = "") -> str:
        """The path of a new one."""
        name = secrets.token_urlsafe(24)
        self.given[name] = Hook(user, channel, self.clock.now(), original, thread_ts)
        forget_oldest(self.given)
        return f"/hooks/{name}"

    def use(self, name: str) -> Hook:
        """assumed: beyond its limits a response_url answers 404 with used_url or expired_url."""
        hook = self.given.get(name)
        if hook is None:
            raise Failure("no_such_url")
        if self.clock.now() - hook.at > SECONDS:
            raise Failure("expired_url")
        if hook.uses >= USES:
            raise Failure("used_url")
        hook.uses += 1
        return hook
