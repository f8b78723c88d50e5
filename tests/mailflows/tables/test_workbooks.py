"""A workbook is read for what it shows: no formula computed, no link followed, no bomb unpacked."""

from datetime import date, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from committee.errors import Refused
from mailflows.tables import reading
from mailflows.tables.apart import read
from mailflows.tables.errors import NoTable
from tests.mailflows.tables.workbooks import a_workbook, as_bytes, with_part

ROW = ("MWI", "pm@malawi.example", "Mission")
SHEET = "xl/worksheets/sheet1.xml"


def test_cells_are_text_as_they_are_read() -> None:
    row = (" Malawi ", 265_123_456.0, date(2012, 9, 12), datetime(2012, 9, 12, 0, 0), True, 1.5, None, "x")  # noqa: DTZ001 - a cell has no zone
    [sheet] = read(as_bytes(a_workbook(row))).sheets
    assert sheet.name == "Contacts"
    assert sheet.rows[0].cells == ("Malawi", "265123456", "2012-09-12", "2012-09-12", "yes", "1.5", "", "x")


def test_a_day_that_stands_as_a_number_counts_from_the_workbooks_own_first_day() -> None:
    [sheet] = read(as_bytes(a_workbook((41164,)))).sheets
    assert sheet.rows[0].cells == ("41164",)
    assert sheet.day_zero == date(1899, 12, 30)


def test_a_formula_is_what_it_last_showed_and_is_never_computed() -> None:
    raw = as_bytes(a_workbook(("=1+1", ROW[1])))
    assert read(raw).sheets[0].rows[0].cells == ("", ROW[1])
    seen = with_part(raw, SHEET, rb"<f>1\+1</f><v ?/?>(</v>)?", b"<f>1+1</f><v>7</v>")
    assert read(seen).sheets[0].rows[0].cells == ("7", ROW[1])


def test_a_hundred_thousand_empty_rows_are_none() -> None:
    workbook = a_workbook(ROW)
    workbook.active.cell(50_000, 1).number_format = "@"
    workbook.active.cell(100_002, 1, "last")
    [sheet] = read(as_bytes(workbook)).sheets
    assert [row.number for row in sheet.rows] == [1, 100_002]


def test_a_hidden_sheet_is_not_read_and_this_is_said() -> None:
    workbook = a_workbook(ROW)
    workbook.create_sheet("Old").append(ROW)
    workbook["Old"].sheet_state = "veryHidden"
    found = read(as_bytes(workbook))
    assert [sheet.name for sheet in found.sheets] == ["Contacts"]
    assert found.notes == ("The sheet “Old” is hidden and was not read.",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_before_its_entities_grow(encoding: str) -> None:
    bomb = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "{"a" * 100}">]><worksheet/>'
    with pytest.raises(NoTable, match="document type"):
        read(with_part(as_bytes(a_workbook(ROW)), SHEET, rb"(?s).*", bomb.encode(encoding)))


def test_a_zip_bomb_is_not_unpacked() -> None:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive, archive.open("xl/worksheets/sheet1.xml", "w") as part:
        for _ in range(201):
            part.write(b" " * 1_000_000)
    with pytest.raises(NoTable, match="200 MB"):
        read(file.getvalue())


def test_a_link_to_another_file_is_not_followed() -> None:
    raw = as_bytes(a_workbook(("=[1]Sheet1!A1", ROW[1])))
    assert read(raw).sheets[0].rows[0].cells == ("", ROW[1])


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"PK\x03\x04 and nothing more", "no whole file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old XLS file or has a password"),
        (as_bytes(a_workbook(ROW))[:-200], "no whole file"),
        (with_part(as_bytes(a_workbook(ROW)), SHEET, rb"(?s).*", b"<worksheet><sheetData><row"), "cannot|can be read"),
        (with_part(as_bytes(a_workbook(ROW)), "xl/workbook.xml", rb"(?s).*", b""), "can be read"),
    ],
)
def test_what_is_no_workbook_is_said_to_be_none(raw: bytes, why: str) -> None:
    with pytest.raises(NoTable, match=why):
        read(raw)


async def test_it_is_read_in_a_process_of_its_own() -> None:
    assert (await reading.read(as_bytes(a_workbook(ROW)))).sheets[0].rows[0].cells == ROW


async def test_a_file_that_takes_too_long_or_too_much_ends_its_process_alone() -> None:
    with pytest.raises(Refused, match="too long, or too much memory"):
        await reading.read(b"State,Name\n", seconds=0.001)
    with pytest.raises(Refused, match="too much memory"):
        await reading.read(b"x," * 9_000_000, memory=150_000_000)


async def test_a_file_of_any_size_is_not_even_looked_at() -> None:
    with pytest.raises(Refused, match="20,000,001 bytes"):
        await reading.read(b" " * 20_000_001)


async def test_what_is_no_table_is_refused_with_the_way_out() -> None:
    with pytest.raises(Refused, match="save it as XLSX without one, or as CSV"):
        await reading.read(b"\xd0\xcf\x11\xe0")
