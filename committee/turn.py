"""The year turns, and members of the Council with it: who leaves, who comes, and what is missing for the new year."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from committee.calendar import DayOff, written
from committee.chairs import COMMITTEE, covers, in_the_chair
from committee.contacts import Contact, Office, delegation
from committee.council import Term
from committee.working_groups import Chairing, WorkingGroup

MONTH_BEFORE: Final = 12
MONTH_AFTER: Final = 1


@dataclass(frozen=True, slots=True)
class Turn:
    """The turn into a year: the terms that end with the year before, and those that begin."""

    year: int
    leaving: tuple[Term, ...]
    coming: tuple[Term, ...]

    @property
    def leaving_states(self) -> list[str]:
        return [term.state for term in self.leaving]

    @property
    def coming_states(self) -> list[str]:
        return [term.state for term in self.coming]

    @property
    def first_day(self) -> date:
        return date(self.year, 1, 1)

    @property
    def last_day(self) -> date:
        """Of the year before."""
        return date(self.year - 1, 12, 31)


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that the new year lacks, what it is about, and the command that mends it."""

    about: str
    what: str
    do: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the registers have to say of a new year."""

    contacts: Collection[Contact]
    groups: Collection[WorkingGroup]
    chairings: Collection[Chairing]
    terms: Collection[Term]
    days_off: Collection[DayOff]


def turn_into(year: int, terms: Collection[Term]) -> Turn:
    """Each by its State; whoever sits on both days neither leaves nor comes."""
    first, last = date(year, 1, 1), date(year - 1, 12, 31)
    before, after = ({term.state for term in terms if term.covers(day)} for day in (last, first))
    return Turn(
        year,
        tuple(sorted((term for term in terms if term.end == last and term.state not in after), key=_state)),
        tuple(sorted((term for term in terms if term.start == first and term.state not in before), key=_state)),
    )


def near(day: date) -> int | None:
    """The year whose turn is near on `day`: from a month before it until a month after."""
    return {MONTH_BEFORE: day.year + 1, MONTH_AFTER: day.year}.get(day.month)


def missing(turn: Turn, known: Known) -> list[Missing]:
    """What the first day of the year lacks: chairs, addresses of those who come, their terms, confirmed holidays."""
    return [*_chairs(turn, known), *_addresses(turn, known.contacts), *_terms(turn), *_holidays(turn.year, known)]


def leaving_chairs(turn: Turn, known: Known) -> list[Chairing]:
    """Who is in a chair on the last day and not on the first: by the end of the chairing, or with the delegation."""
    return sorted(
        (
            one
            for one in known.chairings
            if covers(one, turn.last_day, known.terms) and not covers(one, turn.first_day, known.terms)
        ),
        key=lambda one: one.body,
    )


def _chairs(turn: Turn, known: Known) -> Iterable[Missing]:
    bodies = [(COMMITTEE, "the Committee"), *((one.key, one.key) for one in known.groups if not one.suspended)]
    for key, said in bodies:
        if in_the_chair(key, turn.first_day, known.chairings, known.terms) is None:
            what = f"no chair of {said} from {written(turn.first_day)}"
            yield Missing(key, what, f'chair of {key} is "NAME" from {turn.first_day.isoformat()} --delegation STATE')


def _addresses(turn: Turn, contacts: Collection[Contact]) -> Iterable[Missing]:
    for term in turn.coming:
        party = delegation(term.state)
        serving = [one for one in contacts if one.party == party and one.confirmed and one.serves_on(turn.first_day)]
        if not any(one.office is Office.EXPERT for one in serving):
            what = "no expert's address" if serving else "no address at all"
            yield Missing(party, f"{what} of the new delegation", f"contact add {party} expert ADDRESS")


def _terms(turn: Turn) -> Iterable[Missing]:
    leave, come = len(turn.leaving), len(turn.coming)
    if come < leave:
        what = f"{leave} leave and {come} come: the terms of new members are not in the register"
        yield Missing("terms", what, "term add STATE from DATE to DATE")


def _holidays(year: int, known: Known) -> Iterable[Missing]:
    days = [one for one in known.days_off if one.kind == "holiday" and one.day.year == year]
    if not days:
        yield Missing("holidays", f"no holiday of {year} is in the register", "holiday add DATE WHY")
    elif not all(one.confirmed for one in days):
        yield Missing("holidays", f"nobody has confirmed the holidays of {year}", f"holidays {year} confirm")


def _state(term: Term) -> str:
    return term.state
