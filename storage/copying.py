"""A desk is moved between its folder and PostgreSQL: whole, counted and hashed on both sides, and open in one place only.

The copy arrives unfinished, and does not open; then what it was made of is marked as moved, and opens no more; then the
copy is finished. Cut off anywhere, at most one of the two opens, and the same errand once more brings it to its end.
"""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from committee.errors import Refused
from storage import restore
from storage.addresses import Address
from storage.described import Described
from storage.errors import Busy, FolderTaken, said_in_our_words
from storage.folder import (
    DATABASE,
    KEYS,
    OWNER_ONLY_FOLDER,
    check_folder,
    keys_of,
    shut_folder,
    sync_folder,
    write_durably,
)
from storage.kept import KeptFiles
from storage.marker import MARKER
from storage.postgres import errors, schema
from storage.postgres.kept import keep_in, kept_in, names_in
from storage.postgres.pool import Connection, connect
from storage.postgres.rows_copied import Tally
from storage.postgres.taking_over import Tell, into_database, into_file, one_look
from storage.schema import connect as open_file
from storage.schema import ready
from storage.verify import Finding, findings

PATIENCE: Final = 5.0
UNFINISHED, MOVED = "unfinished", "moved"
ASIDE: Final = ".copying"
"""The desk while it is written, within the folder that it will lie in."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a desk is now, and how much of it there is."""

    to: str
    rows: Mapping[str, int]
    kept: int


async def to_database(folder: Path, address: Address, described: Described, tell: Tell) -> Moved:
    """Move the desk in `folder` to an empty database; FolderTaken where there is a desk, Busy while somebody works at it.

    The folder keeps the keys. What does not fit its audit trail is not moved.
    """
    check_folder(folder)
    async with _connected(address) as connection:
        with said_in_our_words(), closing(open_file(folder, patience=PATIENCE)) as file:
            if _marks(file).get(MOVED) == address.shown and await schema.is_unfinished(connection):
                await schema.finish(connection)
                return Moved(address.shown, {}, await _count_kept(connection))
            ready(file, described.ledgers, folder)
            async with _nobody_writes(file):
                await _fitting(folder, folder, described)
                moved = await _arrived_there(file, folder, connection, address, described, tell)
                _mark_moved(file, address)
            await schema.finish(connection)
    return moved


async def to_folder(folder: Path, address: Address, target: Path, described: Described, tell: Tell) -> Moved:
    """Move the desk in the database, whose keys are in `folder`, to the folder `target`, a whole path, which holds none."""
    shut_folder(folder)
    async with _connected(address) as connection:
        if await schema.moved_to(connection) == str(target) and _is_unfinished(target):
            _finish(target)
            return Moved(str(target), {}, sum(1 for _ in KeptFiles(target).hashes()))
        await schema.ready(connection, described, keys_of(folder), address.shown)
        with errors.said_in_our_words():
            async with connection.transaction():
                await _nobody_works(connection)
                moved = await _arrived_here(folder, address, target, described, tell)
                await _mark_moved_there(connection, target)
        _finish(target)
    return moved


@asynccontextmanager
async def _connected(address: Address) -> AsyncIterator[Connection]:
    connection = await connect(address)
    try:
        yield connection
    finally:
        connection.terminate()


# From a folder.


@asynccontextmanager
async def _nobody_writes(file: sqlite3.Connection) -> AsyncIterator[None]:
    """Others read meanwhile, and wait with what they write."""
    file.execute("BEGIN IMMEDIATE")
    try:
        yield
        file.execute("COMMIT")
    finally:
        if file.in_transaction:
            file.execute("ROLLBACK")


async def _arrived_there(  # noqa: PLR0913, PLR0917 - from where, to where, and who is told
    file: sqlite3.Connection, folder: Path, connection: Connection, address: Address, described: Described, tell: Tell
) -> Moved:
    async with schema.changing_tables(connection):
        await connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        await schema.make_room(connection)
        await schema.make(connection, described, keys_of(folder)[0], state=str(folder))
        rows = await into_database(file, connection, described, tell)
        kept, shelf = 0, KeptFiles(folder)
        for name in shelf.hashes():
            await keep_in(connection, name, await asyncio.to_thread(shelf.read, name))
            tell(restore.KEPT, 1)
            kept += 1
        await _all_kept(connection, kept)
    return Moved(address.shown, _counts(rows), kept)


async def _all_kept(connection: Connection, count: int) -> None:
    """The server hashes what it has."""
    for name in await names_in(connection):
        await kept_in(connection, name)
        count -= 1
    if count:
        raise Refused("not every kept file has arrived; nothing was moved")


# From a database.


