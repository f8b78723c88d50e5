"""The duty station's days off: a closure that an officer adds moves what is still to come; holidays count once confirmed."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from committee.calendar import DayOff, written
from committee.errors import Refused
from committee.schedule import Scheduled
from committee.staff import Role
from mailflows import announcements
from mailflows.permissions import require
from mailflows.presses import Act

LONGEST_CLOSURE = 60  # days; a longer one is a slip of the pen
LOOKED_AT = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Moved:
    """One letter whose day a closure has moved."""

    before: Scheduled
    after: Scheduled


async def close(start: date, end: date, why: str, who: Act) -> list[Moved]:
    """Headquarters is closed from `start` to `end`, both included; returns which letters that moves."""
    require(who.person, Role.OFFICER, "add a closure")
    days = (end - start).days + 1
    if not 1 <= days <= LONGEST_CLOSURE:
        raise Refused(
            f"{written(start)} to {written(end)} is no closure of 1 to {LONGEST_CLOSURE} days; nothing was changed."
        )
    desk = who.desk
    until = max(desk.today, end) + LOOKED_AT
    async with desk.store.transaction(
        by=who.person.key, doing="closure add", about=start.isoformat(), at=desk.now
    ) as tx:
        before = {one.reminder.key: one for one in await announcements.coming(tx, desk, until)}
        for n in range(days):
            day = (start + timedelta(days=n)).isoformat()
            if await tx.days_off.get(day) is None:  # a holiday stays one
                await tx.days_off.put(DayOff(day, why, "closure", confirmed=True, source=who.person.name))
        after = {one.reminder.key: one for one in await announcements.coming(tx, desk, until)}
    return [Moved(before[key], one) for key, one in after.items() if key in before and before[key].at != one.at]


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
