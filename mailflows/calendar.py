"""The duty station's days off: a closure that an officer adds moves what is still to come; holidays count once confirmed."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from committee import schedule
from committee.calendar import DayOff, written
from committee.errors import Refused
from committee.schedule import Scheduled
from committee.staff import Role
from mailflows import announcements, approvals
from mailflows.desk import Desk
from mailflows.permissions import require
from mailflows.presses import Act
from storage.tables import Tables

LONGEST_CLOSURE = 60  # days; a longer one is a slip of the pen
LOOKED_AT = timedelta(days=120)
CLOSURE = "closure"


@dataclass(frozen=True, slots=True)
class Moved:
    """One letter whose day a closure has moved: what would be without the closure, and what is."""

    before: Scheduled
    after: Scheduled


async def close(start: date, end: date, why: str, who: Act) -> list[Moved]:
    """Headquarters is closed from `start` to `end`, both included; returns which letters that moves."""
    require(who.person, Role.OFFICER, "add a closure")
    desk, days = who.desk, days_of(start, end)
    async with desk.store.transaction(
        by=who.person.key, doing="closure add", about=start.isoformat(), at=desk.now
    ) as tx:
        new = [day for day in days if await tx.days_off.get(day) is None]  # a holiday stays one
        await tx.days_off.put(*[DayOff(day, why, CLOSURE, confirmed=True, source=who.person.name) for day in new])
        await approvals.withdraw(tx, "closure/", f"a closure was added by {who.person.name}")
        return await moved_by(new, tx, desk)


async def open_again(start: date, end: date, who: Act) -> list[Moved]:
    """The closure is taken back, whole or in part; returns which letters that moves, as they were and as they are."""
    require(who.person, Role.OFFICER, "take back a closure")
    desk, days = who.desk, days_of(start, end)
    async with desk.store.transaction(
        by=who.person.key, doing="closure remove", about=start.isoformat(), at=desk.now
    ) as tx:
        closed = await closed_days(days, tx)
        if not closed:
            raise Refused(f"Headquarters is not closed {_said(start, end)}; nothing was changed. To see: closures")
        moved = await moved_by(closed, tx, desk)
        for day in closed:
            await tx.days_off.remove(day)
        await approvals.withdraw(tx, "closure/", f"a closure was taken back by {who.person.name}")
    return [Moved(one.after, one.before) for one in moved]


async def closed_days(days: Collection[str], tables: Tables) -> list[str]:
    """Which of the days are in the register as closures."""
    found = [await tables.days_off.get(day) for day in days]
    return [day.key for day in found if day and day.kind == CLOSURE]


async def moved_by(days: Collection[str], tables: Tables, desk: Desk, *, reachable_or_not: bool = False) -> list[Moved]:
    """Which letters go on another day, or at another hour, since Headquarters is closed on `days`.

    `reachable_or_not` counts those of parties without an address too, which do not go by themselves.
    """
    if not days:
        return []
    until = max(desk.today, date.fromisoformat(max(days))) + LOOKED_AT
    known = [
        announcements.as_if_told(await announcements.known(tables, desk, until, without=without), desk.now)
        for without in ((), days)
    ]
    if reachable_or_not:
        known = [replace(one, addressed={state.key for state in one.states}) for one in known]
    closed, was_open = (schedule.schedule(one, desk.now, until) for one in known)
    before = {one.reminder.key: one for one in was_open}
    return [Moved(was, one) for one in closed if (was := before.get(one.reminder.key)) and was.at != one.at]


def days_of(start: date, end: date) -> list[str]:
    """The keys of the days from `start` to `end`, both included; `Refused` where that is no closure."""
    if not 1 <= (end - start).days + 1 <= LONGEST_CLOSURE:
        raise Refused(f"{_said(start, end)} is no closure of 1 to {LONGEST_CLOSURE} days; nothing was changed.")
    return [(start + timedelta(days=n)).isoformat() for n in range((end - start).days + 1)]


def _said(start: date, end: date) -> str:
    return f"on {written(start)}" if start == end else f"from {written(start)} to {written(end)}"


async def confirm_holidays(year: int, who: Act) -> list[DayOff]:
    """An officer has held the year's holidays against the official list: from now on letters go by themselves in it."""
    require(who.person, Role.OFFICER, "confirm the holidays of a year")
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing="holidays confirm", about=str(year), at=desk.now) as tx:
        holidays = [day for day in await tx.days_off.all() if day.kind == "holiday" and day.day.year == year]
        if not holidays:
            raise Refused(
                f"No holiday of {year} is in the register, so there is nothing to confirm. To add one: holiday add DATE WHY"
            )
        for day in holidays:
            await tx.days_off.put(replace(day, confirmed=True))
    return holidays


async def add_holiday(day: date, why: str, who: Act) -> DayOff:
    """A holiday of the duty station; its year counts once it is confirmed as a whole."""
    require(who.person, Role.OFFICER, "add a holiday")
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing="holiday add", about=day.isoformat(), at=desk.now) as tx:
        holiday = DayOff(day.isoformat(), why, "holiday", confirmed=False, source=who.person.name)
        await tx.days_off.put(holiday)
    return holiday
