"""Raw bytes in PostgreSQL: once each under their own SHA-256, in parts of a megabyte, committed before anything names them."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Any, Final

from storage.errors import Damaged
from storage.postgres.errors import said_in_our_words
from storage.postgres.pool import Connection, Pool

PART: Final = 1 << 20
_HASH = re.compile(r"[0-9a-f]{64}")


class KeptRows:
    """The kept files; they are only ever added."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def keep(self, data: bytes) -> str:
        """Keep the bytes and return their hash; on return they are committed."""
        name = await _digest(data)
        if await self._holds(name):
            return name
        if len(data) < PART:
            await self._pool.fetch(_WHOLE, name, data)
            return name
        async with self._pool.connection() as connection:
            with said_in_our_words():
                async with connection.transaction():
                    await keep_in(connection, name, data)
        return name

    async def read(self, name: str) -> bytes:
        """The bytes kept under a hash. Damaged when they are gone or no longer have it."""
        data = await self.as_it_is(name)
        if data is None:
            raise Damaged(f"the kept file {name} is not in the desk's database: restore it from a backup")
        if await _digest(data) != name:
            raise Damaged(f"the kept file {name} no longer has this hash: restore it from a backup")
        return data

    async def as_it_is(self, name: str) -> bytes | None:
        if not _HASH.fullmatch(name):
            raise ValueError(f"{name!r} is no SHA-256 in hexadecimal")
        return await _read(self._pool.fetch, name)

    async def hashes(self) -> list[str]:
        return [row[0] for row in await self._pool.fetch(_NAMES)]

    async def _holds(self, name: str) -> bool:
        """Whether it is there whole: the server itself counts and hashes it, so that nothing is fetched."""
        return bool((await self._pool.fetch(_HOLDS, name))[0][0])


async def keep_in(connection: Connection, name: str, data: bytes) -> None:
    """Keep bytes in a transaction of the caller's."""
    count = len(data) // PART + 1
    await connection.execute("DELETE FROM kept WHERE sha256 = $1 AND part >= $2", name, count)
    for nth in range(count):  # one by one, so that no large mail lies in memory twice
        await connection.execute(_WRITE, name, nth, data[nth * PART : (nth + 1) * PART])


async def kept_in(connection: Connection, name: str) -> bytes:
    """The bytes under a hash as a transaction sees them; Damaged when they do not have it."""
    data = await _read(connection.fetch, name)
    if data is None or await _digest(data) != name:
        raise Damaged(f"the kept file {name} is not what it was; nothing was copied: restore it from a backup")
    return data


async def names_in(connection: Connection) -> list[str]:
    return [row[0] for row in await connection.fetch(_NAMES)]


async def _read(fetch: Callable[..., Awaitable[list[Any]]], name: str) -> bytes | None:
    """Part by part: whole ones are followed by another, also by an empty one."""
    data, nth = bytearray(), 0
    while rows := await fetch(_READ, name, nth):
        data += rows[0][0]
        nth += 1
        if len(rows[0][0]) != PART:
            break
    return bytes(data) if nth else None


async def _digest(data: bytes) -> str:
    """Large bytes beside the event loop."""
    if len(data) < PART:
        return sha256(data).hexdigest()
    return (await asyncio.to_thread(sha256, data)).hexdigest()


_NAMES = "SELECT DISTINCT sha256 FROM kept ORDER BY sha256"
_READ = "SELECT data FROM kept WHERE sha256 = $1 AND part = $2"
_WRITE = (
    "INSERT INTO kept (sha256, part, data) VALUES ($1, $2, $3)"
    " ON CONFLICT (sha256, part) DO UPDATE SET data = excluded.data"
)
_WHOLE = (
    f"WITH no_more AS (DELETE FROM kept WHERE sha256 = $1 AND part > 0) {_WRITE.replace('$2', '0').replace('$3', '$2')}"
)
_HOLDS = (
    "SELECT coalesce(encode(sha256(string_agg(data, ''::bytea ORDER BY part)), 'hex') = $1, false) FROM kept"
    " WHERE sha256 = $1"
)
