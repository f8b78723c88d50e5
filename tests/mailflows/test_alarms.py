"""Something stands still: one card when it does, one when it is over, also when the desk is started anew in between."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from committee.cards import EventCard
from committee.desk import Backup
from committee.errors import Unavailable
from mailflows import backups
from mailflows.alarms import Measured, Watch, oldest_due
from mailflows.desk import Desk
from mailflows.figures import Figures
from mailflows.founding import found
from mailflows.outbox import deliver_due
from storage.store import Store
from tests.conftest import PracticeDesk

MINUTE = timedelta(minutes=1)


async def cards_of(desk: Desk, kind: str) -> list[EventCard]:
    return [card for card in await desk.store.cards.find(kind=kind) if card.about.startswith("letters-late/")]


@pytest.fixture
async def waiting(desk: PracticeDesk) -> PracticeDesk:
    """Two copies of a receipt are queued, and nobody delivers."""
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    return desk


async def looks(watch: Watch, desk: PracticeDesk, first: int, last: int, rate: float | None = None) -> list[str]:
    """One look a minute; the alarms that stand after the last."""
    standing = []
    for minute in range(first, last + 1):
        standing = await watch.look(desk.desk.at(desk.desk.now + minute * MINUTE), Measured(rate=rate))
    return [alarm.key for alarm in standing]


async def test_after_a_quarter_of_an_hour_one_card_and_when_it_is_over_another(waiting: PracticeDesk) -> None:
    watch, desk = Watch(Figures()), waiting.desk
    assert await looks(watch, waiting, 0, 15) == []
    assert await looks(watch, waiting, 16, 60) == ["letters-late"]
    [told] = await cards_of(desk, "alarm")
    assert "16 minutes behind its turn" in told.text
    assert (told.decided, await cards_of(desk, "alarm-over")) == ("", [])
    await deliver_due(desk.at(desk.now + 61 * MINUTE), waiting.post)
    assert await looks(watch, waiting, 62, 70) == []
    [over] = await cards_of(desk, "alarm-over")
    assert over.title == "Letters leave in their turn again"
    [told] = await cards_of(desk, "alarm")
    assert told.decided.startswith("over, ")
    assert await desk.store.lateness.all() == []


async def test_a_second_time_is_a_second_card(waiting: PracticeDesk) -> None:
    watch, desk = Watch(Figures()), waiting.desk
    await looks(watch, waiting, 0, 20)
    await waiting.types("stop")
    assert await looks(watch, waiting, 21, 22) == []  # what a person stopped is not late
    await waiting.types("resume")
    assert await looks(watch, waiting, 23, 60) == ["letters-late"]
    assert (len(await cards_of(desk, "alarm")), len(await cards_of(desk, "alarm-over"))) == (2, 1)


async def test_a_desk_that_is_started_anew_goes_on_counting_and_tells_nothing_twice(waiting: PracticeDesk) -> None:
    for minute in range(30):  # each look by a process of its own, as from cron
        await looks(Watch(Figures()), waiting, minute, minute)
    assert len(await cards_of(waiting.desk, "alarm")) == 1
    await deliver_due(waiting.desk.at(waiting.desk.now + 30 * MINUTE), waiting.post)
    await looks(Watch(Figures()), waiting, 31, 31)
    assert len(await cards_of(waiting.desk, "alarm-over")) == 1


async def test_letters_that_wait_for_their_turn_under_a_rate_are_not_late(waiting: PracticeDesk) -> None:
    figures = Figures()
    watch = Watch(figures)
    for minute in range(180):
        figures.sent += 28  # a little less than the rate of 30
        figures.put_off += 2
        assert await looks(watch, waiting, minute, minute, rate=30) == []
    assert await looks(watch, waiting, 180, 196, rate=30) == ["letters-late"]  # and now it stands still


async def test_what_was_put_off_or_held_is_not_due(waiting: PracticeDesk) -> None:
    desk = waiting.desk
    assert await oldest_due(desk.store, desk) == desk.now
    waiting.post.troubles["*"] = [Unavailable("the server is away")] * 9
    await deliver_due(desk, waiting.post)
    deliveries = await desk.store.deliveries.find()
    async with desk.store.transaction(by="test", doing="x", about="x", at=desk.now) as tx:
        await tx.deliveries.put(*(one.waiting_until(desk.now + 5 * MINUTE) for one in deliveries))
    assert await oldest_due(desk.store, desk) is None
    later = desk.at(desk.now + 6 * MINUTE)
    assert await oldest_due(desk.store, later) == desk.now + 5 * MINUTE
    await waiting.types(f'letter {deliveries[0].letter} hold "the Deputy has telephoned"')
    assert await oldest_due(desk.store, later) is None


async def test_a_reminder_at_night_waits_for_the_office_and_is_not_due(desk: PracticeDesk) -> None:
    await desk.answers("remind first-report --to MWI", yes=True)
    assert await oldest_due(desk.desk.store, desk.desk)
    assert await oldest_due(desk.desk.store, desk.desk.at(desk.desk.now + timedelta(hours=14))) is None


async def test_of_two_processes_only_one_tells(waiting: PracticeDesk) -> None:
    await looks(Watch(Figures()), waiting, 0, 14)
    async with await Store.open(waiting.folder) as other:
        theirs = PracticeDesk(waiting.folder, replace(waiting.desk, store=other), waiting.post)
        for minute in range(15, 40):
            await looks(Watch(Figures()), waiting, minute, minute)
            await looks(Watch(Figures()), theirs, minute, minute)
    assert len(await cards_of(waiting.desk, "alarm")) == 1


async def test_disk_backup_mailbox_and_clock_have_their_own(tmp_path: Path) -> None:
    now = datetime(2026, 3, 2, 15, tzinfo=UTC)
    await found(tmp_path / "real", practice=False, at=now - timedelta(days=2), administrator="Ana", account=1000)
    bad = Measured(unread_seconds=3600.0, tick_seconds=3600.0, free_bytes=10_000_000)
    async with await Store.open(tmp_path / "real") as store:
        facts = await store.desk.get("desk")
        assert facts
        desk, watch = Desk(store, facts, now, address="desk@1540.example"), Watch(Figures())
        standing = {alarm.key for alarm in await watch.look(desk, bad)}
        assert standing == {"mailbox-not-read", "clock-stands-still", "disk-nearly-full", "backup-old"}
        assert await watch.look(desk.at(now + MINUTE), Measured()) != []  # what is not known ends nothing
        for card in await store.cards.find(kind="alarm"):
            assert card.text.endswith(("verbale doctor", "waits at its server.", "journalctl -u verbale-backup")), card
        async with store.transaction(by="test", doing="x", about="x", at=now) as tx:
            await tx.backups.put(Backup(backups.LAST, now, "ana", 7))
        well = Measured(unread_seconds=1.0, tick_seconds=1.0, free_bytes=9_000_000_000)
        assert await watch.look(desk.at(now + 2 * MINUTE), well) == []
        assert len(await store.cards.find(kind="alarm-over")) == len(standing)
        assert [finding for finding in await store.verify() if not finding.note] == []


async def test_a_practice_desk_needs_neither_backup_nor_room(desk: PracticeDesk) -> None:
    later = desk.desk.at(desk.desk.now + timedelta(days=9))
    assert await Watch(Figures()).look(later, Measured(free_bytes=1)) == []
