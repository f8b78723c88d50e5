"""An administrator gives a colleague's identity to an account of their own, and is then two people: for three days the desk says no."""

import asyncio

import pytest

from committee.approvals import Approval
from committee.letters import LetterKind
from committee.staff import SETTLES_AFTER
from mailflows.joining import join
from tests.conftest import PracticeDesk

KIM, ROBIN = "administrator-1", "approver-1"
OWN = "T01DESK/U99KIM"
STORM, TELL = "closure add 2012-12-03 storm", "closure tell 2012-12-03"


async def by_hand(desk: PracticeDesk, whose: str) -> None:
    await desk.types(f"staff {whose} chat {OWN}", by=KIM)


async def by_code(desk: PracticeDesk, whose: str) -> None:
    card = await desk.types(f"staff {whose} code", by=KIM)
    await join(desk.desk, OWN, card.fields["code"])


async def by_a_new_entry(desk: PracticeDesk, whose: str) -> None:
    """A new person under an account of this host that is the administrator's too."""
    card = await desk.types('staff add "New Person" approver --account 4242', by=KIM)
    assert card.fields["key"] == "new-person"


async def prepared(desk: PracticeDesk, by: str) -> None:
    if not await desk.desk.store.days_off.get("2012-12-03"):
        await desk.types(STORM)
    preview = await desk.types(TELL, by)
    _, status = await desk.presses(preview.actions[0].key, by=by)
    assert status == 0


async def released(desk: PracticeDesk, by: str) -> tuple[str, int]:
    """What is said when `by` presses the card's own button, which everybody sees, and how many letters that sent."""
    [row] = (await desk.types("approvals")).rows
    [card] = [one for one in await desk.desk.store.cards.find(kind="letters-to-release") if not one.decided]
    answer, _ = await desk.presses(card.actions[0], by=by)
    assert row["key"] == card.fields["number"]
    return answer.text, await desk.desk.store.letters.count(kind=LetterKind.CLOSURE_NOTICE)


@pytest.mark.parametrize("borrow", [by_hand, by_code, by_a_new_entry])
@pytest.mark.parametrize("first", ["prepared", "borrowed"])
async def test_an_administrator_does_not_release_as_a_colleague_what_they_prepared(
    desk: PracticeDesk, borrow: object, first: str
) -> None:
    if first == "prepared":
        await prepared(desk, by=KIM)
    await borrow(desk, ROBIN)  # type: ignore[operator] # one of the three above
    if first == "borrowed":
        await prepared(desk, by=KIM)
    borrowed = "new-person" if borrow is by_a_new_entry else ROBIN
    text, sent = await released(desk, by=borrowed)
    assert ("was let in by Kim Quire" in text, sent) == (True, 0), text
    [row] = (await desk.types("approvals", borrowed)).rows
    assert borrowed not in row["may_release"]
    desk.desk = desk.desk.at(desk.desk.now + SETTLES_AFTER)
    text, sent = await released(desk, by=borrowed)
    assert sent == 24, text


async def test_nor_do_they_release_themselves_what_they_prepared_as_a_colleague(desk: PracticeDesk) -> None:
    await desk.types(f"staff {KIM} also approver", by=KIM)
    await by_hand(desk, "officer-1")
    await prepared(desk, by="officer-1")
    text, sent = await released(desk, by=KIM)
    assert ("Alex Inkwell was let in by Kim Quire" in text, sent) == (True, 0), text
    card = await desk.types("approval A-2012-0001 emergency-release “It is urgent”", by=KIM)
    assert ("was let in by Kim Quire" in card.text, card.actions) == (True, ())


async def test_an_entry_that_is_ended_and_taken_up_again_has_not_forgotten_who_let_it_in(desk: PracticeDesk) -> None:
    await by_hand(desk, "officer-1")
    await prepared(desk, by="officer-1")
    await desk.types("staff officer-1 chat none", by=KIM)
    await desk.types("staff officer-1 end", by=KIM)
    await desk.types("staff officer-1 role officer", by=KIM)
    await desk.types(f"staff {KIM} also approver", by=KIM)
    _, sent = await released(desk, by=KIM)
    assert sent == 0


