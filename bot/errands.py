"""What each command of the command line does: call one function, print its card, end with its status."""

import asyncio
import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot import building, dispatch, terminal, ticking
from bot.commands import COMMANDS, imports
from bot.door import DONE, REFUSED, TRY_LATER, Door, NotTyped, folder_of, opened, run, settings_now, shown
from bot.plain import plain
from bot.printing import print_bytes, print_data, print_text, say, standard_output
from bot.typed import split
from committee.calendar import NEW_YORK, written_moment
from committee.cards import Card
from committee.counting import counted
from committee.errors import Refused, Unavailable
from committee.typed_dates import moment_meant
from mailflows import founding, inbox, registers
from mailflows.desk import Desk
from mailflows.founding import Beginning
from mailflows.presses import Act
from storage.examining import examined, examined_there

IMPORT: Final = next(one for one in COMMANDS if one.handler is imports.import_file)
OPENING: Final = datetime(2012, 9, 4, 9, 0, tzinfo=NEW_YORK)
"""When a practice desk opens unless it is told: Tuesday 4 September 2012, at nine."""


def init(folder: Path, *, practice: bool, at: str | None, administrator: str | None) -> int:
    """Make a desk in `folder`."""

    async def errand() -> int:
        opens = _moment(at, "--at") if at else OPENING if practice else datetime.now(UTC)
        if at and not practice:
            raise NotTyped("--at is for practice desks: a real desk opens now. Add --practice, or leave --at out.")
        name, account = building.account()
        first = administrator or name
        database = settings_now().database
        beginning = await founding.found(
            folder, practice=practice, at=opens, administrator=first, account=account, database=database
        )
        shown(_made(folder, opens, first, beginning, practice=practice), Door())
        return DONE

    return run(errand, Door())


def demo(*, once: bool, serve: bool) -> int:
    """Serve the demo in the browser, or play its tour: with `once`, and where no terminal would show the address."""

    async def errand() -> int:
        from bot import demo  # noqa: PLC0415 - chat, the pages and the post office need not be loaded for the others

        if once and serve:
            raise NotTyped(
                "Either --once or --serve: the one plays the tour and ends, the other serves it in the browser."
            )
        console = terminal.a_console()
        if serve or (console.is_terminal and not once):
            return await demo.serve(console)
        status = await demo.play(console)
        with standard_output():  # what it has drawn has left
            return status

    return run(errand, Door())


def do(words: Sequence[str], door: Door, *, yes: bool) -> int:
    """Do what was typed, as whoever comes in by this door."""
    typed = as_typed(words)

    async def errand() -> int:
        async with opened(door) as (_, desk, _settings):
            person = await building.who_acts(desk, door.person)
            card, status = await dispatch.run(desk, person, typed, yes=yes)
        shown(card, door, everything="--all" in split(typed))
        return status

    return run(errand, door)


def press(button: str, words: Sequence[str], door: Door) -> int:
    """Press a button, with the words that it asks for."""

    async def errand() -> int:
        async with opened(door) as (_, desk, _settings):
            person = await building.who_acts(desk, door.person)
            card, status = await dispatch.press(desk, person, button, as_typed(words))
        shown(card, door)
        return status

    return run(errand, door)


def tick(door: Door, *, at: str | None, until: str | None) -> int:
    """One tick, or one for every moment at which something is due."""

    async def errand() -> int:
        if at and until:
            raise NotTyped(
                "Either --at or --until: the one is a single moment, the other all that is due on the way to it."
            )
        moment = _moment(at or until or "", "--until" if until else "--at") if at or until else None
        async with opened(door) as (folder, desk, settings):
            if until and moment:
                cards = await ticking.tick_until(folder, desk, settings, moment)
            else:
                cards = [await ticking.tick(folder, desk, settings, at=moment)]
        shown(_together(cards) if until else cards[0], door)
        return TRY_LATER if cards[-1].fields["not_taken"] else DONE

    return run(errand, door)


def ingest(files: Sequence[str], door: Door) -> int:
    """Take each message in and print its line; 75 whatever the trouble is: nothing is lost by trying again."""
    brought = _standard_input() if "-" in files else b""  # before the loop runs, so that Ctrl-C still ends it

    async def errand() -> int:
        status = DONE
        async with opened(door) as (_, desk, _settings):
            for file in files:
                status = await _ingested(file, brought, desk) or status
        return status

    return TRY_LATER if run(errand, Door()) else DONE


def export(door: Door) -> int:
    """The registers as JSON lines, for `import` on a new desk."""

    async def errand() -> int:
        async with opened(door) as (_, desk, _settings):
            person = await building.who_acts(desk, door.person)
            exported = await registers.export(Act(person, desk))
        print_bytes(exported)
        return DONE

    return run(errand, door)


