"""/1540 closures, closure add, holidays: the days on which nothing goes by itself."""

from datetime import date

from bot.registry import command
from committee.calendar import DayOff, written, written_moment
from committee.cards import Card
from committee.counting import counted
from committee.staff import Person, Role
from mailflows import calendar as flows
from mailflows.calendar import Moved
from mailflows.desk import Desk
from mailflows.presses import Act


@command("closures", reads=True, example="closures")
async def closures(desk: Desk, _person: Person) -> Card:
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
    start, last = days
    moved = await flows.close(start, last, why, Act(person, desk))
    rows = tuple(_moved(one) for one in moved)
    first = min((one.after.at for one in moved if one.after.at), default=None)
    said = written(start) if last == start else f"{written(start)} to {written(last)}"
    when = f" The first goes {written_moment(first)}." if first else ""
    return Card(f"Closed: {said}", f"{counted(len(rows), 'letter')} moved.{when}", rows, {"start": start, "end": last})


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
