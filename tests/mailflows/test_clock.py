"""The desk looks at its clock: what cannot be trusted holds what was announced, and a person lets it go."""

from datetime import datetime, timedelta

import pytest

from committee.calendar import NEW_YORK
from committee.letters import LetterKind
from mailflows import announcements, clock
from tests.conftest import PracticeDesk

pytestmark = pytest.mark.long

ANNOUNCED = datetime(2012, 11, 29, 9, tzinfo=NEW_YORK)
GOES = datetime(2012, 12, 3, 9, tzinfo=NEW_YORK)


async def tick(desk: PracticeDesk, at: datetime) -> int:
    """A tick at a moment: how many letters it queued."""
    desk.desk = desk.desk.at(at)
    await clock.look(desk.desk)
    _, letters = await clock.do_due(desk.desk, mail_is_read=True)
    return len(letters)


async def announced(desk: PracticeDesk) -> None:
    await tick(desk, ANNOUNCED)
    assert len(await desk.desk.store.announcements.find(state="announced")) == 24


async def each_day(desk: PracticeDesk, until: datetime) -> int:
    """The desk ticks on until a moment: how many letters it queued."""
    count = 0
    while desk.desk.now < until:
        count += await tick(desk, min(desk.desk.now + timedelta(hours=12), until))
    return count


async def test_a_desk_that_ticks_on_sends_what_it_announced(desk: PracticeDesk) -> None:
    await announced(desk)
    assert await each_day(desk, GOES) == 24


@pytest.mark.parametrize(
    ("moments", "why"),
    [
        ((ANNOUNCED + timedelta(hours=2), ANNOUNCED + timedelta(hours=1)), "moved back by 1.0 hours"),
        ((ANNOUNCED + timedelta(days=10),), "did not tick for 10 days"),
    ],
    ids=["an hour back", "ten days without power"],
)
async def test_after_a_silence_or_a_jump_nothing_goes_until_an_officer_says_so(
    desk: PracticeDesk, moments: tuple[datetime, ...], why: str
) -> None:
    await announced(desk)
    for moment in moments:
        assert await tick(desk, moment) == 0
    held = await desk.desk.store.announcements.find(state="held")
    assert len(held) == 24
    assert why in held[0].why
    assert await each_day(desk, max(desk.desk.now, GOES) + timedelta(days=1)) == 0
    assert await desk.desk.store.letters.count(kind=LetterKind.FIRST_REPORT_REMINDER) == 0
    alarms = [card for card in await desk.desk.store.cards.find(kind="alarm") if "announced letters wait" in card.title]
    assert len(alarms) == 1


async def test_a_year_ahead_for_an_hour_sends_nothing_then_and_each_letter_once_after_it_was_announced_anew(
    desk: PracticeDesk,
) -> None:
    await announced(desk)
    for minutes in (0, 1, 60):
        assert await tick(desk, ANNOUNCED + timedelta(days=365, minutes=minutes)) == 0
    assert await tick(desk, ANNOUNCED + timedelta(hours=1)) == 0
    anew = await desk.desk.store.announcements.find(state="announced")
    assert {one.announced_at for one in anew} == {desk.desk.now}
    assert await each_day(desk, GOES - timedelta(hours=1)) == 0
    assert await each_day(desk, GOES + timedelta(days=3)) == 24


async def test_what_an_officer_lets_go_after_a_jump_goes_once(desk: PracticeDesk) -> None:
    await announced(desk)
    await tick(desk, ANNOUNCED + timedelta(hours=2))
    await tick(desk, ANNOUNCED + timedelta(hours=1))
    await desk.types("letter first-report/MWI/programme-11/3 release")
    assert await each_day(desk, GOES + timedelta(days=3)) == 1
    assert await announcements.announce_due(desk.desk) == []
