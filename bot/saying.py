"""A value of a card in words, for whatever draws it: lists with commas, parts one after the other, moments as New York has them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from committee.calendar import NEW_YORK, new_york, written, written_moment


@dataclass(frozen=True, slots=True)
class Style:
    """How a moment in New York's time and a day are written."""

    moment: Callable[[datetime], str]
    day: Callable[[date], str]


WRITTEN_OUT = Style(written_moment, written)
IN_COLUMNS = Style("{:%Y-%m-%d %H:%M}".format, date.isoformat)


def missing(value: Any) -> bool:
    if type(value) is str:
        return not value
    return value is None or (isinstance(value, str | list | tuple | dict | frozenset | set) and not value)


def has_parts(value: Any) -> bool:
    return isinstance(value, list | tuple) and any(isinstance(part, Mapping) for part in value)


def heading(name: str) -> str:
    return name.replace("_", " ")


def said(value: Any, style: Style = WRITTEN_OUT) -> str:  # noqa: PLR0911 - one line for each kind
    """In words, without any markup; a moment without zone is New York's, and one with any is written as New York's."""
    if type(value) is str:
        return value or "–"
    if missing(value):
        return "–"
    match value:
        case Enum():
            return str(value.value)
        case bool():
            return "yes" if value else "no"
        case datetime():
            return style.moment(new_york(value) if value.tzinfo else value.replace(tzinfo=NEW_YORK))
        case date():
            return style.day(value)
        case Mapping():
            return " · ".join(said(part, style) for part in value.values() if not missing(part))
        case list() | tuple():
            return ", ".join(said(part, style) for part in value)
        case set() | frozenset():
            return ", ".join(sorted(said(part, style) for part in value))
        case _:
            return str(value)
