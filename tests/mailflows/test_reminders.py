"""The States yet to report are written to: once in a cycle, by a press that is bound to what was shown."""

import asyncio

from committee.letters import LetterKind
from tests.conftest import PracticeDesk


async def send_button(desk: PracticeDesk, by: str = "officer-1", typed: str = "remind first-report") -> str:
    card = await desk.types(typed, by=by)
    return next(action.key for action in card.actions if action.style == "primary")


async def test_the_preview_shows_how_many_who_and_one_whole_letter(desk: PracticeDesk) -> None:
    card = await desk.types("remind first-report")
    assert card.actions[0].label == "Send 24 letters"
    assert [row["name"] for row in card.rows][:2] == ["Cape Verde", "Central African Republic"]
    assert card.page
    assert "resolution 1540 (2004)" in card.page.text
    assert await desk.outbox() == []


async def test_a_press_queues_one_letter_to_each_with_two_deliveries(desk: PracticeDesk) -> None:
    _, status = await desk.presses(await send_button(desk))
    assert status == 0
    letters = await desk.outbox()
    assert len(letters) == 24
    assert len(await desk.desk.store.deliveries.find()) == 48
    assert len({letter.release for letter in letters}) == 1
    assert {letter.kind for letter in letters} == {LetterKind.FIRST_REPORT_REMINDER}


async def test_a_second_press_sends_nothing(desk: PracticeDesk) -> None:
    button = await send_button(desk)
    await desk.presses(button)
    card, status = await desk.presses(button)
    assert status == 1
    assert "pressed already" in card.text
    assert len(await desk.outbox()) == 24


async def test_two_presses_at_once_send_once(desk: PracticeDesk) -> None:
    button = await send_button(desk)
    answers = await asyncio.gather(desk.presses(button), desk.presses(button))
    assert sorted(status for _, status in answers) == [0, 1]
    assert len(await desk.outbox()) == 24


async def test_two_officers_with_previews_of_their_own_send_once(desk: PracticeDesk) -> None:
    buttons = [await send_button(desk), await send_button(desk, "officer-2")]
    await desk.presses(buttons[0])
    card, status = await desk.presses(buttons[1], by="officer-2")
    assert (status, card.ok) == (1, False)
    assert len(await desk.outbox()) == 24


async def test_a_button_that_was_shown_to_somebody_else_is_not_pressed(desk: PracticeDesk) -> None:
    _, status = await desk.presses(await send_button(desk), by="officer-2")
    assert status == 1
    assert await desk.outbox() == []


async def test_a_report_that_arrives_between_preview_and_press_makes_the_press_stale(desk: PracticeDesk) -> None:
    button = await send_button(desk)
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="report.pdf"))
    card, status = await desk.presses(button)
    assert status == 1
    assert "has changed" in card.text
    assert card.actions[0].label == "Send 23 letters"
    assert all(letter.kind is LetterKind.RECEIPT for letter in await desk.outbox())


async def test_the_next_reminder_of_the_cycle_has_nobody_to_write_to(desk: PracticeDesk) -> None:
    await desk.presses(await send_button(desk))
    card = await desk.types("remind first-report")
    assert card.actions == ()
    assert {row["reason"] for row in card.rows} == {"it was reminded in this cycle"}


async def test_a_reader_reminds_nobody(desk: PracticeDesk) -> None:
    card, status = await desk.answers("remind first-report", by="reader-1")
    assert (status, card.ok, card.page, card.actions) == (1, False, None, ())  # no letter's words, and no button
    card, status = await desk.presses(await send_button(desk), by="reader-1")
    assert (status, card.ok) == (1, False)
    assert await desk.outbox() == []


async def test_named_states_that_are_not_yet_to_report_are_left_out_with_the_reason(desk: PracticeDesk) -> None:
    card = await desk.types("remind first-report --to MWI,Ghana")
    assert [(row["name"], row["goes"]) for row in card.rows] == [("Malawi", True), ("Ghana", False)]


async def test_congo_in_a_list_asks_back_and_changes_nothing(desk: PracticeDesk) -> None:
    card, status = await desk.answers("remind first-report --to Congo", yes=True)
    assert status == 1, card
    assert "Congo" in card.text
    assert await desk.outbox() == []


async def test_one_state_gets_french_where_the_mission_has_indicated_it(desk: PracticeDesk) -> None:
    await desk.presses(await send_button(desk))
    languages = sorted(letter.language for letter in await desk.outbox())
    assert languages == ["en"] * 23 + ["fr"]


async def test_a_letter_names_the_state_as_it_was_named_that_day(desk: PracticeDesk) -> None:
    await desk.presses(await send_button(desk))
    page = (await desk.types("letter first-report/SWZ/programme-11/2")).page
    assert page
    assert "Swaziland" in page.text
    assert "Eswatini" not in page.text


async def test_a_reminder_that_was_withdrawn_before_it_left_may_go_again_once_and_by_hand(desk: PracticeDesk) -> None:
    await desk.answers("remind first-report --to MWI", yes=True)
    await desk.types("letter first-report/MWI/programme-11/2 withdraw")
    _, status = await desk.answers("remind first-report --to MWI", yes=True)
    assert status == 0
    await desk.delivers()
    assert [letter.key for letter in await desk.outbox()][-1] == "first-report/MWI/programme-11/2/again"
    assert len(desk.post.handed) == 2
    [row] = (await desk.types("remind first-report --to MWI")).rows
    assert (row["goes"], row["reason"]) == (False, "it was reminded in this cycle")
