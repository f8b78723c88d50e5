"""What takes two people: prepared by one, released by another, by whatever door; in an emergency by an administrator, and told."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.answers import as_json
from committee.approvals import Approval
from committee.cards import Card
from committee.letters import RULES, LetterKind, Release
from committee.staff import Role
from mailflows.certificates import on_whose_word
from mailflows.proof import proof
from tests.conftest import PracticeDesk

STORM, TELL = "closure add 2012-12-03 storm", "closure tell 2012-12-03"
WHY = "Both approvers are away, and Headquarters closes tonight."


async def prepared(desk: PracticeDesk, by: str = "officer-1") -> str:
    """The number under which the letters of a closure wait."""
    await desk.types(STORM)
    preview = await desk.types(TELL, by)
    _, status = await desk.presses(preview.actions[0].key, by=by)
    assert status == 0
    [row] = (await desk.types("approvals")).rows
    return str(row["key"])


async def button(desk: PracticeDesk, by: str, label: str = "Send 24 letters") -> str:
    """As it stands in the list for this person."""
    [row] = (await desk.types("approvals", by)).rows
    return next(action["id"] for action in row["actions"] if action["label"] == label)


async def sent(desk: PracticeDesk) -> int:
    return await desk.desk.store.letters.count(kind=LetterKind.CLOSURE_NOTICE)


async def refused(desk: PracticeDesk, key: str, by: str, words: str = "") -> str:
    end = await desk.desk.store.trail.end()
    card, status = await desk.presses(key, words, by=by)
    assert (status, card.ok, await sent(desk)) == (1, False, 0), card
    assert await desk.desk.store.trail.end() == end
    return card.text


def shown(card: Card) -> list[str]:
    return [action.label for action in card.actions]


async def test_the_list_says_what_waits_since_when_and_who_may_release_it(desk: PracticeDesk) -> None:
    assert await prepared(desk) == "A-2012-0001"
    [row] = as_json(await desk.types("approvals", "approver-1"))["rows"]
    assert {name: row[name] for name in ("key", "kind", "parties", "letters", "prepared_by", "may_release")} == {
        "key": "A-2012-0001", "kind": "closure-notice", "parties": 24, "letters": 24, "prepared_by": "officer-1",
        "may_release": ["approver-1"],
    }  # fmt: skip
    assert row["since"].startswith("2012-09-04T09:00")
    assert [action["style"] for action in row["actions"]] == ["primary"]
    assert (await desk.types("approvals", "approver-1")).fields["for_you"] == 1
    assert (await desk.types("approvals", "officer-1")).fields["for_you"] == 0


async def test_the_releaser_reads_letter_recipients_and_number_and_presses_there(desk: PracticeDesk) -> None:
    number = await prepared(desk)
    mine, theirs = await desk.types(f"approval {number}"), await desk.types(f"approval {number}", "approver-1")
    assert (shown(mine), shown(theirs)) == (["Withdraw it"], ["Send 24 letters", "Withdraw it"])
    for card in (mine, theirs):
        assert (card.fields["letters"], len(card.rows), card.fields["approval"]) == (24, 24, number)
        assert card.page
        assert "never released before" in card.notes[-1]
    assert await sent(desk) == 0
    card, status = await desk.presses(theirs.actions[0].key, by="approver-1")
    assert (status, await sent(desk)) == (0, 24), card.text
    [letter, *_] = await desk.desk.store.letters.find(kind=LetterKind.CLOSURE_NOTICE)
    assert letter.approval == Approval("officer-1", "approver-1")
    assert (await desk.types("approvals")).rows == ()
    gone, status = await desk.answers(f"approval {number}", "approver-1")
    assert (status, "does not wait any more: released by Robin Seal" in gone.text) == (1, True)


async def test_yes_is_not_a_second_person(desk: PracticeDesk) -> None:
    number = await prepared(desk)
    _, status = await desk.answers(f"approval {number}", "approver-1", yes=True)
    assert (status, await sent(desk)) == (1, 0)


async def test_two_who_press_at_once_release_once(desk: PracticeDesk) -> None:
    await prepared(desk)
    await desk.types("staff officer-2 role approver", by="administrator-1")
    first, second = await button(desk, "approver-1"), await desk.types("approval A-2012-0001", "officer-2")
    answers = await asyncio.gather(
        desk.presses(first, by="approver-1"), desk.presses(second.actions[0].key, by="officer-2")
    )
    assert sorted(status for _, status in answers) == [0, 1]
    assert await sent(desk) == 24


@pytest.mark.parametrize("door", ["list", "preview"])
async def test_nobody_releases_what_they_prepared_by_whatever_door(desk: PracticeDesk, door: str) -> None:
    number = await prepared(desk, by="approver-1")
    if door == "list":
        assert "Nobody releases" in await refused(desk, await button(desk, "approver-1"), "approver-1")
    else:
        assert shown(await desk.types(f"approval {number}", "approver-1")) == ["Withdraw it"]


async def test_one_person_with_two_entries_is_one_person(desk: PracticeDesk) -> None:
    await desk.types("staff officer-1 chat T01DESK/U01ALEX", by="administrator-1")
    await prepared(desk)
    async with desk.desk.store.transaction(by="t", doing="t", about="t", at=desk.desk.now) as tx:
        approver = await desk.person("approver-1")
        await tx.staff.put(replace(approver, chat="T01DESK/U01ALEX"))
    assert "Nobody releases" in await refused(desk, await button(desk, "approver-1"), "approver-1")
    assert (await desk.types("approvals")).rows[0]["may_release"] == []


async def test_who_has_left_and_came_back_under_another_name_is_the_same_person(desk: PracticeDesk) -> None:
    await desk.types("staff officer-1 chat T01DESK/U01ALEX", by="administrator-1")
    await prepared(desk)
    await desk.types("staff officer-1 end", by="administrator-1")
    await desk.types('staff add "Alex Anew" approver', by="administrator-1")
    await desk.types("staff alex-anew chat T01DESK/U01ALEX", by="administrator-1")
    assert "Nobody releases" in await refused(desk, await button(desk, "alex-anew"), "alex-anew")


async def test_a_delegate_releases_on_the_days_of_the_delegation_alone(desk: PracticeDesk) -> None:
    await desk.types("staff approver-1 delegate officer-2 from 2012-09-05 to 2012-09-06", by="administrator-1")
    await prepared(desk)
    key = await button(desk, "officer-2")
    assert "takes the role approver" in await refused(desk, key, "officer-2")
    opened = desk.desk
    desk.desk = opened.at(opened.now + timedelta(days=3))  # 7 September
    assert "takes the role approver" in await refused(desk, key, "officer-2")
    desk.desk = opened.at(
        opened.now + timedelta(days=2, hours=14, minutes=59)
    )  # the last minute of 6 September in New York
    assert (await desk.types("approvals")).rows[0]["may_release"] == ["approver-1", "officer-2"]
    card, status = await desk.presses(key, by="officer-2")
    assert (status, await sent(desk)) == (0, 24), card.text
    [letter, *_] = await desk.desk.store.letters.find(kind=LetterKind.CLOSURE_NOTICE)
    assert letter.approval == Approval("officer-1", "officer-2", delegate_of="approver-1")
    [row] = [row for row in (await desk.types("cards")).rows if row["kind"] == "letters-to-release"]
    assert "released by Sam Ledger for Robin Seal, whose delegate they are" in row["decided"]


@pytest.mark.parametrize(("by", "presses"), [("officer-2", "officer-2"), ("approver-1", "officer-2")])
async def test_neither_the_preparer_as_a_delegate_nor_the_preparers_delegate_releases(
    desk: PracticeDesk, by: str, presses: str
) -> None:
    await desk.types("staff approver-1 delegate officer-2 from 2012-09-04 to 2012-09-06", by="administrator-1")
    await prepared(desk, by=by)
    assert "obody releases what they prepared" in await refused(desk, await button(desk, presses), presses)


async def test_what_changed_since_is_shown_anew_and_released_by_nobody(desk: PracticeDesk) -> None:
    number = await prepared(desk)
    key = await button(desk, "approver-1")
    own = (await desk.types(f"approval {number}", "approver-1")).actions[0].key
    await desk.types('contact GMB/permanent-mission/1 hold "moved"')
    for press in (key, own):
        end = len(await desk.desk.store.trail.find())
        card, status = await desk.presses(press, by="approver-1")
        assert (status, card.text.startswith("What you were shown has changed"), await sent(desk)) == (1, True, 0)
        assert card.fields["letters"] == 23
        changed = (await desk.desk.store.trail.find())[end:]
        assert {entry.doing for entry in changed} <= {"card shown"}
    anew = await desk.types(f"approval {number}", "approver-1")
    assert "has changed since, so it can only be prepared anew" in anew.text
    assert shown(anew) == ["Prepare 23 letters for a second person to release"]


async def test_what_waits_is_taken_back_and_prepared_anew_under_the_next_number(desk: PracticeDesk) -> None:
    number = await prepared(desk)
    key = await button(desk, "approver-1")
    card, status = await desk.answers(f"approval {number} withdraw", "officer-2")
    assert (status, "withdrawn by Sam Ledger" in card.text) == (0, True)
    assert "withdrawn by Sam Ledger" in await refused(desk, key, "approver-1")
    preview = await desk.types(TELL)
    await desk.presses(preview.actions[0].key)
    [row] = (await desk.types("approvals")).rows
    assert row["key"] == "A-2012-0002"


@pytest.mark.parametrize("by", ["officer-2", "approver-1", "reader-1"])
async def test_an_emergency_release_is_an_administrators(desk: PracticeDesk, by: str) -> None:
    number = await prepared(desk)
    card, status = await desk.answers(f"approval {number} emergency-release {WHY}", by)
    assert (status, "takes the role administrator" in card.text) == (1, True)
    key = await button(desk, "administrator-1", "Release in an emergency")
    assert "takes the role administrator" in await refused(desk, key, by, WHY)


async def test_in_an_emergency_an_administrator_reads_it_gives_a_reason_and_all_are_told(desk: PracticeDesk) -> None:
    number = await prepared(desk)
    ordinary = await button(desk, "administrator-1")
    assert f"approval {number} emergency-release WHY" in await refused(desk, ordinary, "administrator-1")
    card = await desk.types(f'approval {number} emergency-release "{WHY}"', "administrator-1")
    assert (shown(card), len(card.rows), await sent(desk)) == (["Release in an emergency"], 24, 0)
    assert card.page
    _, status = await desk.answers(f'approval {number} emergency-release "{WHY}"', "administrator-1", yes=True)
    assert (status, await sent(desk)) == (1, 0)
    done, status = await desk.presses(card.actions[0].key, by="administrator-1")
    assert (status, await sent(desk)) == (0, 24), done.text
    [told] = await desk.desk.store.cards.find(kind="emergency-release")
    assert told.title == "24 letters released in an emergency: R-2012-0001"
    assert "Kim Quire released them in the place of an approver" in told.text
    assert f"“{WHY.rstrip('.')}”. They were prepared by Alex Inkwell" in told.text
    assert told.about == "R-2012-0001"
    entry = next(one for one in await desk.desk.store.trail.find(newest_first=True) if one.doing != "card shown")
    assert (entry.by, entry.doing, entry.words) == ("administrator-1", "emergency release", {"why": WHY})


async def test_an_emergency_stands_in_the_story_and_on_the_certificate(desk: PracticeDesk) -> None:
    await prepared(desk)
    key = await button(desk, "administrator-1", "Release in an emergency")
    await desk.presses(key, WHY, by="administrator-1")
    said = f"released it in an emergency, in the place of an approver: “{WHY.rstrip('.')}”"
    story = await desk.types("log closure-notice/2012-12-03/MWI")
    assert any(said in str(row["said"]) for row in story.rows)
    await desk.delivers()
    proven = await proof("closure-notice/2012-12-03/MWI", desk.desk)
    [sentence] = await on_whose_word(proven, desk.desk)
    assert (said in sentence, sentence.startswith("Alex Inkwell prepared it, and Kim Quire")) == (True, True)
    assert sentence in (await desk.types("proof R-2012-0001")).notes
    assert (await desk.types("letter closure-notice/2012-12-03/MWI")).fields["approval"] == {
        "prepared_by": "officer-1", "released_by": "administrator-1", "delegate_of": "", "emergency": WHY,
    }  # fmt: skip


async def test_an_emergency_needs_a_reason_that_can_be_read(desk: PracticeDesk) -> None:
    number = await prepared(desk)
    key = await button(desk, "administrator-1", "Release in an emergency")
    assert "say the text too" in await refused(desk, key, "administrator-1", "  ")
    assert "at most 500 characters" in await refused(desk, key, "administrator-1", "why " * 200)
    _, status = await desk.answers(f"approval {number} emergency-release", "administrator-1")
    assert status == 2


@pytest.mark.parametrize("why", ['--yes "quoted” and “more', "{{ 7*7 }} <b>", "no “end", '""'])
async def test_a_reason_is_kept_as_it_was_written_whatever_stands_in_it(desk: PracticeDesk, why: str) -> None:
    await prepared(desk)
    key = await button(desk, "administrator-1", "Release in an emergency")
    _, status = await desk.presses(key, why, by="administrator-1")
    [letter, *_] = await desk.desk.store.letters.find(kind=LetterKind.CLOSURE_NOTICE)
    assert (status, letter.approval and letter.approval.emergency) == (0, why)


async def test_an_administrator_who_prepared_it_has_no_emergency(desk: PracticeDesk) -> None:
    number = await prepared(desk, by="administrator-1")
    card, status = await desk.answers(f"approval {number} emergency-release {WHY}", "administrator-1")
    assert (status, "Nobody releases what they prepared" in card.text) == (1, True)
    key = await button(desk, "administrator-1", "Release in an emergency")
    assert "Nobody releases what they prepared" in await refused(desk, key, "administrator-1", WHY)


async def test_an_emergency_that_has_changed_is_shown_and_not_released(desk: PracticeDesk) -> None:
    await prepared(desk)
    key = await button(desk, "administrator-1", "Release in an emergency")
    await desk.types('contact GMB/permanent-mission/1 hold "moved"')
    card, status = await desk.presses(key, WHY, by="administrator-1")
    assert (status, card.text.startswith("What you were shown has changed"), await sent(desk)) == (1, True, 0)
    assert await desk.desk.store.cards.find(kind="emergency-release") == []


async def test_the_difference_from_last_time_is_shown_to_both(desk: PracticeDesk) -> None:
    await prepared(desk)
    await desk.presses(await button(desk, "approver-1"), by="approver-1")
    await desk.types("closure add 2012-12-04 snow")
    await desk.types('contact GMB/permanent-mission/1 hold "moved"')
    await desk.types("contact add MWI national-contact-point second@malawi.example")
    await desk.types("state TCD confirm reported")
    preview = await desk.types("closure tell 2012-12-04")
    await desk.presses(preview.actions[0].key)
    theirs = await desk.types("approval A-2012-0002", "approver-1")
    since = preview.fields["since_last"]
    assert theirs.fields["since_last"] == since
    assert (since["release"], since["on"].isoformat()) == ("R-2012-0001", "2012-09-04")
    assert since["came"] == [{"party": "MWI", "address": "second@malawi.example"}]
    assert {one["party"] for one in since["left"]} == {"TCD", "GMB"}
    assert any("closed on 3 December" in one["was"] and "closed on 4 December" in one["is"] for one in since["words"])
    first = "Since R-2012-0001 of 4 September 2012: 1 address came (second@malawi.example of MWI); 4 addresses left ("
    assert any(note.startswith(first) for note in preview.notes)
    assert any(note in theirs.notes for note in preview.notes)


async def test_an_officers_own_words_are_read_and_released_by_a_second_person_as_they_stand(
    desk: PracticeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No letter to one party takes two people today; the day on which a kind does, its rule is all that changes."""
    monkeypatch.setitem(RULES, LetterKind.LETTER, replace(RULES[LetterKind.LETTER], release=Release.APPROVED))
    text = 'The Committee\u2019s experts say "as ever", “and more'
    shown_first = await desk.types(f'letter to MWI "Visit" {text}')
    await desk.presses(shown_first.actions[0].key)
    card = await desk.types("approval A-2012-0001", "approver-1")
    assert card.page
    assert card.page.text == (shown_first.page and shown_first.page.text)
    assert shown(card) == ["Send it", "Withdraw it"]
    emergency = await desk.types(f"approval A-2012-0001 emergency-release {WHY}", "administrator-1")
    done, status = await desk.presses(emergency.actions[0].key, by="administrator-1")
    assert status == 0, done.text
    [letter] = await desk.desk.store.letters.find(kind=LetterKind.LETTER)
    assert (letter.words["text"], letter.approval) == (
        text, Approval("officer-1", "administrator-1", emergency=WHY)
    )  # fmt: skip
    [told] = await desk.desk.store.cards.find(kind="emergency-release")
    assert "experts" not in f"{told.title} {told.text} {told.fields}"


