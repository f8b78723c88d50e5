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
    r"|(?P<dd>\d{1,2})[/.](?P<mm>\d{1,2})[/.](?P<yyyy>\d{4})(?!\d)"
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
_WILL_COME = (
    r"\b(?:submit\w*|sen[dt]|transmit\w*|with you|ready|finali[sz]ed?|complet\w+|more time|extension|forthcoming|expected"
    r"|present\w*|remis\w*|transmis\w*|envoy\w+|pret\w*|delai)\b[^.;\n]{0,80}?"
    r"\b(?:until|till|by|before|not? later than|jusqu['’](?:au|a|en)|avant|d['’]ici|au plus tard)\s+(?:the\s+|le\s+|la\s+)?"
)
_COMES_ON = re.compile(_WILL_COME + _DAY)
_COMES_IN = re.compile(_WILL_COME + _MONTH_ALONE)
_SPOKEN_OF = re.compile(
    r"\b(?:in preparation|being prepared|under preparation|being drafted|more time|extension of"
    r"|en preparation|en cours d['’]elaboration|en cours de preparation|delai supplementaire"
    r"|en preparacion|se esta preparando|prorroga|em preparacao|em elaboracao|будет представлен|готовится|подготовк\w+)\b|"
    + "|".join(map(fold, ("قيد الإعداد", "قيد التحضير", "正在编写", "正在准备", "编制中")))
)
"""Words of a report to come, in the six languages and Portuguese: somebody reads the date."""


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
    if found is None or _is_ambiguous(found):
        return None
    return _ahead(_day(found, today), today)


def _is_ambiguous(found: re.Match[str]) -> bool:
    """03/04/2013 is two days to two people; 30/11/2012 and 03/03/2013 are one."""
    return bool(found["dd"]) and int(found["dd"]) <= MONTHS_OF_A_YEAR and found["dd"] != found["mm"]


MONTHS_OF_A_YEAR = 12


def perhaps_until(plain: str, today: date) -> date | None:
    """A day that an officer should confirm: of another sentence, or the last of a month without a day ("until March").

    A day in figures that two people would read as two days ("03/04/2013") is proposed with the day first.
    """
    if promised_until(plain, today):
        return None
    for sentence, read in (
        (_SAID_OF_SOMETHING, _day),
        (_COMES_ON, _day),
        (_SAID_VAGUELY, _last_of_month),
        (_COMES_IN, _last_of_month),
    ):
        if (found := sentence.search(plain)) and (day := _ahead(read(found, today), today)):
            return day
    return None


def speaks_of(plain: str) -> bool:
    """Whether it speaks of a report to come, in words of which no date could be read."""
    return _SPOKEN_OF.search(plain) is not None


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
        if found["dd"]:
            return date(int(found["yyyy"]), int(found["mm"]), int(found["dd"]))
        day, month, year = (found[name] or found[f"{name}2"] for name in ("day", "month", "year"))
        said = date(int(year or today.year), _MONTH[month], int(day))
        return said if year or said >= today else said.replace(year=today.year + 1)
    except ValueError:  # 31 November
        return None
