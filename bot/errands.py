"""What each command of the command line does: open the desk, call one function, print its card, end with its status."""

import asyncio
import shlex
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot import building, dispatch, terminal, ticking
from bot.answers import as_json
from bot.printing import flushed, print_data, print_text, say
from bot.settings import Settings, WrongSetting, read_settings
from bot.typed import split
from committee.calendar import NEW_YORK, written_moment
from committee.cards import Card
from committee.errors import Refused, Unavailable
from committee.typed_dates import moment_meant
from mailflows import founding, inbox
from mailflows.desk import Desk
from mailflows.logs import log
from storage.errors import NotADesk
from storage.store import Store

DONE, REFUSED, NOT_UNDERSTOOD, TRY_LATER = 0, 1, 2, 75
"""Exit statuses; 75 is sysexits' EX_TEMPFAIL."""

OPENING: Final = datetime(2012, 9, 4, 9, 0, tzinfo=NEW_YORK)
"""When a practice desk opens unless it is told: Tuesday 4 September 2012, at nine."""


@dataclass(frozen=True, slots=True)
class Door:
    """How a person came in: which desk, as whom, and whether the answer is to be data."""

    desk: str | None = None
    person: str | None = None
    as_json: bool = False

    @property
    def options(self) -> str:
        """The same way in, to be typed again after `verbale press ID`."""
        given = (("--desk", self.desk), ("--as", self.person))
        return "".join(f" {option} {shlex.quote(value)}" for option, value in given if value)


class NotTyped(Exception):  # noqa: N818 - named by what the reader must mend
    """An argument that is not what it must be; the message says which, with an example."""


def init(folder: Path, *, practice: bool, at: str | None, administrator: str | None) -> int:
    """Make a desk in `folder`."""

    async def errand() -> int:
        opens = _moment(at, "--at") if at else OPENING if practice else datetime.now(UTC)
        if at and not practice:
            raise NotTyped("--at is for practice desks: a real desk opens now. Add --practice, or leave --at out.")
        name, account = building.account()
        await founding.found(folder, practice=practice, at=opens, administrator=administrator or name, account=account)
        _print(_made(folder, opens, administrator or name, practice=practice), Door())
        return DONE

    return _run(errand, Door())


def demo(*, once: bool) -> int:
    """Play the day; `once` is for a time when the demo also serves a page, and ends without it."""

    async def errand() -> int:
        from bot.demo import play

        return await play(terminal.a_console())

    _ = once
    return _run(errand, Door())


def do(words: Sequence[str], door: Door, *, yes: bool) -> int:
    """Do what was typed, as whoever comes in by this door."""
    typed = as_typed(words)

    async def errand() -> int:
        async with _desk(door) as (_, desk, _settings):
            person = await building.who_acts(desk, door.person)
            card, status = await dispatch.run(desk, person, typed, yes=yes)
        _print(card, door, everything="--all" in split(typed))
        return status

    return _run(errand, door)


def press(button: str, words: Sequence[str], door: Door) -> int:
    """Press a button, with the words that it asks for."""

    async def errand() -> int:
        async with _desk(door) as (_, desk, _settings):
            person = await building.who_acts(desk, door.person)
            card, status = await dispatch.press(desk, person, button, as_typed(words))
        _print(card, door)
        return status

    return _run(errand, door)


def tick(door: Door, *, at: str | None, until: str | None) -> int:
    """One tick, or one for every moment at which something is due."""

    async def errand() -> int:
        if at and until:
            raise NotTyped("Either --at or --until: the one is a single moment, the other all that is due on the way to it.")
        moment = _moment(at or until or "", "--until" if until else "--at") if at or until else None
        async with _desk(door) as (folder, desk, settings):
            if until and moment:
                card = _together(await ticking.tick_until(folder, desk, settings, moment))
            else:
                card = await ticking.tick(folder, desk, settings, at=moment)
        _print(card, door)
        return DONE if card.ok else REFUSED

    return _run(errand, door)


def ingest(files: Sequence[str], door: Door) -> int:
    """Take each message in and print a line for it; 75 when any could not be kept, whatever the trouble: nothing is lost by trying again."""

    async def errand() -> int:
        status = DONE
        async with _desk(door) as (_, desk, _settings):
            for file in files:
                status = await _ingested(file, desk) or status
        return status

    return TRY_LATER if _run(errand, Door()) else DONE


def verify(door: Door) -> int:
    """Whether everything fits: 0 it does, 1 it does not."""

    async def errand() -> int:
        folder = _folder(door, read_settings())
        async with Store.open(folder) as store:
            findings = await store.verify()
        faults = [finding for finding in findings if not finding.note]
        for finding in faults if door.as_json else findings:
            line = {"ledger": finding.ledger, "key": finding.key, "what": finding.what}
            print_data(line) if door.as_json else print_text(" ".join(filter(None, line.values())))
        if not door.as_json:
            print_text("Everything fits the audit trail." if not faults else f"{len(faults)} things do not fit the audit trail.")
        return REFUSED if faults else DONE

    return _run(errand, door)


