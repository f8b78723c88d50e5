"""The registers in memory, brought in step with the database in one look, before each transaction and each read outside one."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from committee.audit import Change, End, sha256
from storage.memory import Memory, Row
from storage.place import R
from storage.postgres.pool import Connection
from storage.postgres.texts import body, read, stored_all
from storage.register_table import RegisterTable
from storage.registers import RegisterOf
from storage.thread import StoreThread

Fetch = Callable[..., Awaitable[list[Any]]]


class InStep:
    """What is in memory changes, and is searched, in one thread, or on the spot while that is idle."""

    def __init__(self, registers: Mapping[str, RegisterOf[Any]]) -> None:
        self.memory = Memory(registers)
        self._thread = StoreThread("registers")

    async def catch_up(self, fetch: Fetch) -> None:
        """Take over what was committed since, here or elsewhere; documents and change number are of one look.

        Memory goes on while a look is under way, by commits of this process and other looks: what a look says is
        measured by what was known when it was asked for.
        """
        known = self.memory.seen
        before, end, documents = _apart(await fetch(_NEWER, known.seq))
        if end == known:
            return
        if known in {before, End()}:
            await self.follow(end, documents)
        else:  # another desk, or another past of it, was put in its place
            _, end, documents = _apart(await fetch(_NEWER, 0))
            await self._now(self._load, known, end, documents)

    async def follow(self, end: End, documents: Iterable[Row]) -> None:
        await self._now(self._follow, end, documents)

    async def run(self, job: Callable[..., R], *args: Any) -> R:
        return await self._thread.run(job, *args)

    async def look(self, job: Callable[..., R], *args: Any) -> R:
        """Do a job that takes no time."""
        return job(*args) if self._thread.idle else await self._thread.run(job, *args)

    async def close(self) -> None:
        await self._thread.close()

    async def _now(self, job: Callable[..., None], *args: Any) -> None:
        if self._thread.idle:
            job(*args)
        else:
            await self._thread.finish(job, *args)

    def _follow(self, end: End, documents: Iterable[Row]) -> None:
        if end.seq > self.memory.seen.seq:  # two looks may have been under way at once
            self.memory.follow(end, documents)

    def _load(self, known: End, end: End, documents: Iterable[Row]) -> None:
        if self.memory.seen == known or end.seq > self.memory.seen.seq:  # never back behind what is known by now
            self.memory.load(end, documents)


async def write(
    connection: Connection, tables: Mapping[str, RegisterTable], seq: int
) -> tuple[list[Row], list[Change]]:
    """Write what is no longer as it was committed; what is taken away leaves its number, by which others learn of it."""
    rows = [(name, key, text) for name, table in tables.items() for key, text in table.changes().items()]
    if rows:
        registers, keys, texts = ([row[column] for row in rows] for column in range(3))
        bodies = [None if text is None else body(text) for text in texts]
        await connection.execute(_WRITE, seq, stored_all(registers), stored_all(keys), stored_all(texts), bodies)
    return rows, [Change(name, key, None if text is None else sha256(text)) for name, key, text in rows]


def _apart(rows: list[Any]) -> tuple[End, End, list[Row]]:
    """The entry asked about, or the first there is where it is gone; the last one; and the documents."""
    entries = [End(row["seq"], row["digest"]) for row in rows if row["register"] is None] or [End()]
    documents = [
        (read(row["register"]), read(row["key"]), None if row["document"] is None else read(row["document"]))
        for row in rows
        if row["register"] is not None
    ]
    return entries[0], entries[-1], documents


_NEWER = """
SELECT seq, digest, NULL AS register, NULL AS key, NULL AS document FROM trail
    WHERE seq = $1 OR seq = (SELECT max(seq) FROM trail)
UNION ALL SELECT seq, NULL, register, key, document FROM documents WHERE seq > $1 ORDER BY seq
"""
_WRITE = """
INSERT INTO documents (register, key, seq, document, body)
SELECT register, key, $1, document, body::jsonb
FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS new (register, key, document, body)
ON CONFLICT (register, key) DO UPDATE SET seq = excluded.seq, document = excluded.document, body = excluded.body
"""
