"""Ledgers in PostgreSQL: read by key or by declared columns, and written many rows in one statement."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from committee.audit import moment, sha256
from storage.documents import T, choices, documents_of, plain
from storage.ledgers import Ledger, LedgerOf, Seen, quoted, table_name
from storage.place import Changes
from storage.postgres.rows import Column, columns_of
from storage.postgres.texts import read, stored, stored_all


class RowPlace(Protocol):
    """Where rows are read: the store itself, or a transaction, the only place where they can be changed."""

    taking: str
    """What makes the rows that a transaction has asked for its own; nothing outside of one."""

    @property
    def changes(self) -> Changes:
        """Raises RuntimeError outside a transaction."""

    async def fetch(self, statement: str, *values: Any) -> list[Any]: ...


class PostgresLedger(Ledger[T]):
    """The same promises as the embedded store's, by other statements."""

    def __init__(self, name: str, declared: LedgerOf[T], place: RowPlace) -> None:
        self._name, self._declared, self._rows = name, declared, place
        self._documents = documents_of(declared.kind)
        self._table = table_name(name)
        self._columns_there = {column.name: column for column in (Column("key", "text"), *columns_of(declared))}

    async def get(self, key: str) -> T | None:
        rows = await self._rows.fetch(f"SELECT document FROM {self._table} WHERE key = $1", stored(key))
        return self._documents.value(read(rows[0][0])) if rows else None

    async def find(
        self, *, since: datetime | None = None, newest_first: bool = False, limit: int | None = None, **columns: Any
    ) -> list[T]:
        where = self._where(since, columns)
        order = f"ORDER BY id {'DESC' if newest_first else 'ASC'}"
        return await self._found(where, order, limit)

    async def in_turn(
        self,
        groups: Sequence[Mapping[str, Any]],
        *,
        limit: int,
        until: Mapping[str, int],
        but: Mapping[str, Sequence[str]],
    ) -> list[list[Seen[T]]]:
        if not groups:
            return []
        order = f"ORDER BY {', '.join(map(quoted, self._declared.order))} LIMIT {int(limit)}{self._rows.taking}"
        where, asked = Where(), []
        for nth, group in enumerate(groups):
            clause = self._in_turn(where, group, until, but)
            asked.append(f"SELECT {nth}, document FROM (SELECT document FROM {self._table} {clause} {order}) AS _{nth}")
        found: list[list[Seen[T]]] = [[] for _ in groups]
        for nth, document in await self._rows.fetch(" UNION ALL ".join(asked), *where.values):
            found[nth].append(self._seen_as(document))
        return found

    async def seen(self, keys: Collection[str]) -> dict[str, Seen[T]]:
        if not keys:
            return {}
        rows = await self._rows.fetch(
            f"SELECT key, document FROM {self._table} WHERE key = ANY ($1::text[])", stored_all(keys)
        )
        return {read(key): self._seen_as(document) for key, document in rows}

    def _in_turn(
        self, where: "Where", group: Mapping[str, Any], until: Mapping[str, int], but: Mapping[str, Sequence[str]]
    ) -> str:
        where.begin()
        for name, value in group.items():
            where.one_of(self._column(name), value)
        for name, most in until.items():
            where.add(f"coalesce({quoted(name)}, 0) <= {{}}", most)
        for name, unwanted in but.items():
            if unwanted:
                where.add(f"{quoted(name)} <> ALL ({{}}::text[])", stored_all(unwanted))
        return where.clause

    async def count(self, *, since: datetime | None = None, **columns: Any) -> int:
        where = self._where(since, columns)
        rows = await self._rows.fetch(f"SELECT count(*) FROM {self._table} {where.clause}", *where.values)
        return int(rows[0][0])

    async def add(self, *rows: T) -> int:
        changes = self._rows.changes
        if not rows:
            return 0
        texts = [self._documents.text(row) for row in rows]
        names, given = self._listed()
        added_at = moment(changes.at).replace("'", "")
        new = await self._rows.fetch(
            f"INSERT INTO {self._table} (key, added_at, document{names}) SELECT key, '{added_at}', document{names}"
            f' FROM unnest($1::text[], $2::text[]{given}) WITH ORDINALITY AS new (key, document{names}, "in order")'
            ' ORDER BY "in order" ON CONFLICT (key) DO NOTHING RETURNING key',  # no field has that name
            *self._as_columns(rows, texts),
        )
        there = {row["key"] for row in new}
        for row, text in zip(rows, texts, strict=True):
            if stored(row.key) in there:
                changes.note(self._name, row.key, sha256(text))
                there.discard(stored(row.key))  # of two with one key the first was kept
        return len(new)

    async def put(self, *rows: T) -> None:
        changes = self._rows.changes
        new = {row.key: row for row in rows}
        if not new:
            return
        texts = {key: self._documents.text(row) for key, row in new.items()}
        [(known, changed)] = await self._rows.fetch(
            self._putting(), *self._as_columns([*new.values()], [*texts.values()])
        )
        if known < len(texts):
            there = await self._rows.fetch(
                f"SELECT key FROM {self._table} WHERE key = ANY ($1::text[])", stored_all(texts)
            )
            found = {row[0] for row in there}
            raise KeyError(*(key for key in texts if stored(key) not in found))
        are_changed = set(changed)
        for key, text in texts.items():
            if stored(key) in are_changed:
                changes.note(self._name, key, sha256(text))

    async def swap(self, pairs: Sequence[tuple[Seen[T], T]]) -> dict[str, Seen[T]]:
        changes = self._rows.changes
        if not pairs:
            return {}
        after = {new.key: Seen(new, self._documents.text(new)) for _, new in pairs}
        before = {new.key: old.text for old, new in pairs}
        names, given = self._listed()
        done = await self._rows.fetch(
            f"UPDATE {self._table} AS row SET document = new.document{self._assigned}"
            f" FROM unnest($1::text[], $2::text[]{given}, ${len(self._declared.searched) + 3}::text[])"
            f" AS new (key, document{names}, before) WHERE row.key = new.key AND row.document = new.before RETURNING row.key",
            *self._as_columns([one.value for one in after.values()], [one.text for one in after.values()]),
            stored_all(before.values()),
        )
        there = {read(row[0]) for row in done}
        put = {key: one for key, one in after.items() if key in there}
        for key, one in put.items():
            changes.note(self._name, key, sha256(one.text))
        return put

    def _putting(self) -> str:
        """Replace all the rows that are not as they were, or none where one is not there; say how many are there, and which changed."""
        names, given = self._listed()
        return (
            f"WITH new AS (SELECT * FROM unnest($1::text[], $2::text[]{given}) AS new (key, document{names})),"
            f" old AS MATERIALIZED (SELECT id, key, old.document <> new.document AS is_other"
            f" FROM {self._table} AS old JOIN new USING (key)),"
            f" changed AS (UPDATE {self._table} AS row SET document = new.document{self._assigned} FROM new JOIN old USING (key)"
            " WHERE row.id = old.id AND old.is_other AND (SELECT count(*) FROM old) = (SELECT count(*) FROM new)"
            " RETURNING row.key)"
            " SELECT (SELECT count(*) FROM old), ARRAY (SELECT key FROM changed)"
        )

    @property
    def _assigned(self) -> str:
        """Whether a column changes PostgreSQL sees by itself, and leaves the index of one that does not alone."""
        return "".join(f", {quoted(one)} = new.{quoted(one)}" for one in self._declared.searched)

    def _seen_as(self, document: str) -> Seen[T]:
        text = read(document)
        return Seen(self._documents.value(text), text)

    def _listed(self) -> tuple[str, str]:
        """The declared columns by name, and as what is bound for them from the third value on."""
        columns = [self._columns_there[name] for name in self._declared.searched]
        names = "".join(f", {quoted(column.name)}" for column in columns)
        return names, "".join(f", ${nth}::{column.type}[]" for nth, column in enumerate(columns, 3))

    def _as_columns(self, rows: Sequence[T], texts: Sequence[str]) -> list[list[Any]]:
        columns = [self._columns_there[name] for name in self._declared.searched]
        return [
            stored_all(row.key for row in rows),
            stored_all(texts),
            *([column.held(plain(getattr(row, column.name))) for row in rows] for column in columns),
        ]

    async def _found(self, where: "Where", order: str, limit: int | None) -> list[T]:
        most = "" if limit is None else f" LIMIT {int(limit)}"
        rows = await self._rows.fetch(f"SELECT document FROM {self._table} {where.clause} {order}{most}", *where.values)
        return self._documents.values(read(row[0]) for row in rows)

    def _where(self, since: datetime | None, columns: Mapping[str, Any]) -> "Where":
        if undeclared := sorted(set(columns) - self._columns_there.keys()):
            raise TypeError(f"{self._name} cannot be searched by {', '.join(undeclared)}: not a declared column")
        where = Where("added_at", since)
        for name, value in columns.items():
            where.one_of(self._column(name), value)
        return where

    def _column(self, name: str) -> Column:
        if name not in self._columns_there:
            raise TypeError(f"{self._name} cannot be searched by {name}: not a declared column")
        return self._columns_there[name]


class Where:
    """A WHERE clause, and what is bound in it; its text depends on which columns are asked for, never on how many values."""

    def __init__(self, time: str = "", since: datetime | None = None) -> None:
        self._clauses: list[str] = []
        self.values: list[Any] = []
        if since is not None:
            self.add(f"{time} >= {{}}", moment(since))

    @property
    def clause(self) -> str:
        return "WHERE " + " AND ".join(self._clauses) if self._clauses else ""

    def begin(self) -> None:
        """Another clause of the same statement."""
        self._clauses = []

    def add(self, clause: str, value: Any) -> None:
        self.values.append(value)
        self._clauses.append(clause.format(f"${len(self.values)}"))

    def one_of(self, column: Column, value: Any) -> None:
        wanted = choices(value)
        known = stored_all(choice for choice in wanted if choice is not None)
        name = quoted(column.name)
        if len(wanted) == 1 and known:  # from whose index rows come in order
            self.add(f"{name} = {{}}::{column.type}", known[0])
            return
        listed = f"{name} = ANY ({{}}::{column.type}[])"
        self.add(f"({listed} OR {name} IS NULL)" if None in wanted else listed, known)
