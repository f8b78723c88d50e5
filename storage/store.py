"""The desk's store: a folder that is opened once, read by anyone, and changed in transactions."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, closing, contextmanager, nullcontext
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import Any

from committee.audit import End
from committee.search import Question
from storage import catching_up, port
from storage.backup import BackedUp, back_up
from storage.described import DESK, ByName, Described
from storage.errors import Busy, FolderTaken
from storage.folder import DATABASE, check_folder, keys_of, make_folder, work_lock
from storage.index import Hit, hits, waiting
from storage.kept import KeptFiles
from storage.leading import Lead
from storage.memory import Memory
from storage.place import Changes, R
from storage.port import LEASE_SECONDS, MOST_HITS
from storage.register_table import RegisterTable
from storage.schema import connect, make, ready, version_of
from storage.thread import StoreThread, patiently
from storage.trail import Occasion, Trail
from storage.transactions import Desk, Transaction
from storage.verify import Finding, findings

READING_PATIENCE = 5.0

LOOK_SECONDS = 1.0
"""How often the end of the trail is looked at by whoever waits for a commit."""


class Store(ByName, port.Store):
    """An open desk. `async with Store.open(folder) as store`, or `await` it and close it."""

    def __init__(self, folder: Path, desk: Desk, files: StoreThread) -> None:
        """For `open` and `create`; in the store's thread."""
        self.described, self.folder = desk.described, folder
        self.keys = keys_of(folder)
        self.trail = Trail(self)
        self._desk, self._files = desk, files
        self._kept = KeptFiles(folder)
        self._works, self._leads, self._looked_at = False, set[str](), 0
        self._kept.sweep()
        self._reading = connect(folder, patience=READING_PATIENCE)
        self._reading.execute("PRAGMA query_only = ON")
        self._version = 0  # of the data, as SQLite counts the commits of others
        self._tables = {name: RegisterTable(name, committed) for name, committed in desk.memory.registers.items()}

    @classmethod
    def open(
        cls, folder: str | PathLike[str], *, described: Described = DESK, bring_forward: bool = False
    ) -> "Opening":
        """Open an existing desk; NotADesk, OlderDesk, NewerDesk, Damaged and Unavailable say why it cannot be.

        `bring_forward` makes an older desk one of this version; whoever asks for it has a backup.
        """
        return Opening(Path(folder), described, make_first=False, bring_forward=bring_forward)

    @classmethod
    def create(cls, folder: str | PathLike[str], *, described: Described = DESK) -> "Opening":
        """Make a desk and open it; FolderTaken if the folder holds one already."""
        return Opening(Path(folder), described, make_first=True)

    async def close(self) -> None:
        """Wait for a commit that has begun; then nothing of this store runs any longer."""
        await self._desk.thread.close(self._close)
        await self._files.close()

    def transaction(
        self, *, by: str, doing: str, at: datetime, about: str = "", words: Mapping[str, Any] | None = None
    ) -> Transaction:
        """Everything in its block is committed together when the block ends, and none of it when the block raises.

        The audit trail gets one entry if anything changed; what names people goes into `words`, which can be erased.
        """
        return Transaction(self._desk, Occasion(by, doing, about, at, words))

    async def keep(self, data: bytes) -> str:
        """Keep bytes under their SHA-256, which is returned once they and their name are on the disk."""
        return await self._files.finish(self._kept.keep, data)

    async def kept(self, sha256: str) -> bytes:
        """The bytes under a hash; Damaged when they are missing or have changed."""
        return await self._files.run(self._kept.read, sha256)

    async def search(self, question: Question, *, facts_only: bool = False, limit: int = MOST_HITS) -> list[Hit]:
        """What answers the question, what was indexed last first: in its facts alone, or in its words too.

        It is looked for beside the desk's work, so that a word that stands everywhere keeps nobody waiting.
        """
        thread = StoreThread("search")
        try:
            return await thread.run(self._search, question, limit, facts_only)
        finally:
            await thread.close()

    async def not_indexed(self, limit: int) -> list[tuple[str, str]]:
        """Kind and key of what came before this desk had an index, the newest first; empty once all of it is indexed."""
        return await self.run(waiting, self._reading, limit)

    alone = True
    """Whoever delivers holds the work lock: what is in flight when it begins belongs to the dead."""

    async def clock(self) -> datetime:
        """What time it is to this store, in UTC: by it leases run out."""
        return datetime.now(UTC)

    def work_lock(self, who: str = "verbale") -> AbstractContextManager[None]:
        """Held by the one process that reads mailboxes and delivers; Busy if another has it."""
        return self._working(who)

    @asynccontextmanager
    async def lead(self, part: str, who: str, *, seconds: float = LEASE_SECONDS) -> AsyncIterator[Lead]:  # noqa: ARG002 - of the port
        """One process does all the parts of a folder's desk: whoever leads in any holds its work lock."""
        if part in self._leads:
            raise Busy(f"this process, in {part},")
        with nullcontext() if self._works else self._working(who):
            self._leads.add(part)
            try:
                yield Lead(part)
            finally:
                self._leads.discard(part)

    async def leaders(self) -> dict[str, str]:
        """Nobody but whoever holds the work lock, whose name that has."""
        return {}

    async def changed(self, timeout: float) -> bool:  # noqa: ASYNC109 - how long one look lasts is what it is asked
        """Wait until something was committed since the last look, by anyone; False after so many seconds without."""
        until = time.monotonic() + timeout
        while True:
            before, (self._looked_at, _) = self._looked_at, await self.trail.end()
            if before != self._looked_at:
                return True
            if (left := until - time.monotonic()) <= 0:
                return False
            await asyncio.sleep(min(LOOK_SECONDS, left))

    async def seen(self) -> End:
        return await self.run(lambda: self._desk.memory.seen)

    @property
    def known(self) -> End:
        return self._desk.memory.seen

    async def verify(self) -> list[Finding]:
        """Hold everything against the audit trail, beside the desk's work; no finding but notes means that all is well."""
        thread = StoreThread("verify")
        try:
            return await thread.run(self._verify)
        finally:
            await thread.close()

    async def back_up(self, to: Path, at: datetime) -> BackedUp:
        """The desk of this moment as one file, beside the desk's work; Refused where `to` is there already."""
        thread = StoreThread("backup")
        try:
            return await thread.finish(back_up, self.folder, to, self.described, at)
        finally:
            await thread.close()

    @property
    def connection(self) -> sqlite3.Connection:
        return self._reading

    @property
    def changes(self) -> Changes:
        raise RuntimeError("a register or ledger changes only inside `async with store.transaction(...)`")

    def table(self, register: str) -> RegisterTable:
        return self._tables[register]

    async def run(self, job: Callable[..., R], *args: Any) -> R:
        return await self._desk.thread.run(self._on_the_newest, job, args)

    look = run

    @contextmanager
    def _working(self, who: str) -> Iterator[None]:
        with work_lock(self.folder, who):
            self._works = True
            try:
                yield
            finally:
                self._works = False

    def _on_the_newest(self, job: Callable[..., R], args: tuple[Any, ...]) -> R:
        (version,) = self._reading.execute("PRAGMA data_version").fetchone()
        if version != self._version:
            self._catch_up()
            self._version = version
        return job(*args)

    def _catch_up(self) -> None:
        self._reading.execute("BEGIN")
        try:
            catching_up.catch_up(self._desk.memory, self._reading)
        finally:
            self._reading.execute("COMMIT")

    def _search(self, question: Question, limit: int, facts_only: bool) -> list[Hit]:  # noqa: FBT001 - a job's arguments
        with closing(connect(self.folder, patience=READING_PATIENCE)) as connection:
            return hits(connection, question, limit, facts_only=facts_only)

    def _verify(self) -> list[Finding]:
        with closing(connect(self.folder, patience=READING_PATIENCE)) as connection:
            return findings(connection, self.described, self.keys, self._kept)

    def _close(self) -> None:
        self._reading.close()
        self._desk.connection.close()


