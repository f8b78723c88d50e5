"""A table as it stands in somebody's file: sheets of rows of text, each with the place where it stands."""

from dataclasses import dataclass
from datetime import date
from typing import Final

MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 200
LONGEST_CELL: Final = 1_000
"""Characters of one cell; a longer one is cut behind the next, so that it is seen to be too long."""
A: Final = 65
ALPHABET: Final = 26


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not empty; `number` is the one that a spreadsheet shows beside it, the first is 1."""

    number: int
    cells: tuple[str, ...]

    def cell(self, column: int) -> str:
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`day_zero` is the day of number 0 where days may stand as numbers: a workbook's; None: they do not."""

    name: str  # empty: the file has only one, without a name
    rows: tuple[Row, ...]
    day_zero: date | None = None


@dataclass(frozen=True, slots=True)
class Workbook:
    """What was read of a file, and what of it was not, in sentences."""

    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: the sheet, the row, and the column counted from 0 (None: the row as a whole)."""

    sheet: str
    row: int
    column: int | None = None

    def __str__(self) -> str:
        named = f"sheet “{self.sheet}”, " if self.sheet else ""
        column = f", column {letters(self.column)}" if self.column is not None else ""
        return f"{named}row {self.row}{column}"


def letters(column: int) -> str:
    """A column as spreadsheets name it: 0 is A, 25 is Z, 26 is AA."""
    rest, last = divmod(column, ALPHABET)
    return (letters(rest - 1) if rest else "") + chr(A + last)
