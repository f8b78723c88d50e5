"""The tables of a desk in PostgreSQL, in a schema of their own: made, brought forward under a lock, or refused with a sentence."""

import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from committee.errors import Refused
from storage.described import Described
from storage.errors import FolderTaken, MovedAway, NewerDesk, NotADesk, OlderDesk
from storage.folder import Key
from storage.postgres.errors import said_in_our_words
from storage.postgres.pool import SCHEMA, Connection
from storage.postgres.rows import bring_in_order, declared_as

WRITING: Final = 1540_01
"""The advisory lock of whoever writes to the desk."""
MIGRATING: Final = 1540_02
"""The one of whoever makes or changes its tables."""


async def make(connection: Connection, described: Described, key: Key, *, state: str = "") -> None:
    """Make a new desk's tables, all of them or none; FolderTaken where there is a desk. In a transaction of the caller's.

    A desk with a `state` is not whole yet, and does not open until `finished`.
    """
    await _usable(connection)
    if await version_of(connection):
        raise FolderTaken("this database holds a desk already: choose another one, or open it without making it")
    await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    for migration in MIGRATIONS:
        await migration(connection)
    rows = [("schema", str(len(MIGRATIONS))), ("seal", ""), ("key", _marked(key))]
    await connection.executemany(
        "INSERT INTO meta (name, value) VALUES ($1, $2)", [*rows, *([("unfinished", state)] if state else [])]
    )
    await bring_in_order(connection, described)
    await connection.execute(_MADE_AS, declared_as(described))


async def ready(
    connection: Connection, described: Described, keys: tuple[Key, ...], where: str, *, bring_forward: bool = False
) -> None:
    """Bring an opened desk to this program's columns, or refuse it; to its version only if `bring_forward` says so."""
    await _usable(connection)
    version = await version_of(connection)
    if version == 0:
        raise NotADesk(f"there is no desk in {where}: `verbale init`, or `verbale copy --to`, makes one there")
    if version > len(MIGRATIONS):
        raise NewerDesk(
            f"the desk in {where} was written by a newer Verbale (its version {version}, known here {len(MIGRATIONS)}): "
            "install that version to open it"
        )
    if version < len(MIGRATIONS) and not bring_forward:
        raise OlderDesk(
            f"the desk in {where} was written by an older Verbale (its version {version}, known here {len(MIGRATIONS)}): "
            "verbale migrate makes a backup and brings it forward"
        )
    await _is_here_and_whole(connection, where)
    await _fits(connection, keys, where)
    if version == len(MIGRATIONS) and await _made_as(connection) == declared_as(described):
        return
    async with changing_tables(connection):
        for migration in MIGRATIONS[await version_of(connection) :]:
            await migration(connection)
        await connection.execute("UPDATE meta SET value = $1 WHERE name = 'schema'", str(len(MIGRATIONS)))
        await bring_in_order(connection, described)
        await connection.execute(_MADE_AS, declared_as(described))


async def make_room(connection: Connection) -> None:
    """What was never finished makes room for another beginning; in a transaction of the caller's."""
    if await version_of(connection) and await is_unfinished(connection):
        await connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")


async def is_unfinished(connection: Connection) -> bool:
    return "unfinished" in await _marks(connection)


async def moved_to(connection: Connection) -> str:
    return (await _marks(connection)).get("moved", "")


async def finish(connection: Connection) -> None:
    """From now on it opens."""
    with said_in_our_words():
        await connection.execute("DELETE FROM meta WHERE name = 'unfinished'")


async def version_of(connection: Connection) -> int:
    """The number of the last migration that this desk has had; 0 where there is none."""
    if not await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", f"{SCHEMA}.meta"):
        return 0
    return int(await connection.fetchval("SELECT value FROM meta WHERE name = 'schema'") or 0)


@asynccontextmanager
async def changing_tables(connection: Connection) -> AsyncIterator[None]:
    """One process at a time, and all of it or nothing."""
    with said_in_our_words():
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", MIGRATING)
            yield


async def _usable(connection: Connection) -> None:
    encoding = await connection.fetchval("SHOW server_encoding")
    if encoding != "UTF8":
        raise Refused(f"this database is in {encoding}, and a desk has every script: CREATE DATABASE … ENCODING 'UTF8'")
    if connection.get_server_version().major < OLDEST:
        raise Refused(f"this PostgreSQL is older than version {OLDEST}, the oldest that a desk can be kept in")


