"""The demo from beginning to end: a practice desk made afresh, the day played with progress, and what to look at afterwards."""

import shutil
import sys
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from bot import building, terminal
from bot.demo.day import Day, NotAsTold
from bot.demo.mails import Letterbox
from bot.demo.post_office import PostOffice, opened
from bot.settings import without_environment
from committee.calendar import NEW_YORK, new_york
from committee.cards import Card
from committee.contacts import Office
from committee.errors import Refused
from committee.letters import LetterKind
from committee.staff import first_officer
from mailflows import pages
from mailflows.desk import Desk
from mailflows.founding import found
from storage.folder import work_lock
from storage.marker import holds_practice_desk

FOLDER = "demo-desk"
DATE = datetime(2012, 9, 4, 9, 0, tzinfo=NEW_YORK)
GONE, FULL = "ZWE", "ZMB"
"""Whose mission's server refuses for good, and whose is busy once: chosen for the story, illustrative like all of it."""


async def play(console: Console, where: Path | None = None) -> int:
    """Play the day in `demo-desk` of the current folder; 0 if every step left its fact in the store, 1 else."""
    folder = (where or Path.cwd()) / FOLDER
    _make_room(folder)
    await found(folder, practice=True, at=DATE, administrator="", account=None)
    settings = without_environment()
    async with building.open_desk(folder, settings) as desk:
        office = PostOffice(await _mission(desk, GONE), await _mission(desk, FULL))
        async with opened(office) as url:
            day = Day(
                folder,
                settings.sending_to(url),
                desk,
                Letterbox(folder / building.INCOMING),
                office,
                first_officer(await desk.store.staff.all()),
            )
            trouble = await _played(day, console)
        await _shown(day, console)
    if trouble:
        console.print(Text(f"The demo failed: {trouble}", style="bold"))
        return 1
    _next(folder, console)
    return 0


def _make_room(folder: Path) -> None:
    """Only a folder that says itself that it is a practice desk, and that nobody works in, is replaced."""
    if not folder.exists():
        return
    if not holds_practice_desk(folder):
        raise Refused(f"{folder} is not a practice desk, so the demo does not replace it; run it in another folder.")
    with work_lock(folder, "verbale demo"):
        shutil.rmtree(folder)


async def _mission(desk: Desk, state: str) -> str:
    contacts = await desk.store.contacts.find(party=state)
    return next(contact.address for contact in contacts if contact.office is Office.PERMANENT_MISSION)


async def _played(day: Day, console: Console) -> str:
    """Every step with progress; the first fact that is missing, or nothing."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=16),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
    )
    steps = day.steps()
    with Progress(*columns, console=console, transient=True, disable=not console.is_interactive) as progress:
        task = progress.add_task("The day begins", total=len(steps))
        for said, step in steps:
            progress.update(task, description=said)
            at = day.desk.now
            try:
                day.told.append((at, said, await step()))
            except NotAsTold as missing:
                return f"{said}: {missing}"
            progress.advance(task)
    return ""


async def _shown(day: Day, console: Console) -> None:
    table = Table(
        title="Tuesday 4 September 2012 at the desk (practice: everything is illustrative)",
        title_justify="left",
        show_lines=False,
        expand=True,
    )
    table.add_column("New York", no_wrap=True)
    table.add_column("What happened")
    table.add_column("What shows it")
    for at, said, evidence in day.told:
        table.add_row(f"{new_york(at):%H:%M}", said, evidence)
    console.print(table)
    reminders = await day.desk.store.letters.find(kind=LetterKind.FIRST_REPORT_REMINDER, limit=1)
    for letter in reminders:
        page = await pages.page_of(letter, day.desk)
        terminal.draw(Card("One of the letters, as the Permanent Mission sees it", page=page), console)


def _next(folder: Path, console: Console) -> None:
    here, verbale = folder.name, _as_called()
    typed = ("states non-reporting", "outbox", "submission S-2012-0002", "cards", "remind first-report", "help")
    console.print(Text("Where everything lies", style="bold"))
    console.print(f"  {here}/desk.sqlite3   registers, ledgers and the audit trail", highlight=False)
    console.print(f"  {here}/kept/          every message and enclosure, once", highlight=False)
    console.print(
        f"  {here}/{building.OUTGOING}/      where this desk's letters go from now on (a Maildir)\n", highlight=False
    )
    console.print(Text("Look around", style="bold"))
    console.print(f"  export VERBALE_DESK={here}", highlight=False)
    for words in typed:
        quoted = f'"{words}"' if " " in words else words
        console.print(f"  {verbale} do {quoted}", highlight=False)
    console.print(f"  {verbale} verify", highlight=False)


def _as_called() -> str:
    """The program as it was called, so that the lines can be typed as they stand."""
    called = Path(sys.argv[0])
    if called.name != "verbale":
        return "verbale"
    return (
        str(called.relative_to(Path.cwd()))
        if called.is_absolute() and called.is_relative_to(Path.cwd())
        else str(called)
    )
