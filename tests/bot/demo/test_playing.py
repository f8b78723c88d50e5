"""The tour is played through the doors that a person would use, and each step is checked off by a fact in the store alone."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from bot import building
from bot.demo import tour
from bot.demo.opening import Demo, demo
from bot.demo.people import AtKeyboard
from bot.demo.play import play, played
from bot.demo.playing import NotAsTold, Player
from bot.settings import without_environment
from committee.letters import DeliveryState, LetterKind
from storage.errors import Busy
from storage.marker import holds_practice_desk


def a_console() -> Console:
    return Console(file=io.StringIO(), width=300, highlight=False)


def text_of(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return " ".join(console.file.getvalue().split())


async def done(made: Demo) -> list[bool]:
    return [bool(await step.fact(await made.working.now())) for step in tour.STEPS]


async def test_each_step_is_missing_before_it_was_done_and_stays_done_after(made: Demo) -> None:
    assert await done(made) == [False] * 7
    steps = 0
    async for told in Player(made).play():
        steps += 1
        assert told.fact
        assert await done(made) == [True] * steps + [False] * (7 - steps)
    assert steps == 7


async def test_the_tour_goes_through_chat_as_different_people(made: Demo) -> None:
    async for _ in Player(made).play():
        pass
    store = made.working.opened.store
    [approval] = {one.approval for one in await store.letters.find(kind=LetterKind.CLOSURE_NOTICE)}
    assert approval
    assert (approval.prepared_by, approval.released_by) == ("officer-1", "approver-1")
    refused = await store.deliveries.find(state=DeliveryState.REFUSED)
    assert {one.party for one in refused} == {"ZWE"}
    busy = await store.deliveries.find(address=made.missions.office.full, state=DeliveryState.SENT)
    assert any(one.tries > 1 for one in busy)
    reminders = await store.letters.find(kind=LetterKind.FIRST_REPORT_REMINDER)
    assert {"MWI", "GMB", "LSO", "ZWE"}.isdisjoint({one.party for one in reminders})
    assert not await store.cards.find(kind="alarm")
    assert [finding for finding in await store.verify() if not finding.note] == []


async def test_played_without_a_terminal_it_ends_with_zero_and_shows_every_fact(tmp_path: Path) -> None:
    console = a_console()
    assert await play(console, tmp_path) == 0
    said = text_of(console)
    for step in tour.STEPS:
        assert step.title in said
    assert "Zimbabwe" in said
    assert "illustrative" in said
    assert holds_practice_desk(tmp_path / "demo-desk")


async def test_a_fact_that_is_missing_ends_it_with_one_and_says_which(made: Demo) -> None:
    await AtKeyboard(made.workspace, "officer-1").types("/1540 stop")  # so that no receipt leaves
    console = a_console()
    assert await played(Player(made, patience=1), console) == 1
    assert f"The demo failed: {tour.STEPS[1].title}: nothing shows it" in text_of(console)


async def test_a_button_that_does_not_stand_there_ends_it(made: Demo) -> None:
    with pytest.raises(NotAsTold, match="Accept"):
        await Player(made, patience=0.2).presses("officer-1", "Accept", "Malawi")


async def test_who_prepared_the_letters_does_not_release_them(made: Demo) -> None:
    told = Player(made).play()
    async for one in told:
        if one.title == tour.STEPS[4].title:
            break
    await told.aclose()
    officer = AtKeyboard(made.workspace, "officer-1")
    for line in tour.STEPS[5].lines:
        await officer.types(line)
    await Player(made).presses("officer-1", "Prepare")
    await Player(made).presses("officer-1", "Send", "wait for a second person")
    await made.working.settle()
    assert not await tour.STEPS[5].fact(await made.working.now())
    await Player(made).presses("approver-1", "Send")
    assert await Player(made).seen(tour.STEPS[5].fact, "two people")


async def test_the_desk_is_made_afresh_each_time_and_no_other_folder_is_replaced(tmp_path: Path) -> None:
    async with demo(tmp_path) as first:
        await first.working.go_on()
        with pytest.raises(Busy):
            async with demo(tmp_path):
                pass
    async with demo(tmp_path) as again:
        assert await done(again) == [False] * 7
    other = tmp_path / "other"
    (other / "demo-desk").mkdir(parents=True)
    (other / "demo-desk" / "mine.txt").write_text("kept")
    console = a_console()
    with pytest.raises(Exception, match="not a practice desk"):
        await play(console, other)
    assert (other / "demo-desk" / "mine.txt").read_text() == "kept"


async def test_the_desk_that_was_played_on_can_be_worked_at_afterwards(tmp_path: Path) -> None:
    assert await play(a_console(), tmp_path) == 0
    async with building.open_desk(tmp_path / "demo-desk", without_environment()) as desk:
        assert await tour.STEPS[6].fact(desk)
