"""A form of another version, of a role that is gone, of two mails at once, and of whoever had the identity before."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.local_slack import acts
from bot.local_slack.modals import View
from bot.slack.doing import FORMS
from committee.letters import LetterKind
from committee.staff import Role
from tests.bot.slack.conftest import InChat
from tests.bot.slack.test_forms import until_filled
from tests.chat.persons import Person

NOBODYS = "This desk does not know you"


async def closes_with(chat: InChat, person: Person, typed: str, entries: Mapping[str, str]) -> None:
    """A form is opened, filled in and closed."""
    await person.types(typed)
    view = await until_filled(person)
    written = {f"field:{name}": value for name, value in entries.items()}
    for name, value in written.items():
        await acts.presses(chat.workspace, person.id, view, name, chosen=value, entries=written)
    await person.closes()


async def opens(person: Person, typed: str) -> tuple[View, dict[str, str]]:
    """A form, and what stands in it."""
    await person.types(typed)
    view = await until_filled(person)
    inputs = [one for one in view.body["blocks"] if one["type"] == "input"]
    return view, {one["block_id"].removeprefix("field:"): one["element"].get("initial_value", "") for one in inputs}


async def now_has(there: InChat, key: str, /, **facts: Any) -> None:
    async with there.store.transaction(by="test", doing="test", about=key, at=there.desk.desk.now) as tx:
        person = await tx.staff.get(key)
        assert person
        await tx.staff.put(replace(person, **facts))


async def test_of_two_answers_that_were_closed_each_is_there_again(chat: InChat, officer: Person) -> None:
    for text in ("First?", "Second?"):
        await chat.desk.takes_in((await chat.desk.capital_of("MWI")).writes(text, text))
    await closes_with(chat, officer, "/1540 mail M-2012-0001 reply", {"text": "To the first."})
    await closes_with(chat, officer, "/1540 mail M-2012-0002 reply", {"text": "To the second."})
    view, stands = await opens(officer, "/1540 mail M-2012-0002 reply")
    assert stands["text"] == "To the second."
    await officer.submits(view, {"Text": "To the second, after all."})
    _, stands = await opens(officer, "/1540 mail M-2012-0001 reply")
    assert (stands["mail"], stands["text"]) == ("M-2012-0001", "To the first.")


async def test_the_words_for_a_button_that_were_looked_at_and_closed_again_are_still_there(
    chat: InChat, officer: Person
) -> None:
    await chat.desk.takes_in((await chat.desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    cards = await officer.types("/1540 cards")
    words = {"field:words": "Which annex?"}
    await officer.press(cards, "Ask for clarification…")
    view = await until_filled(officer)
    await acts.presses(chat.workspace, officer.id, view, "field:words", chosen="Which annex?", entries=words)
    await officer.closes()
    for _ in range(2):
        await officer.press(cards, "Ask for clarification…")
        view = await until_filled(officer)
        assert view.body["blocks"][-1]["element"]["initial_value"] == "Which annex?"
        await officer.closes()


async def test_a_form_of_a_command_that_is_no_more_stays_open_with_what_was_written(
    chat: InChat, officer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, _ = await opens(officer, "/1540 letter to MWI")
    monkeypatch.delitem(FORMS, "letter to")
    seen = await officer.submits(view, {"Subject": "Visit", "Text": "A page of careful words."})
    assert seen.modal
    assert "from another version of the desk" in seen.words
    assert seen.modal.body["callback_id"] == "form:letter to"
    assert await chat.store.letters.find(kind=LetterKind.LETTER) == []


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"roles": (Role.READER,)}, "takes the role officer"),
        ({"chat": ""}, NOBODYS),
        ({"chat": "T01DESK/U0X"}, NOBODYS),
    ],
)
async def test_whose_role_or_identity_was_taken_while_the_form_stood_open_sends_nothing_and_loses_no_word(
    chat: InChat, officer: Person, facts: dict[str, Any], said: str
) -> None:
    view, _ = await opens(officer, "/1540 letter to MWI")
    await now_has(chat, "officer-1", **facts)
    seen = await officer.submits(view, {"Subject": "Visit", "Text": "A page of careful words."})
    assert seen.modal
    assert said in seen.words
    assert seen.modal.body["callback_id"] == "form:letter to"
    assert await chat.store.letters.find(kind=LetterKind.LETTER) == []


async def test_whoever_has_the_identity_now_does_not_read_the_drafts_of_who_had_it(
    chat: InChat, officer: Person, second: Person
) -> None:
    await closes_with(chat, officer, "/1540 letter to MWI", {"subject": "Visit", "text": "Careful words."})
    await now_has(chat, "officer-1", chat="")
    await now_has(chat, "officer-2", chat="T01DESK/U01ADA")
    _, stands = await opens(officer, "/1540 letter to MWI")
    assert stands["text"] == ""


async def test_whoever_has_left_leaves_no_draft(chat: InChat, officer: Person, second: Person) -> None:
    await closes_with(chat, officer, "/1540 contact add", {"address": "pm@mission.example"})
    await closes_with(chat, second, "/1540 contact add", {"address": "other@mission.example"})
    card, status = await chat.desk.answers("staff officer-1 end", "administrator-1")
    assert status == 0, card.text
    assert [one.values["address"] for one in await chat.store.form_drafts.all()] == ["other@mission.example"]
