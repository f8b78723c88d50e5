"""/1540 closures, closure add|remove|tell, holidays: the days on which nothing goes by itself, and who hears of them."""

from dataclasses import replace
from datetime import date

from bot.commands.remind import stale
from bot.registry import command
from bot.since_last import with_difference
from committee.calendar import DayOff, written, written_moment
from committee.cards import Card
from committee.counting import counted
from committee.first_reports import Reason
from committee.letters import Draft
from committee.staff import Person, Role
from mailflows import calendar as flows
from mailflows import closures, correspondents, pages, titles
from mailflows.calendar import Moved
from mailflows.desk import Desk
from mailflows.presses import Act, Press
from mailflows.reminders import Stale


@command("closures", reads=True, example="closures")
async def closed(desk: Desk, _person: Person) -> Card:
    """The days on which Headquarters is closed beside its holidays."""
    days = [day for day in await desk.store.days_off.all() if day.kind == "closure"]
    return Card("Closures", f"{counted(len(days), 'day')}.", tuple(_row(day) for day in days))


@command(
    "closure add DAYS WHY=TEXT",
    role=Role.OFFICER,
    example='closure add 2012-10-29..2012-10-31 "a hurricane"',
)
async def close(desk: Desk, person: Person, *, days: tuple[date, date], why: str) -> Card:
    """Headquarters is closed on a day, or from a day to another: shows which letters that moves."""
    moved = await flows.close(*days, why, Act(person, desk))
    tell = f" To tell the parties in one letter: closure tell {closures.written(days)}" if moved else ""
    return _closed(f"Closed: {_said(days)}", days, moved, tell)


@command("closure remove DAYS", role=Role.OFFICER, example="closure remove 2012-10-31")
async def open_again(desk: Desk, person: Person, *, days: tuple[date, date]) -> Card:
    """Take a closure back, or some days of it: shows which letters that moves again."""
    moved = await flows.open_again(*days, Act(person, desk))
    told = {letter.party for letter in await closures.told(days, desk.store)}
    correct = (
        f" {counted(len(told), 'party', 'parties')} had been told; to correct it: closure tell {closures.written(days)}"
    )
    return _closed(f"Open again: {_said(days)}", days, moved, correct if told else "")


@command("closure tell DAYS", role=Role.OFFICER, example="closure tell 2012-10-29..2012-10-31")
async def tell(desk: Desk, person: Person, *, days: tuple[date, date], press: Press | None = None) -> Card:
    """Tell the parties whose dates a closure has moved: shows them and one whole letter, then a button sends it."""
    who = Act(person, desk, press)
    if press is None:
        return await _preview(days, who)
    try:
        sent = await closures.tell(days, who)
    except Stale:
        return stale(await _preview(days, who))
    if not sent:
        text = "They are prepared; nothing was sent. An approver who is somebody else releases them: approvals"
        return Card("The letters about the closure wait for a second person", text, fields={"letters": 0})
    rows = tuple({"key": letter.key, "party": letter.party, "reference": letter.reference} for letter in sent)
    release = sent[0].release
    text = f"{counted(len(sent), 'letter')} queued by {person.name} as release {release}; to halt them: stop {release}."
    return Card("The parties are told of the closure", text, rows, {"key": release, "letters": len(sent)})


async def _preview(days: tuple[date, date], who: Act) -> Card:
    desk, plan = who.desk, await closures.preview(days, who)
    title, count = f"Letter about the closure {_said(days)}", len(plan.drafts)
    rows = [await _goes(draft, desk) for draft in plan.drafts]
    rows += [await _left_out(party, desk) for party in plan.unreachable]
    fields = {"letters": count, "left_out": len(plan.unreachable)}
    if not count:
        return Card(
            f"{title}: nobody to write to",
            "It has moved no date of a party, or each has been told.",
            tuple(rows),
            fields,
        )
    untitled = await titles.missing(plan.drafts, desk.store)
    shown = Card(title, "", tuple(rows), fields, page=await pages.page(plan.drafts[0], desk), notes=untitled)
    if not plan.takes_a_second_person:
        text = f"{counted(count, 'letter')} would go; {len(plan.unreachable)} left out."
        return replace(shown, text=text, offers=(closures.offer(plan),))
    text = f"{count} letters. To so many parties one person prepares them and a second one, an approver, releases them."
    asks = replace(shown, text=text, offers=(closures.asking(plan),), approval=True)
    return with_difference(asks, await closures.since_last(plan, desk))


async def _goes(draft: Draft, desk: Desk) -> dict[str, object]:
    name = await correspondents.party_name(desk.store, draft.party, desk)
    to = [addressee.address for addressee in draft.addressees if not addressee.copy]
    copies = [addressee.address for addressee in draft.addressees if addressee.copy]
    return {"key": draft.party, "name": name, "goes": True, "to": to, "cc": copies, "reason": "a date of it has moved"}


async def _left_out(party: str, desk: Desk) -> dict[str, object]:
    name = await correspondents.party_name(desk.store, party, desk)
    return {"key": party, "name": name, "goes": False, "to": [], "cc": [], "reason": Reason.NO_ADDRESS}


def _closed(title: str, days: tuple[date, date], moved: list[Moved], more: str) -> Card:
    rows = tuple(_moved(one) for one in moved)
    first = min((one.after.at for one in moved if one.after.at), default=None)
    when = f" The first goes {written_moment(first)}." if first else ""
    text = f"{counted(len(rows), 'letter')} moved.{when}{more}"
    return Card(title, text, rows, {"start": days[0], "end": days[1]})


def _said(days: tuple[date, date]) -> str:
    start, last = days
    return written(start) if last == start else f"{written(start)} to {written(last)}"


def _moved(one: Moved) -> dict[str, object]:
    return {"key": one.after.reminder.key, "party": one.after.reminder.state, "was": one.before.at, "is": one.after.at}


@command("holidays N", reads=True, example="holidays 2013")
async def holidays(desk: Desk, _person: Person, *, n: int) -> Card:
    """The holidays of a year, and whether an officer has confirmed them."""
    days = [day for day in await desk.store.days_off.all() if day.kind == "holiday" and day.day.year == n]
    notes = (
        ()
        if days and all(day.confirmed for day in days)
        else (f"Nothing goes by itself in {n} until: holidays {n} confirm",)
    )
    return Card(f"Holidays of {n}", f"{counted(len(days), 'day')}.", tuple(_row(day) for day in days), notes=notes)


@command("holidays N confirm", role=Role.OFFICER, example="holidays 2013 confirm")
async def confirm(desk: Desk, person: Person, *, n: int) -> Card:
    """Confirm that a year's holidays were held against the official list."""
    days = await flows.confirm_holidays(n, Act(person, desk))
    return Card(
        f"Holidays of {n}: confirmed",
        f"{counted(len(days), 'day')}, confirmed by {person.name}.",
        tuple(_row(day) for day in days),
    )


@command("holiday add DATE WHY=TEXT", role=Role.OFFICER, example='holiday add 2013-07-04 "Independence Day"')
async def add_holiday(desk: Desk, person: Person, *, date: date, why: str) -> Card:
    """Add a holiday of the duty station; then confirm its year."""
    day = await flows.add_holiday(date, why, Act(person, desk))
    return Card(
        f"{written(day.day)}: {day.why}",
        f"Added by {person.name}. To let it count: holidays {day.day.year} confirm",
        fields={"key": day.key},
    )


def _row(day: DayOff) -> dict[str, object]:
    return {"key": day.key, "why": day.why, "confirmed": day.confirmed, "source": day.source}