async def test_two_colleagues_whom_an_administrator_let_in_today_are_two_people(desk: PracticeDesk) -> None:
    await desk.types("staff officer-1 chat T01DESK/U01ALEX", by=KIM)
    await desk.types("staff approver-1 chat T01DESK/U04ROB", by=KIM)
    await prepared(desk, by="officer-1")
    text, sent = await released(desk, by=ROBIN)
    assert sent == 24, text
    [letter, *_] = await desk.desk.store.letters.find(kind=LetterKind.CLOSURE_NOTICE)
    assert letter.approval == Approval("officer-1", ROBIN)


@pytest.mark.parametrize("borrow", [by_hand, by_code, by_a_new_entry])
async def test_all_staff_are_told_in_the_same_commit_by_what_somebody_is_known_now(
    desk: PracticeDesk, borrow: object
) -> None:
    await desk.types("chat post to C01DESK", by=KIM)
    await borrow(desk, ROBIN)  # type: ignore[operator] # one of the three above
    [card] = await desk.desk.store.cards.find(kind="staff-identity")
    assert "Kim Quire saw to it" in card.text
    assert ("4242" if borrow is by_a_new_entry else OWN) in card.text
    assert [post.card for post in await desk.desk.store.posts.find(card=card.key)] == [card.key]
    assert card.at == (await desk.desk.store.trail.find(newest_first=True))[0].at


async def test_each_change_is_told_and_what_stays_is_not(desk: PracticeDesk) -> None:
    for typed in (f"chat {OWN}", "chat none", f"chat {OWN}", f"chat {OWN}", "address r@desk.example", "role approver"):
        card, status = await desk.answers(f"staff {ROBIN} {typed}", KIM)
        assert status == 0, card.text
    told = [card.text for card in await desk.desk.store.cards.find(kind="staff-identity")]
    assert ["in chat;" in text for text in told] == [True, True, False]
    assert "another mailbox" in told[-1]
    assert ["do not count as two people" in text for text in told] == [True, True, False]
    assert not any("r@desk.example" in text for text in told)


async def test_two_who_are_given_one_identity_at_once_do_not_both_have_it(desk: PracticeDesk) -> None:
    await desk.types("staff officer-2 also administrator", by=KIM)
    code = (await desk.types("staff reader-1 code", by=KIM)).fields["code"]
    await asyncio.gather(
        desk.answers(f"staff {ROBIN} chat {OWN}", KIM),
        desk.answers(f"staff officer-1 chat {OWN}", "officer-2"),
        join(desk.desk, OWN, code),
        return_exceptions=True,
    )
    assert sum(one.chat == OWN for one in await desk.desk.store.staff.all()) == 1


async def test_whose_role_was_taken_between_preview_and_press_releases_nothing(desk: PracticeDesk) -> None:
    await prepared(desk, by="officer-1")
    shown = await desk.types("approval A-2012-0001", ROBIN)
    await desk.types(f"staff {ROBIN} role officer", by=KIM)
    card, status = await desk.presses(shown.actions[0].key, by=ROBIN)
    assert (status, "takes the role approver" in card.text) == (1, True)
    assert await desk.desk.store.letters.count(kind=LetterKind.CLOSURE_NOTICE) == 0


async def test_a_button_that_was_shown_to_an_approver_serves_nobody_else(desk: PracticeDesk) -> None:
    await prepared(desk, by="officer-1")
    await desk.types("staff officer-2 role approver", by=KIM)
    shown = await desk.types("approval A-2012-0001", ROBIN)
    card, status = await desk.presses(shown.actions[0].key, by="officer-2")
    assert (status, "shown to somebody else" in card.text) == (1, True)
    assert await desk.desk.store.letters.count(kind=LetterKind.CLOSURE_NOTICE) == 0
