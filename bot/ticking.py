"""One tick: look at the clock, take in what waits, do what is due, deliver what may go."""

import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot import alarming, building
from bot.building import Mailbox
from bot.leads import CLOCK, EVERYTHING, MAIL_IN
from bot.settings import Settings
from committee import schedule
from committee.announcements import Announcement
from committee.calendar import new_york, written_moment
from committee.cards import Card
from committee.counting import counted
from committee.errors import Refused
from committee.letters import DeliveryState, Letter
from committee.mail import MailState
from mailflows import announcements, archiving, clock, confirmations, inbox, indexing, morning
from mailflows.alarms import Watch
from mailflows.delivering import Delivering, Tally
from mailflows.desk import Desk
from mailflows.inbox import Round

LONGEST_ROUND_SECONDS = 300.0
"""One tick delivers for so long at most; whoever calls it each minute is told that it still works."""
LONGEST_KEEPING_SECONDS = 60.0
"""And for so long it keeps what left; the rest is kept by the next."""


@dataclass(frozen=True, slots=True)
class Ways:
    """A desk's settings, and its way in."""

    folder: Path
    settings: Settings
    mailbox: Mailbox | None


async def tick(folder: Path, desk: Desk, settings: Settings, *, at: datetime | None = None) -> Card:
    """The desk at one moment; beside a running desk it says so and does nothing."""
    async with _working(desk):
        desk = await _at(desk, at)
        async with _ways(folder, desk, settings) as ways:
            return await _tick(desk, ways)


async def tick_until(folder: Path, desk: Desk, settings: Settings, until: datetime) -> list[Card]:
    """The same for every moment at which something is due from now until `until`, in order, and at `until` itself."""
    async with _working(desk), _ways(folder, desk, settings) as ways:
        return await _ticks(desk, ways, until)


async def _ticks(desk: Desk, ways: Ways, until: datetime) -> list[Card]:
    cards = [await _tick(desk, ways, went_on=True)] if desk.now < until else []  # what may go now goes now
    while (moment := await next_due(desk, until)) is not None:
        desk = await _at(desk, moment)
        cards.append(await _tick(desk, ways, went_on=True))
    desk = await _at(desk, until)
    return [*cards, await _tick(desk, ways, went_on=True)]


async def settle(desk: Desk, ways: Ways) -> Card:
    """What may be done at this moment, by whoever holds the work lock and leads in each part; no time was missed."""
    return await _tick(desk, ways, went_on=True)


async def go_on(desk: Desk, ways: Ways, moment: datetime) -> Card:
    """The same once a practice desk's clock has gone on to `moment`, past nothing that is due before it."""
    return await settle(await _at(desk, moment), ways)


@asynccontextmanager
async def _working(desk: Desk) -> AsyncIterator[None]:
    """A tick does every part, so it leads in each: `Busy` beside a desk that runs."""
    with desk.store.work_lock("verbale tick"):
        async with AsyncExitStack() as leads:
            for part in sorted(EVERYTHING.leads_in):
                await leads.enter_async_context(desk.store.lead(part, "verbale tick"))
            yield


async def take_in(
    desk: Desk, ways: Ways, *, went_on: bool = False, leads: Collection[str] = EVERYTHING.leads_in
) -> "TakenIn":
    """Look at the clock, take in what waits, and queue what is due, as far as this process leads in it.

    `went_on` says that no time was missed. What is due goes only once every mailbox was read to its end, here or by
    whichever process leads in it.
    """
    clocks = CLOCK in leads
    held = await clock.look(desk, went_on=went_on) if clocks else []
    came = await inbox.watch(ways.mailbox, desk) if MAIL_IN in leads else Round()
    if MAIL_IN in leads and not came.trouble:
        await clock.note_read(desk)
    if not clocks:
        return TakenIn(came, [], [], held)
    is_read = not came.trouble if MAIL_IN in leads else await clock.was_read(desk)
    announced, letters = await clock.do_due(desk, mail_is_read=is_read)
    await indexing.catch_up(desk)
    return TakenIn(came, announced, letters, held)


