"""Who is in a chair on a day: by the chairing's own days, and only for as long as its delegation sits on the Council."""

from collections.abc import Collection, Iterable
from datetime import date

from committee.council import Term
from committee.working_groups import Chairing

COMMITTEE = "committee"


def in_the_chair(body: str, day: date, chairings: Iterable[Chairing], terms: Collection[Term]) -> Chairing | None:
    """Whoever chairs `body` on `day`; a chair leaves with its delegation, whether or not anybody has noted an end."""
    serving = [one for one in chairings if one.body == body and covers(one, day, terms)]
    return max(serving, key=lambda one: one.start, default=None)


def covers(one: Chairing, day: date, terms: Collection[Term]) -> bool:
    """Whether the chairing holds on `day`; of a delegation of which the register has no term, its own days decide."""
    if day < one.start or (one.end and one.end < day):
        return False
    of_delegation = [term for term in terms if term.state == one.delegation]
    return not of_delegation or any(term.covers(day) for term in of_delegation)
