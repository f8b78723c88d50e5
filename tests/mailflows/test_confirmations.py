"""Once a year each party is asked whether its entry is right: announced, answered by reply, corrected with one press."""

import asyncio
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from committee.announcements import AnnouncementState
from committee.calendar import NEW_YORK
from committee.confirmations import AnswerState, Asking, Change, What, asked_on
from committee.contacts import Office
from committee.errors import Refused
from committee.letters import Letter, LetterKind
from committee.provenance import Door
from mailflows import confirmations, confirmed, entries, page_tokens
from mailflows.presses import Act
from tests.conftest import PracticeDesk

MALAWI = Asking("MWI", 2013)
TURN = asked_on("MWI", "African Group", 2013)
RESULTS = "mx.desk.example; dmarc=pass header.from={domain}"


def morning(days: int = 0) -> datetime:
    return datetime.combine(TURN + timedelta(days=days), time(9, 30), NEW_YORK)


@pytest.fixture
async def desk(desk: PracticeDesk) -> PracticeDesk:
    """One that opened a week before Malawi's turn, so that nobody's turn is made up."""
    facts = replace(desk.desk.facts, opened=morning(-7))
    desk.desk = replace(desk.desk, facts=facts)
    return desk


@pytest.fixture
async def asked(desk: PracticeDesk) -> PracticeDesk:
    """A desk that has asked Malawi on the day of its turn."""
    desk.desk = replace(desk.desk.at(morning(-5)), authserv_id="mx.desk.example")
    await confirmations.announce_due(desk.desk)
    desk.desk = desk.desk.at(morning())
    await confirmations.send_announced(desk.desk)
    return desk


async def letter_to(desk: PracticeDesk, party: str = "MWI") -> Letter:
    [*letters] = await desk.desk.store.letters.find(kind=LetterKind.CONFIRMATION, party=party, newest_first=True)
    return letters[0]


async def reply(
    desk: PracticeDesk, text: str, *, authenticated: bool = True, party: str = "MWI", attach: str = ""
) -> None:
    writer, letter = await desk.mission_of(party), await letter_to(desk)
    domain = writer.address.rpartition("@")[2]
    results = [("Authentication-Results", RESULTS.format(domain=domain))] if authenticated else []
    raw = writer.writes("Re: your entry", text, answers=letter.message_id, headers=results, attach=attach)
    await desk.takes_in(raw)


async def act(desk: PracticeDesk, by: str = "officer-1") -> Act:
    return Act(await desk.person(by), desk.desk)


async def test_a_party_is_asked_on_its_day_with_its_own_entry_and_nobody_else_s(asked: PracticeDesk) -> None:
    letter = await letter_to(asked)
    mine = await entries.of_party(asked.desk.store, "MWI", asked.desk)
    assert letter.key == "confirmation/MWI/2013"
    assert [row["key"] for row in letter.words["entry"]] == [one.key for one in mine]
    assert all(row["key"].startswith("MWI/") for row in letter.words["entry"])
    assert letter.words["link"] == ""
    announced = await asked.desk.store.announcements.get(letter.key)
    assert announced is not None
    assert announced.state is AnnouncementState.SENT
    assert await confirmations.send_announced(asked.desk) == []
    assert letter.key not in {one.key for one in await confirmations.announce_due(asked.desk)}


async def test_a_held_announcement_stays_and_its_card_holds_all_of_it(desk: PracticeDesk) -> None:
    desk.desk = desk.desk.at(morning(-5))
    new = await confirmations.announce_due(desk.desk)
    card, status = await desk.answers(f"announced confirmations/{desk.desk.now.isoformat()} hold wait")
    assert status == 0, card.text
    desk.desk = desk.desk.at(morning())
    assert new
    assert not {one.key for one in await confirmations.send_announced(desk.desk)} & {one.key for one in new}
    shown = await desk.types(f"letter {new[0].key}")
    assert "stays until" in shown.text


async def test_a_plain_reply_of_the_mission_counts_at_once_and_is_answered(asked: PracticeDesk) -> None:
    await reply(asked, "Confirm.\nWith compliments.")
    answer = await asked.desk.store.confirmations.get(MALAWI.key)
    assert answer is not None
    assert (answer.state, answer.source.door) == (AnswerState.UNCHANGED, Door.MAIL)
    mission = await asked.contact("MWI")
    assert mission.confirmed_on == asked.desk.today
    told = mission.told_last("confirmed_on")
    assert told is not None
    assert told.source == answer.source
    assert await asked.submissions() == []
    [answered] = await asked.desk.store.letters.find(kind=LetterKind.STATUS_ANSWER)
    assert answered.party == "MWI"


