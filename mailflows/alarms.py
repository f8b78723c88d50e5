"""Something stands still: the secretariat is told once, by a card, and told once more when it is over."""

import math
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from committee.alarms import LIMITS, MEGABYTE, Alarm, AlarmKind, Lateness, due_since
from committee.calendar import written_moment
from committee.letters import RULES, DeliveryState, Priority, Release
from committee.staff import Role
from mailflows import backups, cards, holding, letters, office_hours, outbox, posts
from mailflows.desk import Desk
from mailflows.figures import Figures
from storage.port import Transaction
from storage.tables import Tables

OUTBOX: Final = "outbox"
WRITTEN_SECONDS: Final = 120.0
"""While letters are late, how late is written down this often: that is what a restart does not know."""
NOT_LET_IN: Final = (
    "It does not let the desk in any more: the token was revoked, or may not do this. Set a new SLACK_BOT_TOKEN, and start the "
    "desk's process anew."
)
MOST_LOOKED_AT: Final = 200
ANNOUNCED: Final = tuple(kind for kind, rule in RULES.items() if rule.release is Release.ANNOUNCED)
COULD_GO: Final = (DeliveryState.QUEUED, DeliveryState.LATER, DeliveryState.CLAIMED)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a process knows of itself and its host; None is what it does not know."""

    rate: float | None = None  # deliveries a minute that the way out allows now; None: as many as it takes
    unread_seconds: float | None = None  # since every mailbox was last read to its end
    tick_seconds: float | None = None  # since the last tick
    free_bytes: int | None = None


class Watch:
    """Whoever delivers, or ticks, has one for as long as it works: `figures` tell it what has been handed over."""

    def __init__(self, figures: Figures) -> None:
        self._figures, self._written = figures, _handled(figures)

    async def look(self, desk: Desk, measured: Measured) -> list[Alarm]:
        """The alarms that stand now. One that begins, or ends, has its card in the commit that notes it, so it has one.

        On a practice desk letters are late by its own clock alone, and neither a backup nor room on the disk is asked for.
        """
        store, oldest = desk.store, await oldest_due(desk.store, desk)
        handled = _handled(self._figures)
        late = _late(await store.lateness.get(OUTBOX), desk.now, handled - self._written, measured.rate, oldest)
        if desk.facts.practice:
            measured = replace(measured, free_bytes=None)
        values = await _values(measured, late, store, desk)
        stood = {alarm.key for alarm in await store.alarms.all()}
        if _standing(values, stood) == stood and not await self._is_to_be_written(store, desk, late):
            return await store.alarms.all()
        async with store.transaction(by="rule: alarms", doing="alarms", about=OUTBOX, at=desk.now) as tx:
            # Another process may have written meanwhile: what was handed over here counts from what it left.
            before = await tx.lateness.get(OUTBOX)
            late = _late(before, desk.now, handled - self._written, measured.rate, oldest)
            await _write(tx, before, late, desk.now)
            await _tell(tx, await _values(measured, late, tx, desk), desk)
        self._written = handled
        return await store.alarms.all()

    async def _is_to_be_written(self, tables: Tables, desk: Desk, late: float | None) -> bool:
        before = await tables.lateness.get(OUTBOX)
        if before is None or late is None:
            return (before is None) != (late is None)
        return abs((desk.now - before.at).total_seconds()) >= WRITTEN_SECONDS


async def oldest_due(tables: Tables, desk: Desk) -> datetime | None:
    """Since when the oldest letter could have gone that nothing holds back: no stop, no hold, no wait, no closed office."""
    stops = [stop.key for stop in await tables.stops.all()]
    if holding.ALL in stops:
        return None
    closed = await office_hours.next_opening(tables, desk) > desk.now
    but = {"release": stops, "letter": stops, "kind": ANNOUNCED if closed else ()}
    until, found = {"due": int(desk.now.timestamp())}, []
    for state in COULD_GO:
        # Those that were put off are ordered by when they were queued, not by when they may go: more than the first counts.
        limit = MOST_LOOKED_AT if state is DeliveryState.LATER else 1
        groups = [{"state": state, "priority": priority} for priority in Priority]
        for some in await tables.deliveries.in_turn(groups, limit=limit, until=until, but=but):
            found += [seen.value for seen in some]
    return min(map(due_since, found), default=None)


def _handled(figures: Figures) -> int:
    return figures.sent + figures.refused + figures.put_off + figures.uncertain + figures.expired


def _late(
    before: Lateness | None, now: datetime, handled: int, rate: float | None, oldest: datetime | None
) -> float | None:
    """None where nothing is due; what is seen for the first time is not late yet."""
    if oldest is None:
        return None
    return before.later(now, handled, rate, oldest) if before else 0.0


async def _values(measured: Measured, late: float | None, tables: Tables, desk: Desk) -> dict[AlarmKind, float | None]:
    return {
        AlarmKind.LETTERS: late or 0.0,
        AlarmKind.MAILBOX: measured.unread_seconds,
        AlarmKind.TICK: measured.tick_seconds,
        AlarmKind.DISK: measured.free_bytes,
        AlarmKind.BACKUP: await _backup_seconds(tables, desk),
        AlarmKind.CHAT: await _silent_seconds(tables, desk),
    }


def _standing(values: dict[AlarmKind, float | None], stood: set[str]) -> set[str]:
    return {kind.value for kind, value in values.items() if LIMITS[kind].stands(value, stood=kind in stood)}


async def _backup_seconds(tables: Tables, desk: Desk) -> float | None:
    """The age of the last backup, else of the desk; a practice desk needs none."""
    if desk.facts.practice:
        return None
    last = await tables.backups.get(backups.LAST)
    return (desk.now - (last.at if last else desk.facts.begins)).total_seconds()


async def _silent_seconds(tables: Tables, desk: Desk) -> float:
    """How long the oldest card has waited for chat; for ever, where chat does not let the desk in at all.

    A practice desk's clock is moved by hand, and no card has waited for as long as it jumped: there only what chat has not
    taken counts, not what it has not been asked for yet.
    """
    facts = await posts.facts(tables)
    if facts.trouble:
        return math.inf
    waiting = await (posts.not_taken(tables) if desk.facts.practice else posts.waiting(tables, limit=1))
    oldest = min((one.queued_at for one in waiting), default=None)
    return max(0.0, (desk.now - oldest).total_seconds()) if oldest and facts.channels else 0.0


async def _write(tx: Transaction, before: Lateness | None, late: float | None, now: datetime) -> None:
    if late is not None:
        await tx.lateness.put(Lateness(OUTBOX, now, late))
    elif before:
        await tx.lateness.remove(OUTBOX)


async def _tell(tx: Transaction, values: dict[AlarmKind, float | None], desk: Desk) -> None:
    """Card after card: chat takes them from the ledger; while it is silent, the administrators hear of them by mail."""
    standing = {alarm.key: alarm for alarm in await tx.alarms.all()}
    now = _standing(values, {*standing})
    for kind in AlarmKind:
        if kind in now and kind not in standing:
            await tx.alarms.put(Alarm(kind.value, desk.now))
            title, text = _begun(kind, values[kind] or 0)
            await cards.post(tx, "alarm", _about(kind, desk.now), title, text, now=desk.now)
            if AlarmKind.CHAT in now:
                await _by_mail(tx, kind, title, text, desk)
        elif kind in standing and kind not in now:
            await tx.alarms.remove(kind.value)
            about = _about(kind, standing[kind].since)
            since = f"It stood since {written_moment(standing[kind].since)}."
            await cards.decide(tx, about, f"over, {written_moment(desk.now)}")
            await cards.post(tx, "alarm-over", about, _OVER[kind], since, now=desk.now)


async def _by_mail(tx: Transaction, kind: AlarmKind, title: str, text: str, desk: Desk) -> None:
    """One letter to each administrator who has an address; without one `verbale doctor` says that nobody hears of it."""
    people = [one for one in await tx.staff.all() if Role.ADMINISTRATOR in one.roles and one.address]
    if people and desk.address:
        release = f"staff-alarm/{_about(kind, desk.now)}"
        drafts = [letters.staff_alarm(release, one, title, text, desk=desk) for one in people]
        await outbox.queue(tx, drafts, release=release, by="rule: alarms", desk=desk)


def _about(kind: AlarmKind, since: datetime) -> str:
    return f"{kind}/{since.isoformat()}"


def _begun(kind: AlarmKind, value: float) -> tuple[str, str]:
    """What stands still, and what to do, in words; `value` in seconds, and of the disk in bytes."""
    minutes = int(value // 60) if math.isfinite(value) else 0
    how_long = f"The oldest has waited for {minutes} minutes." if math.isfinite(value) else NOT_LET_IN
    match kind:
        case AlarmKind.LETTERS:
            return "Letters that could go do not leave", (
                f"The oldest is {minutes} minutes behind its turn, and nobody holds it. It stays queued and is tried again by "
                "itself. What waits, with the mail server's own words: outbox waiting; at the terminal: verbale doctor"
            )
        case AlarmKind.MAILBOX:
            return "The mailbox was not read to its end for too long", (
                f"Not for {minutes} minutes. What waits in it stays there, and nothing goes by itself until it is read. "
                "At the terminal: verbale doctor"
            )
        case AlarmKind.TICK:
            return "The desk's clock stands still", (
                f"It has not ticked for {minutes} minutes: no mail is taken in and nothing falls due. Nothing is lost. "
                "Start the desk's process anew; at the terminal: verbale doctor"
            )
        case AlarmKind.DISK:
            return "The disk is nearly full", (
                f"{int(value) // MEGABYTE} MB are free. Make room: a full disk takes in no mail, which then waits at its server."
            )
        case AlarmKind.BACKUP:
            return "The backup is too old", (
                f"There was none for {minutes // 60} hours. At the terminal: verbale backup FILE, each night; the timer's own "
                "words: journalctl -u verbale-backup"
            )
        case AlarmKind.CHAT:
            return "Chat does not take the desk's cards", (
                f"{how_long} Mail is taken in and letters leave as before; cards wait in their order, and what must be announced "
                "in chat waits with them. At the terminal: verbale doctor, cards"
            )


_OVER: Final = {
    AlarmKind.LETTERS: "Letters leave in their turn again",
    AlarmKind.MAILBOX: "The mailbox is read to its end again",
    AlarmKind.TICK: "The desk's clock ticks again",
    AlarmKind.DISK: "There is room on the disk again",
    AlarmKind.BACKUP: "There is a backup again",
    AlarmKind.CHAT: "Chat takes the desk's cards again",
}
