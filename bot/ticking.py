"""One tick: look at the clock, take in what waits, do what is due, deliver what may go."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot import building
from bot.building import Mailbox
from bot.settings import Settings
from committee import schedule
from committee.announcements import Announcement
from committee.calendar import new_york, written_moment
from committee.cards import Card
from committee.counting import counted
from committee.errors import Refused
from committee.letters import DeliveryState, Letter
from committee.mail import MailState
from mailflows import announcements, clock, inbox, indexing, outbox
from mailflows.desk import Desk
from mailflows.inbox import Round
from mailflows.outbox import Tally


@dataclass(frozen=True, slots=True)
class Ways:
    """A desk's ways in and out; `ending` is asked before each letter."""

    folder: Path
    settings: Settings
    mailbox: Mailbox | None
    ending: Callable[[], bool] = lambda: False


async def tick(folder: Path, desk: Desk, settings: Settings, *, at: datetime | None = None) -> Card:
    """The desk at one moment; beside a running desk it says so and does nothing."""
    with desk.store.work_lock("verbale tick"):
        desk = await _at(desk, at)
        async with _ways(folder, desk, settings) as ways:
            return await _tick(desk, ways)


async def tick_until(folder: Path, desk: Desk, settings: Settings, until: datetime) -> list[Card]:
    """The same for every moment at which something is due from now until `until`, in order, and at `until` itself."""
    with desk.store.work_lock("verbale tick"):
        async with _ways(folder, desk, settings) as ways:
            return await _ticks(desk, ways, until)


async def _ticks(desk: Desk, ways: Ways, until: datetime) -> list[Card]:
    cards = [await _tick(desk, ways, went_on=True)] if desk.now < until else []  # what may go now goes now
    while (moment := await _next_due(desk, until)) is not None:
        desk = await _at(desk, moment)
        cards.append(await _tick(desk, ways, went_on=True))
    desk = await _at(desk, until)
    return [*cards, await _tick(desk, ways, went_on=True)]


async def take_in(desk: Desk, ways: Ways, *, went_on: bool = False) -> "TakenIn":
    """Look at the clock, take in what waits, and queue what is due; `went_on` says that no time was missed."""
    held = await clock.look(desk, went_on=went_on)
    came = await inbox.watch(ways.mailbox, desk)
    announced, letters = await clock.do_due(desk, mail_is_read=not came.trouble)
    await indexing.catch_up(desk)
    return TakenIn(came, announced, letters, held)


async def deliver(desk: Desk, ways: Ways) -> Tally:
    """Deliver what may go; whoever calls this holds the work lock."""
    async with building.post(ways.folder, desk, ways.settings) as post:
        return await outbox.deliver_due(desk, post, ending=ways.ending)


async def _tick(desk: Desk, ways: Ways, *, went_on: bool = False) -> Card:
    # The way out first: a setting that is missing is said before anything is done.
    async with building.post(ways.folder, desk, ways.settings):
        building.can_write(desk)
        taken = await take_in(desk, ways, went_on=went_on)
    return _card(taken, await deliver(desk, ways), desk)


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


async def _next_due(desk: Desk, until: datetime) -> datetime | None:
    """The next moment after now, before `until`, at which something is tried again, announced, or goes by itself."""
    waiting = await desk.store.deliveries.find(state=(DeliveryState.QUEUED, DeliveryState.LATER))
    moments = [delivery.next_try for delivery in waiting if delivery.next_try]
    scheduled = await announcements.coming(desk.store, desk, new_york(until).date() + announcements.AHEAD)
    if found := schedule.next_moment(scheduled, desk.now):
        moments.append(found)
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
