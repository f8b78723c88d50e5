"""A quarter by the clock: every State yet to report has its letter of the cycle, announced before, on a working day."""

import shutil
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot import building, ticking
from bot.demo.mails import Letterbox, pdf, written
from bot.settings import without_environment
from committee.calendar import NEW_YORK, is_working_day
from committee.cards import Card
from committee.confirmations import Answer, AnswerState, Asking
from mailflows import confirmed, parties
from tests.conftest import PracticeDesk

pytestmark = pytest.mark.long

SETTINGS = without_environment()


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2012, month, day, hour, tzinfo=NEW_YORK)


async def until(desk: PracticeDesk, moment: datetime) -> list[Card]:
    """The clock goes on to `moment`, through all that is due on the way."""
    cards = await ticking.tick_until(desk.folder, desk.desk, SETTINGS, moment)
    desk.desk = desk.desk.at(moment)
    return cards


async def sent(desk: PracticeDesk, cycle: int = 3) -> dict[str, datetime]:
    """When each State's letter of the cycle was queued."""
    letters = await desk.desk.store.letters.find(kind="first-report-reminder")
    return {one.party: one.queued_at.astimezone(NEW_YORK) for one in letters if one.key.endswith(f"/{cycle}")}


async def has_every_entry_confirmed(desk: PracticeDesk, year: int) -> None:
    """So that the only letters of that year are reminders: nobody is asked about its entry in the address book."""
    async with desk.desk.store.transaction(by="test", doing="confirmed", about="all", at=desk.desk.now) as tx:
        for party in await parties.all_on(tx, desk.desk.at(datetime(year, 2, 1, tzinfo=NEW_YORK))):
            asking = Asking(party.key, year)
            source = confirmed.by_page(asking, desk.desk)
            await tx.confirmations.put(Answer(asking.key, party.key, AnswerState.UNCHANGED, source))


async def test_each_state_yet_to_report_is_announced_on_thursday_and_written_to_on_monday(desk: PracticeDesk) -> None:
    cards = await until(desk, at(12, 31))
    done = [(card.fields["at"].astimezone(NEW_YORK), card.fields["announced"], card.fields["queued"]) for card in cards]
    assert [one for one in done if one[1:] != (0, 0)] == [(at(11, 29), 24, 0), (at(12, 3), 0, 24)]
    off = {day.day for day in await desk.desk.store.days_off.all()}
    days = [at(9, 4) + timedelta(days=n) for n in range((at(12, 31) - at(9, 4)).days + 1)]
    mornings = [day.replace(hour=9) for day in days if is_working_day(day.date(), off)]
    assert [moment for moment, *_ in done] == mornings  # each has its card, and it ticks at no other moment
    assert [card.at.astimezone(NEW_YORK) for card in await desk.desk.store.cards.find(kind="morning")] == mornings
    assert set((await sent(desk)).values()) == {at(12, 3)}


async def test_what_fell_due_by_the_opening_day_is_listed_and_not_sent(desk: PracticeDesk) -> None:
    await until(desk, at(9, 30))
    assert await desk.outbox() == []
    rows = (await desk.types("due")).rows
    assert {row["goes"] for row in rows if row["kind"] == "first-report-reminder"} == {False}


async def test_a_promise_a_hold_a_report_and_a_closure_in_between_each_do_what_they_should(desk: PracticeDesk) -> None:
    await desk.types('state LSO note "Deputy says December" --until 2012-12-10')
    await until(desk, at(11, 29, 12))
    await desk.types('letter first-report/ZMB/programme-11/3 hold "they have telephoned"', by="reader-1")
    report = written(
        (await desk.capital_of("MWI")).address,
        desk.desk.address,
        "First report",
        "Enclosed.",
        at=at(11, 30),
        files={"r.pdf": pdf("r")},
    )
    Letterbox(desk.folder / building.INCOMING).brings(report, at(11, 30))
    card = await desk.types('closure add 2012-12-03 "a storm"')
    assert len([row for row in card.rows if row["is"]]) == 22, card.text  # all but Lesotho and Zambia
    await until(desk, at(12, 9))
    letters = await sent(desk)
    assert len(letters) == 24 - 3
    assert set(letters.values()) == {at(12, 4)}  # the closure moved Monday to Tuesday; the announcement still counts
    assert {"LSO", "ZMB", "MWI"}.isdisjoint(letters)
    await desk.types("letter first-report/ZMB/programme-11/3 release")
    await until(desk, at(12, 19))
    assert (await sent(desk))["ZMB"] == at(12, 10)
    assert (await sent(desk))["LSO"] == at(12, 11)


async def test_what_was_reminded_by_hand_waits_28_days_in_the_next_cycle(desk: PracticeDesk) -> None:
    await until(desk, at(11, 20))
    await desk.answers("remind first-report --to MWI", yes=True)
    await until(desk, at(12, 31))
    letters = await sent(desk)
    assert letters["MWI"] == at(12, 18)
    assert letters["ZMB"] == at(12, 3)


async def test_after_more_than_three_silent_days_what_was_announced_waits_for_an_officer(desk: PracticeDesk) -> None:
    await until(desk, at(11, 29, 12))
    card = await ticking.tick(desk.folder, desk.desk, SETTINGS, at=at(12, 10))
    assert (card.fields["held"], card.fields["queued"]) == (24, 0)
    desk.desk = desk.desk.at(at(12, 10))
    await desk.types("letter first-report/MWI/programme-11/3 release")
    await until(desk, at(12, 11))
    assert [*(await sent(desk))] == ["MWI"]


