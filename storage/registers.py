"""Registers: what is true now, as TinyDB documents under string keys, held in memory and written one by one."""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from copy import deepcopy
from dataclasses import dataclass
from functools import reduce
from operator import and_, attrgetter
from typing import Any, Generic

from tinydb import where
from tinydb.queries import QueryLike
from tinydb.storages import MemoryStorage
from tinydb.table import Document as TinyDocument
from tinydb.table import Table

from storage.documents import Document, Documents, T, choices, documents_of, parsed, written
from storage.place import Place


@dataclass(frozen=True, slots=True)
class RegisterOf(Generic[T]):
    """The declaration of a register: its kind, and the fields it is looked up by so often that they have an index."""

    kind: type[T]
    index: tuple[str, ...] = ()


class Register(Generic[T]):
    """One register, seen from the store or from within a transaction."""

    def __init__(self, name: str, declared: RegisterOf[T], place: Place) -> None:
        self._name, self._place = name, place
        self._documents: Documents[T] = documents_of(declared.kind)

    async def get(self, key: str) -> T | None:
        return await self._place.look(self._get, key)

    async def all(self) -> list[T]:
        """Every value, in the order of the keys."""
        return await self._place.run(self._find, {})

    async def find(self, **fields: Any) -> list[T]:
        """The values whose fields have these values (a tuple or set: one of them), in the order of the keys."""
        self._documents.check(fields)
        return await self._place.run(self._find, fields)

    async def put(self, *values: T) -> None:
        """Add each value, or replace the one that has its key."""
        self._place.changes  # noqa: B018 - outside a transaction it says so
        for value in values:
            self._table.replace(value.key, parsed(self._documents.text(value)))

    async def remove(self, key: str) -> None:
        """Take the value away; where there is none, nothing changes."""
        self._place.changes  # noqa: B018 - outside a transaction it says so
        self._table.replace(key, None)

    @property
    def _table(self) -> "RegisterTable":
        table: RegisterTable = self._place.table(self._name)
        return table

    def _get(self, key: str) -> T | None:
        document = self._table.get(doc_id=key)  # type: ignore[call-overload] # our ids are strings
        return None if document is None else self._documents.value(written(document))

    def _find(self, fields: Mapping[str, Any]) -> list[T]:
        return self._documents.values(map(written, self._table.having(fields)))


class Committed:
    """A register's documents as last committed, and where each value of an indexed field is found."""

    def __init__(self, index: tuple[str, ...] = ()) -> None:
        self.documents: dict[str, Document] = {}
        self._keys: dict[str, dict[Any, set[str]]] = {field: {} for field in index}

    def replace(self, key: str, document: Document | None) -> None:
        old = self.documents.get(key)
        for field, keys in self._keys.items():
            if old is not None:
                keys[old.get(field)].discard(key)
            if document is not None:
                keys.setdefault(document.get(field), set()).add(key)
        if document is None:
            self.documents.pop(key, None)
        else:
            self.documents[key] = document

    def keys_having(self, fields: Mapping[str, list[Any]]) -> set[str] | None:
        """The keys of all that can have these values, as far as an index tells; None where none does."""
        found = [
            set().union(*(self._keys[field].get(choice, ()) for choice in choices))
            for field, choices in fields.items()
            if field in self._keys
        ]
        return set.intersection(*found) if found else None


class RegisterTable(Table):
    """TinyDB's table over what is committed plus what one transaction has changed; it never copies the whole."""

    document_id_class = str  # type: ignore[assignment] # TinyDB allows any, its types say int

    def __init__(self, name: str, committed: Committed) -> None:
        # Without a query cache: it hands the same objects to every caller.
        super().__init__(MemoryStorage(), name, cache_size=0)
        self._committed = committed
        self._changed: dict[str, Document | None] = {}

    def replace(self, key: str, document: Document | None) -> None:
        self._changed[key] = document

    def changes(self) -> dict[str, Document | None]:
        """What is no longer as it was committed."""
        before = self._committed.documents
        return {key: document for key, document in self._changed.items() if document != before.get(key)}

    def having(self, fields: Mapping[str, Any]) -> list[TinyDocument]:
        """The documents whose fields have these values, in the order of the keys."""
        wanted = {field: choices(value) for field, value in fields.items()}
        keys = self._committed.keys_having(wanted)
        if not wanted:
            found = self.all()
        elif keys is None:
            found = self.search(_query(wanted))
        else:
            found = self._among(keys | self._changed.keys(), _query(wanted))
        return sorted(found, key=attrgetter("doc_id"))

    def _among(self, keys: set[str], query: QueryLike) -> list[TinyDocument]:
        documents = self._read_table()
        return [TinyDocument(documents[key], key) for key in keys if key in documents and query(documents[key])]

    def _read_table(self) -> Mapping[str, Document]:  # type: ignore[override]
        return Overlaid(self._committed.documents, self._changed) if self._changed else self._committed.documents

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        """Let one of TinyDB's own updates work on a draft; if it fails, none of it has happened."""
        draft = _Draft(self._read_table())
        updater(draft)
        self._changed.update(draft.changed())


class Overlaid(Mapping[str, Document]):
    """Committed documents under this transaction's changes, without a copy of either."""

    def __init__(self, committed: Mapping[str, Document], changed: Mapping[str, Document | None]) -> None:
        self._committed, self._changed = committed, changed

    def __getitem__(self, key: str) -> Document:
        if key not in self._changed:
            return self._committed[key]
        if (document := self._changed[key]) is None:
            raise KeyError(key)
        return document

    def __iter__(self) -> Iterator[str]:
        changed = dict(self._changed)
        yield from (key for key in self._committed if key not in changed)
        yield from (key for key, document in changed.items() if document is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Draft(MutableMapping[str, Document]):
    """What an update of TinyDB's reads is a copy, so that nothing committed changes under it."""

    def __init__(self, before: Mapping[str, Document]) -> None:
        self._before = before
        self._touched: dict[str, Document | None] = {}

    def changed(self) -> dict[str, Document | None]:
        return {key: document for key, document in self._touched.items() if document != self._before.get(key)}

    def __getitem__(self, key: str) -> Document:
        if key not in self._touched:
            self._touched[key] = deepcopy(self._before[key])
        if (document := self._touched[key]) is None:
            raise KeyError(key)
        return document

    def __setitem__(self, key: str, document: Document) -> None:
        self._touched[key] = document

    def __delitem__(self, key: str) -> None:
        self[key]
        self._touched[key] = None

    def __iter__(self) -> Iterator[str]:
        return iter(Overlaid(self._before, self._touched))

    def __len__(self) -> int:
        return len(Overlaid(self._before, self._touched))


def _query(wanted: Mapping[str, list[Any]]) -> QueryLike:
    return reduce(and_, (where(field).one_of(values) for field, values in wanted.items()))