class Opening(port.Opening[Store]):
    def __init__(self, folder: Path, described: Described, *, make_first: bool, bring_forward: bool = False) -> None:
        self._folder, self._described = folder, described
        self._make_first, self._bring_forward = make_first, bring_forward

    async def _open(self) -> Store:
        thread, files = StoreThread("store"), StoreThread("kept files")
        try:
            return await patiently(lambda: thread.finish(self._opened, thread, files))
        except BaseException:
            await thread.close()
            await files.close()
            raise

    def _opened(self, thread: StoreThread, files: StoreThread) -> Store:
        if self._make_first:
            _make(self._folder)
        check_folder(self._folder)
        key = keys_of(self._folder)[0]
        connection = connect(self._folder)
        try:
            ready(connection, self._described.ledgers, self._folder, bring_forward=self._bring_forward)
            desk = Desk(
                self._described,
                thread,
                connection,
                catching_up.loaded(Memory(self._described.registers), connection),
                key,
            )
            store = Store(self._folder, desk, files)
        except BaseException:
            connection.close()
            raise
        return store


def _make(folder: Path) -> None:
    if (folder / DATABASE).exists() and _version(folder):
        raise FolderTaken(_TAKEN.format(folder))
    make_folder(folder)
    with closing(connect(folder, patience=READING_PATIENCE)) as connection:
        if not make(connection):
            raise FolderTaken(_TAKEN.format(folder))


def _version(folder: Path) -> int:
    with closing(connect(folder, patience=READING_PATIENCE)) as connection:
        return version_of(connection)


_TAKEN = "{} holds a desk already: choose another folder, or open this one"