def import_(file: str, door: Door, *, yes: bool) -> int:
    """What `import FILE` shows, also of what is handed in; `yes` presses its primary button at once."""
    brought = _standard_input() if file == "-" else b""  # before the loop runs, so that Ctrl-C still ends it

    async def errand() -> int:
        if brought is None:
            raise NotTyped("Standard input is closed: name a file, or hand one in.")
        given = ("-", brought) if file == "-" else file
        async with opened(door) as (_, desk, _settings):
            person = await building.who_acts(desk, door.person)
            card, status = await dispatch.fill_in(desk, person, IMPORT, {"file": (given,)})
            primary = next((action for action in card.actions if action.style == "primary"), None)
            if yes and primary:
                card, status = await dispatch.press(desk, person, primary.key)
        shown(card, door)
        return status

    return run(errand, door)


def verify(door: Door) -> int:
    """Whether everything fits: 0 it does, 1 it does not."""

    async def errand() -> int:
        settings = settings_now()
        folder = folder_of(door, settings)
        if settings.database:
            found = await examined_there(folder, settings.database)
        else:
            found = await asyncio.to_thread(examined, folder)
        faults = [finding for finding in found.findings if not finding.note]
        for finding in faults:
            line = {"ledger": finding.ledger, "key": finding.key, "what": finding.what}
            print_data(line) if door.as_json else print_text(" ".join(filter(None, line.values())))
        if not door.as_json:
            said = (
                f"{counted(len(faults), 'thing')} not as the trail says."
                if faults
                else "Everything fits the audit trail."
            )
            harmless = len(found.findings) - len(faults)
            beside = f" {counted(harmless, 'kept file')} that nothing names: nothing to do." if harmless else ""
            ends = f"It has {counted(found.count, 'entry', 'entries')}; the last digest is {found.last}."
            print_text(f"{said}{beside} {ends}")
        return REFUSED if faults else DONE

    return run(errand, door)


def as_typed(words: Sequence[str]) -> str:
    """What the shell's quotes held as it is; several words with the quotes that the shell took away."""
    return words[0] if len(words) == 1 else " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    option, equals, value = word.partition("=") if word.startswith("--") else ("", "", word)
    if not any(letter.isspace() for letter in value):
        return word
    return f'{option}{equals}"{value}"' if '"' not in value else f"{option}{equals}“{value}”"


def _standard_input() -> bytes | None:
    """What is handed in, whole; None where nothing can be read there."""
    try:
        return sys.stdin.buffer.read()
    except (AttributeError, OSError):  # a closed standard input is None
        return None


async def _ingested(file: str, brought: bytes | None, desk: Desk) -> int:
    """Take one message in; a file that cannot be read or kept does not stop the next."""
    try:
        raw = brought if file == "-" else await asyncio.to_thread(Path(file).read_bytes)
        if raw is None:
            raise OSError(0, "standard input is closed")  # noqa: TRY301 - one door out
        mail = await inbox.take_in(raw, desk)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        say(f"{plain(file)} could not be read ({reason}); it was not taken in.")
        return TRY_LATER
    except (Refused, Unavailable) as trouble:
        say(f"{plain(file)} could not be kept: {trouble}. Keep it, and try later.")
        return TRY_LATER
    print_data({"file": plain(file), "key": mail.key, "sha256": mail.sha256, "state": mail.state.value})
    return DONE


def _moment(typed: str, option: str) -> datetime:
    moment = moment_meant(typed)
    if moment is None:
        example = f"{option} '2012-09-04 09:00' (New York) or {option} 2012-09-04T13:00Z"
        raise NotTyped(f"{option} {typed!r} is not a moment; for example {example}.")
    return moment


def _together(cards: Sequence[Card]) -> Card:
    """Several ticks as one card: a row each."""
    everything = [card.fields for card in cards]
    rows = tuple(row for row in everything if row is everything[-1] or any(row[name] for name in row if name != "at"))
    notes = tuple(dict.fromkeys(note for card in cards for note in card.notes))
    last = cards[-1]
    happened = tuple(name for name in last.fields if name != "at" and any(row[name] for row in rows))
    sums = [f"{sum(row[name] for row in rows)} {name.replace('_', ' ')}" for name in happened]
    return Card(
        last.title,
        f"{counted(len(cards), 'moment')}, in order; {', '.join(sums) or 'nothing was due'}.",
        rows,
        fields=last.fields,
        notes=notes,
        columns=("at", *happened),
        facts=(),
        ok=all(card.ok for card in cards),
    )


def _made(folder: Path, opens: datetime, administrator: str, made: Beginning, *, practice: bool) -> Card:
    there = shlex.quote(str(folder))
    joins = f"In chat the administrator types, once and within seven days: join {made.join_code}"
    if practice:
        text = "Its contacts, statuses and staff are illustrative; its letters stay in it, and its clock is yours."
        tries = (f"verbale do states --desk {there}", f"verbale tick --desk {there}", f"verbale do help --desk {there}")
        fields = {"opens": written_moment(opens), "join_code": made.join_code}
        return Card(f"A practice desk in {folder}", text, fields=fields, notes=(*tries, joins))
    text = "193 Member States and two observers, each status unconfirmed until an officer confirms it; no contact yet."
    notes = (f"verbale do help --desk {there}", f"verbale do 'staff add NAME officer' --desk {there}", joins)
    return Card(
        f"A desk in {folder}",
        text,
        fields={"opens": written_moment(opens), "administrator": administrator, "join_code": made.join_code},
        notes=notes,
    )
