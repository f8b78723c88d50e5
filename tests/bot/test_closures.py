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


async def prepared(desk: PracticeDesk, typed: str = TELL, by: str = "officer-1") -> str:
    """Somebody previews it and asks for a second person; the button that the second person presses."""
    preview = await desk.types(typed, by=by)
    assert [action.label for action in preview.actions] == ["Prepare 24 letters for a second person to release"]
    card, status = await desk.presses(preview.actions[0].key, by=by)
    assert (status, "nothing was sent" in card.text, await told(desk)) == (0, True, [])
    return (await approval(desk))["id"]


async def test_to_many_parties_a_second_person_releases_it(desk: PracticeDesk) -> None:
    await desk.types(STORM)
    refused, status = await desk.answers(TELL, yes=True)
    assert (status, "a second one, an approver" in refused.text) == (1, True)
    waiting = await prepared(desk)
    for person in ("officer-1", "officer-2", "reader-1", "administrator-1"):
        card, status = await desk.presses(waiting, by=person)
        assert (status, "takes the role" in card.text) == (1, True), card.text
    sent, status = await desk.presses(waiting, by="approver-1")
    assert (status, sent.fields["letters"], len(await told(desk))) == (0, 24, 24)
    again, status = await desk.presses(waiting, by="approver-1")
    assert (status, "pressed already" in again.text) == (1, True)


async def test_nobody_releases_what_they_prepared(desk: PracticeDesk) -> None:
    await desk.types(STORM)
    card, status = await desk.presses(await prepared(desk, by="approver-1"), by="approver-1")
    assert (status, "Nobody releases what they prepared" in card.text) == (1, True)
    assert await told(desk) == []


async def test_who_only_reads_it_has_prepared_nothing(desk: PracticeDesk) -> None:
    await desk.types(STORM)
    waiting = await prepared(desk)
    await desk.types(TELL, by="approver-1")
    sent, status = await desk.presses(waiting, by="approver-1")
    assert (status, sent.fields["letters"]) == (0, 24)


async def test_asked_for_again_the_same_card_stands_and_other_words_replace_it(desk: PracticeDesk) -> None:
    await desk.types(STORM)
    first = await prepared(desk)
    assert await prepared(desk, by="approver-1") == first
    await desk.types('contact GMB/permanent-mission/1 hold "moved"')
    stale, status = await desk.presses(first, by="approver-1")
    assert (status, stale.text.startswith("What you were shown has changed"), await told(desk)) == (1, True, [])
    preview = await desk.types(TELL)
    await desk.presses(preview.actions[0].key)
    second = (await approval(desk))["id"]
    assert second != first
    sent, _ = await desk.presses(second, by="approver-1")
    assert sent.fields["letters"] == 23


async def test_a_closure_that_changes_ends_what_waits_for_a_second_person(desk: PracticeDesk) -> None:
    await desk.types('closure add 2012-12-03..2012-12-04 "snow"')
    waiting = await prepared(desk, "closure tell 2012-12-03..2012-12-04")
    await desk.types("closure remove 2012-12-04")
    assert [
        row for row in (await desk.types("cards")).rows if row["kind"] == "letters-to-release" and row["actions"]
    ] == []
    _, status = await desk.presses(waiting, by="approver-1")
    assert (status, await told(desk)) == (1, [])


async def test_one_party_has_one_notice_of_one_closure_however_its_days_are_typed(desk: PracticeDesk) -> None:
    await few(desk)
    await desk.types('closure add 2012-12-03..2012-12-04 "snow"')
    preview = await desk.types("closure tell 2012-12-03..2012-12-04")
    await desk.presses(preview.actions[0].key)
    for typed in ("2012-12-03", "2012-12-04", "2012-12-01..2012-12-10"):
        assert (await desk.types(f"closure tell {typed}")).fields["letters"] == (
            0 if typed.startswith("2012-12-01") else 3
        )


async def test_who_was_told_is_told_when_the_closure_is_taken_back(desk: PracticeDesk) -> None:
    await few(desk)
    await desk.types('closure add 2012-12-03..2012-12-04 "snow"')
    await desk.presses((await desk.types("closure tell 2012-12-03..2012-12-04")).actions[0].key)
    removed = await desk.types("closure remove 2012-12-04")
    assert "3 parties had been told; to correct it: closure tell 2012-12-04" in removed.text
    preview = await desk.types("closure tell 2012-12-03..2012-12-04")
    [first, *_] = await desk.desk.store.letters.find(kind=LetterKind.CLOSURE_NOTICE)
    assert preview.page
    page = " ".join(preview.page.text.split())
    assert "is closed on 3 December 2012." in page
    assert f"This replaces what was said in letter {first.reference}" in page
    await desk.presses(preview.actions[0].key)
    await desk.types("closure remove 2012-12-03")
    preview = await desk.types("closure tell 2012-12-03..2012-12-04")
    assert preview.page
    assert "is not closed on 3 December 2012 after all" in " ".join(preview.page.text.split())
    await desk.presses(preview.actions[0].key)
    assert len(await told(desk)) == 9
    assert (await desk.types("closure tell 2012-12-03..2012-12-04")).fields["letters"] == 0


async def test_a_threshold_is_not_passed_in_two_steps(desk: PracticeDesk) -> None:
    await desk.types(STORM)
    held = ("GMB", "TCD", "MWI", "ZMB", "MLI")
    for state in held:
        await desk.types(f'contact {state}/permanent-mission/1 hold "a trick"')
    preview = await desk.types(TELL)
    assert (preview.fields["letters"], preview.fields["left_out"]) == (19, 5)
    await desk.presses(preview.actions[0].key)
    assert await told(desk) == []
    await desk.presses((await approval(desk))["id"], by="approver-1")
    for state in held:
        await desk.types(f"contact {state}/permanent-mission/1 free")
    preview = await desk.types(TELL)
    await desk.presses(preview.actions[0].key)
    assert (preview.fields["letters"], len(await told(desk))) == (5, 19)


async def test_a_notice_that_was_withdrawn_is_no_notice_and_may_be_written_again(desk: PracticeDesk) -> None:
    await few(desk)
    await desk.types(STORM)
    sent, _ = await desk.presses((await desk.types(TELL)).actions[0].key)
    await desk.types(f"letter {sent.rows[0]['key']} withdraw")
    preview = await desk.types(TELL)
    assert preview.fields["letters"] == 1
    again, _ = await desk.presses(preview.actions[0].key)
    assert [row["key"] for row in again.rows] == [f"{sent.rows[0]['key']}/2"]


async def test_several_closures_are_told_of_one_by_one(desk: PracticeDesk) -> None:
    for day in ("2012-12-03", "2012-12-05"):
        await desk.types(f'closure add {day} "snow"')
    card, status = await desk.answers("closure tell 2012-12-03..2012-12-05")
    assert (status, "is open between" in card.text) == (1, True)


@pytest.mark.parametrize("typed", ["closure tell 2012-12-03", "closure remove 2012-12-03"])
async def test_of_no_closure_nobody_is_told(desk: PracticeDesk, typed: str) -> None:
    card, status = await desk.answers(typed)
    assert (status, "is not closed on" in card.text) == (1, True)
