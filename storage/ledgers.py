"""Ledgers: what happened, row after row in SQLite, read by key or by declared columns, never loaded whole."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic

from committee.audit import moment, sha256
from storage.documents import Documents, T, choices, documents_of, parsed
from storage.place import Place


@dataclass(frozen=True, slots=True)
class LedgerOf(Generic[T]):
    """The declaration of a ledger: its kind, the fields it can be searched by, and those that name kept files."""

    kind: type[T]
    columns: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()  # each a hash, a value with a `sha256`, or several of them


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

    async def count(self, *, since: datetime | None = None, **columns: Any) -> int:
        where, values = self._condition(since, columns)
        return await self._place.run(self._count, where, values)

    async def add(self, *rows: T) -> int:
        """Add the rows whose keys are new, and say how many they were."""
        return await self._place.run(self._add, rows)

    async def put(self, *rows: T) -> None:
        """Replace rows that are there; KeyError for one that is not, and then none of them is replaced."""
        await self._place.run(self._put, rows)

    def _get(self, key: str) -> T | None:
        text = self._text(key)
        return None if text is None else self._documents.value(text)

    def _find(self, rest: str, values: list[Any]) -> list[T]:
        rows = self._place.connection.execute(f"SELECT document FROM {self._table} {rest}", values)
        return self._documents.values(text for (text,) in rows)

    def _count(self, where: str, values: list[Any]) -> int:
        return int(self._place.connection.execute(f"SELECT count(*) FROM {self._table} {where}", values).fetchone()[0])

    def _add(self, rows: Iterable[T]) -> int:
        changes, added_at, new = self._place.changes, moment(self._place.changes.at), 0
        statement = insertion(self._name, self._declared.columns)
        for key, text in [(row.key, self._documents.text(row)) for row in rows]:
            values = (key, added_at, text, *self._columns(text))
            if self._place.connection.execute(statement, values).rowcount:
                changes.note(self._name, key, sha256(text))
                new += 1
        return new

    def _put(self, rows: Iterable[T]) -> None:
        changes = self._place.changes
        assigned = ", ".join(["document = ?", *(f"{quoted(column)} = ?" for column in self._declared.columns)])
        texts = {row.key: self._documents.text(row) for row in rows}
        before = {key: self._text(key) for key in texts}
        if unknown := [key for key, text in before.items() if text is None]:
            raise KeyError(*unknown)
        for key, text in texts.items():
            if text != before[key]:
                values = (text, *self._columns(text), key)
                self._place.connection.execute(f"UPDATE {self._table} SET {assigned} WHERE key = ?", values)
                changes.note(self._name, key, sha256(text))

    def _text(self, key: str) -> str | None:
        row = self._place.connection.execute(f"SELECT document FROM {self._table} WHERE key = ?", (key,)).fetchone()
        return None if row is None else row[0]

    def _columns(self, text: str) -> list[Any]:
        document = parsed(text)
        return [document[column] for column in self._declared.columns]

    def _condition(self, since: datetime | None, columns: Mapping[str, Any]) -> tuple[str, list[Any]]:
        if undeclared := sorted(set(columns) - {"key", *self._declared.columns}):
            raise TypeError(f"{self._name} cannot be searched by {', '.join(undeclared)}: not a declared column")
        return condition("added_at", since, columns)


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
    return (f"({listed} OR {column} IS NULL)" if None in wanted else listed), known


def table_name(ledger: str) -> str:
    return quoted(f"ledger_{ledger}")


def quoted(name: str) -> str:
    """A name of ours as SQL writes it; names come from declarations, never from input."""
    return '"' + name.replace('"', '""') + '"'


def insertion(ledger: str, columns: tuple[str, ...]) -> str:
    names = ["key", "added_at", "document", *map(quoted, columns)]
    places = ", ".join("?" * len(names))
    return f"INSERT INTO {table_name(ledger)} ({', '.join(names)}) VALUES ({places}) ON CONFLICT (key) DO NOTHING"


def make_ledger(connection: sqlite3.Connection, ledger: str, declared: LedgerOf[Any]) -> None:
    """Make the ledger's table; fill columns that are declared anew, drop those that no longer are."""
    table = table_name(ledger)
    connection.execute(
        f"CREATE TABLE IF NOT EXISTS {table}"
        " (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, added_at TEXT NOT NULL, document TEXT NOT NULL)"
    )
    there = _columns_of(connection, table) - _OWN
    for column in there - set(declared.columns):
        connection.execute(f"DROP INDEX {quoted(f'{ledger}_{column}')}")
        connection.execute(f"ALTER TABLE {table} DROP COLUMN {quoted(column)}")
    for column in set(declared.columns) - there:
        connection.execute(f"ALTER TABLE {table} ADD COLUMN {quoted(column)}")
        connection.execute(f"UPDATE {table} SET {quoted(column)} = json_extract(document, ?)", (f"$.{column}",))
        connection.execute(f"CREATE INDEX {quoted(f'{ledger}_{column}')} ON {table} ({quoted(column)})")


def is_made(connection: sqlite3.Connection, ledger: str, declared: LedgerOf[Any]) -> bool:
    """Whether the ledger's table is there, with the declared columns and no others."""
    return _columns_of(connection, table_name(ledger)) == _OWN | set(declared.columns)


def _columns_of(connection: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}


_OWN = {"id", "key", "added_at", "document"}
