"""What registers say is remembered for as long as nothing is committed: a hundred questions at once are one of the store."""

from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import Any, Final, TypeVar, cast

from committee.audit import End
from storage.asked_once import AskedOnce
from storage.port import Store
from storage.registers import Register

A = TypeVar("A")
FEW: Final = 1_000
"""Values of one answer that are remembered at most: more of them would keep the garbage collector busy."""


class Remembered:
    """A store for reading, as of one commit. Values are shared: whoever reads them changes nothing in them.

    It is the store in all else: ledgers are read anew each time, and a transaction is the store's own.
    """

    def __init__(self, store: Store, seen: End) -> None:
        self.seen = seen
        self._store = store
        self._asked = AskedOnce(self._holds)

    @property
    def as_store(self) -> Store:
        """For whoever asks for a store; what it reads is the same."""
        return cast("Store", self)

    def __getattr__(self, name: str) -> Any:
        named = getattr(self._store, name)
        if name.startswith("_") or not isinstance(named, Register):
            return named
        register = _Register(name, named, self)
        setattr(self, name, register)
        return register

    async def answer(self, question: Hashable, ask: Callable[[], Awaitable[A]]) -> A:
        """What is known already, or what `ask` says; remembered where nothing was committed until it was said."""
        return await self._asked.answer(question, ask)

    def _holds(self, answer: Any) -> bool:
        return self._store.known == self.seen and not (isinstance(answer, list) and len(answer) > FEW)


class _Register:
    """One register as it is remembered; a list is the reader's own."""

    def __init__(self, name: str, register: Register[Any], of: Remembered) -> None:
        self._name, self._register, self._of = name, register, of

    def __getattr__(self, name: str) -> Any:
        return getattr(self._register, name)

    async def get(self, key: str) -> Any:
        return await self._of.answer((self._name, "get", key), lambda: self._register.get(key))

    async def all(self) -> list[Any]:
        return [*await self._of.answer((self._name, "all"), self._register.all)]

    async def find(self, **fields: Any) -> list[Any]:
        question = (self._name, "find", _as_key(fields))
        return [*await self._of.answer(question, lambda: self._register.find(**fields))]


def _as_key(fields: Mapping[str, Any]) -> frozenset[tuple[str, object]]:
    return frozenset((name, frozenset(value) if isinstance(value, set) else value) for name, value in fields.items())
