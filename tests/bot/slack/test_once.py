"""What chat brings twice is done once: by its id, in the very commit of its effect."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.slack.once import KEPT_FOR, AlreadyDone, once
from committee.chat import FormDraft, Heard
from committee.errors import Refused
from mailflows import states
from mailflows.presses import Act
from tests.conftest import PracticeDesk

NOW = datetime.now(UTC)


async def notes(desk: PracticeDesk) -> list[str]:
    state = await desk.desk.store.states.get("MWI")
    assert state
    return [note.text for note in state.notes]


async def noted(desk: PracticeDesk, text: str, key: str = "event/1", draft: str = "") -> None:
    person = await desk.person("officer-1")
    wrapped, _ = once(desk.desk, key, person, draft)
    await states.note("MWI", text, None, Act(person, wrapped))


async def test_the_second_time_nothing_is_done(desk: PracticeDesk) -> None:
    await noted(desk, "first")
    with pytest.raises(AlreadyDone) as before:
        await noted(desk, "second")
    assert before.value.heard.key == "event/1"
    assert await notes(desk) == ["first"]


async def test_of_many_at_once_one_does_it(desk: PracticeDesk) -> None:
    outcomes = await asyncio.gather(*(noted(desk, f"by {n}") for n in range(8)), return_exceptions=True)
    assert [type(one) for one in outcomes if one is not None] == [AlreadyDone] * 7
    assert len(await notes(desk)) == 1


async def test_what_was_refused_may_come_again(desk: PracticeDesk) -> None:
    person = await desk.person("officer-1")
    wrapped, only = once(desk.desk, "event/1", person)
    with pytest.raises(Refused):
        async with wrapped.store.transaction(by="officer-1", doing="x", about="x", at=desk.desk.now):
            raise Refused("no")
    assert not only.done
    assert await desk.desk.store.heard.get("event/1") is None
    await noted(desk, "again")
    assert await notes(desk) == ["again"]


async def test_only_the_first_commit_holds_the_id_and_the_later_ones_go_on(desk: PracticeDesk) -> None:
    person = await desk.person("officer-1")
    wrapped, only = once(desk.desk, "event/1", person)
    for text in ("one", "two"):
        await states.note("MWI", text, None, Act(person, wrapped))
    await only.remember(desk.desk.now)
    assert await notes(desk) == ["one", "two"]


async def test_what_only_reads_is_remembered_in_a_commit_of_its_own(desk: PracticeDesk) -> None:
    person = await desk.person("officer-1")
    for _ in range(2):
        _, only = once(desk.desk, "event/1", person)
        try:
            await only.remember(desk.desk.now)
        except AlreadyDone:
            break
    else:
        pytest.fail("the second time it was not known")


async def test_the_draft_goes_in_the_commit_of_what_the_form_did(desk: PracticeDesk) -> None:
    store = desk.desk.store
    async with store.transaction(by="test", doing="x", about="x", at=desk.desk.now) as tx:
        await tx.form_drafts.put(FormDraft("officer-1/contact add", NOW, {"party": "MWI"}))
    await noted(desk, "done", draft="officer-1/contact add")
    assert await store.form_drafts.all() == []


async def test_ids_of_long_ago_are_forgotten(desk: PracticeDesk) -> None:
    store = desk.desk.store
    async with store.transaction(by="test", doing="x", about="x", at=desk.desk.now) as tx:
        await tx.heard.put(Heard("event/old", NOW - KEPT_FOR - timedelta(hours=1), "officer-1"))
        await tx.heard.put(Heard("event/new", NOW - KEPT_FOR + timedelta(hours=1), "officer-1"))
    await noted(desk, "done")
    assert [one.key for one in await store.heard.all()] == ["event/1", "event/new"]


async def test_the_wrapped_store_is_the_store_in_all_else(desk: PracticeDesk) -> None:
    wrapped, _ = once(desk.desk, "event/1", await desk.person("officer-1"))
    assert await wrapped.store.states.get("MWI") == await desk.desk.store.states.get("MWI")
    assert wrapped.store.folder == desk.desk.store.folder
    assert [one for one in await wrapped.store.verify() if not one.note] == []