async def test_a_letter_that_still_waits_does_not_leave_once_the_party_has_answered(asked: PracticeDesk) -> None:
    await reply(asked, "unchanged")
    await asked.delivers()
    [copy, *_] = await asked.desk.store.deliveries.find(letter=MALAWI.key)
    assert "the party has answered" in copy.reply


async def test_a_second_reply_changes_nothing(asked: PracticeDesk) -> None:
    await reply(asked, "confirm")
    first = await asked.desk.store.confirmations.get(MALAWI.key)
    await reply(asked, "unchanged")
    assert await asked.desk.store.confirmations.get(MALAWI.key) == first


@pytest.mark.parametrize(
    ("text", "attach"),
    [("confirm\nbut the telephone is new", ""), ("confirm", "list.pdf")],
)
async def test_what_is_not_plain_waits_for_one_press(asked: PracticeDesk, text: str, attach: str) -> None:
    await reply(asked, text, attach=attach)
    assert await asked.desk.store.confirmations.get(MALAWI.key) is None
    [card] = await asked.desk.store.cards.find(kind="submission-arrived")
    actions = [await asked.desk.store.actions.get(key) for key in card.actions]
    [press] = [one for one in actions if one and one.line == "confirmation MWI confirm"]
    done, status = await asked.presses(press.key)
    assert status == 0, done.text
    answer = await asked.desk.store.confirmations.get(MALAWI.key)
    assert answer is not None
    assert answer.source.door is Door.OFFICER


async def test_a_reply_that_is_not_authenticated_confirms_nothing(asked: PracticeDesk) -> None:
    await reply(asked, "confirm", authenticated=False)
    assert await asked.desk.store.confirmations.find() == []


async def test_another_party_s_reply_to_a_forwarded_letter_confirms_nothing(asked: PracticeDesk) -> None:
    await reply(asked, "confirm", party="FRA")
    assert await asked.desk.store.confirmations.find() == []


async def test_what_was_changed_since_the_letter_is_not_confirmed_by_the_answer(asked: PracticeDesk) -> None:
    mission = await asked.contact("MWI")
    await asked.types(f"contact {mission.key} telephone +1 212 555 0142")
    await reply(asked, "confirm")
    now = await asked.contact("MWI")
    assert now.confirmed_on == mission.confirmed_on
    assert await asked.desk.store.confirmations.get(MALAWI.key)


async def proposes(desk: PracticeDesk, *changes: Change, words: str = "") -> None:
    async with desk.desk.store.transaction(by="MWI", doing="page", about=MALAWI.key, at=desk.desk.now) as tx:
        await confirmed.propose(tx, MALAWI, changes, words, confirmed.by_page(MALAWI, desk.desk), desk.desk)


async def test_a_change_is_shown_as_a_difference_and_made_with_one_press(asked: PracticeDesk) -> None:
    mission = await asked.contact("MWI")
    await proposes(asked, Change(mission.key, What.TELEPHONE, mission.telephone, "+1 212 555 0177"))
    [told] = await asked.desk.store.cards.find(kind=confirmed.PROPOSED)
    assert "0177" not in told.text + told.title
    shown = await asked.types("confirmation MWI")
    assert shown.rows[0]["now"] == "+1 212 555 0177"
    done, status = await asked.presses(shown.actions[0].key)
    assert status == 0, done.text
    now = await asked.contact("MWI")
    assert now.telephone == "+1 212 555 0177"
    fact = now.told_last("telephone")
    assert fact is not None
    assert fact.source.door is Door.PAGE


async def test_a_new_address_is_an_entry_of_its_own_and_the_old_one_ends_the_day_before(asked: PracticeDesk) -> None:
    mission = await asked.contact("MWI")
    await proposes(asked, Change(mission.key, What.ADDRESS, mission.address, "new@malawi.mission.example"))
    await confirmed.make("MWI", await act(asked))
    known = {one.address: one for one in await asked.desk.store.contacts.find(party="MWI")}
    assert known[mission.address].end == asked.desk.today - timedelta(days=1)
    assert known["new@malawi.mission.example"].serves_on(asked.desk.today)


async def test_another_party_s_address_or_a_fact_that_changed_meanwhile_is_refused_and_nothing_is_made(
    asked: PracticeDesk,
) -> None:
    mission, other = await asked.contact("MWI"), await asked.contact("FRA")
    telephone = Change(mission.key, What.TELEPHONE, mission.telephone, "+1 212 555 0177")
    await proposes(asked, telephone, Change(mission.key, What.ADDRESS, mission.address, other.address))
    with pytest.raises(Refused, match="belongs to one party"):
        await confirmed.make("MWI", await act(asked))
    assert (await asked.contact("MWI")).telephone == mission.telephone
    await asked.types(f"contact {mission.key} telephone +1 212 555 0142")
    with pytest.raises(Refused, match="changed meanwhile"):
        await confirmed.make("MWI", await act(asked))
    declined = await confirmed.decline("MWI", await act(asked))
    assert declined.state is AnswerState.DECLINED
    assert (await asked.contact("MWI")).telephone == "+1 212 555 0142"


