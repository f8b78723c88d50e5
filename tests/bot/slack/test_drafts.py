"""What somebody wrote in a form is not lost: closed twice, begun for another, too long, while Slack or this process is away."""

import asyncio
from collections import OrderedDict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.local_slack import acts
from bot.local_slack.faults import Fault, How
from bot.slack import drafts, limits
from bot.slack.doing import FORMS
from bot.slack.drafts import drafted, keep_draft
from bot.slack.modals import Origin, modal
from bot.slack.sentences import too_long
from tests.bot.slack.conftest import InChat
from tests.bot.slack.test_forms import until_filled
from tests.chat.persons import Person


async def begins(person: Person, line: str = "/1540 contact add", **filled: str) -> Any:
    await person.types(line)
    view = await until_filled(person)
    for name, value in filled.items():
        entries = {f"field:{one}": said for one, said in filled.items()}
        await acts.presses(person.workspace, person.id, view, f"field:{name}", chosen=value, entries=entries)
    return view


def stands(view: Any) -> dict[str, str]:
    fields = [one for one in view.body["blocks"] if "element" in one]
    return {
        one["block_id"].removeprefix("field:"): one["element"]["initial_value"]
        for one in fields
        if "initial_value" in one["element"]
    }


async def test_what_is_closed_again_without_a_touch_is_there_a_third_time(chat: InChat, officer: Person) -> None:
    await begins(officer, name="The Permanent Mission")
    await officer.closes()
    for _ in range(2):
        assert stands(await begins(officer)) == {"name": "The Permanent Mission"}
        await officer.closes()


async def test_what_was_emptied_on_purpose_is_empty(chat: InChat, officer: Person) -> None:
    await begins(officer, name="The Permanent Mission")
    await officer.closes()
    view = await begins(officer)
    chat.chat.note(view.id, {})
    await officer.closes()
    assert stands(await begins(officer)) == {}


async def test_one_form_begun_for_two_parties_is_two_drafts(chat: InChat, officer: Person) -> None:
    await begins(officer, "/1540 contact add Malawi", party="Malawi", name="First")
    await officer.closes()
    await begins(officer, "/1540 contact add Zambia", party="Zambia", name="Second")
    await officer.closes()
    view = await begins(officer, "/1540 contact add Malawi")
    assert stands(view) == {"party": "Malawi", "name": "First"}
    assert stands(await begins(officer, "/1540 contact add Zambia")) == {"party": "Zambia", "name": "Second"}


async def test_what_a_form_has_done_takes_its_own_draft_away_and_no_other(chat: InChat, officer: Person) -> None:
    await begins(officer, name="Of nobody yet")
    await officer.closes()
    entries = {"Party": "Malawi", "Office": "permanent-mission", "Address": "pm@mission.example", "Name": "x"}
    await begins(officer, "/1540 contact add Malawi", party="Malawi", name="x")
    await officer.closes()
    await officer.submits(await begins(officer, "/1540 contact add Malawi"), entries)
    [left] = await chat.store.form_drafts.all()
    assert dict(left.values) == {"name": "Of nobody yet"}


async def test_a_form_that_an_earlier_process_opened_takes_no_draft_away(chat: InChat, officer: Person) -> None:
    await begins(officer, name="The Permanent Mission")
    await officer.closes()
    await begins(officer)
    chat.chat.filled_in = OrderedDict()  # another process goes on
    await officer.closes()
    assert stands(await begins(officer)) == {"name": "The Permanent Mission"}


async def test_what_is_closed_while_slack_does_not_say_who_it_is_is_kept(chat: InChat, officer: Person) -> None:
    await begins(officer, name="The Permanent Mission")
    chat.chat.people._guests.clear()
    chat.workspace.faults.of("users.info", Fault(How.BROKEN), 50)
    await officer.closes()
    chat.workspace.faults.clear()
    assert stands(await begins(officer)) == {"name": "The Permanent Mission"}


async def test_what_does_not_fit_is_said_in_the_form_and_comes_back_whole(chat: InChat, officer: Person) -> None:
    text = "x" * limits.TYPED + " and the end"
    view = await begins(officer, f"/1540 contact add {text}")
    assert "this has 3,012 characters, and a form holds 3,000" in str(view.body["blocks"][0])
    back = await officer.meets(lambda message: "More than a form holds" in message.text)
    assert back.ephemeral_to == officer.id
    assert "and the end" in str(back.blocks)


@given(st.integers(0, 10_000))
def test_a_value_of_any_length_is_whole_or_said_not_to_be(length: int) -> None:
    form = FORMS["contact add"]
    view = modal(form, Origin(), {"name": "n" * length})
    [shown] = [one["element"].get("initial_value", "") for one in view["blocks"] if one.get("block_id") == "field:name"]
    assert (len(shown) == length) != ("a form holds 3,000" in str(view["blocks"][0]))
    assert len(str(too_long("Name", "n" * length).blocks)) >= length


async def test_of_many_drafts_the_oldest_goes(chat: InChat, officer: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST", 2)
    person, desk = await chat.desk.person("officer-1"), chat.desk.desk
    for nth in range(4):
        await keep_draft(desk, person, "contact add", str(nth), {"name": "x"})
    known = [await drafted(desk, person, "contact add", str(nth)) for nth in range(4)]
    assert [one is not None for one in known] == [False, False, True, True]


async def test_a_form_whose_draft_cannot_be_read_says_so_in_its_place(
    chat: InChat, officer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError("hunter2")

    monkeypatch.setattr("bot.slack.drafts.drafted", broken)
    await officer.types("/1540 contact add")
    await _says(officer, "Something unforeseen went wrong")
    await chat.desk.takes_in(chat.desk.stranger().writes("Hello", "from us"))
    cards = await officer.types("/1540 cards")
    await officer.press(cards, "This is a party's: keep the address…")
    await _says(officer, "Something unforeseen went wrong")
    assert "hunter2" not in str(chat.workspace.modals.top(officer.id))


async def _says(person: Person, words: str) -> None:
    async with asyncio.timeout(10):
        async for _ in person.workspace.subscribe(0, person.id):
            if words in str(person.workspace.modals.top(person.id)):
                return


async def test_a_form_is_not_opened_for_whoever_may_not_do_what_it_does(chat: InChat) -> None:
    reader = chat.person("reader-1")
    refused = await reader.types("/1540 contact add Malawi")
    assert "takes the role officer" in refused.words
    assert refused.message.ephemeral_to == reader.id
    assert reader.workspace.modals.top(reader.id) is None
    assert "A new contact …" not in (await reader.home()).labels
