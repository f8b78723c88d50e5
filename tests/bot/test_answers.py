"""A card as data has always the same names, and values that any program can read."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.answers import as_json
from committee.calendar import NEW_YORK
from committee.cards import Action, Card, Offer
from committee.states import ReportStatus

NOW = datetime(2012, 9, 4, 9, tzinfo=NEW_YORK)


def test_an_empty_card_has_every_name():
    assert as_json(Card("Nothing")) == {
        "ok": True, "title": "Nothing", "text": "", "rows": [], "fields": {}, "actions": [], "notes": [],
    }  # fmt: skip


def test_values_are_plain():
    @dataclass
    class Part:
        size: int

    values = {
        "status": ReportStatus.REPORTED, "since": date(2012, 9, 4), "at": NOW, "utc": NOW.astimezone(UTC),
        "naive": datetime(2012, 9, 4, 9),  # noqa: DTZ001 - a value that lost its zone
        "none": None, "many": (1, "x"), "set": {"b", "a"}, "part": Part(1), "path": Path("a"), "deep": [{"ok": True}],
    }  # fmt: skip
    data = as_json(Card("x", rows=(values,), fields=values))
    assert data["rows"] == [data["fields"]]
    assert data["fields"] == {
        "status": "reported", "since": "2012-09-04", "at": "2012-09-04T09:00:00-04:00", "utc": "2012-09-04T13:00:00+00:00",
        "naive": "2012-09-04T09:00:00-04:00", "none": None, "many": [1, "x"], "set": ["a", "b"], "part": {"size": 1},
        "path": "a", "deep": [{"ok": True}],
    }  # fmt: skip


def test_a_button_has_its_id_and_says_what_it_asks_for():
    asks = Action("a7f3", "Clarify", "submission S-2012-0001 clarify", "default", NOW, asks="text")
    plain = Action("b7f3", "Accept", "submission S-2012-0001 accept", "primary", NOW)
    data = as_json(Card("x", offers=(Offer("not shown yet", "x"),), actions=(asks, plain)))
    assert data["actions"] == [
        {"id": "a7f3", "label": "Clarify", "style": "default", "asks": "text"},
        {"id": "b7f3", "label": "Accept", "style": "primary"},
    ]


def test_no_text_has_control_codes():
    card = Card("\x1b[31mred", "a\u202eb", rows=({"x": "a\x00b\nc"},), fields={"y": ["\x9b"]}, notes=("\x07",))
    assert as_json(card) | {"ok": True} == {
        "ok": True, "title": "[31mred", "text": "ab", "rows": [{"x": "ab\nc"}], "fields": {"y": [""]}, "actions": [],
        "notes": [""],
    }  # fmt: skip


@given(st.text(), st.text())
def test_any_text_becomes_json_that_can_be_read_again(title, value):
    data = as_json(Card(title, value, rows=({"x": value},)))
    assert json.loads(json.dumps(data, ensure_ascii=False).encode()) == data
