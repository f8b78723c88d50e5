"""What was queued before the year turned: it reaches nobody who has left since, and leaves under no Chair who is one no more."""

from datetime import date, datetime, timedelta

import pytest

from bot import ticking
from bot.settings import without_environment
from committee.calendar import NEW_YORK
from committee.contacts import Office
from committee.letters import DeliveryState, Letter, LetterKind
from mailflows import announcements, correspondents, letters, outbox, seats
from mailflows.accepted import Unreachable
from tests.conftest import PracticeDesk

D = DeliveryState
LAST_MINUTE = datetime(2012, 12, 31, 23, 59, tzinfo=NEW_YORK)
FIRST_MINUTE = datetime(2013, 1, 1, 0, 1, tzinfo=NEW_YORK)
LEAVES, STAYS, COMES = "COL", "AZE", "ARG"
REMINDER = "first-report/MWI/programme-11/3"


def at(desk: PracticeDesk, moment: datetime) -> PracticeDesk:
    desk.desk = desk.desk.at(moment)
    return desk


async def queued(desk: PracticeDesk, *states: str, text: str = "The meeting is on Friday.") -> list[Letter]:
    """One release to several delegations, as a post to a list is: a letter each, queued in one commit."""
    to = [await correspondents.of_party(desk.desk.store, f"delegation/{state}", desk.desk) for state in states]
    drafts = [letters.letter(one, subject="Meeting", text=text, nth=1, desk=desk.desk) for one in to]
    async with desk.desk.store.transaction(by="officer-1", doing="x", about="x", at=desk.desk.now) as tx:
        return await outbox.queue(tx, drafts, release="R-2012-0009", by="officer-1", desk=desk.desk)


async def cards_of(desk: PracticeDesk, kind: str) -> list[str]:
    return [card.about for card in await desk.desk.store.cards.find(kind=kind)]


async def states_of(desk: PracticeDesk, letter: str) -> set[DeliveryState]:
    return {one.state for one in await desk.desk.store.deliveries.find(letter=letter)}


def handed(desk: PracticeDesk) -> set[str]:
    return {address.partition("@")[2].partition(".")[0] for address, _ in desk.post.handed}


async def test_a_letter_of_the_last_minute_does_not_reach_who_has_left_in_the_first(desk: PracticeDesk) -> None:
    await queued(at(desk, LAST_MINUTE), LEAVES, STAYS, COMES)
    await at(desk, FIRST_MINUTE).delivers()
    assert handed(desk) == {"azerbaijan", "argentina"}
    [withdrawn] = {one.reply for one in await desk.desk.store.deliveries.find(state=D.WITHDRAWN)}
    assert withdrawn == seats.HAS_LEFT
    assert await desk.desk.store.deliveries.count(party="delegation/COL") == 2  # no further address was tried for it
    assert await cards_of(desk, "not-served") == []
    assert await cards_of(desk, seats.KIND) == ["R-2012-0009"]


async def test_a_letter_of_the_last_minute_that_leaves_in_it_reaches_everybody(desk: PracticeDesk) -> None:
    await queued(at(desk, LAST_MINUTE), LEAVES, STAYS)
    await desk.delivers()
    assert handed(desk) == {"colombia", "azerbaijan"}


async def test_midnight_is_new_yorks(desk: PracticeDesk) -> None:
    await queued(at(desk, datetime(2012, 12, 31, 12, tzinfo=NEW_YORK)), LEAVES)
    in_europe_it_is_january = datetime(2012, 12, 31, 20, tzinfo=NEW_YORK)
    await at(desk, in_europe_it_is_january).delivers()
    assert handed(desk) == {"colombia"}


async def test_an_outage_over_the_turn_of_the_year_reaches_nobody_who_has_left(desk: PracticeDesk) -> None:
    await queued(at(desk, LAST_MINUTE - timedelta(hours=8)), LEAVES, STAYS)
    desk.post.troubles = {"*": [Unreachable("localhost:1 does not answer")] * 100}
    await desk.delivers()
    assert desk.post.handed == []
    desk.post.troubles = {}
    await at(desk, datetime(2013, 1, 2, 9, tzinfo=NEW_YORK)).delivers()
    assert handed(desk) == {"azerbaijan"}
    assert await cards_of(desk, seats.KIND) == ["R-2012-0009"]


async def test_a_clock_that_is_set_back_over_the_turn_lets_nothing_go_after_all(desk: PracticeDesk) -> None:
    await queued(at(desk, LAST_MINUTE), LEAVES)
    await at(desk, FIRST_MINUTE).delivers()
    await at(desk, LAST_MINUTE).delivers()
    await at(desk, FIRST_MINUTE).delivers()
    assert desk.post.handed == []
    assert len(await cards_of(desk, seats.KIND)) == 1


async def test_whoever_was_written_to_as_a_former_member_gets_it(desk: PracticeDesk) -> None:
    await queued(at(desk, FIRST_MINUTE), LEAVES)
    await desk.delivers()
    assert handed(desk) == {"colombia"}


async def test_a_receipt_reaches_the_state_whose_term_has_ended(desk: PracticeDesk) -> None:
    at(desk, LAST_MINUTE)
    await desk.takes_in((await desk.mission_of("COL")).writes("Additional information", attach="a.pdf"))
    coordinator = (await desk.contact("delegation/DEU", Office.DELEGATION)).address
    await desk.takes_in(desk.stranger(coordinator).writes("Additional information", attach="b.pdf", data=b"%PDF-1.4 b"))
    await at(desk, FIRST_MINUTE).delivers()
    assert {"colombia", "germany"} <= handed(desk)