async def _nobody_works(connection: Connection) -> None:
    await connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    await connection.execute("SELECT pg_advisory_xact_lock($1)", schema.WRITING)
    if holder := await connection.fetchval("SELECT holder FROM leases WHERE until > verbale_now() LIMIT 1"):
        raise Busy(holder)


async def _arrived_here(folder: Path, address: Address, target: Path, described: Described, tell: Tell) -> Moved:
    _make_room(target, folder)
    aside = target / ASIDE
    try:
        _begin(aside, folder)
        async with _connected(address) as connection, one_look(connection):
            rows = await into_file(connection, described, aside, tell)
            kept = await _kept_here(connection, aside, tell)
        await _fitting(aside, aside, described)
        with said_in_our_words():
            with closing(open_file(aside)) as file:
                _mark(file, UNFINISHED, address.shown)
            restore.settle(aside)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return Moved(str(target), _counts(rows), kept)


def _begin(aside: Path, folder: Path) -> None:
    with said_in_our_words():
        aside.parent.mkdir(parents=True, exist_ok=True, mode=OWNER_ONLY_FOLDER)
        shutil.rmtree(aside, ignore_errors=True)
        for made in (aside, aside / restore.KEPT):
            made.mkdir(mode=OWNER_ONLY_FOLDER)
        for name in (KEYS, MARKER):
            if (folder / name).exists():
                write_durably(aside / name, (folder / name).read_bytes())


async def _kept_here(connection: Connection, aside: Path, tell: Tell) -> int:
    count, shelf = 0, KeptFiles(aside)
    for name in await names_in(connection):
        await asyncio.to_thread(shelf.keep, await kept_in(connection, name))
        tell(restore.KEPT, 1)
        count += 1
    if count != sum(1 for _ in shelf.hashes()):
        raise Refused("not every kept file has arrived; nothing was moved")
    return count


def _make_room(target: Path, folder: Path) -> None:
    """What was never finished makes room for another beginning; the keys may lie where they are."""
    if _is_unfinished(target):
        with said_in_our_words():
            for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
                (target / name).unlink(missing_ok=True)
            shutil.rmtree(target / restore.KEPT, ignore_errors=True)
    own = (
        {KEYS, MARKER}
        if target == folder.resolve() or ((target / KEYS).exists() and _same_keys(target, folder))
        else set()
    )
    if taken := [name for name in restore.A_DESK if name not in own and (target / name).exists()]:
        raise FolderTaken(f"{target} holds a desk, or a part of one ({', '.join(taken)}): choose another folder")


def _same_keys(target: Path, folder: Path) -> bool:
    return (target / KEYS).read_bytes() == (folder / KEYS).read_bytes()


def _is_unfinished(target: Path) -> bool:
    if not (target / DATABASE).is_file():
        return False
    try:
        with closing(open_file(target, patience=PATIENCE)) as file:
            return UNFINISHED in _marks(file)
    except sqlite3.Error:
        return False


def _finish(target: Path) -> None:
    with said_in_our_words(), closing(open_file(target, patience=PATIENCE)) as file:
        file.execute("DELETE FROM meta WHERE name = ?", (UNFINISHED,))
        sync_folder(target)


# Both.


async def _fitting(folder: Path, keys: Path, described: Described) -> None:
    if faults := [
        finding for finding in await asyncio.to_thread(_findings, folder, keys, described) if not finding.note
    ]:
        first = " ".join(filter(None, (faults[0].ledger, faults[0].key, faults[0].what)))
        raise Refused(f"The desk does not fit its audit trail (first: {first}); nothing was moved: see verbale verify")


def _findings(folder: Path, keys: Path, described: Described) -> list[Finding]:
    with closing(open_file(folder, patience=PATIENCE)) as file:
        return findings(file, described, keys_of(keys), KeptFiles(folder))


def _marks(file: sqlite3.Connection) -> dict[str, str]:
    return dict(file.execute("SELECT name, value FROM meta WHERE name IN (?, ?)", (MOVED, UNFINISHED)).fetchall())


def _mark_moved(file: sqlite3.Connection, address: Address) -> None:
    _mark(file, MOVED, address.shown)


async def _mark_moved_there(connection: Connection, target: Path) -> None:
    await connection.execute("INSERT INTO meta (name, value) VALUES ($1, $2)", MOVED, str(target))


def _mark(file: sqlite3.Connection, name: str, value: str) -> None:
    file.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, value))


async def _count_kept(connection: Connection) -> int:
    return len(await names_in(connection))


def _counts(rows: Mapping[str, Tally]) -> dict[str, int]:
    return {name.removeprefix("ledger_"): tally.rows for name, tally in rows.items() if tally.rows}
