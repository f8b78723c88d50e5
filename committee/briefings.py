"""The briefing that each new member of the Council is owed, from the day on which it observes until one is held (S/2012/663, 5 (e))."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date

from committee.council import Term
from committee.policies import Policy, observing

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Briefing:
    """One that was held: for which term, on which day, and what an officer notes of it."""

    key: str  # briefing/ARG/2013
    day: date
    note: str
    by: str


@dataclass(frozen=True, slots=True)
class Owed:
    """One that is still to be held; open `since` the day on which the member observes."""

    key: str
    term: Term
    since: date


def key_of(term: Term) -> str:
    return f"briefing/{term.key}"


def owed(
    terms: Iterable[Term], held: Container[str], day: date, opened: date, policies: Iterable[Policy]
) -> list[Owed]:
    """What is open on `day`, by State; of terms that began before the desk opened it knows nothing."""
    known = [*policies]
    found = [(term, observes_from(term.start, known)) for term in terms if term.start and term.start > opened]
    return sorted(
        (
            Owed(key_of(term), term, since)
            for term, since in found
            if since <= day and (term.end is None or day <= term.end) and key_of(term) not in held
        ),
        key=lambda one: one.key,
    )


def observes_from(start: date, policies: Iterable[Policy]) -> date:
    """The day on which a member whose term starts on `start` begins to observe, as the policies of that autumn have it."""
    before = start.year - 1
    return date(before, *observing(policies, date(before, 12, 31)))
