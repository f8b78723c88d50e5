"""Forms in chat: filled in by people, wrong at the field where it is wrong, and nothing that stood in one is lost."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.views import View

from bot.commands import COMMANDS
from bot.local_slack import acts
from bot.local_slack.faults import Cut
from bot.slack import limits
from bot.slack.doing import FORMS, form_begun
from bot.slack.forms import begun_by
from bot.slack.modals import Origin, modal
from bot.slack.typed import as_typed
from committee.letters import LetterKind
from tests.bot.slack.conftest import CHANNEL, InChat
from tests.chat.persons import Person

PDF = b"%PDF-1.4\n%%EOF\n"


async def until_filled(person: Person) -> Any:
    """The modal once it has its fields: it is opened empty, and filled in right after."""
    async with asyncio.timeout(10):
        async for _ in person.workspace.subscribe(0, person.id):
            view = person.workspace.modals.top(person.id)
            if view and view.body["callback_id"] != "wait":
                return view
    raise AssertionError("the local Slack has ended")


async def test_an_unfinished_command_opens_its_form_with_what_was_typed(chat: InChat, officer: Person) -> None:
    await officer.types("/1540 contact add Malawi")
    view = await until_filled(officer)
    party, office = view.body["blocks"][1], view.body["blocks"][2]
    assert party["element"]["initial_value"] == "Malawi"
    assert office["element"]["type"] == "static_select"


async def test_what_is_wrong_stands_at_its_field_and_then_it_is_done(chat: InChat, officer: Person) -> None:
    await officer.types("/1540 contact add")
    view = await until_filled(officer)
    filled = {"Party": "Congo", "Office": "permanent-mission", "Address": "pm@mission.example", "Name": "The Mission"}
    wrong = await officer.submits(view, filled)
    assert wrong.modal
    assert list(wrong.modal.errors) == ["field:party"]
    assert "use the code or the formal name" in wrong.words
    await officer.submits(view, filled | {"Party": "MWI", "Address": "no address"})
    again = officer.workspace.modals.top(officer.id)
    assert again
    assert list(again.errors) == ["field:address"]
    done = await officer.submits(view, filled | {"Party": "MWI"})
    assert done.modal is None
    await officer.meets(lambda message: "letters go to it from today" in str(message.blocks))
    contacts = await chat.store.contacts.find(party="MWI", address="pm@mission.example")
    assert len(contacts) == 1


async def test_files_come_in_by_a_form_and_keep_their_names(chat: InChat, officer: Person) -> None:
    await officer.types("/1540 submission add")
    view = await until_filled(officer)
    files = [officer.attaches("report.pdf", PDF), officer.attaches("../../annex é.pdf", PDF + b"2")]
    await officer.submits(view, {"Party": "Malawi", "Kind": "first-report", "File": files})
    await officer.meets(lambda message: "Numbered with 2 enclosures" in str(message.blocks))
    [submission] = await chat.desk.submissions()
    assert (submission.party, submission.kind) == ("MWI", "first-report")
    assert submission.files[0].name == "report.pdf"
    assert "/" not in submission.files[1].name
    assert await chat.store.kept(submission.files[0].sha256) == PDF


async def test_a_file_that_is_too_large_is_refused_at_its_field(chat: InChat, officer: Person) -> None:
    chat.desk.desk = replace(chat.desk.desk, max_mail=10)
    await officer.types("/1540 submission add")
    view = await until_filled(officer)
    wrong = await officer.submits(
        view, {"Party": "MWI", "Kind": "first-report", "File": [officer.attaches("report.pdf", PDF)]}
    )
    assert wrong.modal
    assert "too large" in wrong.modal.errors["field:files"]
    assert await chat.desk.submissions() == []


async def test_a_form_that_is_sent_twice_is_done_once(chat: InChat, officer: Person) -> None:
    await officer.types("/1540 submission add")
    view = await until_filled(officer)
    entries = {"Party": "MWI", "Kind": "first-report"}
    chat.workspace.faults.cut_socket("interactive", Cut.ARRIVED)
    filled = Person._entries(officer, view, entries)
    act = asyncio.create_task(acts.submits(chat.workspace, officer.id, view, filled))
    await officer.meets(lambda message: "Numbered" in str(message.blocks))
    chat.workspace.clock.moves(3.0)  # type: ignore[attr-defined] # a HandClock
    await act
    assert "trouble connecting" in chat.workspace.modals.top(officer.id).trouble  # type: ignore[union-attr]
    await chat.workspace.link.greeted.wait()
    await officer.submits(view, entries)
    await officer.meets(lambda message: "Done already" in str(message.blocks))
    assert len(await chat.desk.submissions()) == 1


async def test_a_form_that_is_closed_by_mistake_is_there_again(chat: InChat, officer: Person) -> None:
    await officer.types("/1540 contact add")
    view = await until_filled(officer)
    entries = {"field:party": "Malawi", "field:address": "pm@mission.example"}
    await acts.presses(chat.workspace, officer.id, view, "field:address", chosen="pm@mission.example", entries=entries)
    await officer.closes()
    await officer.types("/1540 contact add")
    again = await until_filled(officer)
    first = {one["block_id"]: one["element"].get("initial_value") for one in again.body["blocks"] if "element" in one}
    assert (first["field:party"], first["field:address"]) == ("Malawi", "pm@mission.example")
    assert "As you had filled it in" in str(again.body)
    await officer.submits(again, {"Office": "permanent-mission", "Name": "x"})
    assert await chat.store.form_drafts.all() == []


async def test_a_form_that_was_begun_with_very_many_words_opens_all_the_same(chat: InChat, officer: Person) -> None:
    await officer.types(f"/1540 contact add {'x' * 4000}")
    view = await until_filled(officer)
    assert len(view.body["private_metadata"]) <= limits.PRIVATE_METADATA
    assert view.body["blocks"][1]["element"]["initial_value"] == "x" * limits.TYPED


async def test_a_draft_is_its_persons_alone(chat: InChat, officer: Person, second: Person) -> None:
    await officer.types("/1540 contact add")
    view = await until_filled(officer)
    await acts.presses(chat.workspace, officer.id, view, "field:party", chosen="x", entries={"field:party": "Malawi"})
    await officer.closes()
    await second.types("/1540 contact add")
    assert "Malawi" not in str((await until_filled(second)).body)


async def test_a_button_that_asks_for_words_opens_a_modal_and_is_pressed_with_them(
    chat: InChat, officer: Person
) -> None:
    await chat.desk.takes_in((await chat.desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    cards = await officer.types("/1540 cards")
    await officer.press(cards, "Ask for clarification…")
    view = await until_filled(officer)
    done = await officer.submits(view, {"Text": "Annex 2 is named but not enclosed."})
    assert done.modal is None
    await officer.meets(lambda message: "A letter asks for clarification" in str(message.blocks))
    kinds = [letter.kind for letter in await chat.desk.outbox()]
    assert LetterKind.CLARIFICATION in kinds


async def test_words_that_may_mean_several_things_are_asked_back_at_the_field(chat: InChat, officer: Person) -> None:
    await chat.desk.takes_in(chat.desk.stranger().writes("Hello", "from us"))
    cards = await officer.types("/1540 cards")
    await officer.press(cards, "This is a party's: keep the address…")
    view = await until_filled(officer)
    wrong = await officer.submits(view, {"Party": "Congo"})
    assert wrong.modal
    assert "may mean" in wrong.modal.errors["field:words"]
    done = await officer.submits(view, {"Party": "MWI"})
    assert done.modal is None


async def test_a_used_button_that_asks_says_who_pressed_it(chat: InChat, officer: Person, second: Person) -> None:
    await chat.desk.takes_in((await chat.desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    cards = await officer.types("/1540 cards")
    others = await second.types("/1540 cards")
    await officer.press(cards, "Ask for clarification…")
    await officer.submits(await until_filled(officer), {"Text": "Which reactor?"})
    late = await second.press(others, "Ask for clarification…")
    async with asyncio.timeout(10):
        async for _ in chat.workspace.subscribe(0, second.id):
            if "pressed already by officer-1" in str(chat.workspace.modals.top(second.id)):
                break
    assert late.modal


async def test_a_trigger_that_is_too_old_is_said_and_nothing_is_lost(chat: InChat, officer: Person) -> None:
    chat.hold.clear()
    act = asyncio.create_task(acts.types(chat.workspace, officer.id, CHANNEL, "/1540 contact add Malawi"))
    await chat.workspace.clock.plans(3.0)  # type: ignore[attr-defined] # a HandClock
    chat.workspace.clock.moves(3.1)  # type: ignore[attr-defined]
    chat.hold.set()
    await act
    await officer.meets(lambda message: "The form did not open" in message.text)
    assert chat.workspace.modals.top(officer.id) is None


async def test_a_modal_that_was_changed_meanwhile_stays_as_it_is(chat: InChat, officer: Person) -> None:
    act = asyncio.create_task(officer.types("/1540 contact add Malawi"))
    async with asyncio.timeout(10):
        async for _ in chat.workspace.subscribe(0, officer.id):
            if view := chat.workspace.modals.top(officer.id):
                break
    chat.workspace.modals.update(view, view.body | {"callback_id": "another"})
    await act
    await officer.meets(lambda message: "The form did not open" in message.text)
    top = chat.workspace.modals.top(officer.id)
    assert top
    assert top.body["callback_id"] == "another"


async def test_what_goes_wrong_in_a_form_leaves_it_open_with_a_sentence(
    chat: InChat, officer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await officer.types("/1540 contact add")
    view = await until_filled(officer)

    async def broken(*_: object) -> None:
        raise ZeroDivisionError("hunter2")

    monkeypatch.setattr("bot.dispatch.fill_in", broken)
    filled = {"Party": "MWI", "Office": "permanent-mission", "Address": "pm@mission.example"}
    seen = await officer.submits(view, filled)
    assert seen.modal
    assert "Something unforeseen went wrong" in seen.words
    assert "hunter2" not in seen.words


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("submission add", "submission add"), ("contact add", "contact add"), ("contact add MWI", "contact add"),
        ("submission S-2012-0001", None), ("states", None), ("contact", None),
        ("", None), ("submission add --by-hand", "submission add"),
    ],
)  # fmt: skip
def test_a_form_is_opened_by_the_beginning_of_its_command_alone(typed: str, form: str | None) -> None:
    begun = form_begun(typed)
    assert (begun.form.name if begun else None) == form


@settings(deadline=None)
@given(st.text(max_size=200))
def test_nothing_typed_is_too_odd_for_it(typed: str) -> None:
    begun_by(typed, FORMS)
    as_typed(typed, "U01BOT")


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["party", "kind", "office", "address", "name"]), st.text(max_size=5000)))
def test_a_form_is_within_slacks_limits_whatever_stands_in_it(values: dict[str, str]) -> None:
    for form in FORMS.values():
        view = modal(form, Origin(CHANNEL, hook="https://hooks.slack.example/" + "x" * 200, about="a" * 500), values)
        View(**view).to_dict()
        assert len(view["title"]["text"]) <= limits.VIEW_TITLE
        assert len(view["private_metadata"]) <= limits.PRIVATE_METADATA
        assert {one["block_id"] for one in view["blocks"] if "block_id" in one} == {
            f"field:{one.name}" for one in form.fields
        }


def test_every_form_belongs_to_a_command_of_the_registry() -> None:
    assert {"submission add", "contact add"} <= FORMS.keys()
    assert all(form.command in COMMANDS for form in FORMS.values())


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("<@U01BOT> state Malawi", "state Malawi"), ("note &lt;b&gt; &amp;amp;", "note <b> &amp;"),
        ("contact add MWI office <mailto:pm@mission.example|pm@mission.example>", "contact add MWI office pm@mission.example"),
        ("see <https://un.example/a?b=1|un.example>", "see https://un.example/a?b=1"), ("ask <@U02BEN|ben>", "ask @ben"),
    ],
)  # fmt: skip
def test_slacks_entities_links_and_mentions_are_what_was_typed(text: str, typed: str) -> None:
    assert as_typed(text, "U01BOT") == typed


async def test_a_person_is_changed_in_a_form_and_what_is_left_empty_stays(chat: InChat, officer: Person) -> None:
    await officer.types("/1540 contact MWI/permanent-mission/1 change")
    view = await until_filled(officer)
    filled = {"Contact": "MWI/permanent-mission/1", "Name": "The Mission", "Title": "Registry", "Order": "two"}
    wrong = await officer.submits(view, filled)
    assert wrong.modal
    assert "is a number" in wrong.words
    await officer.submits(view, filled | {"Order": ""})
    await officer.meets(lambda message: "Changed by" in str(message.blocks))
    changed = await chat.store.contacts.get("MWI/permanent-mission/1")
    assert changed
    assert (changed.name, changed.title, changed.order) == ("The Mission", "Registry", 1)
    assert changed.telephone
