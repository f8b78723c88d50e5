"""/1540 log: who did what, when, by which rule; or the whole story of one thing."""

from datetime import date, timedelta

from bot.commands.since import start_of
from bot.registry import command
from committee.audit import Entry
from committee.calendar import written, written_moment
from committee.cards import Card
from committee.counting import counted
from committee.staff import Person
from committee.story import Line
from mailflows.desk import Desk
from mailflows.story import story

SHOWN_FOR = timedelta(days=90)


@command("log [KEY] [--since DATE] [--all]", reads=True, example="log S-2012-0017")
async def log(
    desk: Desk, person: Person, *, key: str | None = None, since: date | None = None, all: bool = False
) -> Card:
    """The audit trail, the newest first; or the whole story of one submission, mail, letter or State, from its beginning."""
    if key:
        return await _story(key, person, desk, since)
    first = start_of(None if all else (since or desk.today - SHOWN_FOR))
    rows = tuple(_entry(entry) for entry in await desk.store.trail.find(since=first, newest_first=True))
    said = f"{counted(len(rows), 'entry', 'entries')}, the newest first."
    return Card("Log", said, rows, columns=("at", "by", "doing", "about"))


async def _story(key: str, person: Person, desk: Desk, since: date | None) -> Card:
    first = start_of(since)
    lines = [line for line in await story(key, person, desk) if first is None or line.at >= first]
    state = await desk.store.states.get(key)
    stands = f" First report: {state.status}{f' since {written(state.since)}' if state.since else ''}." if state else ""
    said = f"{counted(len(lines), 'line')}, the oldest first.{stands}"
    return Card(f"Log of {key}", said, tuple(_line(line) for line in lines), columns=("when", "by", "said"))


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "seq": entry.seq,
        "at": entry.at,
        "by": entry.by,
        "doing": entry.doing,
        "about": entry.about,
        "changed": [change.key for change in entry.changes],
    }


def _line(line: Line) -> dict[str, object]:
    return {
        "seq": line.seq, "at": line.at, "by": line.by, "doing": line.doing, "about": line.about,
        "changed": list(line.changed) if line.seq is not None else None, "said": line.said, "when": written_moment(line.at),
    }  # fmt: skip
