"""The command line: `verbale init`, `demo`, `do`, `press`, `tick`, `read`, `ingest`, `verify`; each calls one errand."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

# Errands are imported when they are run: `verbale --help` and `verbale read` answer before the rest would be loaded.

verbale = typer.Typer(
    name="verbale", help="The correspondence desk of the 1540 Committee's secretariat.",
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip

AsPerson = Annotated[str | None, typer.Option("--as", metavar="PERSON", help="Act as a person of the staff; on practice desks only.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as data.")]
InDesk = Annotated[str | None, typer.Option("--desk", metavar="DIR", help="The desk's folder; else VERBALE_DESK, else the current one.")]
Files = Annotated[list[str], typer.Argument(metavar="FILE…", help="Messages as files.")]


def main() -> None:
    """What `verbale` and `python -m bot` run."""
    verbale(prog_name="verbale")


@verbale.callback(invoke_without_command=True)
def _verbale(context: typer.Context, *, show: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if show:
        typer.echo(f"verbale {_version()}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@verbale.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where the desk is made.")] = Path(),
    *,
    practice: Annotated[bool, typer.Option("--practice", help="A desk for trying out: invented contacts, its own clock.")] = False,
    at: Annotated[str | None, typer.Option("--at", metavar="MOMENT", help="When a practice desk opens; else 2012-09-04 09:00.")] = None,
    administrator: Annotated[str | None, typer.Option("--administrator", metavar="NAME", help="A real desk's first person.")] = None,
) -> None:
    """Make a new desk."""
    from bot import errands

    _leave(errands.init(folder, practice=practice, at=at, administrator=administrator))


@verbale.command()
def demo(*, once: Annotated[bool, typer.Option("--once", help="Play the day and end.")] = False) -> None:
    """Play a day of the secretariat on a practice desk in demo-desk/."""
    from bot import errands

    _leave(errands.demo(once=once))


@verbale.command(context_settings={"ignore_unknown_options": True})
def do(
    words: Annotated[list[str], typer.Argument(metavar='"COMMAND"', help='What would be typed in chat; "help" lists it all.')],
    *,
    as_person: AsPerson = None, as_json: AsJson = False, desk: InDesk = None,
    yes: Annotated[bool, typer.Option("--yes", help="Press the primary button of the answer at once.")] = False,
) -> None:  # fmt: skip
    """Do what was typed."""
    from bot import errands

    _leave(errands.do(words, errands.Door(desk, as_person, as_json), yes=yes))


@verbale.command()
def press(
    button: Annotated[str, typer.Argument(metavar="ID", help="The button's id, as the card showed it.")],
    words: Annotated[list[str] | None, typer.Argument(metavar="[WORDS]", help="What the button asks for.")] = None,
    *,
    as_person: AsPerson = None, as_json: AsJson = False, desk: InDesk = None,
) -> None:  # fmt: skip
    """Press a button that a card has shown."""
    from bot import errands

    _leave(errands.press(button, words or [], errands.Door(desk, as_person, as_json)))


@verbale.command()
def tick(
    *,
    at: Annotated[str | None, typer.Option("--at", metavar="MOMENT", help="The moment, on a practice desk.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="MOMENT", help="Every moment at which something is due until then.")] = None,
    as_json: AsJson = False, desk: InDesk = None,
) -> None:  # fmt: skip
    """Take in what waits, do what is due, deliver what may go, and end."""
    from bot import errands

    _leave(errands.tick(errands.Door(desk, None, as_json), at=at, until=until))


@verbale.command()
def read(files: Files) -> None:
    """Say how each message would be understood: a JSON object a line; needs no desk."""
    from bot import reading_files

    _leave(reading_files.read(files))


@verbale.command()
def ingest(files: Files, *, desk: InDesk = None) -> None:
    """Take messages in, - from standard input; status 75 says: keep it and try later."""
    from bot import errands

    _leave(errands.ingest(files, errands.Door(desk, None, as_json=True)))


@verbale.command()
def verify(*, as_json: AsJson = False, desk: InDesk = None) -> None:
    """Hold registers, ledgers and kept files against the audit trail."""
    from bot import errands

    _leave(errands.verify(errands.Door(desk, None, as_json)))


def _leave(status: int) -> None:
    raise typer.Exit(status)


def _version() -> str:
    try:
        return version("verbale")
    except PackageNotFoundError:  # run from a folder, not installed
        return "not installed"


if __name__ == "__main__":
    main()
