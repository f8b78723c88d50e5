"""A table is written as CSV or XLSX: every cell as text, none of which a spreadsheet computes."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """RFC 4180, in UTF-8 with its mark, by which spreadsheets know it."""
    text = StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - a desk that exports nothing need not load it
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    workbook, file = Workbook(write_only=True), BytesIO()
    sheet = workbook.create_sheet("Contacts")
    for row in rows:
        cells = [WriteOnlyCell(sheet, value) for value in row]
        for cell in cells:
            cell.data_type = "s"  # also where it looks like a formula
        sheet.append(cells)
    workbook.save(file)
    return file.getvalue()
