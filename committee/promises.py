"""A State says until when its report is in preparation: read the date, in English or French."""

import re
from datetime import date, timedelta

from committee.calendar import MONTHS

LONGEST = timedelta(days=366)
"""A longer promise waits for an officer: a slip of the pen must not silence the desk for years."""

_FRENCH = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre")  # fmt: skip  # noqa: E501 - one line of months
_MONTH = {name.casefold(): number for months in (MONTHS, _FRENCH) for number, name in enumerate(months, 1)}
_DATE = rf"(?:(\d{{4}})-(\d{{2}})-(\d{{2}})|(?:the |le )?(\d{{1,2}})(?:st|nd|rd|th|er)?\s+(?:of\s+)?({'|'.join(_MONTH)})(?:\s+(\d{{4}}))?)"
_SAID = re.compile(
    rf"(?:in preparation|being prepared|under preparation|en preparation|en cours d['’]elaboration|en cours de preparation)"
    rf"[^.;\n]{{0,60}}?\b(?:until|till|by|before|jusqu['’]au|avant)\s+(?:le\s+)?{_DATE}",
)


def promised_until(plain: str, today: date) -> date | None:
    """The day until which `plain` (case and accents folded) says that the report is in preparation; None if it does not.

    A date without a year is the next such day. A day that has passed, that does not exist, or that lies more than
    `LONGEST` ahead is no promise.
    """
    found = _SAID.search(plain)
    day = found and _day(found.groups(), today)
    return day if day and today <= day <= today + LONGEST else None


def _day(groups: tuple[str | None, ...], today: date) -> date | None:
    iso_year, iso_month, iso_day, day, month, year = groups
    try:
        if iso_year and iso_month and iso_day:
            return date(int(iso_year), int(iso_month), int(iso_day))
        if not (day and month):
            return None
        said = date(int(year or today.year), _MONTH[month], int(day))
        return said if year or said >= today else said.replace(year=today.year + 1)
    except ValueError:  # 31 November
        return None
