"""/1540 due: what falls due, for whom, and what will be sent by itself."""

from datetime import date, datetime, time, timedelta

from bot.registry import command
from committee.calendar import NEW_YORK, written
from committee.cards import Card
from committee.confirmations import Rung
from committee.counting import counted
from committee.letters import LetterKind
from committee.programme import Item
from committee.schedule import Scheduled
from committee.staff import Person
from mailflows import announcements, confirmations, correspondents, standing
from mailflows.desk import Desk

AHEAD = 14


@command("due [N] [days=UNIT]", reads=True, example="due 30 days")
async def due(desk: Desk, _person: Person, *, n: int = AHEAD, unit: str | None = None) -> Card:  # noqa: ARG001 - `days` is for reading
    """What falls due in the next days, for whom, and what will go by itself."""
    until = desk.today + timedelta(days=n)
    reminders = await announcements.coming(desk.store, desk, until)
    scheduled = [*reminders, *await confirmations.coming(desk.store, desk, until)]
    waits = await standing.waiting(desk.store, {one.reminder.state for one in scheduled})
    coming = [await _row(one, waits.get(one.reminder.state), desk) for one in scheduled]
    dated = [_dated(item) for item in await desk.store.programme.all() if item.due and desk.today <= item.due <= until]
    rows = sorted([*coming, *dated], key=lambda row: str(row["at"]))
    going = sum(bool(row["goes"]) for row in rows)
    text = f"Until {written(until)}: {counted(len(rows), 'thing')} due; {counted(going, 'letter')} by the clock."
    return Card(
        f"Due in {n} days",
        text,
        tuple(rows),
        {"until": until, "going": going},
        columns=("at", "name", "goes", "rule", "waits"),
    )


def _dated(item: Item) -> dict[str, object]:
    rule = f"by {item.responsible or 'the Committee'}: {item.where}"
    at = item.due and _opening(item.due)
    return {
        "key": item.key,
        "kind": "programme",
        "party": item.responsible,
        "name": item.what,
        "at": at,
        "rule": rule,
        "goes": False,
    }


async def _row(one: Scheduled, waits: str | None, desk: Desk) -> dict[str, object]:
    name = await correspondents.party_name(desk.store, one.reminder.state, desk)
    said = "announced" if one.announced else "to be announced"
    asks = isinstance(one.reminder, Rung)
    kind = LetterKind.CONFIRMATION if asks else LetterKind.FIRST_REPORT_REMINDER
    rule = "entries confirmed once a year" if asks else "first reports by cycle"
    return {
        "key": one.reminder.key, "kind": kind, "party": one.reminder.state, "name": name,
        "at": one.at or _opening(one.due), "rule": one.why_not or f"{rule}, {said}", "goes": one.at is not None,
        "waits": waits,
    }  # fmt: skip


def _opening(day: date) -> datetime:
    return datetime.combine(day, time(9), NEW_YORK)