async def test_two_answers_at_once_are_one(asked: PracticeDesk) -> None:
    mission = await asked.contact("MWI")
    change = Change(mission.key, What.TITLE, mission.title, "Chargé d’affaires")
    done = await asyncio.gather(proposes(asked, change), proposes(asked, change), return_exceptions=True)
    assert sum(isinstance(one, confirmed.Used) for one in done) == 1


async def test_a_reader_confirms_makes_and_declines_nothing(asked: PracticeDesk) -> None:
    reader = await act(asked, "reader-1")
    for flow in (confirmed.confirm, confirmed.make, confirmed.decline):
        with pytest.raises(Refused, match="takes the role officer"):
            await flow("MWI", reader)


async def test_after_two_reminders_in_vain_it_is_a_person_s_task_and_nobody_is_dropped(asked: PracticeDesk) -> None:
    before = await asked.desk.store.contacts.find(party="MWI")
    for day in (24, 26, 28, 30, 32, 54, 56, 58, 60, 62, 64, 66, 96):
        asked.desk = asked.desk.at(morning(day))
        await confirmations.send_announced(asked.desk)
        await confirmations.show_unanswered(asked.desk)
        await confirmations.announce_due(asked.desk)
    letters = await asked.desk.store.letters.find(kind=LetterKind.CONFIRMATION, party="MWI")
    assert [one.key for one in letters] == [MALAWI.key, f"{MALAWI.key}/1", f"{MALAWI.key}/2"]
    [card] = [
        one for one in await asked.desk.store.cards.find(kind=confirmations.UNANSWERED) if one.about == MALAWI.key
    ]
    assert "three times" in card.text
    listed = await asked.types("confirmations")
    [row] = [row for row in listed.rows if row["party"] == "MWI"]
    assert (row["state"], row["letters"]) == ("unanswered", 3)
    assert await asked.desk.store.contacts.find(party="MWI") == before
    await asked.types("confirmation MWI confirm")
    [decided] = [
        one for one in await asked.desk.store.cards.find(kind=confirmations.UNANSWERED) if one.about == MALAWI.key
    ]
    assert decided.decided


async def test_a_link_goes_out_only_where_there_is_a_page(desk: PracticeDesk) -> None:
    desk.desk = replace(desk.desk.at(morning(-5)), public_url="https://desk.example")
    await confirmations.announce_due(desk.desk)
    desk.desk = desk.desk.at(morning())
    await confirmations.send_announced(desk.desk)
    link = (await letter_to(desk)).words["link"]
    token = link.removeprefix("https://desk.example/t/")
    opened = page_tokens.opened(token, desk.desk.store.keys)
    assert opened is not None
    assert opened.asking == MALAWI


async def test_a_token_of_another_key_altered_or_cut_opens_nothing(desk: PracticeDesk) -> None:
    keys = desk.desk.store.keys
    token = page_tokens.made(MALAWI, TURN, keys[0])
    assert page_tokens.opened(token, keys) == (MALAWI, TURN)
    strange = page_tokens.made(MALAWI, TURN, replace(keys[0], secret=b"x" * 32))
    other = page_tokens.made(Asking("FRA", 2013), TURN, keys[0])
    mixed = ".".join([*other.split(".")[:2], token.split(".")[2]])
    cut = [token[:place] for place in range(len(token))]
    altered = [
        token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :] for place in range(len(token))
    ]
    for wrong in (strange, mixed, "", token + "A", token + "=", token.upper(), "é" * 50, "A" * 100_000, *cut, *altered):
        assert page_tokens.opened(wrong, keys) is None


async def test_an_organization_gets_a_letter_and_a_state_a_note_verbale(desk: PracticeDesk) -> None:
    organization = next(one for one in await desk.desk.store.contacts.all() if one.office is Office.OFFICE)
    turn = asked_on(organization.party, "", 2013)
    desk.desk = replace(desk.desk, facts=replace(desk.desk.facts, opened=morning(-90)))
    for day in range(-5, 4):
        desk.desk = desk.desk.at(datetime.combine(turn + timedelta(days=day), time(9, 30), NEW_YORK))
        await confirmations.send_announced(desk.desk)
        await confirmations.announce_due(desk.desk)
    letter = await letter_to(desk, organization.party)
    assert letter.words["note_verbale"] is False