async def _is_here_and_whole(connection: Connection, where: str) -> None:
    marks = await _marks(connection)
    if moved := marks.get("moved"):
        raise MovedAway(f"the desk in {where} was moved to {moved}: work at it there")
    if "unfinished" in marks:
        raise NotADesk(f"the desk in {where} was never finished: `verbale copy --to`, once more, finishes it")


async def _made_as(connection: Connection) -> str | None:
    made: str | None = await connection.fetchval("SELECT value FROM meta WHERE name = 'declared'")
    return made


async def _marks(connection: Connection) -> dict[str, str]:
    if not await version_of(connection):
        return {}
    return dict(await connection.fetch("SELECT name, value FROM meta WHERE name IN ('moved', 'unfinished')"))


async def _fits(connection: Connection, keys: tuple[Key, ...], where: str) -> None:
    """A folder with other keys could read neither tokens nor seals, and would seal the trail with its own."""
    marked = str(await connection.fetchval("SELECT value FROM meta WHERE name = 'key'"))
    known = next((key for key in keys if hmac.compare_digest(_marked(key), marked)), None)
    if known is None:
        raise Refused(
            f"the keys in this folder are not those of the desk in {where}: take the folder that it was made with, "
            "or copy its file `keys` here"
        )
    if known != keys[0]:  # which was made since: whoever has only older ones is told
        await connection.execute("UPDATE meta SET value = $1 WHERE name = 'key'", _marked(keys[0]))


def _marked(key: Key) -> str:
    """By which a key is known without being told."""
    return f"{key.id}:{hmac.digest(key.secret, b'the key of this desk', 'sha256').hex()}"


_MADE_AS: Final = (
    "INSERT INTO meta (name, value) VALUES ('declared', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)


async def _first(connection: Connection) -> None:
    await connection.execute(_FIRST)


_FIRST = """
CREATE TABLE meta (name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE documents (
    register text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL, seq bigint NOT NULL DEFAULT 1,
    document text, body jsonb, PRIMARY KEY (register, key)
);
CREATE INDEX documents_seq ON documents (seq);
CREATE TABLE numbers (series text COLLATE "C" PRIMARY KEY, last bigint NOT NULL);
CREATE TABLE trail (
    seq bigint PRIMARY KEY, at text COLLATE "C" NOT NULL, by text COLLATE "C" NOT NULL, doing text COLLATE "C" NOT NULL,
    about text COLLATE "C" NOT NULL, changes text NOT NULL, words_digest text, digest text NOT NULL, token uuid NOT NULL
);
CREATE INDEX trail_about ON trail (about);
CREATE TABLE words (seq bigint PRIMARY KEY, salt text NOT NULL, words text NOT NULL);
CREATE TABLE word_index (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, kind text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL,
    at text COLLATE "C" NOT NULL, facts text NOT NULL, words text NOT NULL, lexemes tsvector NOT NULL, UNIQUE (kind, key)
);
CREATE INDEX word_index_lexemes ON word_index USING gin (lexemes);
CREATE TABLE word_index_waiting (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, kind text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL,
    UNIQUE (kind, key)
);
CREATE TABLE kept (sha256 text COLLATE "C" NOT NULL, part integer NOT NULL, data bytea NOT NULL, PRIMARY KEY (sha256, part));
ALTER TABLE kept ALTER COLUMN data SET STORAGE EXTERNAL;
CREATE TABLE leases (part text PRIMARY KEY, token uuid NOT NULL, holder text NOT NULL, until timestamptz NOT NULL);
CREATE TABLE clock (shift interval NOT NULL);
INSERT INTO clock VALUES ('0');
CREATE FUNCTION verbale_now() RETURNS timestamptz LANGUAGE sql VOLATILE
    AS 'SELECT clock_timestamp() + (SELECT shift FROM verbale.clock)';
"""

MIGRATIONS: Sequence[Callable[[Any], Awaitable[None]]] = (_first,)
"""Numbered by their place, from 1; never changed once released, only added to."""
OLDEST: Final = 13
