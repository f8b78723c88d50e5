"""At nine on each working day a card says what the day brings: once, also after an outage."""

from datetime import date, datetime, timedelta

import pytest

from bot import ticking
from bot.settings import without_environment
from committee.calendar import NEW_YORK, DayOff
from committee.cards import EventCard
from committee.errors import Unavailable
from committee.letters import DeliveryState
from mailflows import clock, morning
from tests.conftest import PracticeDesk
from tests.mailflows.accepting import copies, reminded, stands

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def ticks(desk: PracticeDesk, at: datetime) -> None:
    desk.desk = desk.desk.at(at)
    await clock.do_due(desk.desk, mail_is_read=True)


async def shown(desk: PracticeDesk) -> list[EventCard]:
    return await desk.desk.store.cards.find(kind="morning")


def at_nine(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=NEW_YORK)


async def test_it_comes_at_nine_and_once_a_day_however_often_it_ticks(desk: PracticeDesk) -> None:
    wednesday = datetime(2012, 9, 5, 8, 59, 59, tzinfo=NEW_YORK)
    await ticks(desk, wednesday)
    assert await shown(desk) == []
    for minutes in (0, 1, 300, 800):
        await ticks(desk, at_nine(wednesday.date()) + timedelta(minutes=minutes))
    assert [card.about for card in await shown(desk)] == ["2012-09-05"]


async def test_it_comes_on_working_days_alone(desk: PracticeDesk) -> None:
    async with desk.desk.store.transaction(by="test", doing="closure", about="x", at=desk.desk.now) as tx:
        await tx.days_off.put(DayOff("2012-09-11", "a hurricane", "closure", confirmed=True))
    for days in range(9):  # from Tuesday 4 to Wednesday 12 September
        for hours in (-1, 0, 5):
            await ticks(desk, at_nine(date(2012, 9, 4) + days * DAY) + hours * HOUR)
    days = [int(card.about.rpartition("-")[2]) for card in await shown(desk)]
    assert days == [4, 5, 6, 7, 10, 12]


async def test_after_an_outage_it_comes_once_and_not_for_the_days_that_were_missed(desk: PracticeDesk) -> None:
    await ticks(desk, at_nine(date(2012, 9, 4)))
    await ticks(desk, at_nine(date(2012, 9, 20)) + 8 * HOUR)
    assert [card.about for card in await shown(desk)] == ["2012-09-04", "2012-09-20"]


async def test_it_comes_though_the_mailbox_cannot_be_read_and_when_the_clock_is_changed(desk: PracticeDesk) -> None:
    for day in (date(2012, 11, 2), date(2012, 11, 5), date(2013, 3, 8), date(2013, 3, 11)):
        desk.desk = desk.desk.at(at_nine(day) - timedelta(seconds=1))
        await clock.do_due(desk.desk, mail_is_read=False)
        desk.desk = desk.desk.at(at_nine(day))
        await clock.do_due(desk.desk, mail_is_read=False)
        assert (await shown(desk))[-1].about == day.isoformat()
    assert len(await shown(desk)) == 4


@pytest.mark.long
async def test_a_practice_desk_that_goes_on_to_a_moment_has_one_each_working_day(desk: PracticeDesk) -> None:
    until = datetime(2012, 9, 12, 12, tzinfo=NEW_YORK)
    await ticking.tick_until(desk.folder, desk.desk, without_environment(), until)
    cards = await shown(desk)
    assert [int(card.about.rpartition("-")[2]) for card in cards] == [4, 5, 6, 7, 10, 11, 12]
    assert {(card.at.astimezone(NEW_YORK).hour, card.at.minute) for card in cards} == {(9, 0)}


async def test_the_next_one_is_known(desk: PracticeDesk) -> None:
    friday = datetime(2012, 9, 7, 9, tzinfo=NEW_YORK)
    assert await morning.next_moment(desk.desk.at(friday - HOUR)) == friday
    assert await morning.next_moment(desk.desk.at(friday)) == at_nine(date(2012, 9, 10))


async def test_it_says_what_goes_what_waits_who_was_not_served_and_what_is_held(desk: PracticeDesk) -> None:
    first, second = await reminded(desk)
    await stands(desk, await copies(desk, first), DeliveryState.REFUSED, reply="550 5.7.1 no")
    await stands(desk, await copies(desk, second), DeliveryState.HELD, held="wait (by Ada)")
    await desk.takes_in(
        (await desk.mission_of("KEN")).writes("Matrix: SECRET", "SECRET", attach="SECRET.pdf"),
        desk.stranger().writes("SECRET"),
    )
    await ticks(desk, at_nine(date(2012, 9, 5)))
    [card] = await shown(desk)
    assert card.title == "Wednesday 5 September 2012"
    goes, waits, not_served, held = card.text.splitlines()
    assert goes.startswith("By itself today: nothing.")
    assert "1 submission, 1 mail set aside" in waits
    assert not_served.startswith("Not served: ")
    assert "Malawi" in not_served
    assert "Zambia" not in not_served
    assert held.startswith("Still held: 1 letter.")
    assert "SECRET" not in repr(card)
    await desk.types("stop")
    await ticks(desk, at_nine(date(2012, 9, 6)))
    assert "Still held: everything, since " in (await shown(desk))[-1].text


@pytest.mark.long
async def test_on_the_day_of_the_reminders_it_names_them_before_they_go(desk: PracticeDesk) -> None:
    await ticks(desk, datetime(2012, 11, 29, 9, tzinfo=NEW_YORK))
    await ticks(desk, datetime(2012, 12, 3, 9, tzinfo=NEW_YORK))
    assert len(await desk.outbox()) == 24
    [goes, *_] = (await shown(desk))[-1].text.splitlines()
    assert goes.startswith("By itself today: 24 reminders (Mon 3 December 2012, 9 a.m. New York), to Cape Verde, ")
    assert goes.endswith("and 12 more.")


async def breaks(*_: object) -> str:
    raise ZeroDivisionError("hunter2")


@pytest.mark.parametrize("line", ["By itself today", "Waits", "Not served", "Still held"])
async def test_where_one_line_cannot_be_told_the_card_comes_and_says_so(
    desk: PracticeDesk, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setitem(morning._LINES, line, breaks)
    await ticks(desk, at_nine(date(2012, 9, 5)))
    [card] = await shown(desk)
    lines = card.text.split("\n")
    assert len(lines) == 4
    assert [one.partition(":")[0] for one in lines if "could not be told today" in one] == [line]
    assert "hunter2" not in card.text


async def test_where_nothing_can_be_counted_the_card_comes_all_the_same(
    desk: PracticeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailflows.work_queue.counts", breaks)
    await ticks(desk, at_nine(date(2012, 9, 5)))
    [card] = await shown(desk)
    assert (card.fields, "Waits: this could not be told today" in card.text) == ({}, True)


async def test_while_the_store_is_away_it_waits_for_the_next_tick(
    desk: PracticeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> str:
        raise Unavailable("the store")

    with monkeypatch.context() as patched:
        patched.setitem(morning._LINES, "Waits", away)
        with pytest.raises(Unavailable):
            await ticks(desk, at_nine(date(2012, 9, 5)))
    assert await shown(desk) == []
    await ticks(desk, at_nine(date(2012, 9, 5)) + HOUR)
    [card] = await shown(desk)
    assert "could not be told" not in card.text
