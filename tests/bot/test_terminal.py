"""A card on a terminal is whole at 80 columns and without colour, and what people wrote is only ever text."""

import io
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from bot.terminal import draw
from committee.calendar import NEW_YORK
from committee.cards import Action, Card, Page

NOW = datetime(2012, 9, 4, 9, tzinfo=NEW_YORK)
SEND = Action("a7f3c0ffee", "Send 24 letters", "remind first-report", "primary", NOW)
CLARIFY = Action("b7f3c0ffee", "Ask for clarification", "submission S-2012-0001 clarify", "default", NOW, asks="text")


def drawn(card, *, terminal=False, width=80, **options):
    console = Console(file=io.StringIO(), width=width, force_terminal=terminal, color_system=None, highlight=False)
    draw(card, console, **options)
    return console.file.getvalue()


def test_it_says_title_sentence_facts_list_letter_buttons_and_notes_in_this_order():
    page = Page((("To", "Permanent Mission of Malawi"), ("Subject", "First report")), "Excellency,\n\nplease.")
    card = Card(
        "States yet to report", "24 States have not reported.", ({"key": "MWI", "name": "Malawi", "since": None},),
        {"letters": 24, "left_out": 0, "reason": None}, actions=(SEND, CLARIFY), notes=("Practice.",), page=page,
    )  # fmt: skip
    text = drawn(card)
    places = [
        text.index(part)
        for part in ("States yet", "24 States", "left out  0", "MWI", "Excellency", "verbale press", "Practice.")
    ]
    assert places == sorted(places)
    assert "reason" not in text
    assert "since" not in text  # nobody has one
    assert "verbale press a7f3c0ffee        Send 24 letters" in text
    assert "verbale press b7f3c0ffee TEXT   Ask for clarification" in text


def test_a_button_is_typed_by_the_same_door():
    card = Card(
        "x", actions=(SEND,), rows=({"key": "c", "actions": [{"id": "d1", "label": "Not theirs", "asks": "text"}]},)
    )
    text = drawn(card, door=" --desk d")
    assert "verbale press a7f3c0ffee --desk d   Send 24 letters" in text
    assert "verbale press d1 TEXT --desk d   Not theirs" in text


def test_only_the_chosen_columns_are_shown():
    text = drawn(
        Card("x", rows=({"key": "MWI", "name": "Malawi", "group": "African Group"},), columns=("key", "group"))
    )
    assert "African Group" in text
    assert "Malawi" not in text


@pytest.mark.parametrize(("terminal", "shown"), [(True, 40), (False, 71)])
def test_a_terminal_shows_forty_rows_and_says_how_many_more(terminal, shown):
    card = Card("x", rows=tuple({"key": f"K{number:03}"} for number in range(71)))
    text = drawn(card, terminal=terminal)
    assert sum(line.startswith("K0") for line in text.splitlines()) == shown
    assert ("\u2026 and 31 more: --all or --json" in text) == terminal
    assert "more" not in drawn(card, terminal=True, everything=True)


def test_parts_of_a_row_stand_below_it():
    deliveries = [{"address": "pm@malawi.example", "state": "sent", "reply": "250 2.0.0 kept as 1"}]
    text = drawn(
        Card("Outbox", rows=({"key": "first-report/MWI/programme-11/2", "state": "sent", "deliveries": deliveries},))
    )
    assert "first-report/MWI/programme-11/2 \u00b7 sent\n" in text
    assert "\n    pm@malawi.example \u00b7 sent \u00b7 250 2.0.0 kept as 1" in text


def test_a_key_is_not_broken_where_other_columns_can_give_way():
    key = "first-report/MWI/programme-11/2"
    row = {
        "key": key,
        "kind": "first-report-reminder",
        "why": "it is yet to report " * 6,
        "address": "pm@malawi.example",
    }
    assert key in drawn(Card("x", rows=(row,)))


def test_rows_with_too_many_values_for_the_width_are_facts():
    text = drawn(Card("x", rows=({f"name_{number}": f"value {number}" for number in range(12)},)))
    assert "name 11  value 11" in text


def test_what_people_wrote_is_neither_markup_nor_obeyed():
    wrote = "[bold]x[/] :smile: \x1b[31mred\x1b[0m \u202eevil\u2066 [link=http://a.example]y[/link]"
    page = Page((("Subject", wrote),), wrote)
    text = drawn(
        Card(wrote, wrote, ({"key": wrote},), {"x": wrote}, actions=(SEND,), notes=(wrote,), page=page), width=200
    )
    assert (
        text.count("[bold]x[/] :smile: [31mred[0m evil [link=http://a.example]y[/link]") == 6
    )  # and once over two lines
    assert not {*text} & {"\x1b", "\u202e", "\u2066"}


def test_no_colour_is_needed_and_none_is_given_where_none_is_wanted(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    console = Console(file=io.StringIO(), width=80, force_terminal=True)
    draw(Card("Refused", "No.", ok=False, notes=("help",)), console)
    assert "\x1b[3" not in console.file.getvalue()


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(),
    st.lists(st.text(), max_size=3),
    st.dictionaries(st.text(), st.text(), max_size=2),
)
NAMES = st.sampled_from(["key", "name", "state", "from", "reason", "to", "cc", "deliveries", "at", "bytes"])


@given(
    st.lists(st.dictionaries(NAMES, VALUES, min_size=1), min_size=1, max_size=4),
    st.text(),
    st.sampled_from([40, 80, 120]),
)
def test_any_card_fits_the_width(rows, text, width):
    for line in drawn(Card(text, text, tuple(rows), rows[0]), width=width).splitlines():
        assert cell_len(line) <= width
