"""What flows know of a store and of a transaction, whichever store it is: the folder's own, or PostgreSQL's."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from committee.audit import End
from committee.search import Question
from storage.backup import BackedUp
from storage.folder import Key
from storage.index import Hit, Indexed
from storage.leading import Lead
from storage.tables import Tables
from storage.trail import Trail
from storage.verify import Finding

MOST_HITS = 100_000
LEASE_SECONDS = 30.0
S = TypeVar("S", bound="Store")


class Transaction(Tables, ABC):
    """All of it is committed together when its block ends, and none of it when the block raises."""

    @property
    @abstractmethod
    def at(self) -> datetime:
        """The moment that this commit has in the trail."""

    @abstractmethod
    def occasion(self, *, doing: str, about: str, words: Mapping[str, Any] | None = None) -> None:
        """Say of this commit what only its work has shown: what was done, about which key, in which words."""

    async def number(self, series: str, year: int) -> str:
        """The next number of a series in a year, S-2012-0017: without gaps, since it is given by the commit or not at all."""
        [number] = await self.numbers(series, year, 1)
        return number

    @abstractmethod
    async def numbers(self, series: str, year: int, count: int) -> list[str]:
        """The next so many numbers, in order."""

    @abstractmethod
    async def index(self, *entries: Indexed) -> None:
        """These are found by their words once this is committed; of the same kind and key what was there before no longer is.

        The index is derived, so it makes no entry in the trail.
        """

    @abstractmethod
    async def unindex(self, kind: str, *keys: str) -> None:
        """Nobody finds these by words any longer: for erasing, not for change."""

    @abstractmethod
    async def __aenter__(self) -> Self: ...

    @abstractmethod
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Opening(ABC, Generic[S]):
    """A desk that is about to be opened: to be awaited, or entered and left."""

    _store: S | None = None

    @abstractmethod
    async def _open(self) -> S: ...

    def __await__(self) -> Generator[Any, None, S]:
        return self._open().__await__()

    async def __aenter__(self) -> S:
        self._store = await self
        return self._store

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._store is not None:
            await self._store.close()


class Store(Tables, ABC):
    """An open desk, read by anyone and changed in transactions."""

    folder: Path
    keys: tuple[Key, ...]
    trail: Trail
    alone: bool
    """Whether whoever delivers is the only one: then what is in flight when it begins belongs to the dead."""

    @abstractmethod
    def transaction(
        self, *, by: str, doing: str, at: datetime, about: str = "", words: Mapping[str, Any] | None = None
    ) -> Transaction:
        """Everything in its block is committed together when the block ends, and none of it when the block raises.

        The audit trail gets one entry if anything changed; what names people goes into `words`, which can be erased.
        """

    @abstractmethod
    async def close(self) -> None:
        """Wait for a commit that has begun; then nothing of this store runs any longer."""

    @abstractmethod
    async def keep(self, data: bytes) -> str:
        """Keep bytes under their SHA-256, which is returned once they are safe."""

    @abstractmethod
    async def kept(self, sha256: str) -> bytes:
        """The bytes under a hash; Damaged when they are missing or have changed."""

    @abstractmethod
    async def search(self, question: Question, *, facts_only: bool = False, limit: int = MOST_HITS) -> list[Hit]:
        """What answers the question, what was indexed last first: in its facts alone, or in its words too."""

    @abstractmethod
    async def not_indexed(self, limit: int) -> list[tuple[str, str]]:
        """Kind and key of what came before this desk had an index, the newest first; empty once all of it is indexed."""

    @abstractmethod
    async def clock(self) -> datetime:
        """What time it is to this store, in UTC: by it leases run out."""

    @abstractmethod
    async def changed(self, timeout: float) -> bool:  # noqa: ASYNC109 - how long one look lasts is what it is asked
        """Wait until something was committed since the last look, by anyone; False after so many seconds without."""

    @abstractmethod
    def work_lock(self, who: str = "verbale") -> AbstractContextManager[None]:
        """Held by the one process that delivers where only one may; Busy if another has it."""

    @abstractmethod
    def lead(self, part: str, who: str, *, seconds: float = LEASE_SECONDS) -> AbstractAsyncContextManager[Lead]:
        """What one process at a time does, as `clock` or `mail in`: Busy where another does it; renewed while it lives."""

    @abstractmethod
    async def leaders(self) -> dict[str, str]:
        """Who leads in each part at this moment, where more than one process could."""

    @abstractmethod
    async def seen(self) -> End:
        """The last commit, by anyone."""

    @property
    @abstractmethod
    def known(self) -> End:
        """The last commit that the registers in memory have taken over; nothing is asked."""

    @abstractmethod
    async def verify(self) -> list[Finding]:
        """Hold everything against the audit trail, beside the desk's work; no finding but notes means that all is well."""

    @abstractmethod
    async def back_up(self, to: Path, at: datetime) -> BackedUp:
        """The desk of this moment as one file, beside the desk's work; Refused where `to` is there already."""

    @property
    def secret(self) -> bytes:
        """The key for new tokens; `keys` has every valid one with its id."""
        return self.keys[0].secret

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
