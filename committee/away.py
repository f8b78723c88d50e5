"""On which day whoever is out of office is back: read in plain forms of six languages where it is certain, else not at all."""

import re
from datetime import date, timedelta
from typing import Final

from committee.calendar import MONTHS
from committee.names import fold

LOOKED_AT: Final = 4_000
"""Characters: the day stands in the first lines, and the event loop waits while they are read."""
LONGEST: Final = timedelta(days=366)

_OF_A_LANGUAGE: Final = (
    MONTHS,
    ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"),
    ("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"),
)  # fmt: skip
_MONTH: Final = {fold(name): number for names in _OF_A_LANGUAGE for number, name in enumerate(names, 1)}
_NAMED: Final = "|".join(sorted(map(re.escape, _MONTH), key=len, reverse=True))
_WEEKDAYS: Final = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
    "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo",
)  # fmt: skip
_WEEKDAY: Final = rf"(?:(?:{'|'.join(map(fold, _WEEKDAYS))}),? )?"
_ARTICLE: Final = "(?:the |le |el )?"
_DAY: Final = (
    rf"{_ARTICLE}{_WEEKDAY}{_ARTICLE}(?:(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})(?!\d)"
    rf"|(?P<day>\d{{1,2}})(?:st|nd|rd|th|er)?(?: of| de)? (?P<month>{_NAMED})\b(?:,?(?: de| del)? (?P<year>\d{{4}})(?!\d))?"
    rf"|(?P<month2>{_NAMED}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)(?:,? (?P<year2>\d{{4}})(?!\d))?)"
)
_FORMS: Final = tuple(
    re.compile(rf"{fold(words)} {_DAY}")
    for words in (
        r"\b(?:i am|i'm|i will be|i'll be|i shall be|will be|is|and|be)? ?back (?:in the office |at work |at my desk )?on",
        r"\b(?:return|returning) (?:to the office |to work |to my desk )?on",
        r"\b(?:de retour|je reviens|reviendrai)(?: au bureau)?(?: a partir du)?",
        r"\b(?:de regreso|de vuelta|regreso|regresare|vuelvo|volvere)(?: a la oficina| al trabajo)?",
        r"\b(?:вернусь|возвращаюсь|вернется|выйду на работу)",
        r"(?:سأعود|أعود|العودة)(?: إلى العمل| إلى المكتب)?(?: في| يوم)?",
    )
)
_CHINESE: Final = re.compile(
    r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})(?:日|号)(?:返回|回到|回来|回办公室|上班)"
)


def back_on(said: str, today: date) -> date | None:
    """The one day on which `said` says that its writer is back; None where it names none, several, or none ahead.

    "Until 14 September" is no such day: to some its writer is back on the 14th, to others on the 15th. Days in figures
    alone (3/4/2012) are two days to two people, and are not read.
    """
    plain = fold(said[:LOOKED_AT])
    found = {_day(match, today) for form in (*_FORMS, _CHINESE) for match in form.finditer(plain)}
    [day] = found if len(found) == 1 else [None]
    return day if day and today <= day <= today + LONGEST else None


def _day(found: re.Match[str], today: date) -> date | None:
    named = found.groupdict()
    try:
        if named.get("iso"):
            return date.fromisoformat(named["iso"])
        day = named.get("day") or named.get("day2") or ""
        month = named.get("month") or named.get("month2") or ""
        year = named.get("year") or named.get("year2")
        number = int(month) if month.isdecimal() else _MONTH[month]
        told = date(int(year or today.year), number, int(day))
        return told if year or told >= today else told.replace(year=today.year + 1)
    except ValueError:  # 31 November
        return None
