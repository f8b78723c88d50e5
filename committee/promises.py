"""A State says until when its report is in preparation: read the date, in English or French."""

import calendar
import re
from datetime import date, timedelta

from committee.calendar import MONTHS
from committee.names import fold

LONGEST = timedelta(days=366)
"""A longer promise waits for an officer: a slip of the pen must not silence the desk for years."""
LOOKED_AT = 20_000
"""Characters: a promise stands among the first words of a letter, and the event loop waits while they are read."""

_FRENCH = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin",
    "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip
_MONTH = {name.casefold(): number for months in (MONTHS, _FRENCH) for number, name in enumerate(months, 1)}
_MONTH |= {name[:3].casefold(): number for number, name in enumerate(MONTHS, 1)}
_NAME = "|".join(sorted(_MONTH, key=len, reverse=True))
_YEAR = r"(?:,?\s+(?P<{0}>\d{{4}}))?"
_DAY = (
    r"(?:(?P<iso>\d{4}-\d{2}-\d{2})"
    rf"|(?P<day>\d{{1,2}})(?:st|nd|rd|th|er)?\s+(?:of\s+|de\s+)?(?P<month>{_NAME})\b\.?{_YEAR.format('year')}"
    rf"|(?P<month2>{_NAME})\b\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d){_YEAR.format('year2')})"
)
_MONTH_ALONE = rf"(?:(?:the )?end of |la fin (?:du mois )?d[e'’] ?|fin )?(?P<month>{_NAME})\b\.?{_YEAR.format('year')}"
_OWN = (
    r"(?:^|[.!\n]\s*)(?:(?:the|our|this|its|le|notre|ce)\s+)?(?:(?:first|initial|national|1540|premier)\s+)*"
    r"(?:reports?\s+(?:is|remains)\s+|rapport\s+(?:national\s+|initial\s+)?est\s+)?(?:still\s+|currently\s+|encore\s+|toujours\s+)?"
)
"""How a State's own sentence about its report begins: any other sentence is for an officer to read."""

_PREPARED = (
    r"(?:in preparation|being prepared|under preparation|en preparation|en cours d['’]elaboration|en cours de preparation)"
    r"[^.;\n]{0,60}?\b(?:until|till|by|before|jusqu['’](?:au|a|en)|avant|d['’]ici)\s+(?:the\s+|le\s+|la\s+)?"
)
_SAID = re.compile(_OWN + _PREPARED + _DAY)
_SAID_OF_SOMETHING = re.compile(_PREPARED + _DAY)
_SAID_VAGUELY = re.compile(_PREPARED + _MONTH_ALONE)


def own_lines(words: str) -> str:
    """The lines of a mail that do not quote and are not empty, each with case and accents folded; of a long mail the first."""
    lines = words[:LOOKED_AT].splitlines()
    if len(words) > LOOKED_AT:
        lines.pop()  # a line that is cut may end in half a date
    own = (fold(line) for line in lines if not line.lstrip().startswith((">", "|")))
    return "\n".join(line for line in own if line)


def promised_until(plain: str, today: date) -> date | None:
    """The day until which `plain` (from `own_lines`) says that the report is in preparation; None if it does not.

    Only the line that our reminder asks for, or a plain sentence about the report, is a promise. A date without a year is
    the next such day. A day that has passed, that does not exist, or that lies more than `LONGEST` ahead is none.
    """
    found = _SAID.search(plain)
    return _ahead(_day(found, today), today) if found else None


def perhaps_until(plain: str, today: date) -> date | None:
    """A day that an officer should confirm: of another sentence, or the last of a month without a day ("until March")."""
    if _SAID.search(plain):
        return None
    if found := _SAID_OF_SOMETHING.search(plain):
        return _ahead(_day(found, today), today)
    found = _SAID_VAGUELY.search(plain)
    return _ahead(_last_of_month(found, today), today) if found else None


def _last_of_month(found: re.Match[str], today: date) -> date | None:
    month = _MONTH[found["month"]]
    year = int(found["year"] or (today.year if month >= today.month else today.year + 1))
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, month, calendar.monthrange(year, month)[1])


def _ahead(day: date | None, today: date) -> date | None:
    return day if day and today <= day <= today + LONGEST else None


def _day(found: re.Match[str], today: date) -> date | None:
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        day, month, year = (found[name] or found[f"{name}2"] for name in ("day", "month", "year"))
        said = date(int(year or today.year), _MONTH[month], int(day))
        return said if year or said >= today else said.replace(year=today.year + 1)
    except ValueError:  # 31 November
        return None
