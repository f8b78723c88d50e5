"""A table of contacts is shown row by row, taken in by one press, and taken back by another, but for what was used."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from committee.cards import Card
from committee.contacts import Contact, Office
from tests.conftest import PracticeDesk
from tests.mailflows.tables.workbooks import a_workbook, as_bytes

HEAD = "Country;Role;Name;E-mail;Telephone"
NEW = "Zambia;deputy;Ada Quill;ada@gov-zambia.example;+260 1 23"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "contacts.csv"


async def _previewed(desk: PracticeDesk, table: Path, *rows: str, head: str = HEAD, charset: str = "utf-8") -> Card:
    table.write_bytes("\n".join((head, *rows)).encode(charset))
    return await desk.types(f'import "{table}"')


def _press(card: Card, label: str) -> str:
    return next(action.key for action in card.actions if label in action.label)


async def _taken_in(desk: PracticeDesk, table: Path, *rows: str, label: str = "Import") -> Card:
    card, _ = await desk.presses(_press(await _previewed(desk, table, *rows), label))
    assert card.ok, card.text
    return card


async def _book(desk: PracticeDesk) -> list[Contact]:
    return await desk.desk.store.contacts.all()


def _said(card: Card) -> Sequence[tuple[object, ...]]:
    return [(row["place"], row["standing"], row["said"]) for row in card.rows]


async def test_a_new_person_is_shown_with_its_place_and_written_by_one_press(desk: PracticeDesk, table: Path) -> None:
    before = await _book(desk)
    card = await _previewed(desk, table, NEW)
    assert _said(card) == [("row 2", "new", "deputy: Ada Quill, ada@gov-zambia.example")]
    assert await _book(desk) == before
    done, _ = await desk.presses(_press(card, "Import"))
    [new] = [one for one in await _book(desk) if one not in before]
    assert (done.fields["key"], done.fields["contacts"]) == ("I-2012-0001", 1)
    assert (new.key, new.office, new.telephone, new.confirmed) == ("ZMB/deputy/1", Office.DEPUTY, "+260 1 23", True)
    assert {fact.source.where for fact in new.history} == {"I-2012-0001"}
    assert "I-2012-0001" in new.provenance


async def test_a_second_press_does_nothing(desk: PracticeDesk, table: Path) -> None:
    press = _press(await _previewed(desk, table, NEW), "Import")
    await desk.presses(press)
    card, status = await desk.presses(press)
    assert (status, "pressed already" in card.text) == (1, True)
    assert sum(one.name == "Ada Quill" for one in await _book(desk)) == 1


async def test_a_change_is_a_difference_and_an_empty_cell_says_nothing(desk: PracticeDesk, table: Path) -> None:
    mission = await desk.contact("MWI")
    row = f"MWI;permanent mission;;{mission.address.upper()};+265 9"
    card = await _previewed(desk, table, row)
    assert _said(card) == [("row 2", "changed", f"telephone: {mission.telephone or 'nothing'} → +265 9")]
    await desk.presses(_press(card, "Import"))
    changed = await desk.contact("MWI")
    assert (changed.telephone, changed.name) == ("+265 9", mission.name)
    assert [fact.source.where for fact in changed.history[len(mission.history) :]] == ["I-2012-0001"]


async def test_what_stands_there_already_is_only_counted(desk: PracticeDesk, table: Path) -> None:
    mission = await desk.contact("MWI")
    card = await _previewed(desk, table, f"MWI;permanent-mission;{mission.name};{mission.address};")
    assert (card.fields["unchanged"], card.rows, card.actions) == (1, (), ())


async def test_what_was_changed_meanwhile_is_shown_anew_and_nothing_is_written(desk: PracticeDesk, table: Path) -> None:
    mission = await desk.contact("MWI")
    card = await _previewed(desk, table, f"MWI;permanent-mission;;{mission.address};+265 9")
    await desk.types(f"contact {mission.key} telephone 111")
    before = await _book(desk)
    shown, status = await desk.presses(_press(card, "Import"))
    assert status == 1
    assert "nothing was imported" in shown.text
    assert _said(shown) == [("row 2", "changed", "telephone: 111 → +265 9")]
    assert await _book(desk) == before


async def test_a_table_in_windows_1251_with_semicolons_and_two_rows_of_headings(
    desk: PracticeDesk, table: Path
) -> None:
    head = "Список контактов\n\nГосударство;Контакт;;Тел.\n;Имя;Электронная почта;\n"
    row = "Замбия;Постоянное представительство;pm2@gov-zambia.example;1"
    table.write_bytes(f"{head.replace(';Имя', ';Имя')}{row}".encode("cp1251"))
    card = await desk.types(f'import "{table}"')
    assert [(row["place"], row["party"], row["standing"]) for row in card.rows] == [("row 5", "ZMB", "doubtful")]
    assert "which office" in str(card.rows[0]["said"])


@pytest.mark.parametrize(
    ("row", "standing", "place", "says"),
    [
        ("Congo;deputy;Ada Quill;ada@x.example;", "doubtful", "column A", "COG"),
        ("Sudan;deputy;Ada Quill;ada@x.example;", "doubtful", "column A", "SSD"),
        ("Libyan Arab Jamahiriya;deputy;Ada Quill;ada@x.example;", "doubtful", "column A", "former name"),
        ("Atlantis;deputy;Ada Quill;ada@x.example;", "doubtful", "column A", "no State"),
        (";deputy;Ada Quill;ada@x.example;", "wrong", "column A", "no State"),
        ("ZMB;butler;Ada Quill;ada@x.example;", "wrong", "column B", "is no office"),
        ("ZMB;;Ada Quill;ada@x.example;", "doubtful", "", "which office"),
        ("ZMB;deputy;;ada@x.example;", "doubtful", "", "no name"),
        ("ZMB;deputy;Ada Quill;;", "wrong", "column D", "no address"),
        ("ZMB;deputy;Ada Quill;ada at x;", "wrong", "column D", "not one address"),
        ("ZMB;deputy;Ada Quill;a@x.example, b@x.example;", "wrong", "column D", "not one address"),
        ("ZMB;deputy;#REF!;ada@x.example;", "wrong", "column C", "formula"),
        (f"ZMB;deputy;{'x' * 300};ada@x.example;", "wrong", "column C", "too many"),
        ("ZMB;deputy;Ada Quill;{ours};", "wrong", "", "our own"),
        ("ZMB;deputy;Ada Quill;{malawis};", "doubtful", "", "belongs to one party"),
    ],
)
async def test_a_rows_fault_has_its_place_and_a_sentence(  # noqa: PLR0913, PLR0917 - a row, and what is said of it
    desk: PracticeDesk, table: Path, row: str, standing: str, place: str, says: str
) -> None:
    filled = row.format(ours=desk.desk.address, malawis=(await desk.contact("MWI")).address)
    card = await _previewed(desk, table, filled)
    [shown] = card.rows
    assert shown["standing"] == standing
    assert place in str(shown["said"])
    assert says in str(shown["said"])
    assert card.actions == ()


@pytest.mark.parametrize("address", ["ada@shared.example", "ada@rnalawi.mission.example"])
async def test_a_shared_domain_and_one_that_deceives_are_doubtful_and_taken_in_only_if_one_says_so(
    desk: PracticeDesk, table: Path, address: str
) -> None:
    await _taken_in(desk, table, "MWI;deputy;Eve Banda;eve@malawi.mission.example;")
    before = await _book(desk)
    card = await _previewed(desk, table, f"ZMB;deputy;Ada Quill;{address};")
    assert [row["standing"] for row in card.rows] == ["doubtful"]
    [action] = card.actions
    assert (action.style, "doubtful" in action.label) == ("default", True)
    await desk.presses(action.key)
    assert [one.address for one in await _book(desk) if one not in before] == [address]


async def test_two_rows_of_one_contact_are_doubtful(desk: PracticeDesk, table: Path) -> None:
    card = await _previewed(desk, table, NEW, NEW)
    assert [row["standing"] for row in card.rows] == ["doubtful", "new"]
    assert card.rows[0]["said"] == "row 2 speaks of the same contact already"


async def test_a_name_in_an_office_with_two_addresses_is_one_person(desk: PracticeDesk, table: Path) -> None:
    await _taken_in(desk, table, NEW, NEW.replace("ada@", "quill@"))
    first, second = [one for one in await _book(desk) if one.name == "Ada Quill"]
    assert (second.person, second.order) == (first.key, 2)


async def test_a_person_with_another_address_is_a_change(desk: PracticeDesk, table: Path) -> None:
    await _taken_in(desk, table, NEW)
    card = await _previewed(desk, table, NEW.replace("ada@", "quill@"))
    assert _said(card) == [("row 2", "changed", "address: ada@gov-zambia.example → quill@gov-zambia.example")]


async def test_who_is_gone_is_shown_and_ended_only_if_one_says_so(desk: PracticeDesk, table: Path) -> None:
    second = NEW.replace("Ada Quill", "Eve Banda").replace("ada@", "eve@")
    await _taken_in(desk, table, NEW, second)
    card = await _previewed(desk, table, second)
    assert [(row["standing"], row["contact"], row["place"]) for row in card.rows] == [("gone", "ZMB/deputy/1", None)]
    [action] = card.actions
    await desk.presses(action.key)
    ended = await desk.desk.store.contacts.get("ZMB/deputy/1")
    assert ended is not None
    assert ended.end == desk.desk.today


async def test_nobody_is_said_to_be_gone_where_a_row_could_not_be_read(desk: PracticeDesk, table: Path) -> None:
    await _taken_in(desk, table, NEW, NEW.replace("Ada Quill", "Eve Banda").replace("ada@", "eve@"))
    card = await _previewed(desk, table, NEW, "Congo;deputy;Eve Banda;eve@gov-zambia.example;")
    assert card.actions == ()


async def test_a_table_without_headings_is_refused_with_what_is_needed(desk: PracticeDesk, table: Path) -> None:
    card = await _previewed(desk, table, NEW, head="a;b;c")
    assert (card.ok, "No row with headings" in card.text, "e-mail" in card.text) == (False, True, True)


async def test_a_column_that_nobody_knows_is_said(desk: PracticeDesk, table: Path) -> None:
    card = await _previewed(desk, table, f"{NEW};x", head=f"{HEAD};Remarks")
    assert card.notes == ("Column F (“Remarks”) was not read.",)


async def test_only_an_officer_imports_and_takes_back(desk: PracticeDesk, table: Path) -> None:
    table.write_text(f"{HEAD}\n{NEW}")
    for line in (f'import "{table}"', "undo I-2012-0001"):
        card, status = await desk.answers(line, by="reader-1")
        assert (status, "takes the role officer" in card.text) == (1, True), line


async def test_a_kept_file_is_no_table_without_the_button_of_its_preview(desk: PracticeDesk) -> None:
    sha256 = await desk.desk.store.keep(b"Country;E-mail;Role;Name\nMWI;secret@mw.example;deputy;A\n")
    card, status = await desk.answers(f"import kept {sha256}")
    assert (status, "by the button of its preview" in card.text, "secret" in str(card)) == (1, True, False)


async def test_a_file_that_is_not_there_is_said(desk: PracticeDesk) -> None:
    card = await desk.types("import nowhere.csv")
    assert "nowhere.csv cannot be read" in card.text


async def _undone(desk: PracticeDesk, key: str = "I-2012-0001") -> Card:
    card, status = await desk.presses(_press(await desk.types(f"undo {key}"), "Take back"))
    assert status == 0, card.text
    return card


async def test_an_import_is_taken_back_as_if_it_had_not_been(desk: PracticeDesk, table: Path) -> None:
    mission, before = await desk.contact("MWI"), await _book(desk)
    await _taken_in(desk, table, NEW, f"MWI;permanent-mission;Another Name;{mission.address};+265 9")
    card = await _undone(desk)
    assert await _book(desk) == before
    assert card.fields == {"key": "I-2012-0001", "stays": 0}
    again = await desk.types("undo I-2012-0001")
    assert (again.actions, "Nothing of it can be taken back" in again.text) == ((), True)


async def test_what_a_letter_has_used_and_what_was_changed_since_stays_and_is_listed(
    desk: PracticeDesk, table: Path
) -> None:
    third = NEW.replace("Ada Quill", "Eve Banda").replace("ada@", "eve@")
    point = "MWI;national contact point;Focal Point;focal@malawi.example;"
    await _taken_in(desk, table, NEW, third, point)
    await desk.answers("remind first-report --to MWI", yes=True)
    await desk.types("contact ZMB/deputy/2 title Counsellor")
    card = await desk.types("undo I-2012-0001")
    said = {row["contact"]: row["said"] for row in card.rows if row["becomes"] == "stays"}
    assert sorted(said.values()) == ["a letter has used it", "was changed since"]
    await desk.presses(_press(card, "Take back"))
    assert {one.name for one in await _book(desk)} >= {"Eve Banda", "Focal Point"}
    assert all(one.name != "Ada Quill" for one in await _book(desk))


CELLS = st.sampled_from(["", "x", "=1", "+265 1", "Ambassador, a.i.", "fr, en"])


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    titles=st.lists(CELLS, min_size=2, max_size=2), telephones=st.lists(CELLS, min_size=2, max_size=2),
    days=st.sampled_from([";", "2012-01-01;", ";2013-12-31", "2012-01-01;2013-12-31"]), moved=st.booleans(),
)  # fmt: skip
async def test_whatever_an_import_writes_undo_takes_back(  # noqa: PLR0913 - what stands in its rows
    desk: PracticeDesk, table: Path, titles: list[str], telephones: list[str], days: str, *, moved: bool
) -> None:
    """One desk for all: each time it is again what it was."""
    mission, before = await desk.contact("MWI"), await _book(desk)
    address = "moved@malawi.mission.example" if moved else mission.address
    known = f"MWI;{mission.office};{mission.name};{address};{telephones[0]};{titles[0]};{days}"
    new = f"ZMB;deputy;Ada Quill;ada@gov-zambia.example;{telephones[1]};{titles[1]};{days}"
    card = await _previewed(desk, table, known, new, head=f"{HEAD};Title;From;Until")
    done, _ = await desk.presses(_press(card, "Import"))
    assert await _book(desk) != before
    await _undone(desk, str(done.fields["key"]))
    assert await _book(desk) == before


async def test_an_import_that_never_was_is_said(desk: PracticeDesk) -> None:
    card, status = await desk.answers("undo I-2012-0009")
    assert (status, "There is no import I-2012-0009" in card.text) == (1, True)


async def test_a_workbook_with_days_as_numbers_and_a_hidden_sheet(desk: PracticeDesk, tmp_path: Path) -> None:
    rows = (
        ("State", "Role", "Name", "E-mail", "Until"),
        ("ZMB", "deputy", "Ada Quill", "ada@gov-zambia.example", 41639),
    )
    workbook = a_workbook(*rows)
    workbook.create_sheet("Old").append(("MWI", "x"))
    workbook["Old"].sheet_state = "hidden"
    (tmp_path / "contacts.xlsx").write_bytes(as_bytes(workbook))
    card = await desk.types(f'import "{tmp_path / "contacts.xlsx"}"')
    assert card.notes == ("The sheet “Old” is hidden and was not read.",)
    assert card.rows[0]["place"] == "sheet “Contacts”, row 2"
    done, _ = await desk.presses(_press(card, "Import"))
    assert done.rows[0]["until"] == date(2013, 12, 31)
