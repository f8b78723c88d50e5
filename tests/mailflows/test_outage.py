"""Our own server was away: what the clock queued waits for office hours, is kept to its last useful day, and may be let go again."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot import ticking
from bot.settings import without_environment
from committee.calendar import NEW_YORK
from committee.letters import DeliveryState
from mailflows import announcements
from mailflows.accepted import Unreachable
from tests.conftest import PracticeDesk

D = DeliveryState
AWAY = "localhost:1 does not answer"
KEY = "first-report/MWI/programme-11/3"


def at(month: int, day: int, hour: int) -> datetime:
    return datetime(2012, month, day, hour, tzinfo=NEW_YORK)


async def with_a_chair_who_stays(desk: PracticeDesk) -> None:
    """Whose delegation sits in the next year too: what was queued under another one leaves no more (test_seats)."""
    async with desk.desk.store.transaction(by="test", doing="x", about="x", at=desk.desk.now) as tx:
        for one in await tx.chairings.find(body="committee"):
            await tx.chairings.remove(one.key)
    await desk.types('chair of committee is "Ariel Docket" from 2012-09-04 --delegation GTM')


async def queued_by_the_clock(desk: PracticeDesk) -> None:
    await with_a_chair_who_stays(desk)
    await ticking.tick_until(desk.folder, desk.desk, without_environment(), at(11, 29, 9))
    desk.desk = desk.desk.at(at(12, 3, 9))
    assert len(await announcements.send_announced(desk.desk)) == 24


async def delivers_at(desk: PracticeDesk, moment: datetime, trouble: Exception | None = None) -> int:
    desk.post.troubles = {"*": [trouble] * 100} if trouble else {}
    desk.desk = desk.desk.at(moment)
    return (await desk.delivers()).sent


@pytest.mark.parametrize(
    ("back", "goes"),
    [
        (at(12, 8, 23), at(12, 10, 9)),
        (at(12, 4, 18), at(12, 5, 9)),
        (at(12, 20, 16), datetime(2013, 1, 4, 9, tzinfo=NEW_YORK)),
    ],
    ids=["Saturday night", "after five", "in the pause"],
)
async def test_what_goes_by_itself_waits_for_the_next_opening(
    desk: PracticeDesk, back: datetime, goes: datetime
) -> None:
    await queued_by_the_clock(desk)
    assert await delivers_at(desk, at(12, 3, 9), Unreachable(AWAY)) == 0
    assert await delivers_at(desk, back) == 0
    assert await delivers_at(desk, goes - timedelta(minutes=1)) == 0
    assert await delivers_at(desk, goes) == 48


async def test_receipts_do_not_wait_for_office_hours(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.mission_of("MWI")).writes("First report", attach="r.pdf"))
    assert await delivers_at(desk, at(9, 8, 23)) == 1


async def test_an_outage_of_ten_days_gives_no_reminder_up(desk: PracticeDesk) -> None:
    await queued_by_the_clock(desk)
    for day in (3, 4, 5, 6, 7, 10, 11, 12, 13):
        for hour in (9, 13):
            await delivers_at(desk, at(12, day, hour), Unreachable(AWAY))
    assert await desk.desk.store.deliveries.count(state=D.EXPIRED) == 0
    assert await delivers_at(desk, at(12, 14, 9)) == 48


async def test_what_was_given_up_is_seen_and_let_go_again_and_does_not_count_as_a_reminder(desk: PracticeDesk) -> None:
    await queued_by_the_clock(desk)
    for delivery in await desk.desk.store.deliveries.find(letter=KEY):
        async with desk.desk.store.transaction(by="test", doing="x", about="x", at=desk.desk.now) as tx:
            await tx.deliveries.put(delivery.moved(D.EXPIRED, desk.desk.now))
    rows = (await desk.types("desk")).rows
    assert next(row["count"] for row in rows if row["see"] == "outbox expired") == 2
    assert (await desk.types("remind first-report --to MWI")).fields["letters"] == 1
    card = await desk.types(f"letter {KEY} again")
    assert card.ok, card.text
    assert (await desk.types("remind first-report --to MWI")).fields["letters"] == 0
    assert await delivers_at(desk, at(12, 3, 10)) == 48


async def test_what_was_written_anew_meanwhile_does_not_go_a_second_time(desk: PracticeDesk) -> None:
    await queued_by_the_clock(desk)
    for delivery in await desk.desk.store.deliveries.find(letter=KEY):
        async with desk.desk.store.transaction(by="test", doing="x", about="x", at=desk.desk.now) as tx:
            await tx.deliveries.put(delivery.moved(D.EXPIRED, desk.desk.now))
    (written, _), (again, status) = await asyncio.gather(
        desk.answers("remind first-report --to MWI", yes=True), desk.answers(f"letter {KEY} again")
    )
    sent = await desk.desk.store.deliveries.find(party="MWI", state=D.QUEUED)
    assert len({delivery.letter for delivery in sent}) == 1, (written.text, again.text, status)


async def test_after_its_last_useful_moment_it_is_not_let_go_again(desk: PracticeDesk) -> None:
    await queued_by_the_clock(desk)
    desk.desk = desk.desk.at(datetime(2013, 3, 2, 9, tzinfo=NEW_YORK))
    await desk.delivers()
    card, status = await desk.answers(f"letter {KEY} again")
    assert (status, "last useful moment" in card.text) == (1, True)
