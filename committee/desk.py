"""The desk itself: when it opened, whether it is for practice, and what its clock says."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """One document. `clock` is a practice desk's own moment; a real desk has none and asks the world's."""

    key: str
    opened: datetime
    practice: bool
    clock: datetime | None = None


@dataclass(frozen=True, slots=True)
class Language:
    """A language in which letters may go out, once a named person has signed them."""

    key: str
    name: str
    signed_by: str = ""
    signed_on: str = ""
