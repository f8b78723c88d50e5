"""Triggers: the right to open one modal, for three seconds, once."""

import secrets
from dataclasses import dataclass, field
from typing import Final

from bot.local_slack.clock import Clock
from bot.local_slack.errors import Failure
from bot.local_slack.forgetting import forget_oldest

SECONDS: Final = 3.0
"""docs.slack.dev/interactivity/handling-user-interaction: a trigger_id expires in 3 seconds."""


@dataclass(frozen=True, slots=True)
class Trigger:
    user: str
    at: float
    view: str = ""
    """The modal that the person acted in, if they did: what views.push puts a view upon."""


@dataclass(slots=True)
class Triggers:
    clock: Clock
    given: dict[str, Trigger] = field(default_factory=dict)
    used: dict[str, None] = field(default_factory=dict)

    def give(self, user: str, view: str = "") -> str:
        name = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**9)}.{secrets.token_hex(16)}"
        self.given[name] = Trigger(user, self.clock.now(), view)
        forget_oldest(self.given)
        return name

    def exchange(self, name: str) -> Trigger:
        """Whose it is; the same one a second time, a late one, and one that was never given are refused.

        docs.slack.dev/reference/methods/views.open: exchanged_trigger_id, expired_trigger_id, invalid_trigger_id.
        """
        if name in self.used:
            raise Failure("exchanged_trigger_id")
        trigger = self.given.get(name)
        if trigger is None:
            raise Failure("invalid_trigger_id")
        if self.clock.now() - trigger.at > SECONDS:
            raise Failure("expired_trigger_id")
        self.used[name] = None
        forget_oldest(self.used)
        return trigger
