"""`verbale demo`: one address for whoever has a terminal; without one, or with --once, the tour is played and shown."""

import asyncio
import signal
import sys
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from bot import building, terminal
from bot.demo import tour
from bot.demo.opening import Demo, demo
from bot.demo.playing import NotAsTold, Player, Told
from committee.cards import Card
from committee.letters import LetterKind
from mailflows import pages

AFTERWARDS: Final = ("states non-reporting", "outbox", "approvals", "unserved", "log", "help")


async def play(console: Console, where: Path | None = None) -> int:
    """Play the tour in `demo-desk` of the current folder; 0 if every step left its fact in the store, 1 else."""
    async with demo(where or Path.cwd()) as made:
        status = await played(Player(made), console)
    if status == 0:
        _next(made.folder, console)
    return status


async def played(player: Player, console: Console) -> int:
    """The same on a desk that is there, up to the first fact that is missing."""
    told, trouble = await _played(player, console)
    await _shown(player.demo, told, console)
    if trouble:
        console.print(Text(f"The demo failed: {trouble}", style="bold"))
    return 1 if trouble else 0


async def serve(console: Console, where: Path | None = None) -> int:
    """Serve the demo in the browser until Ctrl-C or SIGTERM; the address is printed once."""
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    for told in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(told, ending.set)
    try:
        async with demo(where or Path.cwd()) as made:
            _opens(made, console)
            await ending.wait()
    finally:
        for told in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(told)
    console.print("The demo has ended; its desk is kept until the next one.")
    return 0


def _opens(made: Demo, console: Console) -> None:
    console.print(Text("A practice desk with its chat, the mailboxes of missions, and its clock", style="bold"))
    console.print("Everything in it is illustrative; nothing leaves this computer.\n")
    console.print("Open this in a browser on this computer; whoever has it can act as anybody on this desk:")
    console.print(f"\n  {made.address}\n", soft_wrap=True)
    console.print("A tour of seven steps stands beside the chat. Ctrl-C ends it.")
    console.file.flush()


async def _played(player: Player, console: Console) -> tuple[list[Told], str]:
    """Every step with progress; what was done, and the first fact that is missing, or nothing."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=16),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
    )
    done: list[Told] = []
    with Progress(*columns, console=console, transient=True, disable=not console.is_interactive) as progress:
        task = progress.add_task(tour.STEPS[0].title, total=len(tour.STEPS))
        try:
            async for told in player.play():
                done.append(told)
                progress.update(task, advance=1, description=told.title)
        except NotAsTold as missing:
            return done, str(missing)
    return done, ""


async def _shown(made: Demo, told: list[Told], console: Console) -> None:
    title = "The tour, played through chat and mail (practice: everything is illustrative)"
    table = Table(title=title, title_justify="left", show_lines=False, expand=True)
    for name in ("When", "What happened", "What shows it"):
        table.add_column(name, overflow="fold")
    for one in told:
        table.add_row(one.at.removesuffix(" New York"), one.title, one.fact)
    console.print(table)
    desk = await made.working.now()
    for letter in await desk.store.letters.find(kind=LetterKind.CLOSURE_NOTICE, limit=1):
        page = await pages.page_of(letter, desk)
        terminal.draw(Card("One of the letters, as the Permanent Mission sees it", page=page), console)


def _next(folder: Path, console: Console) -> None:
    here, verbale = folder.name, _as_called()
    console.print(Text("Try it yourself, in the browser", style="bold"))
    console.print(f"  {verbale} demo --serve\n", highlight=False)
    console.print(Text("Where everything lies", style="bold"))
    console.print(f"  {here}/desk.sqlite3   registers, ledgers and the audit trail", highlight=False)
    console.print(f"  {here}/kept/          every message and enclosure, once", highlight=False)
    console.print(
        f"  {here}/{building.OUTGOING}/      where this desk's letters go from now on (a Maildir)\n", highlight=False
    )
    console.print(Text("Look around", style="bold"))
    console.print(f"  export VERBALE_DESK={here}", highlight=False)
    for words in AFTERWARDS:
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
