"""The programme of work: its period, its dated items and the cycles of its reminders (S/2012/663)."""

from dataclasses import dataclass
from datetime import date, timedelta

CYCLE_OPENINGS = ((6, 1), (9, 1), (12, 1), (3, 1))
"""Month and day on which a cycle of first-report reminders opens: one letter a quarter, not a ladder of days."""


@dataclass(frozen=True, slots=True)
class Item:
    """What the programme promises, with its date (or the rule that gives it) and the paragraph that says so."""

    key: str
    what: str
    rule: str
    kind: str
    responsible: str
    where: str
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Programme:
    """The how-manieth programme of work, from June to May."""

    number: int
    start: date

    @property
    def end(self) -> date:
        return date(self.start.year + 1, 5, 31)

    def cycle_on(self, day: date) -> int:
        """The how-manieth cycle of the programme `day` lies in, 1 to 4."""
        return sum(opening <= day for opening in self._openings())

    def cycle_days(self, cycle: int) -> tuple[date, date]:
        """The first and the last day of a cycle, 1 to 4: after the last the next cycle speaks."""
        openings = [*self._openings(), self.end + timedelta(days=1)]
        return openings[cycle - 1], openings[cycle] - timedelta(days=1)

    def cycle_ends_on(self, day: date) -> date:
        return self.cycle_days(self.cycle_on(day))[1]

    def _openings(self) -> list[date]:
        return [date(self.start.year + (month < self.start.month), month, first) for month, first in CYCLE_OPENINGS]


def programme_on(day: date) -> Programme:
    """The programme that covers `day`: the eleventh began on 1 June 2012, and one begins each 1 June."""
    year = day.year if day >= date(day.year, 6, 1) else day.year - 1
    return Programme(number=year - 2001, start=date(year, 6, 1))
