"""Registers: what is true now, as TinyDB documents under string keys, held in memory and written one by one."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic

from storage.documents import Documents, T, documents_of
from storage.place import RegisterPlace
from storage.register_table import RegisterTable


@dataclass(frozen=True, slots=True)
class RegisterOf(Generic[T]):
    """The declaration of a register: its kind, and the fields it is looked up by so often that they have an index."""

    kind: type[T]
    index: tuple[str, ...] = ()


class Register(Generic[T]):
    """One register, seen from the store or from within a transaction."""

    def __init__(self, name: str, declared: RegisterOf[T], place: RegisterPlace) -> None:
        self._name, self._place = name, place
        self._documents: Documents[T] = documents_of(declared.kind)

    async def get(self, key: str) -> T | None:
        return await self._place.look(self._get, key)

    async def all(self) -> list[T]:
        """Every value, in the order of the keys."""
        return await self._asked({})(self._find, {})

    async def find(self, **fields: Any) -> list[T]:
        """The values whose fields have these values (a tuple or set: one of them), in the order of the keys."""
        self._documents.check(fields)
        return await self._asked(fields)(self._find, fields)

    async def put(self, *values: T) -> None:
        """Add each value, or replace the one that has its key."""
        self._place.changes  # noqa: B018 - outside a transaction it says so
        for key, text in [(value.key, self._documents.text(value)) for value in values]:
            self._table.replace(key, text)

    async def remove(self, key: str) -> None:
        """Take the value away; where there is none, nothing changes."""
        self._place.changes  # noqa: B018 - outside a transaction it says so
        self._table.replace(key, None)

    def _asked(self, fields: Mapping[str, Any]) -> Callable[..., Awaitable[list[T]]]:
        """What takes no time is looked up on the spot."""
        return self._place.look if self._table.is_quick(fields) else self._place.run

    @property
    def _table(self) -> RegisterTable:
        return self._place.table(self._name)

    def _get(self, key: str) -> T | None:
        text = self._table.text(key)
        return None if text is None else self._documents.value(text)

    def _find(self, fields: Mapping[str, Any]) -> list[T]:
        return self._documents.values(self._table.having(fields))