async def test_an_address_of_a_delegation_that_has_ended_gets_nothing(desk: PracticeDesk) -> None:
    [letter] = await queued(at(desk, LAST_MINUTE), STAYS)
    first = letter.addressees[0].address
    contact = next(one for one in await desk.desk.store.contacts.find(address=first))
    await desk.types(f"contact {contact.key} end 2012-12-31")
    await at(desk, FIRST_MINUTE).delivers()
    assert first not in {address for address, _ in desk.post.handed}
    assert handed(desk) == {"azerbaijan"}


async def reminded(desk: PracticeDesk) -> Letter:
    preview = await desk.types("remind first-report --to MWI")
    await desk.presses(preview.actions[0].key)
    return next(one for one in reversed(await desk.outbox()) if one.kind is LetterKind.FIRST_REPORT_REMINDER)


async def test_nothing_leaves_under_a_chair_who_is_one_no_more_and_the_next_may_write_it_anew(
    desk: PracticeDesk,
) -> None:
    before = await reminded(at(desk, LAST_MINUTE))
    await at(desk, FIRST_MINUTE).delivers()
    assert desk.post.handed == []
    assert await states_of(desk, before.key) == {D.WITHDRAWN}
    card = await desk.desk.store.cards.get(f"{seats.KIND}/{before.release}")
    assert card
    assert card.text.startswith(seats.UNDER_ANOTHER)
    assert await cards_of(desk, "not-served") == []
    after = await reminded(desk)
    await desk.delivers()
    assert {address for address, _ in desk.post.handed} == {one.address for one in after.addressees}
    assert (before.words["chair"], after.words["chair"]) == ("committee/ZAF", "committee/KOR")


async def test_reminders_of_the_clock_that_an_outage_kept_over_the_turn_wait_for_an_officer(desk: PracticeDesk) -> None:
    await ticking.tick_until(desk.folder, desk.desk, without_environment(), datetime(2012, 11, 29, 9, tzinfo=NEW_YORK))
    at(desk, datetime(2012, 12, 3, 9, tzinfo=NEW_YORK))
    assert len(await announcements.send_announced(desk.desk)) == 24
    desk.post.troubles = {"*": [Unreachable("localhost:1 does not answer")] * 100}
    await desk.delivers()
    desk.post.troubles = {}
    await at(desk, datetime(2013, 1, 4, 9, tzinfo=NEW_YORK)).delivers()
    assert desk.post.handed == []
    [card] = await desk.desk.store.cards.find(kind=seats.KIND)
    assert card.title.startswith("24 letters of ")
    offers = [await desk.desk.store.actions.get(key) for key in card.actions]
    [anew] = [one.key for one in offers if one and one.line == "remind first-report"]
    preview, _ = await desk.presses(anew)
    assert preview.fields["letters"] == 24


async def test_where_nobody_is_in_the_chair_what_was_released_under_the_last_one_stays(desk: PracticeDesk) -> None:
    async with desk.desk.store.transaction(by="test", doing="x", about="x", at=desk.desk.now) as tx:
        await tx.chairings.remove("committee/KOR")
    await reminded(at(desk, LAST_MINUTE))
    await at(desk, FIRST_MINUTE).delivers()
    assert desk.post.handed == []
    card = await desk.types("remind first-report --to ZMB")
    assert not card.ok
    assert "the Chair's letters wait" in card.text


@pytest.mark.parametrize("when", [LAST_MINUTE, FIRST_MINUTE])
async def test_a_chair_without_an_end_leaves_with_the_delegation(desk: PracticeDesk, when: datetime) -> None:
    async with desk.desk.store.transaction(by="test", doing="x", about="x", at=desk.desk.now) as tx:
        await tx.chairings.remove("committee/KOR")
        await tx.chairings.remove("committee/ZAF")
    await desk.types('chair of committee is "Noor Gavel" from 2012-09-04 --delegation ZAF', by="officer-1")
    card = await at(desk, when).types("remind first-report --to MWI")
    assert card.ok is (when is LAST_MINUTE)


async def test_a_reminder_whose_report_has_come_asks_for_no_further_address(desk: PracticeDesk) -> None:
    letter = await reminded(desk)
    await desk.takes_in((await desk.mission_of("MWI")).writes("First report", attach="r.pdf"))
    await desk.delivers()
    assert await states_of(desk, letter.key) == {D.WITHDRAWN}
    assert await cards_of(desk, "not-served") == []


async def members_of(desk: PracticeDesk, day: date) -> set[str]:
    rows = (await desk.types(f"list all-delegations on {day.isoformat()}")).rows
    return {str(row["party"]) for row in rows}


async def test_the_list_of_all_delegations_differs_by_exactly_ten_between_the_years(desk: PracticeDesk) -> None:
    before = await members_of(desk, date(2012, 12, 31))
    after = await members_of(desk, date(2013, 1, 2))
    assert len(before) == len(after) == 15
    assert {one.removeprefix("delegation/") for one in before - after} == {"COL", "DEU", "IND", "PRT", "ZAF"}
    assert {one.removeprefix("delegation/") for one in after - before} == {"ARG", "AUS", "KOR", "LUX", "RWA"}
