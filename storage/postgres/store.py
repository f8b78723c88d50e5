"""The desk's store over PostgreSQL: its keys in a folder, everything else in the database, open to several processes at once."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager, nullcontext
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import Any

from committee.audit import End
from committee.search import Question
from storage import port
from storage.addresses import Address, address_of
from storage.backup import BackedUp
from storage.described import DESK, Described
from storage.errors import FolderTaken
from storage.folder import DATABASE, keys_of, make_keys, shut_folder
from storage.index import Hit
from storage.leading import Lead
from storage.place import Changes, R
from storage.port import LEASE_SECONDS, MOST_HITS, Store
from storage.postgres import index, leases, looking_over, schema
from storage.postgres.by_name import ByName
from storage.postgres.errors import said_in_our_words
from storage.postgres.kept import KeptRows
from storage.postgres.listening import Listening
from storage.postgres.pool import Pool, connect
from storage.postgres.registers import InStep
from storage.postgres.texts import read
from storage.postgres.trail import PostgresTrail
from storage.postgres.transactions import Desk, PostgresTransaction
from storage.register_table import RegisterTable
from storage.trail import Occasion
from storage.verify import Finding


class PostgresStore(ByName, Store):
    """An open desk. `async with PostgresStore.open(folder, url) as store`, or `await` it and close it."""

    alone = False
    taking = ""

    def __init__(self, folder: Path, address: Address, desk: Desk) -> None:
        """For `open` and `create`."""
        self.described, self.folder, self.address = desk.described, folder, address
        self.keys = keys_of(folder)
        self.trail = PostgresTrail(self)
        self._desk, self._pool = desk, desk.pool
        self._kept, self._listening = KeptRows(desk.pool), Listening(desk.pool)
        self._tables = {name: RegisterTable(name, rows) for name, rows in desk.registers.memory.registers.items()}

    @classmethod
    def open(
        cls, folder: str | PathLike[str], url: str, *, described: Described = DESK, bring_forward: bool = False
    ) -> "Opening":
        """Open an existing desk; NotADesk, OlderDesk, NewerDesk, Refused and Unavailable say why it cannot be."""
        return Opening(Path(folder), address_of(url), described, make_first=False, bring_forward=bring_forward)

    @classmethod
    def create(cls, folder: str | PathLike[str], url: str, *, described: Described = DESK) -> "Opening":
        """Make a desk's tables, and its keys in the folder where it has none; FolderTaken if the database holds one."""
        return Opening(Path(folder), address_of(url), described, make_first=True)

    async def close(self) -> None:
        if self._desk.closed:
            return
        self._desk.closed = True
        if self._desk.whose is not asyncio.current_task():
            async with self._desk.turn:  # whoever has it ends first; nobody has it after
                pass
        await self._listening.close()
        await self._pool.close()
        await self._desk.registers.close()

    def transaction(
        self, *, by: str, doing: str, at: datetime, about: str = "", words: Mapping[str, Any] | None = None
    ) -> PostgresTransaction:
        return PostgresTransaction(self._desk, Occasion(by, doing, about, at, words))

    async def keep(self, data: bytes) -> str:
        return await self._kept.keep(data)

    async def kept(self, sha256: str) -> bytes:
        return await self._kept.read(sha256)

    async def search(self, question: Question, *, facts_only: bool = False, limit: int = MOST_HITS) -> list[Hit]:
        if not question:
            return []
        statement, values = index.asking(question, limit, facts_only=facts_only)
        return [index.hit(row) for row in await self.fetch(statement, *values)]

    async def not_indexed(self, limit: int) -> list[tuple[str, str]]:
        rows = await self.fetch("SELECT kind, key FROM word_index_waiting ORDER BY id DESC LIMIT $1", limit)
        return [(row[0], read(row[1])) for row in rows]

    async def clock(self) -> datetime:
        moment: datetime = (await self.fetch("SELECT verbale_now()"))[0][0]
        return moment.astimezone(UTC)

    async def changed(self, timeout: float) -> bool:  # noqa: ASYNC109 - how long one look lasts is what it is asked
        return await self._listening.changed(timeout)

    def work_lock(self, who: str = "verbale") -> AbstractContextManager[None]:  # noqa: ARG002 - of the port
        """Several may deliver: claims keep them apart. What one does at a time asks for `lead`."""
        return nullcontext()

    def lead(self, part: str, who: str, *, seconds: float = LEASE_SECONDS) -> AbstractAsyncContextManager[Lead]:
        return leases.lead(self._pool, part, who, seconds)

    async def leaders(self) -> dict[str, str]:
        rows = await self.fetch("SELECT part, holder FROM leases WHERE until >= verbale_now() ORDER BY part")
        return dict(map(tuple, rows))

    async def seen(self) -> End:
        await self._on_the_newest()
        return self.known

    @property
    def known(self) -> End:
        return self._desk.registers.memory.seen

    async def verify(self) -> list[Finding]:
        return await looking_over.verify(self._pool, self.described, self.keys, self._kept, self.folder)

    async def back_up(self, to: Path, at: datetime) -> BackedUp:
        return await looking_over.backed_up(self._pool, self.described, self._kept, self.folder, to, at)

    @property
    def changes(self) -> Changes:
        raise RuntimeError("a register or ledger changes only inside `async with store.transaction(...)`")

    def table(self, register: str) -> RegisterTable:
        return self._tables[register]

    async def fetch(self, statement: str, *values: Any) -> list[Any]:
        self._must_be_open()
        return await self._pool.fetch(statement, *values)

    async def run(self, job: Callable[..., R], *args: Any) -> R:
        await self._on_the_newest()
        return await self._desk.registers.run(job, *args)

    async def look(self, job: Callable[..., R], *args: Any) -> R:
        await self._on_the_newest()
        return await self._desk.registers.look(job, *args)

    def _must_be_open(self) -> None:
        if self._desk.closed:
            raise RuntimeError("the store is closed")

    async def _on_the_newest(self) -> None:
        self._must_be_open()
        await self._desk.registers.catch_up(self._pool.fetch)


class Opening(port.Opening[PostgresStore]):
    def __init__(
        self, folder: Path, address: Address, described: Described, *, make_first: bool, bring_forward: bool = False
    ) -> None:
        self._folder, self._address, self._described = folder, address, described
        self._make_first, self._bring_forward = make_first, bring_forward

    async def _open(self) -> PostgresStore:
        if self._make_first:
            _room_for_keys(self._folder)
        else:
            shut_folder(self._folder)
        keys = keys_of(self._folder)
        connection = await connect(self._address)
        try:
            if self._make_first:
                async with schema.changing_tables(connection):
                    await schema.make(connection, self._described, keys[0])
            with said_in_our_words():
                await schema.ready(
                    connection, self._described, keys, self._address.shown, bring_forward=self._bring_forward
                )
        finally:
            connection.terminate()
        return await self._opened(keys[0])

    async def _opened(self, key: Any) -> PostgresStore:
        pool, registers = Pool(self._address), InStep(self._described.registers)
        try:
            await pool.open()
            await registers.catch_up(pool.fetch)
            return PostgresStore(self._folder, self._address, Desk(self._described, pool, registers, key))
        except BaseException:
            await pool.close()
            await registers.close()
            raise


def _room_for_keys(folder: Path) -> None:
    if (folder / DATABASE).exists():
        raise FolderTaken(
            f"{folder} holds a desk of its own: choose another folder, or move that desk to the database: verbale copy --to URL"
        )
    make_keys(folder)
