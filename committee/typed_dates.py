"""A day or a moment as a person types it; what two people would read as two days is no day here."""

import re
from collections.abc import Container
from datetime import UTC, date, datetime, timedelta
from typing import Final

from committee.calendar import MONTHS, NEW_YORK, working_days_after
from committee.names import fold

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
YEARS: Final = range(1945, 2200)  # the Organization's own, and as far as anybody plans
FARTHEST: Final = 3660  # days

_NUMBERS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_COUNT: Final = {word: number for number, word in enumerate(_NUMBERS, 1)} | {"a": 1, "an": 1}
_MONTH: Final = {
    name[:length]: number
    for number, name in enumerate((month.casefold() for month in MONTHS), 1)
    for length in {3, 4 if name == "september" else 3, len(name)}
}
_NAMED: Final = "|".join(sorted(_MONTH, key=len, reverse=True))
_DAY_FIRST: Final = re.compile(rf"(?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({_NAMED})\.?,?(?: (\d{{4}}))?")
_MONTH_FIRST: Final = re.compile(rf"({_NAMED})\.? (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?,?(?: (\d{{4}}))?")
_AHEAD: Final = re.compile(rf"in (\d{{1,4}}|{'|'.join(_COUNT)}) (working |business )?(day|week)s?")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MOMENT: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[t ](\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?) ?(z|utc|[+-]\d{2}:?\d{2})?)?"
)


def day_meant(typed: str, today: date, off: Container[date], *, past: bool = False) -> date | None:
    """The day that `typed` names, seen from `today`; None where it names none, or where people would disagree.

    A day without a year, and a weekday alone, is the next such day after today, or with `past` the latest one that is
    not after it. `next Friday` and 4/5/2012 are two days to two people, so they are not read at all.
    """
    said = fold(typed).strip(" .,")
    if found := _ISO.fullmatch(said):
        return _day(*(int(part) for part in found.groups()))
    if found := _DAY_FIRST.fullmatch(said):
        day, month, year = found.groups()
        return _in_a_year(_MONTH[month], int(day), year, today, past=past)
    if found := _MONTH_FIRST.fullmatch(said):
        month, day, year = found.groups()
        return _in_a_year(_MONTH[month], int(day), year, today, past=past)
    return _seen_from(today, said, off, past=past)


def moment_meant(typed: str) -> datetime | None:
    """The moment that ISO 8601, a date alone (its midnight) or `2012-09-04 09:00` names; without zone New York's.

    None also for a wall time that New York's clocks skip.
    """
    found = _MOMENT.fullmatch(fold(typed))
    if not found:
        return None
    day, time, zone = found.groups()
    try:
        wall = datetime.fromisoformat(f"{day}T{(time or '00:00').zfill(5)}")
        moment = (
            wall.replace(tzinfo=NEW_YORK) if not zone else datetime.fromisoformat(f"{wall.isoformat()}{_offset(zone)}")
        )
    except ValueError:
        return None
    if moment.year not in YEARS:
        return None
    there_and_back = moment.astimezone(UTC).astimezone(moment.tzinfo)
    return moment if there_and_back.replace(tzinfo=None) == moment.replace(tzinfo=None) else None


def _seen_from(today: date, said: str, off: Container[date], *, past: bool) -> date | None:
    if said in {"today", "tomorrow", "yesterday"}:
        return today + timedelta(days=("yesterday", "today", "tomorrow").index(said) - 1)
    if (weekday := said.removeprefix("on ")) in WEEKDAYS:
        days = (WEEKDAYS.index(weekday) - today.weekday()) % 7
        return today + timedelta(days=days - 7 if past and days else 0 if past else days or 7)
    if found := _AHEAD.fullmatch(said):
        return _ahead(today, *found.groups(), off=off)
    return None


def _ahead(today: date, count: str, working: str | None, unit: str, *, off: Container[date]) -> date | None:
    days = _COUNT[count] if count in _COUNT else int(count)
    if days > FARTHEST or (working and unit == "week"):
        return None
    if working:
        return working_days_after(today, days, off)
    return today + timedelta(days=days if unit == "day" else 7 * days)


def _in_a_year(month: int, day: int, year: str | None, today: date, *, past: bool) -> date | None:
    """The day in the year that is named, else the nearest on the side that is asked for: 29 February may be far."""
    if year:
        return _day(int(year), month, day)
    years = range(today.year, today.year - 9, -1) if past else range(today.year, today.year + 9)
    days = (found for each in years if (found := _day(each, month, day)))
    return next((found for found in days if (found <= today if past else found >= today)), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:  # 31 November
        return None


def _offset(zone: str) -> str:
    return "+00:00" if zone in {"z", "utc"} else zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"
