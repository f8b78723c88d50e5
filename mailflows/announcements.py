"""Reminders go by themselves when it is time: announced one whole working day before, then sent, in one commit each."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime

from committee import schedule
from committee.announcements import DAY, Announcement, AnnouncementState
from committee.calendar import NEW_YORK, new_york, written_moment
from committee.cards import Offer
from committee.contacts import Contact
from committee.counting import counted
from committee.errors import Refused
from committee.letters import Letter, LetterKind
from committee.policies import timing
from committee.posts import run_of_reminder
from committee.programme import programme_on
from committee.schedule import Known, Scheduled
from committee.states import yet_to_report
from mailflows import cards, correspondents, outbox, posts, reminders, standing, titles
from mailflows.desk import Desk
from mailflows.presses import Act, use
from storage.port import Transaction
from storage.tables import Tables

A = AnnouncementState
AHEAD = 14 * DAY
"""How far the clock looks ahead for what it has to announce."""
RULE = "rule: first reports by cycle"
KIND = "reminder-announced"


async def coming(tables: Tables, desk: Desk, until: date) -> list[Scheduled]:
    """The reminders that fall due from the opening of this cycle until `until`, and what will become of each."""
    return schedule.schedule(await known(tables, desk, until), desk.now, until)


async def when(one: Announcement, desk: Desk) -> Scheduled | None:
    """When an announced letter goes as things stand, or why it does not; None where it is not due any more."""
    until = max(desk.today, one.due) + AHEAD
    return next((known for known in await coming(desk.store, desk, until) if known.reminder.key == one.key), None)


async def today(tables: Tables, desk: Desk) -> list[Scheduled]:
    """The reminders that go by themselves on this day, by name."""
    scheduled = await coming(tables, desk, desk.today + DAY)
    return [one for one in scheduled if one.at and new_york(one.at).date() == desk.today]


async def announce_due(desk: Desk) -> list[Announcement]:
    """Announce what goes after one whole working day: a row for each letter and one card with the names, in one commit."""
    async with desk.store.transaction(
        by=RULE, doing="reminders announced", about=f"first-report/{desk.today}", at=desk.now
    ) as tx:
        due = schedule.to_announce(await coming(tx, desk, desk.today + AHEAD), desk.now)
        kind = LetterKind.FIRST_REPORT_REMINDER
        card = cards.key_of(KIND, _about(desk)) if await posts.is_told_in_chat(tx) else ""
        new = [
            Announcement(one.reminder.key, kind, one.reminder.state, desk.now, one.due, waits_for=card) for one in due
        ]
        for one in new:  # one that was dropped, and is due again after all, is announced anew
            if not await tx.announcements.add(one):
                await tx.announcements.put(one)
        if due:
            await _tell(tx, due, desk)
    return new


async def told(tx: Transaction, card: str) -> None:
    """The card stands in chat: what it announces counts from now."""
    shown = await tx.cards.get(card)
    if shown and shown.kind == KIND:
        waiting = [await tx.announcements.get(key) for key in shown.fields["letters"]]
        await _told(tx, [one for one in waiting if one and one.waits_for == card])


async def told_at_once(tx: Transaction) -> None:
    """The desk has no channel any more: what waited to be told in one counts from now."""
    waiting = await tx.announcements.find(state=(A.ANNOUNCED, A.HELD))
    await _told(tx, [one for one in waiting if one.waits_for])


async def _told(tx: Transaction, waiting: Collection[Announcement]) -> None:
    await tx.announcements.put(*(replace(one, waits_for="", told_at=tx.at) for one in waiting))


async def send_announced(desk: Desk) -> list[Letter]:
    """Queue the announced letters whose moment has come, under the keys that a person's press would have used.

    What nothing stands behind any more is dropped; what is held, or has its report waiting, stays. Where they cannot be
    written, since nobody is in the chair or the desk has no address, they wait and a card says so once a day.
    """
    try:
        return await _send_announced(desk)
    except Refused as refusal:
        async with desk.store.transaction(
            by=RULE, doing="announced reminders wait", about=str(desk.today), at=desk.now
        ) as tx:
            title = "Announced letters wait"
            await cards.post(tx, "alarm", f"announced/{desk.today}", title, str(refusal), now=desk.now)
        return []


async def hold(key: str, why: str, who: Act) -> Announcement:
    """An announced letter stays until it is released; `holding` has asked who may."""
    said = f"{why} (by {who.person.name})"
    async with _changing("hold", key, who, why=said) as tx:
        one = _known(await tx.announcements.get(key), key)
        if one.state is not A.ANNOUNCED:
            raise Refused(f"{key} is {one.state}; nothing was changed.")
        held = replace(one, state=A.HELD, why=said)
        await tx.announcements.put(held)
    return held


async def release(key: str, who: Act) -> Announcement:
    """An officer lets a held announcement go: at once in office hours, else at the next nine."""
    async with _changing("release", key, who) as tx:
        one = _known(await tx.announcements.get(key), key)
        if one.state is not A.HELD:
            raise Refused(f"{key} is {one.state}, not held; nothing was changed.")
        freed = replace(one, state=A.ANNOUNCED, why="", released_at=who.desk.now)
        await tx.announcements.put(freed)
    return freed


async def hold_all(desk: Desk, why: str) -> list[Announcement]:
    """After a long silence, or a clock that has moved, what was announced waits for a person."""
    async with desk.store.transaction(by="rule: clock", doing="announcements held", about="desk", at=desk.now) as tx:
        waiting = [replace(one, state=A.HELD, why=why) for one in await tx.announcements.find(state=A.ANNOUNCED)]
        await tx.announcements.put(*waiting)
        if waiting:
            names = ", ".join([await correspondents.party_name(tx, one.party, desk) for one in waiting])
            text = f"{why} An officer lets each go: letter KEY release. They are for: {names}."
            await cards.post(
                tx, "alarm", f"clock/{desk.today}", f"{len(waiting)} announced letters wait", text, now=desk.now
            )
    return waiting


async def known(tables: Tables, desk: Desk, until: date, *, without: Collection[str] = ()) -> Known:
    """Everything that the clock looks at, from registers and ledgers; `without` leaves days off out, by their keys."""
    states = await tables.states.all()
    days_off = [day for day in await tables.days_off.all() if day.key not in without]
    announcements = {
        one.key: one
        for one in await tables.announcements.find(kind=LetterKind.FIRST_REPORT_REMINDER, state=(A.ANNOUNCED, A.HELD))
    }
    yet = [state.key for state in yet_to_report(states)]
    letters = await tables.letters.find(kind=LetterKind.FIRST_REPORT_REMINDER, party=tuple(yet))
    confirmed = {day.day.year for day in days_off if day.kind == "holiday" and day.confirmed}
    return Known(
        states=states,
        timing=timing(await tables.policies.all(), [day.day for day in days_off], desk.today),
        opened=desk.facts.begins.astimezone(NEW_YORK).date(),
        arrived=await standing.arrived(tables),
        addressed={key for key in yet if (await correspondents.of_state(tables, key, desk)).addressees},
        sent={standing.first_key(letter.key) for letter in letters},  # withdrawn ones too: they go again by hand alone
        last_reminded=await standing.last_reminded(tables, yet),
        announcements=announcements,
        unconfirmed_years={year for year in range(desk.today.year, until.year + 1) if year not in confirmed},
    )


def as_if_told(facts: Known, now: datetime) -> Known:
    """What is to be told in chat, and does not stand there yet, as if it were told `now`: so it has a day, which may move."""
    waiting = facts.announcements or {}
    told = {key: replace(one, waits_for="", told_at=now) if one.waits_for else one for key, one in waiting.items()}
    return replace(facts, announcements=told)


async def _send_announced(desk: Desk) -> list[Letter]:
    about = f"first-report/programme-{programme_on(desk.today).number}"
    async with desk.store.transaction(by=RULE, doing="announced reminders sent", about=about, at=desk.now) as tx:
        facts = await known(tx, desk, desk.today + AHEAD)
        scheduled = schedule.schedule(facts, desk.now, desk.today + AHEAD)
        for gone in schedule.no_longer((facts.announcements or {}).values(), scheduled):
            await tx.announcements.put(replace(gone, state=A.DROPPED, why="it is not due any more"))
        ready = schedule.to_send(scheduled, desk.now, facts.timing)
        if not ready:
            return []
        plan = await reminders.plan(tx, desk, {one.reminder.state for one in ready})
        release = await tx.number("R", desk.today.year)
        letters = await outbox.queue(tx, plan.drafts, release=release, by=RULE, desk=desk)
        for letter in letters:
            await tx.announcements.put(
                replace(_known(await tx.announcements.get(letter.rungs[0]), letter.key), state=A.SENT)
            )
    return letters


async def _tell(tx: Transaction, due: list[Scheduled], desk: Desk) -> None:
    fields = {"letters": [one.reminder.key for one in due]}
    names = [await correspondents.party_name(tx, one.reminder.state, desk) for one in due]
    moments = sorted({one.at for one in due if one.at})
    when = " and ".join(written_moment(moment) for moment in moments)
    waits = await standing.waiting(tx, {one.reminder.state for one in due})
    first = "; ".join(waits.values())
    title = f"{counted(len(due), 'reminder')} of the first report by the clock: {when}"
    look = f" Look first: {first}." if first else ""
    bare = [one.key for one in await _untitled(tx, due, desk)]
    title_missing = f" {titles.said(bare)}" if bare else ""
    text = f"To hold one, until it goes: letter {due[0].reminder.key} hold WHY.{look}{title_missing} To {', '.join(names)}."
    whole = "Hold it" if len(due) == 1 else f"Hold all {len(due)}"
    offers = (Offer(whole, f"announced {desk.now.isoformat()} hold", "danger", asks="text"),)
    await cards.post(
        tx, KIND, _about(desk), title, text, now=desk.now, fields=fields, offers=offers,
        thread=run_of_reminder(due[0].reminder.key),
    )  # fmt: skip


async def _untitled(tx: Transaction, due: list[Scheduled], desk: Desk) -> list[Contact]:
    """The people whom these letters would address without a title: there is a day left to ask for it."""
    parties = {one.reminder.state for one in due}
    to = [await correspondents.of_state(tx, party, desk, LetterKind.FIRST_REPORT_REMINDER) for party in sorted(parties)]
    return await titles.untitled([(one.party, one.addressees) for one in to], tx)


def _about(desk: Desk) -> str:
    return f"announced/{desk.now.isoformat()}"


@asynccontextmanager
async def _changing(what: str, key: str, who: Act, *, why: str = "") -> AsyncIterator[Transaction]:
    """One commit; the reason lies beside the trail too, since the announcement forgets it when it is let go."""
    desk, words = who.desk, {"why": why} if why else None
    async with desk.store.transaction(
        by=who.person.key, doing=f"announcement {what}", about=key, at=desk.now, words=words
    ) as tx:
        await use(tx, who.press, who.person, desk.now)
        yield tx


def _known(one: Announcement | None, key: str) -> Announcement:
    if one is None:
        raise Refused(f"There is no letter {key}. To see what goes by itself: due.")
    return one
