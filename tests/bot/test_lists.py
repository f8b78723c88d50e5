"""Lists as they are typed: what the card and its JSON say, and what is written to a file."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.exports import guarded
from mailflows.tables.writing import as_csv
from tests.conftest import PracticeDesk


async def test_the_lists_stand_with_their_rules(desk: PracticeDesk) -> None:
    rows = {row["key"]: row for row in (await desk.types("lists")).rows}
    assert (rows["all-delegations"]["parties"], rows["all-delegations"]["addresses"]) == (15, 30)
    assert rows["grulac"]["rule"] == "list all-permanent-missions and group grulac"


async def test_a_list_shows_who_where_and_through_what(desk: PracticeDesk) -> None:
    card = await desk.types("list all-delegations on 2 January 2013")
    assert {"party", "person", "address", "through"} <= card.rows[0].keys()
    assert (card.fields["key"], card.fields["parties"], card.fields["gaps"]) == ("all-delegations", 15, 0)
    assert {row["through"] for row in card.rows} == {"delegations"}


async def test_a_gap_stands_first_with_its_reason_and_no_address(desk: PracticeDesk) -> None:
    contact = await desk.contact("MWI")
    await desk.types(f'contact {contact.key} hold "nobody reads it"')
    card = await desk.types("list african-group")
    assert (card.rows[0]["party"], card.rows[0]["address"]) == ("MWI", None)
    assert "nobody reads it" in card.rows[0]["gap"]
    assert "1 gap stands first" in card.text
    assert len(card.rows) == card.fields["parties"]


async def test_what_has_changed_when_the_year_turns_is_typed_on_the_second_of_january(desk: PracticeDesk) -> None:
    desk.desk = desk.desk.at(desk.desk.now.replace(year=2013, month=1, day=2))
    card = await desk.types("list all-delegations since 2012-12-31")
    assert (len(card.rows), card.fields["came"], card.fields["left"]) == (10, 5, 5)
    assert all(row["why"].startswith("its term on the Council") for row in card.rows)


async def test_a_list_is_compared_with_an_earlier_day_alone(desk: PracticeDesk) -> None:
    card, status = await desk.answers("list all-delegations since 2012-09-05 on 2012-09-05")
    assert (status, card.ok) == (1, False)


async def test_why_goes_through_the_rule_step_by_step(desk: PracticeDesk) -> None:
    card = await desk.types("list african-group why pm@rwanda.mission.example")
    assert card.fields["listed"] == ["pm@rwanda.mission.example"]
    assert [(row["depth"], row["holds"]) for row in card.rows] == [
        (0, True),
        (1, True),
        (2, True),
        (3, True),
        (3, True),
        (1, True),
    ]
    card = await desk.types("list all-delegations why delegation of Germany on 2013-01-02")
    assert card.fields["listed"] == []
    assert card.rows[0]["because"] == "its term on the Council ended on 31 December 2012"


async def test_why_of_a_party_without_an_address_says_that_it_is_a_gap(desk: PracticeDesk) -> None:
    card = await desk.types("list all-permanent-missions why Holy See")
    assert "it is not on the list, and has no address" in card.text
    async with desk.desk.store.transaction(by="test", doing="lose", about="x", at=desk.desk.now) as tx:
        for one in await tx.contacts.find(party="OPCW"):
            await tx.contacts.remove(one.key)
    card = await desk.types("list organizations why OPCW")
    assert "it is on the list and has no address: a gap" in card.text


async def test_a_list_is_made_changed_and_removed(desk: PracticeDesk) -> None:
    card = await desk.types('list add mine "States and group africa" --name "Missions in Africa"')
    assert card.ok, card.text
    assert (card.title, card.fields["rule"]) == ("Missions in Africa", "states and group africa")
    card = await desk.types("list mine rule states and group africa but not China")
    assert card.fields["rule"] == "(states and group africa) but not CHN"
    assert (await desk.types("list mine remove")).ok
    card, status = await desk.answers("list mine")
    assert (status, "no list 'mine'" in card.text) == (1, True)


@pytest.mark.parametrize(("typed", "says"), [
    ("list all-delegatons", "Did you mean: all-delegations"),
    ('list add mine "delegatons"', "At character 1 of the rule"),
    ('list add mine "list mine"', "mine → mine"),
    ('list grulac rule "experts"', "every desk has"),
    ("list grulac remove", "every desk has"),
    ('list grulac leave-out Guinea "x" until 2012-12-31', "Nothing was changed"),
    ('list grulac leave-out CUB "x" until 2012-01-01', "has passed"),
])  # fmt: skip
async def test_what_cannot_be_is_refused_with_a_way_out(desk: PracticeDesk, typed: str, says: str) -> None:
    card, status = await desk.answers(typed)
    assert (status, card.ok) == (1, False)
    assert says in card.text


async def test_an_exception_by_hand_has_its_reason_beside_the_list_until_it_ends(desk: PracticeDesk) -> None:
    assert (await desk.types('list all-delegations leave-out China "asked for paper" until 2012-12-31')).ok
    assert (await desk.types('list all-delegations also <pm@rwanda.mission.example> "observes" until 2012-12-31')).ok
    card = await desk.types("list all-delegations")
    assert card.notes == (
        "CHN: left out by hand until 31 December 2012 (Alex Inkwell: asked for paper).",
        "pm@rwanda.mission.example: put on it by hand until 31 December 2012 (Alex Inkwell: observes).",
    )
    assert (card.fields["parties"], card.fields["addresses"]) == (15, 29)
    assert (await desk.types("list all-delegations exception CHN end")).ok
    assert (await desk.types("list all-delegations")).fields["parties"] == 16


async def test_a_list_is_written_to_a_file_once_and_not_from_chat(
    desk: PracticeDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    card = await desk.types("list all-delegations export")
    written = tmp_path / "all-delegations-2012-09-04.csv"
    rows = [*csv.DictReader(written.read_text(encoding="utf-8-sig").splitlines())]
    assert (card.fields["file"], len(rows)) == (str(written), 30)
    assert rows[0]["through"] == "delegations"
    _, status = await desk.answers("list all-delegations export")
    assert status == 1
    assert (await desk.types("list all-delegations export --csv other.csv on 2013-01-02")).ok
    desk.desk = replace(desk.desk, in_chat=True)
    card, status = await desk.answers("list all-delegations export")
    assert (status, "at its terminal" in card.text) == (1, True)


@given(st.lists(st.text(max_size=20), min_size=2, max_size=2))
def test_no_cell_is_ever_a_formula(cells: list[str]) -> None:
    data = as_csv([("a", "b"), [guarded(cell) for cell in cells]])
    [_, row] = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert all(cell in {said, f"'{said}"} for cell, said in zip(row, cells, strict=True))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in row)
