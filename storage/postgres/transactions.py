"""A transaction over PostgreSQL: what it reads and changes, and the one commit in which all of it becomes true."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from committee.audit import Change, End, sha256
from committee.errors import Unavailable
from storage.described import NUMBERS, Described
from storage.errors import MovedAway
from storage.folder import Key
from storage.index import Indexed
from storage.place import Changes, R
from storage.port import Transaction
from storage.postgres import index, registers, settling, trail
from storage.postgres.by_name import ByName
from storage.postgres.errors import CutOff, in_our_words, is_gone, said_in_our_words
from storage.postgres.pool import Connection, Pool, to_its_end
from storage.postgres.registers import InStep
from storage.postgres.schema import WRITING
from storage.postgres.texts import literal, stored
from storage.register_table import RegisterTable
from storage.trail import Occasion, Written, entry_after


@dataclass(slots=True)
class Desk:
    """What the transactions of one process share: the pool, the registers in memory, the turn."""

    described: Described
    pool: Pool
    registers: InStep
    key: Key
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    whose: "asyncio.Task[Any] | None" = None
    closed: bool = False


class PostgresTransaction(ByName, Transaction):
    """Made by `PostgresStore.transaction`. PostgreSQL's own begins with the first read or write."""

    taking = " FOR UPDATE SKIP LOCKED"

    def __init__(self, desk: Desk, occasion: Occasion) -> None:
        self.described = desk.described
        self._desk, self._occasion = desk, occasion
        self._changes = Changes(occasion.at)
        self._tables: dict[str, RegisterTable] = {}
        self._connection: Connection | None = None
        self._one_at_a_time = asyncio.Lock()
        self._open = self._begun = self._indexed = self._committed = False

    @property
    def at(self) -> datetime:
        return self._occasion.at

    def occasion(self, *, doing: str, about: str, words: Mapping[str, Any] | None = None) -> None:
        self._occasion = replace(self._occasion, doing=doing, about=about, words=words)

    async def numbers(self, series: str, year: int, count: int) -> list[str]:
        self._must_be_open()
        if not count:
            return []
        name = f"{series}-{year}"
        [(last,)] = await self.fetch(_NUMBERS, stored(name), count)
        self._changes.note(NUMBERS, name, sha256(str(last)))
        return [f"{name}-{number:04d}" for number in range(last - count + 1, last + 1)]

    async def index(self, *entries: Indexed) -> None:
        async with self._one_at_a_time:
            with said_in_our_words():
                await index.write(await self._begin(), entries)
        self._indexed = True

    async def unindex(self, kind: str, *keys: str) -> None:
        async with self._one_at_a_time:
            with said_in_our_words():
                await index.take_out(await self._begin(), kind, keys)
        self._indexed = True

    async def __aenter__(self) -> Self:
        task = asyncio.current_task()
        if self._desk.whose is task:
            raise RuntimeError("a transaction within a transaction would wait for itself")
        await self._desk.turn.acquire()
        if self._desk.closed:
            self._desk.turn.release()
            raise RuntimeError("the store is closed")
        self._desk.whose, self._open = task, True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open = False
        try:
            if error is not None:
                await to_its_end(self._give_back())
            elif self._connection is not None or self._tables:
                await self._at_last()
        finally:
            self._desk.whose = None
            self._desk.turn.release()

    @property
    def changes(self) -> Changes:
        self._must_be_open()
        return self._changes

    def table(self, register: str) -> RegisterTable:
        if register not in self._tables:
            self._tables[register] = RegisterTable(register, self._desk.registers.memory.registers[register])
        return self._tables[register]

    async def fetch(self, statement: str, *values: Any) -> list[Any]:
        self._must_be_open()
        async with self._one_at_a_time:
            connection = await self._begin()
            with said_in_our_words():
                rows: list[Any] = await connection.fetch(statement, *values)
                return rows

    async def run(self, job: Callable[..., R], *args: Any) -> R:
        await self._on_the_newest()
        return await self._desk.registers.run(job, *args)

    async def look(self, job: Callable[..., R], *args: Any) -> R:
        await self._on_the_newest()
        return await self._desk.registers.look(job, *args)

    def _must_be_open(self) -> None:
        if not self._open:
            raise RuntimeError("this transaction is over")

    async def _on_the_newest(self) -> None:
        """Once begun, nobody else can commit, so that memory is the newest there is."""
        self._must_be_open()
        if not self._begun:
            async with self._one_at_a_time:
                await self._begin()

    async def _begin(self) -> Connection:
        """Take the turn among all processes, and catch up; a connection that was cut off while it lay idle is made anew."""
        if not self._begun:
            try:
                await self._try_to_begin()
            except CutOff:
                await self._give_back()
                await self._desk.pool.expire()
                await self._try_to_begin()
            self._begun = True
        assert self._connection is not None  # noqa: S101 - it has begun
        if is_gone(self._connection):
            raise CutOff("the connection to the desk's database was lost in this transaction; nothing was changed")
        return self._connection

    async def _try_to_begin(self) -> None:
        self._connection = await self._desk.pool.acquire()
        with said_in_our_words():
            if await self._connection.execute(_beginning(self._desk.registers.memory.seen)) == NOTHING_NEW:
                return
            if await self._connection.fetchval("SELECT EXISTS (SELECT 1 FROM meta WHERE name = 'moved')"):
                raise MovedAway(
                    "this desk was moved elsewhere while it was open; nothing was changed: work at the moved one"
                )
            await self._desk.registers.catch_up(self._connection.fetch)

    async def _at_last(self) -> None:
        """Whoever is cancelled while it waits for its turn among the processes has done nothing; from then on it is done."""
        try:
            await self._begin()
        except BaseException:
            await to_its_end(self._give_back())
            raise
        await to_its_end(self._commit())

    async def _give_back(self) -> None:
        """Roll back what was not committed, without asking the driver: what was cancelled it does not know yet."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            if not self._committed and not is_gone(connection):
                await connection.execute("ROLLBACK")
        except Exception as error:
            if not isinstance(in_our_words(error), Unavailable):
                raise
        finally:
            await self._desk.pool.release(connection)

    async def _commit(self) -> None:
        try:
            connection = await self._begin()
            before = self._desk.registers.memory.seen
            with said_in_our_words():
                documents, changes = await registers.write(connection, self._tables, before.seq + 1)
            listed: tuple[Change, ...] = (*changes, *self._changes.listed())
            if listed:
                new = entry_after(before, self._occasion, listed, self._desk.key)
                await self._made_durable(connection, new)
                await self._desk.registers.follow(new.end, documents)
            elif self._indexed:
                await self._made_durable(connection, None)
        finally:
            await self._give_back()

    async def _made_durable(self, connection: Connection, new: Written | None) -> None:
        """Commit. Where the answer is lost, it is found out what became of it, before anybody is told anything."""
        token = uuid4()
        try:
            with said_in_our_words():
                await connection.execute(trail.appending(new, token) if new else "COMMIT")
                self._committed = True
        except CutOff as error:
            if not is_gone(connection):
                connection.terminate()
            if new is None:  # the index alone: whoever does it again does the same
                raise
            await settling.was_committed(self._desk.pool, token, error)


def _beginning(seen: End) -> str:
    """The lock first, in a statement of its own: what is looked at after it is what its last holder has committed."""
    last = "coalesce((SELECT seq || ':' || digest FROM trail ORDER BY seq DESC LIMIT 1), '0:')"
    here = "NOT EXISTS (SELECT 1 FROM meta WHERE name = 'moved')"
    known = literal(f"{seen.seq}:{seen.digest}")
    return f"BEGIN; SELECT pg_advisory_xact_lock({WRITING}); SELECT 1 WHERE {last} = {known} AND {here}"


NOTHING_NEW = "SELECT 1"
"""What the server says of a statement that found one row."""
_NUMBERS = (
    "INSERT INTO numbers AS given (series, last) VALUES ($1, $2)"
    " ON CONFLICT (series) DO UPDATE SET last = given.last + excluded.last RETURNING last"
)
