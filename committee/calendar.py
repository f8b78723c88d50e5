"""New York's days: which of them are working days, and where a moment falls."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class DayOff:
    """A holiday or a closure of the duty station; an unconfirmed holiday stops what goes by itself that year."""

    key: str  # the date, ISO 8601
    why: str
    kind: str  # holiday | closure
    confirmed: bool
    source: str = ""

    @property
    def day(self) -> date:
        return date.fromisoformat(self.key)


def new_york(moment: datetime) -> datetime:
    return moment.astimezone(NEW_YORK)


def is_working_day(day: date, off: Container[date]) -> bool:
    return day.weekday() < SATURDAY and day not in off


def working_days_after(day: date, count: int, off: Container[date]) -> date:
    """The working day that is `count` working days after `day` (0: `day` itself, or the next working day)."""
    while not is_working_day(day, off):
        day += timedelta(days=1)
    for _ in range(count):
        day += timedelta(days=1)
        while not is_working_day(day, off):
            day += timedelta(days=1)
    return day


def written(day: date) -> str:
    """A day as English letters write it: 4 September 2012."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def written_moment(moment: datetime) -> str:
    """A moment as people read it here: Tue 4 September 2012, 9.05 a.m. New York."""
    local = new_york(moment)
    return f"{local:%a} {written(local.date())}, {_hour(local)} New York"


def _hour(local: datetime) -> str:
    if local.minute == 0 and local.hour in _NAMED:
        return _NAMED[local.hour]
    minutes = f".{local:%M}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes} {'a.m.' if local.hour < NOON else 'p.m.'}"


NOON = 12
_NAMED = {0: "midnight", NOON: "noon"}
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
