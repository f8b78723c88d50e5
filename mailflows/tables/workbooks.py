"""An XLSX becomes sheets of text: what its cells show, never what they would compute; the one module that reads with openpyxl.

Nothing in it is followed or run: no link to other files, no macro, no formula (of which the value that was last seen stands
there), and no document type, by which XML could be made to grow (ECMA-376-2, 6.2.5, allows none).
"""

from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Final
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

import openpyxl

from committee.sheets import MOST_COLUMNS, Sheet
from committee.sheets import Workbook as Read
from mailflows.tables.cells import rows_of
from mailflows.tables.errors import NoTable

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

UNPACKED: Final = 200_000_000
"""Bytes of all that a file unpacks to."""
MOST_PARTS: Final = 2_000
MOST_SHEETS: Final = 50
HIGHEST: Final = 1_048_576
"""Rows that a sheet can have."""
BLOCK: Final = 65_536


def workbook_of(raw: bytes) -> Read:
    """The sheets that one sees; `NoTable` where the file is none that can be read within its limits."""
    try:
        with ZipFile(BytesIO(raw)) as archive:
            _check(archive)
        workbook = openpyxl.load_workbook(BytesIO(raw), read_only=True, data_only=True, keep_links=False)
    except NoTable:
        raise
    except Exception as error:
        raise _not_read(error) from error
    try:
        return _read(workbook)
    except NoTable:
        raise
    except Exception as error:
        raise _not_read(error) from error
    finally:
        workbook.close()


def _read(workbook: "Workbook") -> Read:
    shown = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    hidden = [sheet.title for sheet in workbook.worksheets if sheet.sheet_state != "visible"]
    if len(shown) > MOST_SHEETS:
        raise NoTable(f"it has {len(shown)} sheets, and at most {MOST_SHEETS} are read; divide it into several files")
    first = workbook.epoch.date()
    notes = tuple(f"The sheet “{name[:100]}” is hidden and was not read." for name in hidden)
    return Read(tuple(Sheet(sheet.title[:100], rows_of(_lines(sheet)), first) for sheet in shown), notes)


def _lines(sheet: "ReadOnlyWorksheet") -> Iterator[tuple[object, ...]]:
    """The rows as they stand there, not as many as the sheet says of itself."""
    sheet.reset_dimensions()
    return islice(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), HIGHEST)


def _check(archive: ZipFile) -> None:
    """Before anything is unpacked: how much it would be; then that no part has a document type."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise NoTable(f"it would unpack to more than {UNPACKED // 1_000_000} MB or {MOST_PARTS:,} parts")
    if any(part.filename == "content.xml" for part in parts):
        raise NoTable("it is an OpenDocument file; save it as XLSX or as CSV")
    for part in parts:
        if part.filename.endswith((".xml", ".rels", ".vml")):
            _check_beginning(archive, part.filename)


def _check_beginning(archive: ZipFile, name: str) -> None:
    """A document type stands before the first element or nowhere."""
    begun: list[bool] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _no_document_type
    parser.StartElementHandler = lambda _name, _attributes: begun.append(True)
    with archive.open(name) as file:
        while not begun and (block := file.read(BLOCK)):
            parser.Parse(block)


def _no_document_type(*_said: object) -> None:
    raise NoTable("it has a document type, which no workbook may have")


def _not_read(error: Exception) -> NoTable:
    why = "it is no whole file" if isinstance(error, BadZipFile) else type(error).__name__
    return NoTable(
        f"it is no workbook that can be read ({why}); open it in a spreadsheet and save it anew as XLSX or CSV"
    )
