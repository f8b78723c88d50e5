"""Each party is asked once a year whether its entry in the address book is right: when, how often, and what it answers."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from zlib import crc32

from committee.provenance import Source
from committee.regional_groups import GROUPS

BEGINS: Final = (1, 15)
"""The askings of a year begin on the first Monday from this month and day on, after the pause."""
WEEKS: Final = 4
"""Over so many weeks a group's parties are spread, so that the answers of no week are more than can be read."""
AGAIN_AFTER: Final = timedelta(days=28)
"""Without an answer a party is reminded after so long, and again; then it is a person's task."""
REMINDERS: Final = 2
LAST_DAY: Final = timedelta(days=120)
"""So long after the day of the asking its link is good: until the task that comes after both reminders is a month old."""
_ORDER: Final = ("", *GROUPS)
"""Organizations and whoever else stands in no regional group come first, then one group after the other."""
_WORKING_WEEK: Final = 5
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Asking:
    """One party, asked in one year; its key is that of its answer, which there is once."""

    party: str
    year: int

    @property
    def key(self) -> str:
        return f"confirmation/{self.party}/{self.year}"

    @classmethod
    def named(cls, key: str) -> "Asking | None":
        """The asking that has this key; None where no asking could."""
        first, _, rest = key.partition("/")
        party, _, year = rest.rpartition("/")
        is_year = len(year) == len("2012") and year.isascii() and year.isdigit()
        return cls(party, int(year)) if first == "confirmation" and party and is_year else None


@dataclass(frozen=True, slots=True)
class Rung:
    """The letter of an asking: the first, or a reminder of it."""

    asking: Asking
    nth: int = 0  # 0: the first letter

    @property
    def state(self) -> str:
        """To which party it goes."""
        return self.asking.party

    @property
    def key(self) -> str:
        return f"{self.asking.key}/{self.nth}" if self.nth else self.asking.key


class AnswerState(StrEnum):
    UNCHANGED = "unchanged"  # it counts at once
    PROPOSED = "proposed"  # changes, which an officer makes or declines
    MADE = "made"
    DECLINED = "declined"


class What(StrEnum):
    """The facts of a contact that its party may ask to have changed."""

    NAME = "name"
    STYLE = "style"
    TITLE = "title"
    TELEPHONE = "telephone"
    ADDRESS = "address"
    LEFT = "left"  # speaks for the party no more


@dataclass(frozen=True, slots=True)
class Change:
    """One fact of one contact, as it was shown to the party, and as the party says it is."""

    contact: str
    what: What
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a party has answered in a year; `words` are its own, about what no field has a place for."""

    key: str
    party: str
    state: AnswerState
    source: Source
    changes: tuple[Change, ...] = ()
    words: str = ""
    decided_by: str = ""

    def decided(self, state: AnswerState, by: str) -> "Answer":
        return replace(self, state=state, decided_by=by)

    @property
    def is_open(self) -> bool:
        return self.state is AnswerState.PROPOSED


def group_of(groups: Iterable[str]) -> str:
    """The regional group among a party's groups; none for whoever is no State."""
    return next((group for group in groups if group in GROUPS), "")


def asked_on(party: str, group: str, year: int) -> date:
    """The day of a working week on which a party's turn comes: within its group's weeks, and the same place each year.

    By its key alone, so a party that comes or goes moves nobody else's turn, and the order ranks nobody.
    """
    begins = date(year, *BEGINS)
    monday = begins + timedelta(days=-begins.weekday() % _WEEK)
    week, day = divmod(crc32(party.encode()) % (WEEKS * _WORKING_WEEK), _WORKING_WEEK)
    return monday + timedelta(weeks=_ORDER.index(group) * WEEKS + week, days=day)


def last_day(asked: date) -> date:
    """Until the end of this day in New York the link in an asking's letters is good."""
    return asked + LAST_DAY