async def _tick(desk: Desk, ways: Ways, *, went_on: bool = False) -> Card:
    # The way out first: a setting that is missing is said before anything is done.
    async with building.delivering(ways.folder, desk, ways.settings) as delivering:
        building.can_write(desk)
        taken, watch = await take_in(desk, ways, went_on=went_on), Watch(delivering.figures)
        tally = await _delivered(delivering, desk)
        await archiving.catch_up(desk, ending=_after(LONGEST_KEEPING_SECONDS))
        read = None if taken.came.trouble else timedelta()
        await watch.look(desk, alarming.measured(desk.store.folder, delivering.pace, unread=read, silent=timedelta()))
        return _card(taken, tally, desk)


async def _delivered(delivering: Delivering, desk: Desk) -> Tally:
    """One round; with a rate it may last, so the rest is left to the next tick after a while."""
    return await delivering.round(desk, ending=_after(LONGEST_ROUND_SECONDS))


def _after(seconds: float) -> Callable[[], bool]:
    began = time.monotonic()
    return lambda: time.monotonic() - began > seconds


@asynccontextmanager
async def _ways(folder: Path, desk: Desk, settings: Settings) -> AsyncIterator[Ways]:
    async with building.inbox(folder, desk, settings) as mailbox:
        yield Ways(folder, settings, mailbox)


async def _at(desk: Desk, at: datetime | None) -> Desk:
    """The desk at the moment `at`: only a practice desk's clock can be set, and never backwards."""
    if at is None:
        return desk
    if not desk.facts.practice:
        raise Refused("--at is for practice desks; a real desk goes by the world's clock.")
    if at < desk.now:
        raise Refused(
            f"On a practice desk time never runs backwards: it is {written_moment(desk.now)}; {written_moment(at)} has passed."
        )
    facts = replace(desk.facts, clock=at)
    async with desk.store.transaction(by="rule: clock", doing="clock set", about="desk", at=at) as tx:
        await tx.desk.put(facts)
    return replace(desk, facts=facts, now=at)


async def next_due(desk: Desk, until: datetime) -> datetime | None:
    """The next moment after now, before `until`, at which something is tried again, announced, told, or goes by itself."""
    waiting = await desk.store.deliveries.find(state=(DeliveryState.QUEUED, DeliveryState.LATER))
    moments = [delivery.next_try for delivery in waiting if delivery.next_try]
    ahead = new_york(until).date() + announcements.AHEAD
    scheduled = [
        *await announcements.coming(desk.store, desk, ahead),
        *await confirmations.coming(desk.store, desk, ahead),
    ]
    if found := schedule.next_moment(scheduled, desk.now):
        moments.append(found)
    moments.append(await morning.next_moment(desk))
    return min((moment for moment in moments if desk.now < moment < until), default=None)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What one look at clock and mailbox brought."""

    came: Round
    announced: list[Announcement]
    letters: list[Letter]
    held: list[Announcement]


def _card(done: TakenIn, tally: Tally, desk: Desk) -> Card:
    taken = done.came.taken
    aside = sum(mail.state is MailState.SET_ASIDE for mail in taken)
    said = [
        f"{counted(len(taken), 'mail')} taken in, {aside} set aside",
        f"{counted(len(done.announced), 'letter')} announced, {counted(len(done.letters), 'letter')} due and queued",
        f"{counted(tally.sent, 'delivery', 'deliveries')} accepted, {tally.later} put off, {tally.refused} refused",
    ]
    fields = {
        "at": desk.now, "mails": len(taken), "not_taken": len(done.came.trouble), "set_aside": aside,
        "announced": len(done.announced), "queued": len(done.letters), "held": len(done.held),
        "sent": tally.sent, "later": tally.later, "refused": tally.refused, "uncertain": tally.uncertain,
    }  # fmt: skip
    away = (
        (f"The mail server: {tally.trouble}. What waits stays queued and is tried again by itself.",)
        if tally.trouble
        else ()
    )
    held = (f"{len(done.held)} announced letters wait for an officer: {done.held[0].why}",) if done.held else ()
    return Card(
        f"Tick, {written_moment(desk.now)}",
        f"{'; '.join(said)}.",
        fields=fields,
        facts=(),
        notes=(*done.came.trouble, *away, *held),
    )
