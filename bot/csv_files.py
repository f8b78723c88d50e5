"""A table as CSV (RFC 4180), in which nothing is ever a formula of whatever program opens it."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""With these a spreadsheet begins to calculate, or skips to what is behind them."""


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """Header and rows in UTF-8 with its mark, by which spreadsheets know it; what might be a formula begins with an apostrophe."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(row[name]) for name in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    said = "" if value is None else str(value)
    return f"'{said}" if said.startswith(_FORMULAS) else said
