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
    moved: datetime | None = None  # when it was last moved between a folder and a database

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


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """A test letter that the desk wrote to itself, with a token in the address; moments are the world's.

    Where one has come back, the mail server delivers `desk+anything@` to the desk's mailbox, so that envelope senders may
    carry a token. One that is longer on its way than `LOST_AFTER` counts as lost, and they no longer do.
    """

    key: str
    address: str  # the desk's, at which it was tried
    token: str
    sent_at: datetime
    came_at: datetime | None = None  # when the last one that came back did

    def works(self, address: str, now: datetime) -> bool:
        if self.came_at is None or self.address != address:
            return False
        return self.came_at >= self.sent_at or now - self.sent_at < LOST_AFTER


LOST_AFTER = timedelta(hours=1)
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
