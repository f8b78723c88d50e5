"""Where a fact in the address book is from: who said it, by which door, and when."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Door(StrEnum):
    OFFICER = "officer"
    MAIL = "mail"
    IMPORT = "import"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Source:
    """Who says something; `where` is the mail, the import or the page in which it stands."""

    door: Door
    by: str
    at: datetime
    where: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One field that was given a value, as people read it; `was` is empty where there was none."""

    what: str
    was: str
    now: str
    source: Source


def told(what: str, was: Any, now: Any, source: Source) -> Fact:
    return Fact(what, as_read(was), as_read(now), source)


def as_read(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(as_read, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(getattr(value, "text", value))
