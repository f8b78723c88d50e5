"""/1540 log: who did what, when, by which rule."""

from datetime import date, timedelta

from bot.commands.since import start_of
from bot.registry import command
from committee.cards import Card
from committee.counting import counted
from committee.staff import Person
from mailflows.desk import Desk

SHOWN_FOR = timedelta(days=90)


@command("log [KEY] [--since DATE] [--all]", reads=True, example="log S-2012-0017")
async def log(
    desk: Desk, _person: Person, *, key: str | None = None, since: date | None = None, all: bool = False
) -> Card:
    """The audit trail, of everything or of one thing, the newest first."""
    first = start_of(None if all else (since or desk.today - SHOWN_FOR))
    trail = desk.store.trail
    entries = await (
        trail.find(about=key, since=first, newest_first=True) if key else trail.find(since=first, newest_first=True)
    )
    rows = tuple(
        {
            "seq": e.seq,
            "at": e.at,
            "by": e.by,
            "doing": e.doing,
            "about": e.about,
            "changed": [change.key for change in e.changes],
        }
        for e in entries
    )
    return Card(
        "Log" if key is None else f"Log of {key}",
        f"{counted(len(rows), 'entry', 'entries')}, the newest first.",
        rows,
        columns=("at", "by", "doing", "about"),
    )
