"""One tick: take in what waits, do what is due, deliver what may go."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot import building
from bot.settings import Settings
from committee.calendar import written_moment
from committee.cards import Card
from committee.errors import Refused
from committee.letters import DeliveryState
from committee.mail import MailState
from mailflows import inbox, outbox
from mailflows.desk import Desk
from mailflows.inbox import Round
from mailflows.outbox import Tally


async def tick(folder: Path, desk: Desk, settings: Settings, *, at: datetime | None = None) -> Card:
    """The desk at one moment; beside a running desk it says so and does nothing."""
    with desk.store.work_lock():
        return await _tick(folder, await _at(desk, at), settings)


async def tick_until(folder: Path, desk: Desk, settings: Settings, until: datetime) -> list[Card]:
    """The same for every moment at which something is due from now until `until`, in order, and at `until` itself."""
    cards = []
    with desk.store.work_lock():
        desk = await _at(desk, None)
        while (moment := await _next_due(desk, until)) is not None:
            desk = await _at(desk, moment)
            cards.append(await _tick(folder, desk, settings))
        return [*cards, await _tick(folder, await _at(desk, until), settings)]


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
    """The next moment after now, before `until`, at which a delivery is tried again or loses its use."""
    waiting = await desk.store.deliveries.find(state=(DeliveryState.QUEUED, DeliveryState.LATER))
    moments = [
        moment for delivery in waiting for moment in (delivery.next_try,) if moment and desk.now < moment < until
    ]
    return min(moments, default=None)


async def _tick(folder: Path, desk: Desk, settings: Settings) -> Card:
    # The way out first: a setting that is missing is said before anything is done.
    async with building.post(folder, desk, settings) as post:
        came = await inbox.watch(building.inbox(folder, desk, settings), desk)
        tally = await outbox.deliver_due(desk, post)
    return _card(came, tally, desk)


def _card(came: Round, tally: Tally, desk: Desk) -> Card:
    aside = sum(mail.state is MailState.SET_ASIDE for mail in came.taken)
    mails = f"{len(came.taken)} mails taken in, {aside} of them set aside"
    deliveries = f"{tally.sent} deliveries accepted, {tally.later} put off, {tally.refused} refused"
    fields = {
        "at": desk.now, "mails": len(came.taken), "set_aside": aside,
        "sent": tally.sent, "later": tally.later, "refused": tally.refused, "uncertain": tally.uncertain,
    }  # fmt: skip
    away = (f"The mail server: {tally.trouble} What waits stays queued.",) if tally.trouble else ()
    return Card(
        f"Tick, {written_moment(desk.now)}", f"{mails}; {deliveries}.", fields=fields, notes=(*came.trouble, *away)
    )
