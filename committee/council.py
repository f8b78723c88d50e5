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
