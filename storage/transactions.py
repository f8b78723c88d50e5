"""A transaction: what it reads and changes, and the one commit in which all of it becomes true."""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from committee.audit import Change, sha256
from committee.errors import Unavailable
from storage import catching_up, port
from storage.described import NUMBERS, ByName, Described
from storage.errors import Locked, said_in_our_words
from storage.folder import Key
from storage.index import Indexed, take_out, write
from storage.memory import Memory
from storage.place import Changes, R
from storage.register_table import RegisterTable
from storage.thread import StoreThread, patiently
from storage.trail import Occasion, append, entry_after


@dataclass(slots=True)
class Desk:
    """What the transactions of one process share: the thread, its writing connection, the registers in memory, the turn."""

    described: Described
    thread: StoreThread
    connection: sqlite3.Connection
    memory: Memory
    key: Key
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    whose: "asyncio.Task[Any] | None" = None


class Transaction(ByName, port.Transaction):
    """Made by `Store.transaction`. SQLite's own begins with the first read or write, so that waiting costs nobody else."""

    def __init__(self, desk: Desk, occasion: Occasion) -> None:
        self.described = desk.described
        self._desk, self._occasion = desk, occasion
        self._changes = Changes(occasion.at)
        self._tables: dict[str, RegisterTable] = {}
        self._open = self._asked = self._begun = self._indexed = False

    @property
    def at(self) -> datetime:
        return self._occasion.at

    def occasion(self, *, doing: str, about: str, words: Mapping[str, Any] | None = None) -> None:
        """Say of this commit what only its work has shown: what was done, about which key, in which words."""
        self._occasion = replace(self._occasion, doing=doing, about=about, words=words)

    async def number(self, series: str, year: int) -> str:
        """The next number of a series in a year, S-2012-0017: without gaps, since it is given by the commit or not at all."""
        [number] = await self.numbers(series, year, 1)
        return number

    async def numbers(self, series: str, year: int, count: int) -> list[str]:
        """The next so many numbers, in order."""
        return await self.run(self._numbers, f"{series}-{year}", count)

    async def index(self, *entries: Indexed) -> None:
        """These are found by their words once this is committed; of the same kind and key what was there before no longer is.

        The index is derived, so it makes no entry in the trail.
        """
        await self.run(write, self.connection, entries)
        self._indexed = True

    async def unindex(self, kind: str, *keys: str) -> None:
        """Nobody finds these by words any longer, nor do their words stay in the index.

        It takes time by the size of the whole index, some seconds for a hundred thousand mails: for erasing, not for change.
        """
        await self.run(take_out, self.connection, kind, keys)
        self._indexed = True

    async def __aenter__(self) -> Self:
        task = asyncio.current_task()
        if self._desk.whose is task:
            raise RuntimeError("a transaction within a transaction would wait for itself")
        await self._desk.turn.acquire()
        self._desk.whose, self._open = task, True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open = False
        try:
            if error is not None:
                await self._end(self._roll_back)
            elif self._asked or self._tables:
                await patiently(lambda: self._end(self._commit))
        finally:
            self._desk.whose = None
            self._desk.turn.release()

    @property
    def connection(self) -> sqlite3.Connection:
        return self._desk.connection

    @property
    def changes(self) -> Changes:
        self._must_be_open()
        return self._changes

    def table(self, register: str) -> RegisterTable:
        if register not in self._tables:
            self._tables[register] = RegisterTable(register, self._desk.memory.registers[register])
        return self._tables[register]

    async def run(self, job: Callable[..., R], *args: Any) -> R:
        self._must_be_open()
        self._asked = True
        return await patiently(lambda: self._desk.thread.run(self._within, job, args))

    async def look(self, job: Callable[..., R], *args: Any) -> R:
        """Once begun, nobody else can commit, so that memory is the newest there is."""
        self._must_be_open()
        if self._begun or self._begin_here():
            return job(*args)
        return await self.run(job, *args)

    def _must_be_open(self) -> None:
        if not self._open:
            raise RuntimeError("this transaction is over")

    def _begin_here(self) -> bool:
        """Begin without going through the thread, when it is idle and there is nothing to wait for or to reload.

        That takes some ten microseconds, less than waking a thread.
        """
        if not self._desk.thread.idle:
            return False
        self._asked = True
        with suppress(Locked), said_in_our_words():
            self.connection.execute("BEGIN IMMEDIATE")
            self._begun = catching_up.is_current(self._desk.memory, self.connection)
        return self._begun

    async def _end(self, job: Callable[[], None]) -> None:
        await self._desk.thread.finish(job)

    # From here on in the store's thread.

    def _within(self, job: Callable[..., R], args: tuple[Any, ...]) -> R:
        self._begin()
        return job(*args)

    def _begin(self) -> None:
        if not self._begun:
            if not self.connection.in_transaction:
                self.connection.execute("BEGIN IMMEDIATE")
            catching_up.catch_up(self._desk.memory, self.connection)
            self._begun = True
        elif not self.connection.in_transaction:  # when the disk is full, SQLite rolls back by itself
            raise Unavailable("the disk failed in the middle of this transaction; nothing was changed")

    def _numbers(self, series: str, count: int) -> list[str]:
        if not count:
            return []
        given = "INSERT INTO numbers (series, last) VALUES (?, ?) ON CONFLICT (series) DO UPDATE SET last = last + excluded.last"
        ((last,),) = self.connection.execute(f"{given} RETURNING last", (series, count)).fetchall()
        self._changes.note(NUMBERS, series, sha256(str(last)))
        return [f"{series}-{number:04d}" for number in range(last - count + 1, last + 1)]

    def _commit(self) -> None:
        try:
            self._begin()
            documents = [
                (name, key, text) for name, table in self._tables.items() for key, text in table.changes().items()
            ]
            changes = (*(self._write(*document) for document in documents), *self._changes.listed())
            if not changes and not self._indexed:
                self._roll_back()
                return
            end = self._desk.memory.seen
            if changes:
                end = append(self.connection, entry_after(end, self._occasion, changes, self._desk.key))
            self.connection.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise
        self._desk.memory.follow(end, documents)

    def _write(self, register: str, key: str, text: str | None) -> Change:
        if text is None:
            self.connection.execute("DELETE FROM documents WHERE register = ? AND key = ?", (register, key))
            return Change(register, key, None)
        self.connection.execute(
            "INSERT INTO documents (register, key, document) VALUES (?, ?, ?)"
            " ON CONFLICT (register, key) DO UPDATE SET document = excluded.document",
            (register, key, text),
        )
        return Change(register, key, sha256(text))

    def _roll_back(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")
