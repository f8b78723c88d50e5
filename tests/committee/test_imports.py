"""Export, then import: nothing differs; import, then undo: nothing happened. Whatever names, days and cells there are."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from committee.columns import headings_of
from committee.contacts import Contact, Office, Pronoun
from committee.entries import Entry, Known, entries_of
from committee.exports import table_of
from committee.imports import Ours, Standing, planned
from committee.party_names import PartyNames
from committee.provenance import Door, Source
from committee.sheets import Row, Sheet
from committee.undoing import taken_back, why_not
from mailflows.tables.apart import read
from mailflows.tables.writing import as_csv, as_xlsx
from storage import seeding

TODAY = date(2012, 9, 4)
NAMES = PartyNames.on(TODAY, seeding.states(), seeding.organizations(), ())
KNOWN = Known(NAMES, {"en": "en", "fr": "fr", "ru": "ru"}, TODAY, str.casefold)
OURS = Ours(frozenset({"desk@1540.example"}), frozenset())
SOURCE = Source(Door.IMPORT, "officer-1", datetime(2012, 9, 4, 13, tzinfo=UTC), "I-2012-0001")

words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Co", "Cn"]), max_size=12
)
said = st.one_of(words, st.sampled_from(["=1+1", "+265 1", "-x", "@x", "'=x", "''", "'", '"a;b"', "a,b", "x\ty"])).map(
    lambda text: " ".join(text.split())
)
days = st.none() | st.dates(date(2000, 1, 1), date(2020, 1, 1))


@st.composite
def books(draw: st.DrawFn) -> list[Contact]:
    """Contacts of two parties, each with its own address."""
    book = []
    for number in range(1, draw(st.integers(1, 6))):
        party, office = (
            draw(st.sampled_from(["MWI", "delegation/CHN"])),
            draw(st.sampled_from([Office.DEPUTY, Office.EXPERT])),
        )
        start, end = draw(days), draw(days)
        if start and end and end < start:
            start, end = end, start
        book.append(
            Contact(
                f"{party}/{office}/{number}", party, office, f"{number} {draw(said)}".strip(), f"a{number}@x{number}.example",
                draw(st.integers(1, 199)), draw(said), start, end, style=draw(said), title=draw(said),
                pronoun=draw(st.sampled_from(Pronoun)), languages=tuple(draw(st.lists(st.sampled_from(["en", "fr"]), unique=True))),
            )
        )  # fmt: skip
    return book


def _entries(sheets: Iterable[Sheet]) -> list[Entry]:
    return [one for sheet in sheets if (headings := headings_of(sheet)) for one in entries_of(sheet, headings, KNOWN)]


@given(books())
def test_an_export_that_is_imported_changes_nothing(book: list[Contact]) -> None:
    sheets = read(as_csv(table_of(book))).sheets
    assert {line.standing for line in planned(_entries(sheets), book, OURS, TODAY)} <= {Standing.UNCHANGED}


@given(books())
def test_an_export_makes_the_same_book_where_there_was_none(book: list[Contact]) -> None:
    lines = planned(_entries(read(as_csv(table_of(book))).sheets), (), OURS, TODAY)
    assert [line.standing for line in lines] == [Standing.NEW] * len(book)
    assert [line.after for line in lines] == [replace(one, confirmed=True) for one in book]


def test_a_workbook_has_the_same_cells() -> None:
    rows = [("key", "name"), ("=1+1", "'x"), ("1", "2012-09-04")]
    assert [row.cells for row in read(as_xlsx(rows)).sheets[0].rows] == rows


def test_no_cell_of_an_export_is_computed() -> None:
    book = [Contact("MWI/deputy/1", "MWI", Office.DEPUTY, '=HYPERLINK("x")', "@x", telephone="+265", title="-1")]
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in table_of(book) for cell in row)


@given(books(), st.data())
def test_what_an_import_said_is_taken_back_and_nothing_happened(book: list[Contact], data: st.DataObject) -> None:
    for contact in book:
        facts = {
            "telephone": data.draw(said), "title": data.draw(said), "start": data.draw(days), "order": data.draw(st.integers(1, 9)),
            "languages": tuple(data.draw(st.lists(st.sampled_from(["en", "fr", "ru"]), unique=True))),
            "pronoun": data.draw(st.sampled_from(Pronoun)), "address": "b@x.example",
        }  # fmt: skip
        changed = contact.changed(SOURCE, **facts)
        assert not why_not(changed, SOURCE.where)
        assert taken_back(changed, SOURCE.where) == contact


def test_what_was_said_since_is_not_taken_back() -> None:
    contact = Contact("MWI/deputy/1", "MWI", Office.DEPUTY, "A", "a@x.example")
    changed = contact.changed(SOURCE, title="Counsellor")
    later = replace(SOURCE, door=Door.OFFICER, where="")
    assert why_not(changed.changed(later, title="Minister"), SOURCE.where) == "has another title since"
    assert why_not(replace(changed, title="Minister"), SOURCE.where) == "has another title since"
    other = changed.changed(later, telephone="1")
    assert taken_back(other, SOURCE.where) == contact.changed(later, telephone="1")


def test_a_name_of_the_day_names_a_state_and_a_former_one_asks() -> None:
    later = PartyNames.on(date(2019, 9, 4), seeding.states(), (), ())
    assert NAMES.named("Swaziland").key == "SWZ"
    assert "Eswatini (SWZ)" in later.named("Swaziland").why
    assert later.named("Eswatini").key == NAMES.named("Eswatini").key == "SWZ"
    for former in ("Zaire", "Burma", "Upper Volta"):
        assert "former name" in NAMES.named(former).why, former
    assert "COD" in NAMES.named("Congo").why
    assert NAMES.named("delegation of China").key == "delegation/CHN"


def test_a_day_that_stands_as_a_number_is_the_workbooks_day_and_in_a_csv_none() -> None:
    rows = (Row(1, ("key", "party", "from")), Row(2, ("MWI/deputy/1", "MWI", "41164")))
    [entry] = _entries([Sheet("Contacts", rows, date(1899, 12, 30))])
    assert entry.facts == {"start": date(2012, 9, 12)}
    [other] = _entries([Sheet("", rows)])
    assert [str(fault.place) for fault in other.faults] == ["row 2, column C"]


def test_a_day_that_two_people_read_as_two_days_is_none() -> None:
    rows = (Row(1, ("key", "party", "from")), *(Row(n, ("MWI/deputy/1", "MWI", day)) for n, day in enumerate(DAYS, 2)))
    assert [bool(entry.faults) for entry in _entries([Sheet("", rows)])] == [True, True, True, True, False, False]


DAYS = ("4/5/2012", "tomorrow", "12 September", "2012-02-30", "12 September 2012", "2012-9-4")


def test_headings_that_are_repeated_on_each_page_are_no_rows() -> None:
    head = ("Party", "E-mail", "Role", "Name")
    rows = (
        Row(1, ("Contacts",)),
        Row(2, head),
        Row(3, ("MWI", "a@x.example")),
        Row(9, head),
        Row(10, ("MWI", "b@x.example")),
    )
    assert [entry.place.row for entry in _entries([Sheet("", rows)])] == [3, 10]


def test_people_of_one_mind_only() -> None:
    """A person with two addresses has two rows; where they say two names, the second is doubtful."""
    first = Contact("MWI/deputy/1", "MWI", Office.DEPUTY, "Ada", "a@x.example")
    second = replace(first, key="MWI/deputy/2", address="b@x.example", person=first.key)
    rows = (Row(1, ("key", "party", "name")), Row(2, (first.key, "MWI", "Eve")), Row(3, (second.key, "MWI", "Ada")))
    lines = planned(_entries([Sheet("", rows)]), [first, second], OURS, TODAY)
    assert [line.standing for line in lines] == [Standing.CHANGED, Standing.DOUBTFUL]


def test_an_erased_contact_is_neither_exported_nor_filled_in_again() -> None:
    gone = Contact("MWI/deputy/1", "MWI", Office.DEPUTY, "", "", erased="erased on 1 June 2012")
    assert len([*table_of([gone])]) == 1
    rows = (
        Row(1, ("key", "party", "role", "name", "e-mail")),
        Row(2, (gone.key, "MWI", "deputy", "Ada", "a@x.example")),
    )
    [line] = planned(_entries([Sheet("", rows)]), [gone], OURS, TODAY)
    assert (line.standing, line.takeable) == (Standing.DOUBTFUL, False)
