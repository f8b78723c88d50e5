"""A value of a card in words: moments as New York writes them, lists with commas, parts one after the other."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from committee.calendar import NEW_YORK, written, written_moment


def missing(value: Any) -> bool:
    if type(value) is str:
        return not value
    return value is None or (isinstance(value, str | list | tuple | dict | frozenset | set) and not value)


def has_parts(value: Any) -> bool:
    return isinstance(value, list | tuple) and any(isinstance(part, Mapping) for part in value)


def heading(name: str) -> str:
    return name.replace("_", " ")


def said(value: Any) -> str:  # noqa: PLR0911 - one line for each kind
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
            return written_moment(value if value.tzinfo else value.replace(tzinfo=NEW_YORK))
        case date():
            return written(value)
        case Mapping():
            return " · ".join(said(part) for part in value.values() if not missing(part))
        case list() | tuple():
            return ", ".join(said(part) for part in value)
        case set() | frozenset():
            return ", ".join(sorted(said(part) for part in value))
        case _:
            return str(value)
