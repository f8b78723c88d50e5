"""A calendar part is read: its method, which event, and who answers what (RFC 5545, 5546)."""

import re

from mailflows.reading.addresses import normal
from mailflows.reading.headers import one_line
from mailflows.reading.values import Attendee, Calendar

LINE = re.compile(
    r'([A-Za-z-]{1,40})((?>(?:;[A-Za-z-]{1,40}=(?:"[^"]*+"|[^;:"]*+)(?>(?:,(?:"[^"]*+"|[^,;:"]*+))*))*)):(.*)'
)
PARTSTAT = re.compile(r';PARTSTAT="?([A-Za-z-]+)', re.IGNORECASE)
MOST = 500  # attendees


def calendar_of(text: str) -> Calendar | None:
    """The first event of an iCalendar text; None where it is none."""
    lines = [line for raw in re.sub(r"\r?\n[ \t]", "", text).splitlines() if (line := LINE.fullmatch(raw))]
    if not any(_is(line, "BEGIN", "VCALENDAR") for line in lines):
        return None
    start = next((at for at, line in enumerate(lines) if _is(line, "BEGIN", "VEVENT")), len(lines))
    end = next((at for at, line in enumerate(lines) if at > start and _is(line, "END", "VEVENT")), len(lines))
    event = lines[start:end]
    return Calendar(
        _value(lines, "METHOD", upper=True), _value(event, "UID"), _number(_value(event, "SEQUENCE")), _attendees(event)
    )


def _is(line: re.Match[str], name: str, value: str) -> bool:
    return line[1].upper() == name and line[3].strip().upper() == value


def _value(lines: list[re.Match[str]], name: str, *, upper: bool = False) -> str | None:
    value = next((one_line(line[3]) for line in lines if line[1].upper() == name), "")
    return (value.upper() if upper else value) or None


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 10 else None  # noqa: PLR2004 - RFC 5545 3.3.8


def _attendees(event: list[re.Match[str]]) -> tuple[Attendee, ...]:
    found = []
    for line in event:
        if line[1].upper() == "ATTENDEE" and (address := normal(re.sub(r"(?i)^\s*mailto:", "", line[3]))):
            partstat = PARTSTAT.search(line[2])
            found.append(Attendee(address, partstat[1].upper() if partstat else None))
    return tuple(found[:MOST])
