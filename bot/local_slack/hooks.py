"""response_url: the right to answer one act five times within thirty minutes."""

import secrets
from dataclasses import dataclass, field
from typing import Final

from bot.local_slack.clock import Clock
from bot.local_slack.errors import Failure

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
        return f"/hooks/{name}"

    def use(self, name: str) -> Hook:
        """assumed: Slack's pages give the limits, not what is answered beyond them; used_url and expired_url are seen in life."""
        hook = self.given.get(name)
        if hook is None:
            raise Failure("no_such_url")
        if self.clock.now() - hook.at > SECONDS:
            raise Failure("expired_url")
        if hook.uses >= USES:
            raise Failure("used_url")
        hook.uses += 1
        return hook
