"""The tables of the desk's one SQLite file: how it is opened, made, and brought from one version to the next."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from storage.errors import MovedAway, NewerDesk, NotADesk, OlderDesk
from storage.folder import DATABASE
from storage.index import make_index, require_fts5
from storage.ledgers import LedgerOf, is_made, make_ledger

PAGES_OF_LOG = 4000
"""Some 16 MB: a checkpoint costs two waits for the disk, whatever its size, and a restart reads that much at most."""


def connect(folder: Path, *, patience: float = 0.0) -> sqlite3.Connection:
    """Open the database of an existing desk; `patience` is how many seconds a statement itself waits for a lock."""
    where = f"file:{quote(str((folder / DATABASE).resolve()))}?mode=rw"
    connection = sqlite3.connect(
        where, uri=True, isolation_level=None, timeout=patience, cached_statements=256, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {PAGES_OF_LOG}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
    except BaseException:  # the file is no database, or cannot be read
        connection.close()
        raise
    return connection


def make(connection: sqlite3.Connection) -> bool:
    """Make the tables of a new desk, all of them or none; False if another process has made them."""
    require_fts5(connection)
    connection.execute("PRAGMA journal_mode = WAL")
    with _at_once(connection):
        if version_of(connection):
            return False
        _migrate(connection, 0)
    return True


def version_of(connection: sqlite3.Connection) -> int:
    """The number of the last migration that this desk has had; 0 where nothing was made yet."""
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").fetchone():
        return 0
    return int(connection.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone()[0])


def newest() -> int:
    """The version of the desks that this program makes."""
    return len(MIGRATIONS)


def ready(
    connection: sqlite3.Connection, ledgers: Mapping[str, LedgerOf[Any]], folder: Path, *, bring_forward: bool = False
) -> None:
    """Bring an opened desk to this program's columns, or refuse it; to its version only if `bring_forward` says so.

    All of it is one transaction: a desk is of one version or of the other, whenever the power goes.
    """
    require_fts5(connection)
    version = version_of(connection)
    if version == 0:
        raise NotADesk(f"the desk in {folder} was never finished: `verbale init {folder}` makes it")
    if version > len(MIGRATIONS):
        raise NewerDesk(
            f"the desk in {folder} was written by a newer Verbale (its version {version}, known here {len(MIGRATIONS)}): "
            "install that version to open it"
        )
    if version < len(MIGRATIONS) and not bring_forward:
        raise OlderDesk(
            f"the desk in {folder} was written by an older Verbale (its version {version}, known here {len(MIGRATIONS)}): "
            f"verbale migrate --desk {folder} makes a backup and brings it forward"
        )
    _is_here_and_whole(connection, folder)
    if version < len(MIGRATIONS) or _old(connection, ledgers):
        with _at_once(connection):
            _migrate(connection, version_of(connection))
            for name in _old(connection, ledgers):
                make_ledger(connection, name, ledgers[name])


def _is_here_and_whole(connection: sqlite3.Connection, folder: Path) -> None:
    """A desk that was moved elsewhere is worked at there; one whose copying was cut off is not a desk yet."""
    marks = dict(connection.execute("SELECT name, value FROM meta WHERE name IN ('moved', 'unfinished')").fetchall())
    if moved := marks.get("moved"):
        raise MovedAway(f"the desk in {folder} was moved to {moved}: set DATABASE_URL and work at it there")
    if "unfinished" in marks:
        raise NotADesk(f"the desk in {folder} was never finished: `verbale copy --to`, once more, finishes it")


def _old(connection: sqlite3.Connection, ledgers: Mapping[str, LedgerOf[Any]]) -> list[str]:
    return [name for name, ledger in ledgers.items() if not is_made(connection, name, ledger)]


def _migrate(connection: sqlite3.Connection, version: int) -> None:
    for migration in MIGRATIONS[version:]:
        migration(connection)
    connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('schema', ?)", (len(MIGRATIONS),))


@contextmanager
def _at_once(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _first(connection: sqlite3.Connection) -> None:
    for statement in _FIRST.split(";"):
        connection.execute(statement)


_FIRST = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY, register TEXT NOT NULL, key TEXT NOT NULL, document TEXT NOT NULL, UNIQUE (register, key)
);
CREATE TABLE numbers (series TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE trail (
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL, by TEXT NOT NULL, doing TEXT NOT NULL, about TEXT NOT NULL,
    changes TEXT NOT NULL, words_digest TEXT, digest TEXT NOT NULL
);
CREATE INDEX trail_about ON trail (about);
CREATE TABLE words (seq INTEGER PRIMARY KEY REFERENCES trail, salt TEXT NOT NULL, words TEXT NOT NULL);
INSERT INTO meta (name, value) VALUES ('seal', '')
"""

MIGRATIONS: Sequence[Callable[[sqlite3.Connection], None]] = (_first, make_index)
"""Numbered by their place, from 1; never changed once released, only added to."""
