"""`verbale copy`: the desk is moved between its folder and PostgreSQL by an administrator, with a word on how far it is."""

import os
import shlex
import time
from datetime import UTC, datetime
from pathlib import Path

from bot import building
from bot.door import Door, NotTyped, folder_of, settings_now
from bot.printing import say
from committee.cards import Card
from committee.counting import counted
from mailflows import backups
from mailflows.desk import Desk
from storage import copying
from storage.addresses import Address, address_of, is_database
from storage.copying import Moved
from storage.described import DESK
from storage.errors import MovedAway
from storage.folder import work_lock
from storage.opening import opened
from storage.port import Store

FOLDER = "folder:"
EXAMPLES = "for example --to postgresql://desk@localhost/verbale, or --to folder:/srv/desk"
QUIET_SECONDS = 1.0
"""What takes no longer says nothing on its way."""


async def moved(to: str, door: Door) -> Card:
    """Move it, and enter at the new place that it was moved."""
    settings = settings_now()
    folder, database = folder_of(door, settings), settings.database
    if is_database(to) == bool(database):
        here = "in a database: --to names a folder" if database else "in its folder: --to names a database"
        raise NotTyped(f"This desk lies {here}, {EXAMPLES}.")
    if database:
        return await _to_folder(folder, address_of(database), _target(to))
    return await _to_database(folder, _address(to), to)


def _target(to: str) -> Path:
    return Path(os.path.abspath(to.removeprefix(FOLDER)))  # noqa: PTH100 - as it was typed, with no link followed


def _address(to: str) -> Address:
    try:
        return address_of(to)
    except ValueError as error:
        raise NotTyped(f"--to {error}, {EXAMPLES}.") from None  # its text would show the URL, with its password


async def _to_database(folder: Path, address: Address, url: str) -> Card:
    with work_lock(folder, "verbale copy"):
        await _require_administrator(folder, None)
        done = await copying.to_database(folder, address, DESK, Progress().tell)
        await _enter(folder, url, str(folder))
    notes = (
        f"Set DATABASE_URL to this database; {shlex.quote(str(folder))} stays the desk's folder, for its keys.",
        "Its old database file and its folder `kept` are a copy that no longer opens: take them away once you are sure.",
    )
    return _card(done, notes)


async def _to_folder(folder: Path, address: Address, target: Path) -> Card:
    await _require_administrator(folder, address.url)
    done = await copying.to_folder(folder, address, target, DESK, Progress().tell)
    await _enter(target, None, address.shown)
    return _card(done, (f"Unset DATABASE_URL, and work at it with --desk {shlex.quote(str(target))}.",))


async def _require_administrator(folder: Path, database: str | None) -> None:
    """A desk that was moved already no longer opens: whoever comes again brings its copy to its end."""
    try:
        async with await opened(folder, database) as store:
            desk = await _as_it_is(store)
            person = await building.who_acts(desk, None)
            backups.require_administrator(person, "move a desk", practice=desk.facts.practice)
    except MovedAway:
        return


async def _enter(folder: Path, database: str | None, place: str) -> None:
    async with await opened(folder, database) as store:
        desk = await _as_it_is(store)
        await backups.moved(place, await building.who_acts(desk, None), desk)


async def _as_it_is(store: Store) -> Desk:
    facts = await building.facts_of(store)
    return Desk(store, facts, now=facts.clock or datetime.now(UTC), address="")


class Progress:
    """Says beside the answer how far it is, once a second."""

    def __init__(self) -> None:
        self._said_at, self._rows = time.monotonic(), 0

    def tell(self, table: str, rows: int) -> None:
        self._rows += rows
        if time.monotonic() - self._said_at >= QUIET_SECONDS:
            self._said_at = time.monotonic()
            say(f"{counted(self._rows, 'row')} and files copied; at {table.removeprefix('ledger_')}")


def _card(done: Moved, notes: tuple[str, ...]) -> Card:
    rows = sum(done.rows.values())
    said = (
        f"{counted(rows, 'row')} and {counted(done.kept, 'kept file')}, counted and hashed on both sides."
        if done.rows
        else f"What was begun before is finished, with {counted(done.kept, 'kept file')}."
    )
    fields = {"to": done.to, "copied": rows, "kept": done.kept}
    tables = tuple({"what": name, "copied": count} for name, count in done.rows.items())
    return Card(f"Moved to {done.to}", f"{said} It opens there alone.", tables, fields=fields, facts=(), notes=notes)
