"""A CSV is read whatever its code page, whatever stands between its cells, and its rows keep their numbers."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflows.tables.charsets import text_of
from mailflows.tables.errors import NoTable
from mailflows.tables.texts import sheet_of

WORDS = {
    "windows-1251": "Государство;Электронная почта;Имя\nСудан;a@sudan.example;Постоянное представительство\n",
    "windows-1252": "État;Adresse électronique;Fonction\nSénégal;a@senegal.example;Représentante permanente\n",
    "windows-1256": "الدولة;البريد الإلكتروني;الاسم\nالسودان;a@sudan.example;البعثة الدائمة\n",
    "gb18030": "国家;电子邮件;姓名\n苏丹;a@sudan.example;常驻代表团\n",
}


@pytest.mark.parametrize(("charset", "text"), WORDS.items())
def test_a_code_page_is_recognised_by_its_words(charset: str, text: str) -> None:
    assert text_of(text.encode(charset)) == text


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_with_its_mark_and_without(charset: str) -> None:
    for text in WORDS.values():
        assert text_of(text.encode(charset)) == text


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_what_stands_between_cells_is_seen(between: str) -> None:
    lines = [
        ["State", "E-mail", "Name"],
        ["MWI", "a@mw.example", '"Banda, J.; the second"'],
        ["ZMB", "b@zm.example", "x"],
    ]
    sheet = sheet_of("\r\n".join(between.join(line) for line in lines).encode())
    assert sheet.rows[1].cells == ("MWI", "a@mw.example", "Banda, J.; the second")


def test_a_first_line_may_say_what_stands_between_and_rows_keep_their_numbers() -> None:
    sheet = sheet_of(b"sep=;\r\nState;E-mail\r\n\r\nMWI;a@mw.example\r\n")
    assert [(row.number, row.cells) for row in sheet.rows] == [(2, ("State", "E-mail")), (4, ("MWI", "a@mw.example"))]


def test_a_line_break_in_quotes_is_a_space_and_the_next_row_has_the_next_number() -> None:
    sheet = sheet_of(b'State,Name\nMWI,"Banda\nsecond line"\nZMB,x\n')
    assert [(row.number, row.cells[1]) for row in sheet.rows] == [(1, "Name"), (2, "Banda second line"), (3, "x")]


@pytest.mark.parametrize("raw", [b'State,Name\nMWI,"never closed\nZMB,x\n', b'State,Name\nMWI,"Banda" J.\n'])
def test_a_quotation_mark_that_would_swallow_rows_is_said(raw: bytes) -> None:
    with pytest.raises(NoTable, match="after row 1"):
        sheet_of(raw)


def test_a_field_as_large_as_a_book_is_said() -> None:
    with pytest.raises(NoTable, match="quotation mark"):
        sheet_of(b'State,Name\nMWI,"' + b"x" * 200_000 + b'"\n')


def test_more_rows_than_anybody_looks_at_are_said() -> None:
    with pytest.raises(NoTable, match="20,000 rows"):
        sheet_of(b"MWI,a\n" * 20_001)


def test_marks_that_cannot_be_seen_do_not_count() -> None:
    assert sheet_of("State,Name\nMW\u200bI,\u202eBanda\x00\n".encode()).rows[1].cells == ("MW I", "Banda")


@given(st.binary(max_size=300))
def test_no_bytes_are_anything_but_a_sheet_or_a_reason(raw: bytes) -> None:
    cells = []
    with suppress(NoTable):
        cells = [cell for row in sheet_of(raw).rows for cell in row.cells]
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", "".join(cells))
