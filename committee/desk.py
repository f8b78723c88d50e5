"""The desk itself: when it opened, whether it is for practice, and what its clock says."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """One document. `clock` is a practice desk's own moment; a real desk has none and asks the world's.

    A desk that was restored from a backup does not know what it did between the two: it begins with that moment anew.
    """

    key: str
    opened: datetime
    practice: bool
    clock: datetime | None = None
    restored: datetime | None = None
    keyed: datetime | None = None  # when the newest key was made, by the world's clock; None: with the desk

    @property
    def begins(self) -> datetime:
        """What fell due on or before this day is listed, not sent by itself."""
        return max(self.opened, self.restored or self.opened)


@dataclass(frozen=True, slots=True)
class Tick:
    """When the desk last looked at its clock; written every ten minutes, so that a silence or a jump is seen."""

    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Backup:
    """The last backup: when by the world's clock, by whom, and how many entries the audit trail had."""

    key: str
    at: datetime
    by: str
    count: int


SILENCE = timedelta(days=3)
WRITTEN_EVERY = timedelta(minutes=10)


def why_wait(last: datetime, now: datetime) -> str:
    """Why what was announced waits for a person now, or nothing: the desk was silent too long, or its clock has moved back."""
    if now < last:
        return f"The clock has moved back by {_said(last - now)}."
    return f"The desk did not tick for {_said(now - last)}." if now - last > SILENCE else ""


def _said(span: timedelta) -> str:
    return f"{span.days} days" if span.days > 1 else f"{span.total_seconds() / 3600:.1f} hours"


@dataclass(frozen=True, slots=True)
class Language:
    """A language in which letters may go out, once a named person has signed them."""

    key: str
    name: str
    signed_by: str = ""
    signed_on: str = ""
