"""One thing that was looked at: how it is, what was found, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class How(StrEnum):
    GOOD = "good"
    LOOK = "look"  # it works, and somebody should know
    WRONG = "wrong"  # it does not work


@dataclass(frozen=True, slots=True)
class Found:
    what: str
    how: How
    found: str = ""
    to_do: str = ""


def good(what: str, found: str = "") -> Found:
    return Found(what, How.GOOD, found)


def look(what: str, found: str, to_do: str = "") -> Found:
    return Found(what, How.LOOK, found, to_do)


def wrong(what: str, found: str, to_do: str = "") -> Found:
    return Found(what, How.WRONG, found, to_do)
