"""Ledgers: what happened, row after row in SQLite, read by key or by declared columns, never loaded whole."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Generic, TypeVar

from committee.audit import moment, sha256
from storage.documents import Documents, T, choices, documents_of, parsed, plain
from storage.place import Place


@dataclass(frozen=True, slots=True)
class LedgerOf(Generic[T]):
    """The declaration of a ledger: its kind, the fields it can be searched by, and those that name kept files."""

    kind: type[T]
    columns: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()  # each a hash, a value with a `sha256`, or several of them
    order: tuple[str, ...] = ()  # by which rows with the same first column are read in turn, from one index

    @property
    def searched(self) -> tuple[str, ...]:
        """Every field that has a column."""
        return (*self.columns, *self.order)

    @property
    def indexes(self) -> dict[str, tuple[str, ...]]:
        """Each index by the end of its name, with its columns."""
        single = {column: (column,) for column in (self.columns[1:] if self.order else self.columns)}
        return single | ({"order": (self.columns[0], *self.order)} if self.order else {})


MOST_BOUND = 10_000
"""Values of one column that are bound one by one: SQLite promises 32,766 for a statement, Debian's takes more."""
MOST_AT_ONCE = 256
"""Rows that one statement writes."""
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Seen(Generic[T]):
    """A row as it was when it was read or written: what it says, and its text in the store, by which it is compared."""

    value: T
    text: str


