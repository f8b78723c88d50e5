"""A way out that fails is left alone for a while: a breaker for each relay, which also keeps a refused password from being tried on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=10)
"""A relay that comes back is found within so long."""
FORGOTTEN_AFTER = timedelta(hours=1)
REFUSED_WAIT = timedelta(minutes=15)
"""Servers lock an account after some wrong passwords."""


@dataclass(frozen=True, slots=True)
class Relay:
    """A relay that failed last time: while it stands in the register, one copy is tried after each wait, and no more."""

    key: str  # HOST:PORT
    failures: int  # in a row
    since: datetime  # the first of them
    until: datetime  # before that nothing is tried
    why: str
    refuses_us: bool = False  # our name and password, not a letter

    def is_news(self, now: datetime) -> bool:
        """Whether it is still tried, and fails; one that a setting has replaced is not."""
        return now <= self.until + FORGOTTEN_AFTER

    def lets(self, now: datetime) -> bool:
        """Whether it may be tried; a clock that was set back does not lock it for longer than its own wait."""
        return now >= self.until or now < self.until - max(LONGEST_WAIT, REFUSED_WAIT)


def failed(before: Relay | None, key: str, why: str, now: datetime, *, refuses_us: bool = False) -> Relay:
    """The relay after one more failure: a minute, doubled with each up to ten; a quarter of an hour where it refuses us."""
    failures = before.failures + 1 if before else 1
    wait = REFUSED_WAIT if refuses_us else min(FIRST_WAIT * (1 << min(failures - 1, 10)), LONGEST_WAIT)
    return Relay(key, failures, before.since if before else now, now + wait, why, refuses_us)