async def test_a_card_from_before_approvals_were_numbered_is_released_as_ever(desk: PracticeDesk) -> None:
    await prepared(desk)
    async with desk.desk.store.transaction(by="t", doing="t", about="t", at=desk.desk.now) as tx:
        [card] = await tx.cards.find(kind="letters-to-release")
        old = {name: card.fields[name] for name in ("prepared_by", "letters")}
        await tx.cards.put(replace(card, fields=old, actions=card.actions[:1]))
    [row] = (await desk.types("approvals", "approver-1")).rows
    assert (row["key"], row["parties"]) == (card.key, None)
    assert shown(await desk.types(f"approval {card.key}", "approver-1"))[0] == "Send 24 letters"
    _, status = await desk.presses(row["actions"][0]["id"], by="approver-1")
    assert (status, await sent(desk)) == (0, 24)


async def test_a_person_who_is_both_releases_as_an_approver_and_not_in_an_emergency(desk: PracticeDesk) -> None:
    await prepared(desk)
    await desk.types("staff administrator-1 also approver", by="administrator-1")
    person = await desk.person("administrator-1")
    assert person.may(Role.APPROVER)
    _, status = await desk.presses(await button(desk, "administrator-1"), by="administrator-1")
    assert (status, await desk.desk.store.cards.find(kind="emergency-release")) == (0, [])
