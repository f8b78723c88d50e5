"""A CSV, whatever its code page and whatever stands between its cells, becomes a sheet."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from itertools import islice
from typing import Final

from committee.sheets import MOST_COLUMNS, Sheet
from mailflows.tables.cells import rows_of
from mailflows.tables.charsets import text_of
from mailflows.tables.errors import NoTable

BETWEEN: Final = (",", ";", "\t")
SAMPLE: Final = 50
"""Rows by which one sees what stands between cells."""
_SAID: Final = re.compile(r"\ufeff?sep=([,;\t])\r?\n")
"""By this first line spreadsheets tell each other."""


def sheet_of(raw: bytes) -> Sheet:
    text = text_of(raw)
    said = _SAID.match(text)
    between = said[1] if said else _between(text)
    lines = _lines(text, between)
    if said:
        next(lines, None)
        lines = _prefixed(lines)
    return Sheet("", rows_of(line[:MOST_COLUMNS] for line in lines))


def _prefixed(lines: Iterator[list[str]]) -> Iterator[list[str]]:
    """In place of the line that was taken out an empty one, so that each row keeps its number."""
    yield []
    yield from lines


def _between(text: str) -> str:
    """What makes the most rows of one and the same width, and the widest of those."""
    return max(BETWEEN, key=lambda mark: _evenness(text, mark))


def _evenness(text: str, mark: str) -> tuple[int, int]:
    widths = Counter[int]()
    with suppress(NoTable):
        widths.update(len(line) for line in islice(_lines(text, mark), SAMPLE) if len(line) > 1)
    width, count = max(widths.items(), key=lambda found: (found[1], found[0]), default=(0, 0))
    return count, width


def _lines(text: str, between: str) -> Iterator[list[str]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=between, strict=True)
    read = 0
    try:
        for line in reader:
            read += 1
            yield line
    except csv.Error as error:
        raise NoTable(
            f"after row {read} a quotation mark does not open and close a whole cell ({error}); mend that row"
        ) from error