async def test_nothing_goes_while_a_mailbox_cannot_be_read_to_its_end(desk: PracticeDesk) -> None:
    await until(desk, at(11, 29, 12))
    missing = SETTINGS.model_copy(update={"inboxes": (building.MaildirPath(Path("/nonexistent")),)})
    cards = await ticking.tick_until(desk.folder, desk.desk, missing, at(12, 3, 10))
    assert {card.fields["queued"] for card in cards} == {0}
    assert "no Maildir" in cards[-1].notes[0]


async def test_an_unconfirmed_years_holidays_stop_what_goes_by_itself(desk: PracticeDesk) -> None:
    from dataclasses import replace

    async with desk.desk.store.transaction(by="test", doing="doubt", about="holidays", at=desk.desk.now) as tx:
        for day in await tx.days_off.all():
            await tx.days_off.put(replace(day, confirmed=False))
    await until(desk, at(12, 31))
    assert await desk.outbox() == []


async def test_in_every_cycle_each_state_is_written_to_once_on_a_working_day_and_announced_a_whole_one_before(
    desk: PracticeDesk,
) -> None:
    """To the end of the programme, counted anew here: two quarters begin in it."""
    await has_every_entry_confirmed(desk, 2013)
    yet_to_report = {row["key"] for row in (await desk.types("states non-reporting")).rows}
    await until(desk, datetime(2013, 5, 31, 17, tzinfo=NEW_YORK))
    off = {day.day for day in await desk.desk.store.days_off.all()}

    def works(day: date) -> bool:
        return day.weekday() < 5 and day not in off

    letters = await desk.desk.store.letters.find(kind="first-report-reminder")
    assert Counter((one.key.rpartition("/")[2], one.party) for one in letters) == Counter(
        (cycle, state) for cycle in ("3", "4") for state in yet_to_report
    )
    for letter in letters:
        went = letter.queued_at.astimezone(NEW_YORK)
        assert (works(went.date()), went.time()) == (True, time(9))
        announced = await desk.desk.store.announcements.get(letter.key)
        assert announced
        days = (went.date() - announced.announced_at.astimezone(NEW_YORK).date()).days
        assert sum(works(went.date() - timedelta(days=n)) for n in range(1, days)) >= 1, letter.key
    deliveries = await desk.desk.store.deliveries.find(kind="first-report-reminder")
    assert {one.state for one in deliveries} == {"sent"}
    assert len([*(desk.folder / building.OUTGOING / "new").iterdir()]) == len(deliveries) == 2 * 2 * len(yet_to_report)


async def eventful(desk: PracticeDesk, goes: Callable[[PracticeDesk, datetime], Awaitable[object]]) -> list[object]:
    """A quarter with a promise, a hold, a report, a closure and a release; the letters that came of it."""
    await desk.types('state LSO note "Deputy says December" --until 2012-12-10')
    await goes(desk, at(11, 29, 12))
    await desk.types('letter first-report/ZMB/programme-11/3 hold "they have telephoned"', by="reader-1")
    sender = (await desk.capital_of("MWI")).address
    report = written(sender, desk.desk.address, "First report", "Enclosed.", at=at(11, 30), files={"r.pdf": pdf("r")})
    report.replace_header("Message-ID", "<report@mission.test>")  # which the receipt names
    Letterbox(desk.folder / building.INCOMING).brings(report, at(11, 30))
    await desk.types('closure add 2012-12-03 "a storm"')
    await goes(desk, at(12, 9))
    await desk.types("letter first-report/ZMB/programme-11/3 release")
    await goes(desk, at(12, 31))
    deliveries = await desk.desk.store.deliveries.find()
    return sorted((one.key, one.address, one.state, one.since, one.reply, one.sha256) for one in deliveries)


async def day_by_day(desk: PracticeDesk, moment: datetime) -> None:
    """As a host does that ticks each morning."""
    while True:
        await ticking.tick(desk.folder, desk.desk, SETTINGS, at=desk.desk.now)
        if desk.desk.now >= moment:
            return
        tomorrow = desk.desk.now.astimezone(NEW_YORK).date() + timedelta(days=1)
        desk.desk = desk.desk.at(min(datetime.combine(tomorrow, time(9), NEW_YORK), moment))


async def test_an_eventful_quarter_has_the_same_letters_each_time_in_one_go_or_day_by_day(
    founded: Path, tmp_path: Path
) -> None:
    stories = []
    for name, goes in (("one", until), ("two", until), ("three", day_by_day)):
        shutil.copytree(founded, tmp_path / name)
        async with building.open_desk(tmp_path / name, SETTINGS) as opened:
            stories.append(await eventful(PracticeDesk(tmp_path / name, opened), goes))
    assert len(stories[0]) == 2 * 23 + 2  # all but Malawi, whose receipt has two copies
    assert stories[0] == stories[1]
    assert stories[0] == stories[2]


@pytest.mark.long
async def test_the_same_start_gives_the_same_letters(founded: Path, tmp_path: Path) -> None:
    stories = []
    for name in ("one", "two"):
        shutil.copytree(founded, tmp_path / name)
        async with building.open_desk(tmp_path / name, SETTINGS) as opened:
            desk = PracticeDesk(tmp_path / name, opened)
            await until(desk, at(12, 31))
            deliveries = await opened.store.deliveries.find()  # in an order that is drawn each time
            stories.append(sorted((one.key, one.address, one.state, one.since, one.sha256) for one in deliveries))
    assert stories[0] == stories[1]
