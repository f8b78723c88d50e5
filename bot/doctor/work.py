"""The desk's clock, its last tick, its last backup, and what has been waiting too long."""

from datetime import UTC, datetime, timedelta
from typing import Final

from bot.doctor.finding import Found, good, look, wrong
from committee.alarms import BACKUP_OLD
from committee.calendar import written_moment
from committee.counting import counted
from committee.desk import SILENCE, WRITTEN_EVERY
from committee.letters import DeliveryState
from mailflows import backups, holding
from mailflows.clock import TICK
from mailflows.desk import Desk

LATE: Final = WRITTEN_EVERY + timedelta(minutes=2)
"""What ticks each minute has written it down by then."""
LONG: Final = timedelta(days=1)
APART: Final = timedelta(seconds=5)
RUN: Final = "verbale run, or each minute from cron: verbale tick"


async def examine(desk: Desk) -> list[Found]:
    return [
        *await _database(desk),
        await _clock(desk),
        await _stopped(desk),
        await _waiting(desk),
        await _backup(desk, datetime.now(UTC)),
    ]


async def _database(desk: Desk) -> list[Found]:
    """Where several processes share a database, how far its clock is from this host's, and who leads; a folder has neither."""
    store = desk.store
    if store.alone:
        return []
    before, there, after = datetime.now(UTC), await store.clock(), datetime.now(UTC)
    apart = there - (before + (after - before) / 2)
    leaders = "; ".join(f"{part}: {who}" for part, who in (await store.leaders()).items()) or "nobody"
    found = f"it answers in {(after - before).total_seconds() * 1000:.0f} ms; in the lead is {leaders}"
    if abs(apart) > APART:
        said = f"its clock is {apart.total_seconds():+.0f} s from this host's; {found}"
        return [look("database", said, "NTP on both: letters have this host's moment, leases the database's")]
    return [good("database", found)]


async def _clock(desk: Desk) -> Found:
    last = await desk.store.ticks.get(TICK)
    if desk.facts.practice:
        return good("clock", f"a practice desk's own: {written_moment(desk.now)}")
    if last is None:
        return look("clock", "the desk has never ticked: no mail is fetched and no letter leaves", RUN)
    if desk.now < last.at:
        to_do = "set the host's clock right; what was announced waits for an officer"
        return wrong("clock", f"it is earlier than the last tick, {written_moment(last.at)}", to_do)
    since = f"last tick {written_moment(last.at)}"
    if desk.now - last.at > SILENCE:
        return wrong("clock", since, f"{RUN}; what was announced then waits for an officer")
    return look("clock", since, RUN) if desk.now - last.at > LATE else good("clock", since)


async def _stopped(desk: Desk) -> Found:
    stop = await desk.store.stops.get(holding.ALL)
    if stop is None:
        return good("stops", "nothing is stopped as a whole")
    found = f"everything is stopped since {written_moment(stop.at)} by {stop.by}"
    if stop.restored:
        return look(
            "stops", f"{found}: it was restored from a backup", "outbox uncertain, then an administrator: resume"
        )
    return look("stops", found, "an officer: resume")


async def _waiting(desk: Desk) -> Found:
    deliveries = desk.store.deliveries
    uncertain = await deliveries.count(state=DeliveryState.UNCERTAIN)
    if uncertain:
        said = f"{counted(uncertain, 'delivery', 'deliveries')} may or may not have been accepted"
        return look("outbox", said, "outbox uncertain, and for each letter KEY again, or withdraw")
    oldest = await deliveries.find(state=(DeliveryState.QUEUED, DeliveryState.LATER), limit=1)
    if oldest and desk.now - oldest[0].since > LONG:
        return look(
            "outbox", f"{oldest[0].letter} has waited since {written_moment(oldest[0].since)}", "outbox waiting"
        )
    return good("outbox", "nothing has waited for a day")


async def _backup(desk: Desk, now: datetime) -> Found:
    last = await desk.store.backups.get(backups.LAST)
    if desk.facts.practice and last is None:
        return good("backup", "none, and a practice desk needs none")
    if last is None:
        return look("backup", "there has never been one", "verbale backup FILE, each night")
    found = f"the last one {written_moment(last.at)}"
    old = now - last.at > BACKUP_OLD and not desk.facts.practice
    return look("backup", found, "verbale backup FILE, each night") if old else good("backup", found)
