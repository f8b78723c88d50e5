"""The command line: a desk is made, worked at, run, and looked after; `verbale --help` lists the commands."""

# ruff: noqa: PLC0415 - an errand is imported when it is run: `--help` and `read` answer before the rest would be loaded

import sys
from pathlib import Path
from typing import Annotated

import typer

verbale = typer.Typer(
    name="verbale", help="The correspondence desk of the 1540 Committee's secretariat.",
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip

INTERRUPTED = 130
"""The exit status after Ctrl-C."""

AsPerson = Annotated[
    str | None, typer.Option("--as", metavar="PERSON", help="Act as a person of the staff; on practice desks only.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as data.")]
InDesk = Annotated[
    str | None,
    typer.Option("--desk", metavar="DIR", help="The desk's folder; else VERBALE_DESK, else the current one."),
]
Files = Annotated[list[str], typer.Argument(metavar="FILE…", help="Messages as files.")]


def main() -> None:
    """What `verbale` and `python -m bot` run."""
    command, *files = *sys.argv[1:], ""
    if command == "read" and len(files) > 1 and not any(file.startswith("-") for file in files):
        sys.exit(_read(files[:-1]))  # typer would load pydantic to look at the names of files: a quarter of a second
    verbale(prog_name="verbale")


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"verbale {version('verbale')}")
        except PackageNotFoundError:  # run from a folder, not installed
            typer.echo("verbale, not installed")
        raise typer.Exit


@verbale.callback()
def _verbale(
    *,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Print the version.")
    ] = False,
) -> None:
    pass


@verbale.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where the desk is made.")] = Path(),
    *,
    practice: Annotated[
        bool, typer.Option("--practice", help="A desk for trying out: invented contacts, its own clock.")
    ] = False,
    at: Annotated[
        str | None, typer.Option("--at", metavar="MOMENT", help="When a practice desk opens; else 2012-09-04 09:00.")
    ] = None,
    administrator: Annotated[
        str | None, typer.Option("--administrator", metavar="NAME", help="A real desk's first person.")
    ] = None,
) -> None:
    """Make a new desk."""
    from bot import errands

    _leave(errands.init(folder, practice=practice, at=at, administrator=administrator))


@verbale.command()
def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="Play the tour and end, as where there is no terminal.")] = False,
    serve: Annotated[bool, typer.Option("--serve", help="Serve it in the browser, also without a terminal.")] = False,
) -> None:
    """Try a practice desk in demo-desk/: its chat in the browser, mailboxes of missions, a clock, and a tour."""
    from bot import errands

    _leave(errands.demo(once=once, serve=serve))


@verbale.command(context_settings={"ignore_unknown_options": True})
def do(
    words: Annotated[list[str], typer.Argument(metavar="COMMAND", help="As in chat; help lists all.")],
    *,
    as_person: AsPerson = None, as_json: AsJson = False, desk: InDesk = None,
    yes: Annotated[bool, typer.Option("--yes", help="Press the primary button of the answer at once.")] = False,
) -> None:  # fmt: skip
    """Do what was typed."""
    from bot import errands
    from bot.door import Door

    _leave(errands.do(words, Door(desk, as_person, as_json), yes=yes))


@verbale.command()
def press(
    button: Annotated[str, typer.Argument(metavar="ID", help="The button's id, as the card showed it.")],
    words: Annotated[list[str] | None, typer.Argument(metavar="[WORDS]", help="What the button asks for.")] = None,
    *,
    as_person: AsPerson = None, as_json: AsJson = False, desk: InDesk = None,
) -> None:  # fmt: skip
    """Press a button that a card has shown."""
    from bot import errands
    from bot.door import Door

    _leave(errands.press(button, words or [], Door(desk, as_person, as_json)))


