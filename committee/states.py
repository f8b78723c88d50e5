"""The States: their names on a day, and what they have told the Committee about their first report."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum


class ReportStatus(StrEnum):
    """Where a State stands with its first report; `unconfirmed` until an officer confirms or imports it."""

    UNCONFIRMED = "unconfirmed"
    NON_REPORTING = "non-reporting"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class NameIn:
    """A State's name in one language, as stored text: no grammar is computed when a letter is written."""

    short: str  # with its article as in running text: "the Gambia", "la Gambie"
    formal: str  # "the Republic of the Gambia"
    mission: str  # "the Permanent Mission of the Gambia to the United Nations"


@dataclass(frozen=True, slots=True)
class Names:
    """A State's names up to and including `until` (None: today's)."""

    listed: str  # as in alphabetical lists: "Gambia"
    words: dict[str, NameIn]  # language code -> name
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What a State has told the secretariat, by mail or in a corridor; with `until` it is a promise that stops reminders."""

    text: str
    by: str
    at: datetime
    until: date | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A Member State or an observer, by its ISO 3166-1 alpha-3 code."""

    key: str
    iso2: str
    m49: str
    names: tuple[Names, ...]  # former ones first, today's last
    group: str
    member_since: int | None  # year of admission; None for observers
    status: ReportStatus = ReportStatus.UNCONFIRMED
    since: date | None = None
    notes: tuple[Note, ...] = ()
    language: str | None = None  # what the mission has indicated; never guessed
    illustrative: bool = False
    aliases: tuple[str, ...] = field(default=())  # every other name by which people type it

    @property
    def is_member(self) -> bool:
        return self.member_since is not None

    def named_on(self, day: date) -> Names:
        return next(names for names in self.names if names.until is None or day <= names.until)

    @property
    def promise(self) -> Note | None:
        """The newest note with a date: what was said last is what counts."""
        return next((note for note in reversed(self.notes) if note.until), None)

    def confirmed_as(self, status: ReportStatus, on: date) -> "State":
        return replace(self, status=status, since=on)

    def reported(self, on: date) -> "State":
        return self if self.status is ReportStatus.REPORTED else self.confirmed_as(ReportStatus.REPORTED, on)

    def noting(self, note: Note) -> "State":
        return replace(self, notes=(*self.notes, note))


def alphabetical(name: str) -> str:
    """The order of the Council's lists: accents and case do not count, nor a leading "the"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return plain.removeprefix("the ") if plain != "the former yugoslav republic of macedonia" else plain


def yet_to_report(states: Iterable[State]) -> list[State]:
    return [state for state in states if state.is_member and state.status is ReportStatus.NON_REPORTING]
