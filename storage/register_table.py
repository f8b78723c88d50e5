"""A register's documents for TinyDB: what is committed under what a transaction has changed, and never a copy of the whole."""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from functools import reduce
from operator import and_
from typing import Any

from tinydb import where
from tinydb.storages import MemoryStorage
from tinydb.table import Table

from storage.documents import Document, choices, parsed, written

FEW = 50


class Committed:
    """A register's documents as last committed, and where each value of an indexed field is found.

    They are held as the text that is also on the disk: a search parses each in a microsecond, while a hundred
    thousand parsed ones would have the garbage collector stop the event loop for a tenth of a second.
    """

    def __init__(self, index: tuple[str, ...] = ()) -> None:
        self.texts: dict[str, str] = {}
        self._keys: dict[str, dict[Any, set[str]]] = {field: {} for field in index}

    def clear(self, index: tuple[str, ...]) -> None:
        self.texts.clear()
        self._keys = {field: {} for field in index}

    def replace(self, key: str, text: str | None) -> None:
        if self._keys:
            self._index(key, self.texts.get(key), text)
        if text is None:
            self.texts.pop(key, None)
        else:
            self.texts[key] = text

    def has_index(self, field: str) -> bool:
        return field in self._keys

    def keys_having(self, wanted: Mapping[str, list[Any]]) -> set[str] | None:
        """The keys of all that can have these values, as far as an index tells; None where none does."""
        found = [
            set().union(*(self._keys[field].get(value, ()) for value in values))
            for field, values in wanted.items()
            if field in self._keys
        ]
        return set.intersection(*found) if found else None

    def _index(self, key: str, before: str | None, after: str | None) -> None:
        old, new = parsed(before) if before else None, parsed(after) if after else None
        for field, keys in self._keys.items():
            if old is not None:
                keys[old.get(field)].discard(key)
            if new is not None:
                keys.setdefault(new.get(field), set()).add(key)


class RegisterTable(Table):
    """TinyDB's table over what is committed plus what one transaction has changed; it never copies the whole."""

    document_id_class = str  # type: ignore[assignment] # TinyDB allows any, its types say int

    def __init__(self, name: str, committed: Committed) -> None:
        # Without a query cache: it hands the same objects to every caller.
        super().__init__(_NOTHING, name, cache_size=0)
        self._committed = committed
        self._changed: dict[str, str | None] = {}

    def text(self, key: str) -> str | None:
        return self._changed[key] if key in self._changed else self._committed.texts.get(key)

    def replace(self, key: str, text: str | None) -> None:
        self._changed[key] = text

    def changes(self) -> dict[str, str | None]:
        """What is no longer as it was committed."""
        before = self._committed.texts
        return {key: text for key, text in self._changed.items() if text != before.get(key)}

    def is_quick(self, fields: Mapping[str, Any]) -> bool:
        """Whether `having` takes no time: there are few documents, or an index tells which they are."""
        return len(self._committed.texts) <= FEW or any(map(self._committed.has_index, fields))

    def having(self, fields: Mapping[str, Any]) -> list[str]:
        """The texts of the documents whose fields have these values, in the order of the keys."""
        texts = self._read_table().texts
        if not fields:
            return [texts[key] for key in sorted(texts)]
        wanted = {field: choices(value) for field, value in fields.items()}
        query = reduce(and_, (where(field).one_of(values) for field, values in wanted.items()))
        indexed = self._committed.keys_having(wanted)
        keys = texts if indexed is None else (indexed | self._changed.keys()) & texts.keys()
        return [texts[key] for key in sorted(key for key in keys if query(parsed(texts[key])))]

    def _read_table(self) -> "Parsed":  # type: ignore[override] # a mapping is all that TinyDB asks
        return Parsed(Overlaid(self._committed.texts, self._changed) if self._changed else self._committed.texts)

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        """Let one of TinyDB's own updates work on a draft; if it fails, none of it has happened."""
        draft = _Draft(self._read_table())
        updater(draft)
        self._changed.update(draft.changed())


class Parsed(Mapping[str, Document]):
    """Documents that are parsed when they are looked at, so that nobody shares them with anybody."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts

    def __getitem__(self, key: str) -> Document:
        return parsed(self.texts[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __len__(self) -> int:
        return len(self.texts)


class Overlaid(Mapping[str, str]):
    """Committed texts under this transaction's changes, without a copy of either."""

    def __init__(self, committed: Mapping[str, str], changed: Mapping[str, str | None]) -> None:
        self._committed, self._changed = committed, changed

    def __getitem__(self, key: str) -> str:
        if key not in self._changed:
            return self._committed[key]
        if (text := self._changed[key]) is None:
            raise KeyError(key)
        return text

    def __iter__(self) -> Iterator[str]:
        changed = dict(self._changed)
        yield from (key for key in self._committed if key not in changed)
        yield from (key for key, text in changed.items() if text is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Draft(MutableMapping[str, Document]):
    """What one of TinyDB's updates reads, and what has become of it."""

    def __init__(self, before: Parsed) -> None:
        self._before = before
        self._touched: dict[str, Document | None] = {}

    def changed(self) -> dict[str, str | None]:
        return {key: None if document is None else written(document) for key, document in self._touched.items()}

    def __getitem__(self, key: str) -> Document:
        if key not in self._touched:
            self._touched[key] = self._before[key]
        if (document := self._touched[key]) is None:
            raise KeyError(key)
        return document

    def __setitem__(self, key: str, document: Document) -> None:
        self._touched[key] = document

    def __delitem__(self, key: str) -> None:
        self[key]
        self._touched[key] = None

    def __iter__(self) -> Iterator[str]:
        yield from (key for key in self._before if key not in self._touched)
        yield from (key for key, document in list(self._touched.items()) if document is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


_NOTHING = MemoryStorage()  # type: ignore[no-untyped-call] # TinyDB's own is; what a Table must have, and this one never uses
