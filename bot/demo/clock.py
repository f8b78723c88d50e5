"""The local Slack lives by the desk's own clock: what is said at nine on a practice morning says nine."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.local_slack.clock import Timer


@dataclass(slots=True)
class PracticeClock:
    """It stands where the desk's stands; how long an answer may take is real time all the same."""

    moment: datetime

    def now(self) -> float:
        return self.moment.timestamp()

    def after(self, seconds: float, call: Callable[[], None]) -> Timer:
        return asyncio.get_running_loop().call_later(seconds, call)
