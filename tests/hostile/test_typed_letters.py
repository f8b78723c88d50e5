"""Whatever an officer types, or pastes, is a value of the letter: never a template, a header, markup or another command."""

from email import message_from_bytes, policy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.plain import plain
from bot.typed import unquoted
from committee.letters import LetterKind
from mailflows.markdown import Markdown, as_html, as_text, clean, spoken
from tests.conftest import PracticeDesk

TEXTS = [
    "He said “no”, and “perhaps” -- all --since 2012",
    'A straight " and a curly ” in one',
    "--to ZMB --all",
    "{{ 7*7 }} {% raw %} <b>*really*</b> [x](javascript:alert(1))",
    "1. one\n2. two\n\n   indented\n> quoted\n===\n# not a heading",
    "line\r\nBcc: everybody@attacker.test\r\n\r\nbody",
    "Trailing backslash \\",
    "日本語 العربية \u202eevil\u2066 \U0001f600 café",
    "«Oui», dit-elle; l’annexe d'aujourd’hui",
]


async def sent(desk: PracticeDesk, key: str) -> str:
    card, status = await desk.presses(key)
    assert status == 0, card.text
    letter = await desk.desk.store.letters.get(card.fields["key"])
    assert letter
    desk.post.handed.clear()
    await desk.delivers()
    return str(letter.words["text"])


@pytest.mark.parametrize("text", TEXTS)
async def test_a_text_that_a_button_asked_for_arrives_as_it_was_written(desk: PracticeDesk, text: str) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("A question", "May we?"))
    card = await desk.types("mail M-2012-0001")
    shown, status = await desk.presses(card.actions[0].key, text)
    assert (status, card.actions[0].label) == (0, "Answer"), shown.text
    assert await sent(desk, shown.actions[0].key) == clean(plain(text)).strip()
    for recipient, raw in desk.post.handed:
        message = message_from_bytes(raw, policy=policy.default)
        assert recipient.endswith(("malawi.example", "malawi.mission.example"))
        assert message["Bcc"] is None
        assert not message.defects
        html = message.get_body(("html",))
        assert html
        assert "<b>" not in html.get_content()
        assert 'href="javascript' not in html.get_content()


@pytest.mark.parametrize("text", TEXTS[:1] + TEXTS[3:5] + TEXTS[8:])
async def test_a_text_that_was_typed_in_quotes_loses_the_quotes_and_nothing_else(desk: PracticeDesk, text: str) -> None:
    shown = await desk.types(f'letter to MWI "Visit" "{text}"')
    assert await sent(desk, shown.actions[0].key) == clean(plain(text)).strip()


async def test_a_text_without_quotes_keeps_its_lines(desk: PracticeDesk) -> None:
    shown = await desk.types("letter to MWI “Visit” Dear colleagues,\n\nwe come in October.\nAll of us.")
    assert await sent(desk, shown.actions[0].key) == "Dear colleagues,\n\nwe come in October.\nAll of us."


async def test_a_subject_with_line_breaks_is_one_line(desk: PracticeDesk) -> None:
    shown = await desk.types('letter to MWI "Visit\nBcc: everybody@attacker.test" "In October."')
    await sent(desk, shown.actions[0].key)
    for _, raw in desk.post.handed:
        message = message_from_bytes(raw, policy=policy.default)
        assert (message["Subject"], message["Bcc"]) == ("Visit Bcc: everybody@attacker.test", None)


async def test_a_text_of_ten_thousand_characters_goes_and_one_more_is_a_sentence(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("A question", "May we?"))
    for text, goes in (("x " * 4_999 + "yy", True), ("x " * 5_000 + "y", False)):
        card = await desk.types("mail M-2012-0001")
        shown, status = await desk.presses(card.actions[0].key, text)
        assert (len(text) <= 10_000, status == 0, bool(shown.actions)) == (goes, goes, goes), shown.text
    assert "at most 10,000 characters" in shown.text


async def test_no_command_is_hidden_in_the_words_of_a_button(desk: PracticeDesk) -> None:
    """What a button asks for stands in no line that is read as a command."""
    await desk.takes_in((await desk.capital_of("MWI")).writes("A question", "May we?"))
    card = await desk.types("mail M-2012-0001")
    shown, _ = await desk.presses(card.actions[0].key, '" --yes\nstop')
    assert shown.page
    assert '" --yes' in shown.page.text
    assert await desk.desk.store.stops.all() == []


async def test_the_text_of_a_letter_stands_on_no_card_and_in_no_line_of_a_button(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("A question", "May we?"))
    await desk.types('mail M-2012-0001 reply "zebrafish"')
    assert all("zebrafish" not in action.line for action in await desk.desk.store.actions.find())
    assert all("zebrafish" not in f"{card}" for card in await desk.desk.store.cards.find())
    assert await desk.desk.store.letters.find(kind=LetterKind.ANSWER) == []


async def test_a_readers_search_finds_no_word_of_an_answer_about_what_is_not_open(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("A question", "May we?"))
    shown = await desk.types('mail M-2012-0001 reply "zebrafish"')
    await sent(desk, shown.actions[0].key)
    for by, found in (("officer-1", True), ("reader-1", False)):
        rows = (await desk.types("search zebrafish", by=by)).rows
        assert any(row["key"] == "answer/M-2012-0001/1" for row in rows) == found


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet="*_`[]()<>#+-.!\\&;\n >~|:1a\t\"'=/@", max_size=60))
def test_signs_of_markup_in_an_officers_words_stay_signs(value: str) -> None:
    body = spoken(value)
    assert isinstance(body, Markdown)
    assert " ".join(as_text(body).split()) == " ".join(clean(value).split())
    assert not {*"<"} & {*as_html(body).replace("<p>", "").replace("</p>", "").replace("<br>", "")}


@given(st.text('ab "“”', max_size=40))
def test_straight_quotes_around_curly_ones_in_pairs_are_the_outer_pair(text: str) -> None:
    inner = text.replace('"', "").strip()
    opens = 0
    for sign in inner:
        opens += (sign == "“") - (sign == "”")
        if opens < 0:
            return
    if opens == 0:
        assert unquoted(f'"{inner}"') == inner
