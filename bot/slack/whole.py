"""The whole of a long answer as a file: its rows as CSV, or its words as plain text."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Final

from bot.plain import one_line, plain
from bot.saying import heading, missing, said
from committee.calendar import NEW_YORK
from committee.cards import Card
from committee.exports import guarded
from committee.names import fold

LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class File:
    name: str
    data: bytes


def whole(card: Card) -> File:
    """All rows as CSV with every value of theirs, in UTF-8 with a mark that spreadsheets look for; else the words as text."""
    name = re.sub(r"[^a-z0-9]+", "-", fold(card.title)).strip("-")[:LONGEST_NAME].strip("-") or "answer"
    if card.rows:
        return File(f"{name}.csv", b"\xef\xbb\xbf" + _csv(card).encode())
    return File(f"{name}.txt", _text(card).encode())


def _csv(card: Card) -> str:
    names = [*dict.fromkeys(name for row in card.rows for name in row)]
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(map(_safe, names))
    for row in card.rows:
        lines.writerow([_safe(_value(row.get(name))) for name in names])
    return written.getvalue()


def _value(value: Any) -> str:  # noqa: PLR0911 - one line for each kind
    """As data: days and moments in ISO 8601, nothing for what is not there."""
    if missing(value):
        return ""
    match value:
        case Enum():
            return str(value.value)
        case datetime():
            return (value if value.tzinfo else value.replace(tzinfo=NEW_YORK)).isoformat()
        case date():
            return value.isoformat()
        case Mapping():
            return " · ".join(f"{name}: {_value(part)}" for name, part in value.items() if not missing(part))
        case list() | tuple():
            return "; ".join(map(_value, value))
        case _:
            return said(value)


def _safe(cell: str) -> str:
    return guarded(one_line(cell))


def _text(card: Card) -> str:
    facts = [f"{heading(name)}: {said(value)}" for name, value in card.fields.items() if not missing(value)]
    letter = [f"{name}: {value}" for name, value in card.page.heading] if card.page else []
    words = ["", card.page.text] if card.page else []
    parts = [card.title, "", card.text, "", *facts, "", *letter, *words, "", *card.notes]
    return plain("\n".join(parts)).strip("\n") + "\n"