@verbale.command()
def tick(
    *,
    at: Annotated[str | None, typer.Option("--at", metavar="MOMENT", help="The moment, on a practice desk.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="MOMENT", help="All that is due until then.")] = None,
    as_json: AsJson = False, desk: InDesk = None,
) -> None:  # fmt: skip
    """Take in what waits, do what is due, deliver what may go, and end."""
    from bot import errands
    from bot.door import Door

    _leave(errands.tick(Door(desk, None, as_json), at=at, until=until))


@verbale.command()
def run(
    *,
    only: Annotated[
        str | None,
        typer.Option(
            "--only", metavar="mail|clock|chat", help="One part, where several processes share a desk in PostgreSQL."
        ),
    ] = None,
    desk: InDesk = None,
) -> None:
    """Tick until SIGTERM or Ctrl-C: mail in, what is due, mail out, all in one process."""
    from bot import looking_after
    from bot.door import Door

    _leave(looking_after.run_desk(Door(desk), only))


@verbale.command()
def doctor(*, as_json: AsJson = False, desk: InDesk = None) -> None:
    """Look at everything that the desk stands on, and say what to do; no letter is sent."""
    from bot import looking_after
    from bot.door import Door

    _leave(looking_after.examine(Door(desk, None, as_json)))


@verbale.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that is not there yet.")],
    *,
    as_json: AsJson = False,
    desk: InDesk = None,
) -> None:
    """Write the whole desk to one file, beside its work, and read it back."""
    from bot import looking_after
    from bot.door import Door

    _leave(looking_after.backup(file, Door(desk, None, as_json)))


@verbale.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that holds no desk.")],
    *,
    administrator: Annotated[
        str | None,
        typer.Option(
            "--administrator", metavar="PERSON", help="On another host: whose account this one is from now on."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a desk of a backup; it is held, and writes to nobody until an administrator resumes."""
    from bot import looking_after
    from bot.door import Door

    _leave(looking_after.restore(file, folder, Door(str(folder), None, as_json), administrator=administrator))


@verbale.command()
def copy(
    *,
    to: Annotated[str, typer.Option("--to", metavar="URL|DIR", help="An empty PostgreSQL database, or a new folder.")],
    as_json: AsJson = False,
    desk: InDesk = None,
) -> None:
    """Move the desk from its folder to PostgreSQL, or from there to a folder; counted, hashed, and then open there alone."""
    from bot import looking_after
    from bot.door import Door

    _leave(looking_after.copy(to, Door(desk, None, as_json)))


@verbale.command()
def keys(
    *, new: Annotated[bool, typer.Option("--new", help="Make a new one; the last one stays valid.")] = False,
    as_json: AsJson = False, desk: InDesk = None,
) -> None:  # fmt: skip
    """Which keys the desk's tokens and seals are made with."""
    from bot import looking_after
    from bot.door import Door

    _leave(looking_after.keys(Door(desk, None, as_json), new=new))


@verbale.command()
def migrate(*, as_json: AsJson = False, desk: InDesk = None) -> None:
    """Bring a desk of an older version forward, after a backup beside it."""
    from bot import looking_after
    from bot.door import Door

    _leave(looking_after.migrate(Door(desk, None, as_json)))


@verbale.command()
def manifest() -> None:
    """Print the manifest of the desk's Slack app, to be pasted where an app is made; needs no desk."""
    from bot import looking_after

    _leave(looking_after.manifest())


@verbale.command()
def read(files: Files) -> None:
    """Say how each message would be understood: a JSON object a line; needs no desk."""
    _leave(_read(files))


@verbale.command()
def ingest(files: Files, *, desk: InDesk = None) -> None:
    """Take messages in, - from standard input; status 75 says: keep it and try later."""
    from bot import errands
    from bot.door import Door

    _leave(errands.ingest(files, Door(desk, None, as_json=True)))


@verbale.command()
def retain(
    *,
    as_person: AsPerson = None, as_json: AsJson = False, desk: InDesk = None,
    yes: Annotated[bool, typer.Option("--yes", help="Take them out at once.")] = False,
) -> None:  # fmt: skip
    """Show whose data have been kept long enough by the policies; a button takes them out."""
    from bot import errands
    from bot.door import Door

    _leave(errands.do(["retain"], Door(desk, as_person, as_json), yes=yes))


@verbale.command()
def export(*, as_person: AsPerson = None, desk: InDesk = None) -> None:
    """Print the registers as JSON lines, without secrets and staff, for `verbale import` on a new desk."""
    from bot import errands
    from bot.door import Door

    _leave(errands.export(Door(desk, as_person)))


@verbale.command(name="import")
def import_(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="A CSV or XLSX of contacts, or an export.")],
    *,
    as_person: AsPerson = None, as_json: AsJson = False, desk: InDesk = None,
    yes: Annotated[bool, typer.Option("--yes", help="Press the primary button of the preview at once.")] = False,
) -> None:  # fmt: skip
    """Show what a table of contacts or an export would change; a button does it."""
    from bot import errands
    from bot.door import Door

    _leave(errands.import_(file, Door(desk, as_person, as_json), yes=yes))


@verbale.command()
def verify(*, as_json: AsJson = False, desk: InDesk = None) -> None:
    """Hold registers, ledgers and kept files against the audit trail."""
    from bot import errands
    from bot.door import Door

    _leave(errands.verify(Door(desk, None, as_json)))


def _leave(status: int) -> None:
    raise typer.Exit(status)


def _read(files: list[str]) -> int:
    from bot import reading_files

    try:
        return reading_files.read(files)
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    main()
