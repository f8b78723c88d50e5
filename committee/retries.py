"""When a delivery that was put off is tried again, and when it is given up."""

from datetime import datetime, timedelta

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=4)
GIVE_UP_AFTER = timedelta(days=5)


def next_try(now: datetime, tries: int, after: timedelta | None = None) -> datetime:
    """One minute, doubled with each try up to four hours; a server's "try again in N" is honoured where it is longer."""
    doublings = min(max(tries - 1, 0), 10)
    doubled = min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
    return now + max(doubled, min(after or FIRST_WAIT, GIVE_UP_AFTER))


def given_up(queued_at: datetime, now: datetime) -> bool:
    return now - queued_at >= GIVE_UP_AFTER