class Ledger(Generic[T]):
    """One ledger, seen from the store or from within a transaction."""

    def __init__(self, name: str, declared: LedgerOf[T], place: Place) -> None:
        self._name, self._declared, self._place = name, declared, place
        self._documents: Documents[T] = documents_of(declared.kind)
        self._table = table_name(name)

    async def get(self, key: str) -> T | None:
        return await self._place.run(self._get, key)

    async def find(
        self, *, since: datetime | None = None, newest_first: bool = False, limit: int | None = None, **columns: Any
    ) -> list[T]:
        """The rows whose columns have these values (a tuple or set: one of them), in the order in which they were added.

        `since` is compared with the moment of the transaction that added the row.
        """
        where, values = self._condition(since, columns)
        order = f"ORDER BY id {'DESC' if newest_first else 'ASC'} LIMIT {-1 if limit is None else int(limit)}"
        return await self._place.run(self._find, f"{where} {order}", values)

    async def in_turn(
        self,
        groups: Sequence[Mapping[str, Any]],
        *,
        limit: int,
        until: Mapping[str, int],
        but: Mapping[str, Sequence[str]],
    ) -> list[list[Seen[T]]]:
        """Of each group, rows whose columns have its values, the first by the declared order.

        No column of `until` is beyond its number, and none of `but` has one of its values. Inside a transaction the rows
        are this one's alone until it ends: others that ask at the same time are given the next.
        """
        order = f"ORDER BY {', '.join(map(quoted, self._declared.order))} LIMIT {int(limit)}"
        asked = []
        for group in groups:
            where, values = self._condition(None, group)
            for column, most in until.items():
                where, values = f"{where} AND coalesce({quoted(column)}, 0) <= ?", [*values, most]
            for column, unwanted in but.items():
                if unwanted:
                    where += f" AND {quoted(column)} NOT IN ({', '.join('?' * len(unwanted))})"
                    values += unwanted
            asked.append((f"{where} {order}", values))
        return await self._place.run(lambda: [self._seen(*one) for one in asked])

    async def seen(self, keys: Collection[str]) -> dict[str, Seen[T]]:
        """The rows of these keys, by their keys, so that they can be swapped."""
        return await self._place.run(self._seen_by_key, keys)

    async def count(self, *, since: datetime | None = None, **columns: Any) -> int:
        where, values = self._condition(since, columns)
        return await self._place.run(self._count, where, values)

    async def add(self, *rows: T) -> int:
        """Add the rows whose keys are new, and say how many they were."""
        return await self._place.run(self._add, rows)

    async def put(self, *rows: T) -> None:
        """Replace rows that are there; KeyError for one that is not, and then none of them is replaced."""
        await self._place.run(self._put, rows)

    async def swap(self, pairs: Sequence[tuple[Seen[T], T]]) -> dict[str, Seen[T]]:
        """Compare and set: put the second of each pair where the row still is as the first was; by key those that were put."""
        return await self._place.run(self._swap, pairs)

    def _get(self, key: str) -> T | None:
        text = self._text(key)
        return None if text is None else self._documents.value(text)

    def _find(self, rest: str, values: list[Any]) -> list[T]:
        rows = self._place.connection.execute(f"SELECT document FROM {self._table} {rest}", values).fetchall()
        return self._documents.values(text for (text,) in rows)

    def _seen(self, rest: str, values: list[Any]) -> list[Seen[T]]:
        rows = self._place.connection.execute(f"SELECT document FROM {self._table} {rest}", values).fetchall()
        return [Seen(self._documents.value(text), text) for (text,) in rows]

    def _seen_by_key(self, keys: Collection[str]) -> dict[str, Seen[T]]:
        return {key: Seen(self._documents.value(text), text) for key, text in self._texts(keys).items()}

    def _count(self, where: str, values: list[Any]) -> int:
        return int(self._place.connection.execute(f"SELECT count(*) FROM {self._table} {where}", values).fetchone()[0])

    def _add(self, rows: Iterable[T]) -> int:
        changes, texts = self._place.changes, dict[str, str]()
        listed, added_at = [], moment(changes.at)
        for row in rows:
            if row.key not in texts:  # of two with one key the first counts
                texts[row.key] = self._documents.text(row)
                values = [plain(getattr(row, column)) for column in self._declared.searched]
                listed.append((row.key, added_at, texts[row.key], *values))
        added = self._at_once(self._insertion, listed)
        for key in added:
            changes.note(self._name, key, sha256(texts[key]))
        return len(added)

    def _put(self, rows: Iterable[T]) -> None:
        self._place.changes  # noqa: B018 - outside a transaction it says so
        texts = {row.key: self._documents.text(row) for row in rows}
        before = self._texts(texts)
        if unknown := [key for key in texts if key not in before]:
            raise KeyError(*unknown)
        self._replace((key, before[key], text) for key, text in texts.items() if text != before[key])

    def _swap(self, pairs: Sequence[tuple[Seen[T], T]]) -> dict[str, Seen[T]]:
        seen = {new.key: Seen(new, self._documents.text(new)) for _, new in pairs}
        names = self._declared.searched
        done = self._written(
            (
                new.key,
                old.text,
                seen[new.key].text,
                {
                    name: plain(value)
                    for name in names
                    if (value := getattr(new, name)) != getattr(old.value, name) or f'"{name}":' not in old.text
                },
            )
            for old, new in pairs
        )
        return {key: seen[key] for key in done}

    def _replace(self, changed: Iterable[tuple[str, str, str]]) -> set[str]:
        """Write each key's second text over its first, with only the columns that change: each that is named costs its index."""

        def columns(before: str, text: str) -> dict[str, Any]:
            named = zip(self._declared.searched, self._columns(before), self._columns(text), strict=True)
            return {name: value for name, was, value in named if value != was}

        return self._written((key, before, text, columns(before, text)) for key, before, text in changed)

    def _written(self, changed: Iterable[tuple[str, str, str, dict[str, Any]]]) -> set[str]:
        """Each with its key, its text before and after, and the columns that change; the keys of those that were as before."""
        grouped: dict[tuple[str, ...], list[list[Any]]] = {}
        after = {}
        for key, before, text, values in changed:
            after[key] = text
            grouped.setdefault(tuple(values), []).append([key, before, text, *values.values()])
        done = set[str]()
        for names, listed in grouped.items():
            done |= self._at_once(self._update(names), listed)
        for key in done:
            self._place.changes.note(self._name, key, sha256(after[key]))
        return done

    def _at_once(self, statement: str, rows: Sequence[Sequence[Any]]) -> set[str]:
        """Many rows in one statement: the thread lets the event loop go once, and not for each row."""
        done = set[str]()
        for some in in_powers_of_two(rows):
            values = ", ".join([f"({', '.join('?' * len(some[0]))})"] * len(some))
            bound = [value for row in some for value in row]
            done |= {key for (key,) in self._place.connection.execute(statement.format(values), bound).fetchall()}
        return done

    @cached_property
    def _insertion(self) -> str:
        names = ", ".join(["key", "added_at", "document", *map(quoted, self._declared.searched)])
        return f"INSERT INTO {self._table} ({names}) VALUES {{}} ON CONFLICT (key) DO NOTHING RETURNING key"

    def _update(self, names: Sequence[str]) -> str:
        set_to = ["document = column3", *(f"{quoted(name)} = column{n}" for n, name in enumerate(names, 4))]
        return (
            f"UPDATE {self._table} SET {', '.join(set_to)} FROM (VALUES {{}})"
            f" WHERE {self._table}.key = column1 AND document = column2 RETURNING key"
        )

    def _texts(self, keys: Iterable[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for some in in_powers_of_two(list(keys)):
            read = f"SELECT key, document FROM {self._table} WHERE key IN ({', '.join('?' * len(some))})"
            found |= self._place.connection.execute(read, some).fetchall()
        return found

    def _text(self, key: str) -> str | None:
        row = self._place.connection.execute(f"SELECT document FROM {self._table} WHERE key = ?", (key,)).fetchone()
        return None if row is None else row[0]

    def _columns(self, text: str) -> list[Any]:
        document = parsed(text)  # one from before a column was declared does not have it
        return [document.get(column) for column in self._declared.searched]

    def _condition(self, since: datetime | None, columns: Mapping[str, Any]) -> tuple[str, list[Any]]:
        if undeclared := sorted(set(columns) - {"key", *self._declared.searched}):
            raise TypeError(f"{self._name} cannot be searched by {', '.join(undeclared)}: not a declared column")
        return condition("added_at", since, columns)


def in_powers_of_two(rows: Sequence[R]) -> Iterator[Sequence[R]]:
    """The rows in order, so many at a time that few statements have to be compiled."""
    place = 0
    while left := len(rows) - place:
        size = min(1 << (left.bit_length() - 1), MOST_AT_ONCE)
        yield rows[place : place + size]
        place += size


def condition(time: str, since: datetime | None, columns: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """The WHERE clause for these values, and what is to be bound in it."""
    clauses, values = [], []
    if since is not None:
        clauses.append(f"{time} >= ?")
        values.append(moment(since))
    for column, value in columns.items():
        clause, bound = _clause(quoted(column), value)
        clauses.append(clause)
        values += bound
    return ("WHERE " + " AND ".join(clauses) if clauses else ""), values


def _clause(column: str, value: Any) -> tuple[str, list[Any]]:
    wanted = choices(value)
    known = [choice for choice in wanted if choice is not None]
    listed = f"{column} IN ({', '.join('?' * len(known))})"
    if len(known) > MOST_BOUND:
        # SQLite's JSON ends a text at a NUL, and would find another: such a text is bound by itself.
        in_one = [one for one in known if not (isinstance(one, str) and "\0" in one)]
        known = [
            *(one for one in known if isinstance(one, str) and "\0" in one),
            json.dumps(in_one, ensure_ascii=False),
        ]
        listed = f"({column} IN ({', '.join('?' * (len(known) - 1))}) OR {column} IN (SELECT value FROM json_each(?)))"
    return (f"({listed} OR {column} IS NULL)" if None in wanted else listed), known


def table_name(ledger: str) -> str:
    return quoted(f"ledger_{ledger}")


def quoted(name: str) -> str:
    """A name of ours as SQL writes it; names come from declarations, never from input."""
    return '"' + name.replace('"', '""') + '"'


def make_ledger(connection: sqlite3.Connection, ledger: str, declared: LedgerOf[Any]) -> None:
    """Make the ledger's table; fill columns that are declared anew, drop those that no longer are."""
    table = table_name(ledger)
    connection.execute(
        f"CREATE TABLE IF NOT EXISTS {table}"
        " (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, added_at TEXT NOT NULL, document TEXT NOT NULL)"
    )
    there = _columns_of(connection, table) - _OWN
    for index in _indexes_of(connection, table) - {f"{ledger}_{name}" for name in declared.indexes}:
        connection.execute(f"DROP INDEX {quoted(index)}")
    for column in there - set(declared.searched):
        connection.execute(f"ALTER TABLE {table} DROP COLUMN {quoted(column)}")
    for column in set(declared.searched) - there:
        connection.execute(f"ALTER TABLE {table} ADD COLUMN {quoted(column)}")
        connection.execute(f"UPDATE {table} SET {quoted(column)} = json_extract(document, ?)", (f"$.{column}",))
    for name, columns in declared.indexes.items():
        listed = ", ".join(map(quoted, columns))
        connection.execute(f"CREATE INDEX IF NOT EXISTS {quoted(f'{ledger}_{name}')} ON {table} ({listed})")


def is_made(connection: sqlite3.Connection, ledger: str, declared: LedgerOf[Any]) -> bool:
    """Whether the ledger's table is there, with the declared columns and no others."""
    table = table_name(ledger)
    named = {f"{ledger}_{name}" for name in declared.indexes}
    return _columns_of(connection, table) == _OWN | set(declared.searched) and _indexes_of(connection, table) == named


def _columns_of(connection: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}


def _indexes_of(connection: sqlite3.Connection, table: str) -> set[str]:
    """Those that were made for it; not the one that UNIQUE has made by itself."""
    return {row[1] for row in connection.execute(f"PRAGMA index_list({table})") if row[3] == "c"}


_OWN = {"id", "key", "added_at", "document"}
