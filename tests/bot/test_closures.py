"""A closure moves dates, can be taken back, and is told to the parties: by one person to few, by two to many."""

from datetime import date

import pytest

from committee.letters import LetterKind
from tests.conftest import PracticeDesk

STORM = "closure add 2012-12-03 storm"
TELL = "closure tell 2012-12-03"


async def told(desk: PracticeDesk) -> list[str]:
    return [letter.party for letter in await desk.desk.store.letters.find(kind=LetterKind.CLOSURE_NOTICE)]


async def few(desk: PracticeDesk) -> None:
    """All but three of the States yet to report have reported."""
    for row in (await desk.types("states non-reporting")).rows[3:]:
        await desk.types(f"state {row['key']} confirm reported")


async def approval(desk: PracticeDesk) -> dict[str, str]:
    """The one button that waits for a second person."""
    [card] = [row for row in (await desk.types("cards")).rows if row["kind"] == "letters-to-release" and row["actions"]]
    [action] = card["actions"]
    return action


async def test_a_closure_shows_what_it_moves_and_offers_the_letter(desk: PracticeDesk) -> None:
    card = await desk.types(STORM)
    assert "24 letters moved" in card.text
    assert "closure tell 2012-12-03" in card.text
    assert {(row["was"].date(), row["is"].date()) for row in card.rows} == {(date(2012, 12, 3), date(2012, 12, 4))}


async def test_a_closure_that_moves_nothing_offers_nothing(desk: PracticeDesk) -> None:
    card = await desk.types('closure add 2012-10-29..2012-10-31 "a hurricane"')
    assert (card.rows, "tell" in card.text) == ((), False)
    assert (await desk.types("closure tell 2012-10-29..2012-10-31")).fields["letters"] == 0


async def test_taken_back_it_moves_them_again_and_in_part_too(desk: PracticeDesk) -> None:
    await desk.types('closure add 2012-12-03..2012-12-05 "a storm"')
    card = await desk.types("closure remove 2012-12-05")
    assert {(row["was"].date(), row["is"].date()) for row in card.rows} == {(date(2012, 12, 6), date(2012, 12, 5))}
    card = await desk.types("closure remove 2012-12-01..2012-12-31")
    assert {(row["was"].date(), row["is"].date()) for row in card.rows} == {(date(2012, 12, 5), date(2012, 12, 3))}
    assert (await desk.types("closures")).rows == ()
    refused, status = await desk.answers("closure remove 2012-12-03")
    assert (status, "is not closed on 3 December 2012" in refused.text) == (1, True)


async def test_a_holiday_is_no_closure_and_is_not_taken_away(desk: PracticeDesk) -> None:
    await desk.types('closure add 2012-12-24..2012-12-26 "a storm"')
    await desk.types("closure remove 2012-12-24..2012-12-26")
    assert "2012-12-25" in {row["key"] for row in (await desk.types("holidays 2012")).rows}


async def test_one_person_tells_few_parties_after_a_preview(desk: PracticeDesk) -> None:
    await few(desk)
    await desk.types(STORM)
    preview = await desk.types(TELL)
    assert (preview.fields["letters"], [action.label for action in preview.actions]) == (3, ["Send 3 letters"])
    assert preview.page
    assert "is closed on 3 December 2012" in " ".join(preview.page.text.split())
    assert "3 December 2012, now 4 December 2012" in " ".join(preview.page.text.split())
    sent, status = await desk.presses(preview.actions[0].key)
    assert (status, sent.fields["letters"]) == (0, 3)
    assert sorted(await told(desk)) == sorted(str(row["key"]) for row in preview.rows)
    assert (await desk.types(TELL)).fields["letters"] == 0  # nobody twice


async def test_a_button_that_shows_what_is_no_longer_so_sends_nothing(desk: PracticeDesk) -> None:
    await few(desk)
    await desk.types(STORM)
    preview = await desk.types(TELL)
    await desk.types(f"state {preview.rows[0]['key']} confirm reported")
    card, status = await desk.presses(preview.actions[0].key)
    assert (status, card.text.startswith("What you were shown has changed")) == (1, True)
    assert await told(desk) == []


async def test_to_many_parties_a_second_person_releases_it(desk: PracticeDesk) -> None:
    await desk.types(STORM)
    prepared, status = await desk.answers(TELL, yes=True)
    assert (status, prepared.actions, "a second person" in prepared.text) == (1, (), True)
    waiting = (await approval(desk))["id"]
    for person in ("officer-1", "officer-2", "reader-1", "administrator-1"):
        card, status = await desk.presses(waiting, by=person)
        assert (status, "takes the role" in card.text) == (1, True), card.text
    sent, status = await desk.presses(waiting, by="approver-1")
    assert (status, sent.fields["letters"], len(await told(desk))) == (0, 24, 24)
    again, status = await desk.presses(waiting, by="approver-1")
    assert (status, "pressed already" in again.text) == (1, True)


async def test_nobody_releases_what_they_prepared(desk: PracticeDesk) -> None:
    await desk.types(STORM)
    await desk.types(TELL, by="approver-1")
    card, status = await desk.presses((await approval(desk))["id"], by="approver-1")
    assert (status, "Nobody releases what they prepared" in card.text) == (1, True)
    assert await told(desk) == []


async def test_prepared_again_the_same_card_stands_and_other_words_replace_it(desk: PracticeDesk) -> None:
    await desk.types(STORM)
    await desk.types(TELL)
    first = (await approval(desk))["id"]
    await desk.types(TELL, by="approver-1")
    assert (await approval(desk))["id"] == first
    await desk.types('contact GMB/permanent-mission/1 hold "moved"')
    await desk.types(TELL)
    second = (await approval(desk))["id"]
    assert second != first
    _, status = await desk.presses(first, by="approver-1")
    assert status == 1
    assert await told(desk) == []


@pytest.mark.parametrize("typed", ["closure tell 2012-12-03", "closure remove 2012-12-03"])
async def test_of_no_closure_nobody_is_told(desk: PracticeDesk, typed: str) -> None:
    card, status = await desk.answers(typed)
    assert (status, "is not closed on" in card.text) == (1, True)
