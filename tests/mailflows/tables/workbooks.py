"""Workbooks to hand in, whole and spoilt."""

import re
from collections.abc import Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook


def a_workbook(*rows: Sequence[object], sheet: str = "Contacts") -> Workbook:
    workbook = Workbook()
    workbook.active.title = sheet
    for row in rows:
        workbook.active.append(row)
    return workbook


def as_bytes(workbook: Workbook) -> bytes:
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def with_part(raw: bytes, name: str, pattern: bytes, instead: bytes) -> bytes:
    """The same workbook with one of its parts changed."""
    changed = BytesIO()
    with ZipFile(BytesIO(raw)) as old, ZipFile(changed, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            data = old.read(part)
            new.writestr(part, re.sub(pattern, lambda _: instead, data, count=1) if part == name else data)
    return changed.getvalue()
