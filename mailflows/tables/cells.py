"""What stands in a cell becomes one line of text, whatever it was."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Final

from committee.sheets import LONGEST_CELL, MOST_ROWS, Row
from mailflows.tables.errors import NoTable

_INVISIBLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]+")
"""Control codes, zero-width marks, and marks of direction, by which words look like others."""
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_WRITTEN: Final = "{:.15g}"


def one_line(value: object) -> str:
    """The text of a value, its spaces as one each; a day as 2012-09-12, a whole number without its dot."""
    text = value if isinstance(value, str) else _written(value)
    text = _SURROGATES.sub("\ufffd", _INVISIBLE.sub(" ", text[: LONGEST_CELL * 2]))
    return " ".join(text.split())[: LONGEST_CELL + 1]


def rows_of(lines: Iterable[Sequence[object]]) -> tuple[Row, ...]:
    """The rows that are not empty, each with its number; `NoTable` where there are too many."""
    rows: list[Row] = []
    for number, line in enumerate(lines, 1):
        if line.count(None) == len(line):  # a workbook may have a million such rows
            continue
        cells = [one_line(value) if value is not None else "" for value in line]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            rows.append(Row(number, tuple(cells)))
            if len(rows) > MOST_ROWS:
                raise NoTable(f"it has more than {MOST_ROWS:,} rows; divide it into several files")
    return tuple(rows)


def _written(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case date() | time():
            return value.isoformat()
        case float():
            return _WRITTEN.format(value)
        case _:
            return str(value)
