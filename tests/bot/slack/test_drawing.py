"""Any card becomes a message that Slack takes: within every limit, with a text, and nothing in it is obeyed as markup."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from bot.slack import limits, mrkdwn
from bot.slack.blocks import characters
from bot.slack.drawing import draw, event
from bot.slack.drawing_rows import sheets
from bot.slack.whole import whole
from committee.cards import Action, Card, EventCard, Page

AT = datetime(2012, 10, 31, 21, tzinfo=UTC)
HOSTILE = [
    "<!channel>",
    "*bold* _it_ ~s~ `c`",
    "&amp;",
    ">quote",
    ":smile:",
    "=1+1",
    "\u202egnp",
    "x" * 5000,
    "&" * 3000,
]
words = st.one_of(st.text(max_size=60), st.sampled_from(HOSTILE), st.text(alphabet="*_~`<>&: a\n", max_size=200))
long = st.one_of(words, st.integers(1, 9_000).map(lambda n: "To the Permanent Mission & others\n" * (n // 30)))
buttons = st.fixed_dictionaries(
    {
        "id": st.text("0123456789abcdef", min_size=4, max_size=4),
        "label": words,
        "style": st.sampled_from(["primary", "default"]),
    },
    optional={"asks": st.just("text")},
)
values = st.one_of(
    words, st.none(), st.booleans(), st.integers(), st.just(AT), st.just(date(2012, 9, 4)), st.lists(words, max_size=3),
    st.lists(st.fixed_dictionaries({"address": words, "state": words}), max_size=12), st.lists(buttons, max_size=12),
)  # fmt: skip
rows = st.lists(st.fixed_dictionaries({"key": words, "name": values, "actions": values}), max_size=40)
actions = st.lists(
    st.builds(
        Action, key=st.text("0123456789abcdef", min_size=4, max_size=4), label=words, line=words,
        style=st.sampled_from(["primary", "danger", "default"]), shown_at=st.just(AT), asks=st.sampled_from(["", "text"]),
    ),
    max_size=40,
)  # fmt: skip
pages = st.none() | st.builds(Page, st.lists(st.tuples(words, words), max_size=6).map(tuple), long)
cards = st.builds(
    Card, title=words, text=long, rows=rows.map(tuple), actions=actions.map(tuple), page=pages,
    fields=st.dictionaries(words.filter(bool), values, max_size=30), notes=st.lists(long, max_size=15).map(tuple),
)  # fmt: skip


def elements(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from elements(value)
    elif isinstance(part, (list, tuple)):
        for value in part:
            yield from elements(value)


def hold_against_limits(payload: dict[str, Any]) -> None:
    blocks = payload["blocks"]
    assert payload["text"].strip()
    assert 1 <= len(blocks) <= limits.MESSAGE_BLOCKS
    assert characters(blocks) + len(payload["text"]) <= 12_000
    for block in blocks:
        Block.parse(block).to_dict()
        sizes = {"section": limits.SECTION, "header": limits.HEADER, "context": 2000, "actions": 75}
        for one in elements(block):
            if one.get("type") in {"plain_text", "mrkdwn"}:
                field = block["type"] == "section" and one in block.get("fields", ())
                assert 1 <= len(one["text"]) <= (limits.FIELD if field else sizes[block["type"]])
        assert len(block.get("elements", [0])) in range(1, 26)
        assert len(block.get("fields", ())) <= limits.FIELDS
    ids = [one["action_id"] for one in elements(blocks) if "action_id" in one]
    assert len(ids) == len(set(ids))


@settings(deadline=None)
@given(cards, st.integers(0, 9), st.sampled_from(["", "a1b2"]))
def test_any_card_is_within_every_limit_and_has_a_text(card: Card, number: int, kept: str) -> None:
    hold_against_limits(draw(card, number=number, kept=kept).payload)


@settings(deadline=None)
@given(cards)
def test_nothing_that_people_wrote_is_obeyed(card: Card) -> None:
    message = draw(card)
    assert not re.search("[<>]|&(?!amp;|lt;|gt;)", message.text)
    for one in elements(message.blocks):
        if one.get("type") == "mrkdwn":
            assert one["verbatim"] is True
            text = one["text"]
            assert not re.search("[<>]|&(?!amp;|lt;|gt;)", text)
            ours = re.sub(r"^(• )?\*(?P<words>.*?)\*(?= · |$)", r"\g<words>", text, flags=re.MULTILINE)
            assert not re.search(r"(?<![^\W_])[*_~`]|[*_~`](?![^\W_])", ours), text
            assert not re.search(r":[a-z0-9_+'-]+:", ours)
        elif one.get("type") == "plain_text":
            assert one["emoji"] is False


@settings(deadline=None)
@given(st.text(max_size=400), st.integers(1, 50))
@example("&" * 400, 7)
def test_escaped_text_keeps_to_its_length_and_an_entity_is_never_cut(text: str, length: int) -> None:
    shown = mrkdwn.data(text, length)
    assert len(shown) <= max(length, 5)
    assert not re.search("[<>]|&(?!amp;|lt;|gt;)", shown)


@settings(deadline=None)
@given(rows)
def test_every_row_stands_on_one_page_and_the_pages_follow_each_other(rows: list[dict[str, Any]]) -> None:
    leaves = sheets(rows, ("key", "name", "actions"))
    numbers = [number for leaf in leaves for number in range(leaf.first, leaf.last + 1)]
    assert numbers == [*range(1, len(rows) + 1)]


def test_a_long_answer_says_how_many_more_there_are_and_can_be_turned() -> None:
    card = Card("States", rows=tuple({"key": f"K{n:02}", "name": f"State {n}"} for n in range(1, 47)))
    first, last = draw(card, kept="a1"), draw(card, number=4, kept="a1")
    assert "… and 31 more: 1–15 of 46, page 1 of 4" in str(first.blocks)
    assert [one["text"]["text"] for one in elements(first.blocks) if one.get("type") == "button"] == [
        "Next",
        "All of it as a file",
    ]
    assert "The last: 46–46 of 46" in str(last.blocks)
    assert "Next" not in str(last.blocks)
    assert draw(card).cut
    assert "file" not in str(draw(card).blocks)


def test_a_short_answer_has_nothing_to_turn() -> None:
    card = Card("States", rows=({"key": "MWI"},))
    message = draw(card, kept="a1")
    assert not message.cut
    assert "button" not in str(message.blocks)


def test_moments_are_written_out_in_new_york_time() -> None:
    card = Card("Due", fields={"cut_off": AT, "day": date(2012, 10, 31)}, rows=({"key": "x", "at": AT},))
    shown = str(draw(card).blocks)
    assert shown.count("Wed 31 October 2012, 5 p.m. New York") == 2
    assert "*day*\\n31 October 2012" in shown


def test_an_address_is_copied_as_it_is() -> None:
    shown = str(draw(Card("x", rows=({"key": "a", "to": "john_doe@mission.example, first-report/MWI/1"},))).blocks)
    assert "john_doe@mission.example, first-report/MWI/1" in shown


def test_the_button_of_a_row_says_aloud_which_row_it_is_about() -> None:
    row = {"key": "S-2012-0001", "actions": [{"id": "ab", "label": "Accept", "style": "primary"}]}
    [button] = [one for one in elements(draw(Card("Cards", rows=(row,))).blocks) if one.get("type") == "button"]
    assert (button["action_id"], button["accessibility_label"]) == ("press:ab", "Accept: S-2012-0001")


def test_what_asks_for_words_is_another_button_with_three_dots() -> None:
    action = Action("ab", "Ask for clarification", "submission S clarify", "default", AT, asks="text")
    [button] = [one for one in elements(draw(Card("x", actions=(action,))).blocks) if one.get("type") == "button"]
    assert (button["action_id"], button["text"]["text"]) == ("ask:ab", "Ask for clarification…")


def test_a_decided_event_says_who_decided_and_has_no_buttons() -> None:
    action = Action("ab", "Accept", "submission S-1 accept", "primary", AT)
    card = EventCard("submission-arrived/S-1", "submission-arrived", AT, "S-1", "S-1: a report", "1 enclosure.", {})
    assert "press:ab" in str(event(card, [action]).blocks)
    decided = EventCard(card.key, card.kind, AT, "S-1", card.title, card.text, {}, ("ab",), "accepted by Ana García")
    message = event(decided, [action])
    assert "accepted by Ana García" in str(message.blocks)
    assert "accepted by Ana García" in message.text
    assert "press:" not in str(message.blocks)


@settings(deadline=None)
@given(cards)
def test_the_whole_as_a_file_has_every_row_and_no_cell_is_a_formula(card: Card) -> None:
    import csv
    import io

    file = whole(card)
    assert re.fullmatch(r"[a-z0-9-]+\.(csv|txt)", file.name)
    if card.rows:
        lines = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
        assert len(lines) == len(card.rows) + 1
        assert not [cell for line in lines for cell in line if cell.startswith(("=", "+", "-", "@"))]
