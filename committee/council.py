"""Who sits on the Council, and so on the Committee, on a given day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Term:
    """A State's membership of the Council; permanent members have neither first nor last day."""

    key: str  # "GTM/2012"; permanent members "CHN/permanent"
    state: str
    seat: str  # permanent | elected
    start: date | None
    end: date | None
    source: str = ""

    def covers(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


def members_on(day: date, terms: Iterable[Term]) -> list[str]:
    return sorted(term.state for term in terms if term.covers(day))


def incoming_on(day: date, terms: Iterable[Term], observe: tuple[int, int]) -> list[Term]:
    """Terms to come of members that observe already, from a month and day of the year before; not of who sits already."""
    terms = [*terms]
    sitting = {term.state for term in terms if term.covers(day)}
    return [
        term
        for term in terms
        if term.start and term.state not in sitting and day < term.start and day >= date(term.start.year - 1, *observe)
    ]


def left_between(state: str, before: date, day: date, terms: Iterable[Term]) -> Term | None:
    """The term of `state` that had not ended on `before` and has on `day`, unless the State sits on `day` all the same."""
    own = [term for term in terms if term.state == state]
    if any(term.covers(day) for term in own):
        return None
    return next((term for term in own if term.end and before <= term.end < day), None)
