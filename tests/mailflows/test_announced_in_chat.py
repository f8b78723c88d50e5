"""What goes by itself is announced in chat: it counts from when it stands there, waits while chat is down, and can be held there."""

from datetime import datetime, timedelta

import pytest

from committee.calendar import NEW_YORK
from committee.letters import DeliveryState, LetterKind
from mailflows import channels, clock
from mailflows.chat import Away
from mailflows.presses import Act
from tests.conftest import PracticeDesk
from tests.mailflows.scripted_chat import ADMINISTRATOR, DESK, Secretariat

pytestmark = pytest.mark.long

ANNOUNCED = datetime(2012, 11, 29, 9, tzinfo=NEW_YORK)  # a Thursday
GOES = datetime(2012, 12, 3, 9, tzinfo=NEW_YORK)
KIND = LetterKind.FIRST_REPORT_REMINDER


async def tick(at: Secretariat, moment: datetime) -> int:
    """A tick at that moment, and what chat takes then: how many letters it queued."""
    await at.passes(moment - at.now)
    await clock.look(at.desk.desk, went_on=True)
    _, letters = await clock.do_due(at.desk.desk, mail_is_read=True)
    now, seconds = at.desk.desk, at.seconds
    await at.posts()
    at.desk.desk, at.seconds = now, seconds + 600
    return len(letters)


async def announced(desk: PracticeDesk, *, down: bool = False) -> Secretariat:
    at = await Secretariat(desk).has()
    if down:
        at.chat.down = lambda: Away("connection refused")
    await tick(at, ANNOUNCED)
    assert len(await desk.desk.store.announcements.find(state="announced")) == 24
    return at


async def test_what_stands_in_chat_at_once_goes_on_its_day(desk: PracticeDesk) -> None:
    at = await announced(desk)
    assert [one.told_at is not None for one in await desk.desk.store.announcements.find()] == [True] * 24
    assert await tick(at, GOES - timedelta(minutes=1)) == 0
    assert await tick(at, GOES) == 24


async def test_an_announcement_counts_from_when_chat_took_it(desk: PracticeDesk) -> None:
    at = await announced(desk, down=True)
    friday = datetime(2012, 11, 30, 15, tzinfo=NEW_YORK)
    at.chat.down = None
    assert await tick(at, friday) == 0
    assert at.chat.in_channel(DESK)
    lines = [str(row["said"]) for row in (await at.desk.types("log first-report/MWI/programme-11/3")).rows]
    assert any(line.startswith(f"Told in chat, in {DESK}: 24 reminders") for line in lines)
    assert "first-report/MWI/programme-11/3 counts as announced from this moment." in lines
    for moment in (GOES, GOES + timedelta(hours=7)):
        assert await tick(at, moment) == 0
    assert await tick(at, GOES + timedelta(days=1)) == 24


async def test_what_cannot_be_announced_waits_and_says_so(desk: PracticeDesk) -> None:
    at = await announced(desk, down=True)
    for days in range(8):
        assert await tick(at, GOES + timedelta(days=days)) == 0
    due = await desk.types("due")
    assert {row["rule"] for row in due.rows if row["kind"] == KIND} >= {"it waits to be announced in chat"}
    assert await desk.desk.store.letters.count(kind=KIND) == 0
    at.chat.down = None
    wednesday = datetime(2012, 12, 12, 10, tzinfo=NEW_YORK)
    assert await tick(at, wednesday) == 0
    assert await tick(at, wednesday + timedelta(days=2) - timedelta(hours=1)) == 24


async def test_what_a_person_presses_goes_at_once_though_chat_is_down(desk: PracticeDesk) -> None:
    at = await announced(desk, down=True)
    card = await desk.types("remind first-report --to MWI")
    _, status = await desk.presses(card.actions[0].key)
    assert status == 0
    at.chat.down = None
    assert await tick(at, ANNOUNCED + timedelta(hours=1)) == 0
    assert await tick(at, GOES) == 23


async def test_a_desk_that_leaves_its_channel_announces_without_chat(desk: PracticeDesk) -> None:
    at = await announced(desk, down=True)
    await channels.leave(DESK, Act(ADMINISTRATOR, desk.desk))
    assert {one.waits_for for one in await desk.desk.store.announcements.find()} == {""}
    assert await tick(at, GOES) == 24


async def hold_button(at: Secretariat) -> str:
    [card] = await at.desk.desk.store.cards.find(kind="reminder-announced")
    [hold] = card.actions
    return hold


@pytest.mark.parametrize("who", ["reader-1", "officer-1"])
async def test_anybody_of_the_staff_holds_all_of_it_on_the_card(desk: PracticeDesk, who: str) -> None:
    at = await announced(desk)
    card, status = await desk.presses(await hold_button(at), "Malawi has called", by=who)
    assert (status, card.title) == (0, "24 letters held")
    await at.posts()
    [shown] = [one.shown for one in at.chat.messages if one.key.startswith("reminder-announced/")]
    assert shown.actions == ()
    assert shown.card.decided.startswith("24 letters held by ")
    assert "Malawi has called" not in repr(shown)
    assert await tick(at, GOES) == 0
    await desk.types("letter first-report/MWI/programme-11/3 release")
    assert await tick(at, GOES + timedelta(days=1)) == 1


async def test_a_hold_works_until_the_last_moment_and_says_what_it_still_held(desk: PracticeDesk) -> None:
    at = await announced(desk)
    button = await hold_button(at)
    assert await tick(at, GOES) == 24
    [first, *_] = await desk.desk.store.letters.find(kind=KIND)
    async with desk.desk.store.transaction(by="test", doing="left", about="x", at=at.now) as tx:
        for copy in await tx.deliveries.find(letter=first.key):
            sending = copy.moved(DeliveryState.CLAIMED, at.now).moved(DeliveryState.SENDING, at.now)
            await tx.deliveries.put(sending.moved(DeliveryState.SENT, at.now))
    card, status = await desk.presses(button, "wait")
    assert (status, card.title) == (0, "23 letters held")
    assert await desk.desk.store.deliveries.count(kind=KIND, state=DeliveryState.HELD) == 46
    again, status = await desk.presses(button, "wait")
    assert (status, "pressed already" in again.text) == (1, True)


async def test_where_nothing_is_still_to_go_a_hold_changes_nothing(desk: PracticeDesk) -> None:
    at = await announced(desk)
    await desk.presses(await hold_button(at), "wait")
    [card] = await desk.desk.store.cards.find(kind="reminder-announced")
    _, status = await desk.answers(f"announced {card.about.partition('/')[2]} hold again")
    assert status == 1
    _, status = await desk.answers("announced 2012-11-28T09:00:00-05:00 hold again")
    assert status == 1


async def test_a_closure_that_is_added_before_the_card_stands_in_chat_says_what_it_moves(desk: PracticeDesk) -> None:
    at = await announced(desk, down=True)
    card = await desk.types("closure add 2012-12-03 storm")
    assert card.text.startswith("24 letters moved. The first goes Tue 4 December 2012, 9 a.m. New York.")
    preview = await desk.types("closure tell 2012-12-03")
    assert preview.fields["letters"] == 24
    at.chat.down = None
    assert await tick(at, ANNOUNCED + timedelta(hours=1)) == 0
    assert await tick(at, GOES) == 0
    assert await tick(at, GOES + timedelta(days=1)) == 24