def as_typed(words: Sequence[str]) -> str:
    """What stood between one pair of the shell's quotes as it is; several words with quotes where the shell took them away."""
    return words[0] if len(words) == 1 else " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    option, equals, value = word.partition("=") if word.startswith("--") else ("", "", word)
    if not any(letter.isspace() for letter in value):
        return word
    return f'{option}{equals}"{value}"' if '"' not in value else f"{option}{equals}“{value}”"


def _run(errand: Callable[[], Awaitable[int]], door: Door) -> int:
    """The errand's status; what it raises is said in a sentence."""
    try:
        return asyncio.run(_awaited(errand))
    except (NotTyped, WrongSetting) as mistake:
        return _sorry("Not understood", str(mistake), door, NOT_UNDERSTOOD)
    except NotADesk:
        folder = door.desk or "this folder"
        return _sorry("No desk", f"No desk in {folder}: make one with verbale init {door.desk or 'DIR'} --practice", door, REFUSED)
    except Refused as refusal:
        return _sorry("Refused", str(refusal), door, REFUSED)
    except Unavailable as trouble:
        return _sorry("Not now", f"{trouble}. Try again later.", door, TRY_LATER)
    except Exception as error:  # noqa: BLE001 - a person reads a sentence, never a traceback
        place = _place(error)
        log.error("unforeseen", error=type(error).__name__, place=place)
        said = f"Something that nobody foresaw went wrong in {place} ({type(error).__name__}); what was committed before is safe."
        return _sorry("Not done", said, door, REFUSED)
    finally:
        flushed()


async def _awaited(errand: Callable[[], Awaitable[int]]) -> int:
    return await errand()


def _sorry(title: str, text: str, door: Door, status: int) -> int:
    """Say what happened: as data where data was asked for, else beside the answer."""
    if door.as_json:
        print_data(as_json(Card(title, text, ok=False)))
    else:
        say(text)
    return status


def _place(error: Exception) -> str:
    """The last line of ours that the error came from: `mailflows/outbox.py, line 88`."""
    trace, place = error.__traceback__, "an unknown place"
    ours = Path(__file__).parent.parent
    while trace:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(ours) and "site-packages" not in file.relative_to(ours).parts:
            place = f"{file.relative_to(ours).as_posix()}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return place


@asynccontextmanager
async def _desk(door: Door) -> AsyncIterator[tuple[Path, Desk, Settings]]:
    settings = read_settings()
    folder = _folder(door, settings)
    async with building.open_desk(folder, settings) as desk:
        yield folder, desk, settings


def _folder(door: Door, settings: Settings) -> Path:
    return Path(door.desk) if door.desk else settings.desk


async def _ingested(file: str, desk: Desk) -> int:
    """Take one message in; a file that cannot be read or kept does not stop the next."""
    try:
        raw = sys.stdin.buffer.read() if file == "-" else await asyncio.to_thread(Path(file).read_bytes)
        mail = await inbox.take_in(raw, desk)
    except (OSError, ValueError) as error:
        say(f"{file} could not be read ({getattr(error, 'strerror', None) or type(error).__name__}); it was not taken in.")
        return TRY_LATER
    except (Refused, Unavailable) as trouble:
        say(f"{file} could not be kept: {trouble}. Keep it, and try later.")
        return TRY_LATER
    print_data({"file": file, "key": mail.key, "sha256": mail.sha256, "state": mail.state.value})
    return DONE


def _moment(typed: str, option: str) -> datetime:
    moment = moment_meant(typed)
    if moment is None:
        raise NotTyped(f"{option} {typed!r} is not a moment, for example {option} '2012-09-04 09:00' (New York) or 2012-09-04T13:00Z.")
    return moment


def _print(card: Card, door: Door, *, everything: bool = False) -> None:
    if door.as_json:
        print_data(as_json(card))
    else:
        terminal.draw(card, terminal.a_console(), everything=everything, door=door.options)


def _together(cards: Sequence[Card]) -> Card:
    """Several ticks as one card: a row each."""
    rows = tuple(card.fields for card in cards)
    notes = tuple(dict.fromkeys(note for card in cards for note in card.notes))
    last = cards[-1]
    return Card(last.title, f"{len(cards)} moments, in order.", rows, fields=last.fields, notes=notes, ok=all(card.ok for card in cards))


def _made(folder: Path, opens: datetime, administrator: str, *, practice: bool) -> Card:
    there = shlex.quote(str(folder))
    if practice:
        text = "Its contacts, statuses and staff are illustrative; its letters go to a folder in it, and its clock is yours."
        notes = (f"verbale do states --desk {there}", f"verbale tick --desk {there}", f"verbale do help --desk {there}")
        return Card(f"A practice desk in {folder}", text, fields={"opens": written_moment(opens)}, notes=notes)
    text = "193 Member States and two observers, each status unconfirmed until an officer confirms it, and no contact yet."
    notes = (f"verbale do help --desk {there}", f"verbale do 'staff add NAME officer' --desk {there}")
    return Card(f"A desk in {folder}", text, fields={"opens": written_moment(opens), "administrator": administrator}, notes=notes)
