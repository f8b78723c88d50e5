"""How a person comes in by the command line: which desk, as whom; and how the answer, or the trouble, is said."""

import asyncio
import shlex
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot import building, logs, terminal
from bot.answers import as_json
from bot.printing import NotPrinted, print_data, say, standard_output
from bot.settings import Settings, WrongSetting, read_settings
from committee.cards import Card
from committee.errors import Refused, Unavailable
from mailflows.desk import Desk
from mailflows.logs import log
from storage.folder import DATABASE, KEYS

DONE, REFUSED, NOT_UNDERSTOOD, TRY_LATER = 0, 1, 2, 75
"""Exit statuses; 75 is sysexits' EX_TEMPFAIL."""

LOUD_ENOUGH = "warning"
"""The log's level until the settings have been read."""


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


class NotTyped(Exception):
    """An argument that is not what it must be; the message says which, with an example."""


def run(errand: Callable[[], Awaitable[int]], door: Door, *, fast: bool = False) -> int:
    """The errand's status; what it raises is said in a sentence, and the log goes beside the answer from the beginning.

    `fast`: it runs long, so it is worth loading uvloop, where that is installed.
    """
    logs.configure(LOUD_ENOUGH)
    try:
        with asyncio.Runner(loop_factory=fast_loop() if fast else None) as runner:
            return runner.run(_awaited(errand))
    except (NotTyped, WrongSetting) as mistake:
        return _sorry("Not understood", str(mistake), door, NOT_UNDERSTOOD)
    except Refused as refusal:
        return _sorry("Refused", str(refusal), door, REFUSED)
    except Unavailable as trouble:
        return _sorry("Not now", f"{trouble}. Try again later.", door, TRY_LATER)
    except NotPrinted as trouble:
        return _sorry("Not printed", str(trouble), Door(), REFUSED)
    except Exception as error:  # noqa: BLE001 - a person reads a sentence, never a traceback
        place = place_of(error)
        log.error("unforeseen", error=type(error).__name__, place=place)
        said = f"Something unforeseen went wrong in {place} ({type(error).__name__}); what was committed is safe."
        return _sorry("Not done", said, door, REFUSED)


def fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # noqa: PLC0415 - an errand that is over at once does not need it
    except ImportError:  # not to be had on every system
        return None
    return uvloop.new_event_loop


async def _awaited(errand: Callable[[], Awaitable[int]]) -> int:
    return await errand()


def _sorry(title: str, text: str, door: Door, status: int) -> int:
    """Say what happened: as data where data was asked for, else beside the answer."""
    if door.as_json:
        print_data(as_json(Card(title, text, ok=False)))
    else:
        say(text)
    return status


def place_of(error: Exception) -> str:
    """The last line of ours that the error came from: `mailflows/outbox.py, line 88`."""
    trace, place = error.__traceback__, "an unknown place"
    ours = Path(__file__).parent.parent
    while trace:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(ours) and "site-packages" not in file.relative_to(ours).parts:
            place = f"{file.relative_to(ours).as_posix()}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return place


def shown(card: Card, door: Door, *, everything: bool = False) -> None:
    """Print the answer."""
    if door.as_json:
        print_data(as_json(card))
    else:
        with standard_output():
            terminal.draw(card, terminal.a_console(), everything=everything, door=door.options)


@asynccontextmanager
async def opened(door: Door) -> AsyncIterator[tuple[Path, Desk, Settings]]:
    settings = settings_now()
    folder = folder_of(door, settings)
    async with building.open_desk(folder, settings) as desk:
        yield folder, desk, settings


def settings_now() -> Settings:
    """The settings, and the log as they want it."""
    settings = read_settings()
    logs.configure(settings.log_level)
    return settings


def folder_of(door: Door, settings: Settings) -> Path:
    """The folder that the door names, else the settings, else the current one; Refused where it holds no desk."""
    folder = Path(door.desk) if door.desk else settings.desk
    try:
        there = (folder / (KEYS if settings.database else DATABASE)).exists()
    except PermissionError as error:
        raise Refused(
            f"The desk in {folder} cannot be looked at from this account: work at it as the account that it belongs to"
        ) from error
    if not there:
        where, name = ("the current folder", "DIR") if folder == Path() else (str(folder), shlex.quote(str(folder)))
        raise Refused(f"No desk in {where}: make one with verbale init {name} --practice")
    return folder
