"""A desk's rows are carried between PostgreSQL and a folder's SQLite file: in one look, in order, and counted on both sides."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

from storage.described import Described
from storage.errors import Damaged, said_in_our_words
from storage.folder import DATABASE
from storage.ledgers import make_ledger
from storage.postgres import errors
from storage.postgres.pool import Connection
from storage.postgres.rows_copied import Row, Table, Tally, as_here, tables
from storage.schema import connect as open_file
from storage.schema import make

BATCH = 1000
Tell = Callable[[str, int], None]
"""Told which table is copied, and how many rows more."""


def nobody(_table: str, _rows: int) -> None:
    """Nobody is told."""


@asynccontextmanager
async def one_look(connection: Connection) -> AsyncIterator[None]:
    """Everything as it is at one moment, for as long as it takes."""
    with errors.said_in_our_words():
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            await connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            yield


async def into_file(
    connection: Connection, described: Described, folder: Path, tell: Tell = nobody
) -> dict[str, Tally]:
    """Write the desk that `connection` looks at into a new database in `folder`, and read it back; Damaged if it differs."""
    (folder / DATABASE).touch(mode=0o600)
    with said_in_our_words(), closing(open_file(folder)) as file:
        make(file)
        file.execute("PRAGMA foreign_keys = OFF")  # what does not fit together is copied as it is, and found
        listed = tables(described, 0)
        file.execute("BEGIN")
        for name, declared in described.ledgers.items():
            make_ledger(file, name, declared)
        read = {table.name: await _into_file(connection, file, table, tell) for table in listed}
        seal = await connection.fetchval("SELECT value FROM meta WHERE name = 'seal'")
        file.execute("UPDATE meta SET value = ? WHERE name = 'seal'", (seal or "",))
        await asyncio.to_thread(file.execute, "COMMIT")
        _same(read, {table.name: await _counted_here(file, table) for table in listed})
    return read


async def into_database(
    file: sqlite3.Connection, connection: Connection, described: Described, tell: Tell
) -> dict[str, Tally]:
    """Write the desk that `file` looks at into the empty tables of a transaction, and read it back; Damaged if it differs."""
    [(last,)] = file.execute("SELECT coalesce(max(seq), 0) FROM trail").fetchall()
    listed = tables(described, last)
    read = {table.name: await _into_database(file, connection, table, tell) for table in listed}
    [(seal,)] = file.execute("SELECT value FROM meta WHERE name = 'seal'").fetchall()
    await connection.execute("UPDATE meta SET value = $1 WHERE name = 'seal'", seal)
    for table in filter(None, (table.counted for table in listed)):
        last_of = f"(SELECT max(id) FROM {table})"
        await connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last_of}) WHERE {last_of} > 0"
        )
    _same(read, {table.name: await _counted_there(connection, table) for table in listed})
    return read


async def _into_file(connection: Connection, file: sqlite3.Connection, table: Table, tell: Tell) -> Tally:
    tally = Tally()
    async for rows in _batches_there(connection, table):
        if table.more_here:
            await asyncio.to_thread(file.executemany, table.into_here, [row[:4] for row in rows])
            await asyncio.to_thread(file.executemany, table.more_here, [(*row[4:], row[0]) for row in rows])
        else:
            await asyncio.to_thread(file.executemany, table.into_here, rows)
        tally.add(rows)
        tell(table.name, len(rows))
    return tally


async def _into_database(file: sqlite3.Connection, connection: Connection, table: Table, tell: Tell) -> Tally:
    tally, cursor = Tally(), file.execute(table.here)
    while rows := await asyncio.to_thread(cursor.fetchmany, BATCH):
        await connection.executemany(table.into_there, [table.into(row) for row in rows])
        tally.add(rows)
        tell(table.name, len(rows))
    return tally


async def _counted_there(connection: Connection, table: Table) -> Tally:
    tally = Tally()
    async for rows in _batches_there(connection, table):
        tally.add(rows)
    return tally


async def _counted_here(file: sqlite3.Connection, table: Table) -> Tally:
    tally, cursor = Tally(), file.execute(table.here)
    while rows := await asyncio.to_thread(cursor.fetchmany, BATCH):
        tally.add(rows)
    return tally


async def _batches_there(connection: Connection, table: Table) -> AsyncIterator[list[Row]]:
    batch: list[Row] = []
    async for record in connection.cursor(table.there, prefetch=BATCH):
        batch.append(as_here(record))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _same(there: dict[str, Tally], here: dict[str, Tally]) -> None:
    for name, tally in there.items():
        if here[name] != tally:
            raise Damaged(
                f"{name} did not arrive as it was ({tally.rows} rows read, {here[name].rows} found there); nothing was copied"
            )
