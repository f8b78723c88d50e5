"""Every table of a desk as both stores have it: how its rows are read in the one, and written in the other."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from committee.audit import canonical
from storage.described import Described
from storage.ledgers import LedgerOf, quoted
from storage.postgres.index import lexemes
from storage.postgres.rows import columns_of
from storage.postgres.texts import body, read, stored

Row = tuple[Any, ...]


def as_there(row: Row) -> Row:
    """A row of SQLite's as PostgreSQL has it."""
    return tuple(stored(value) if isinstance(value, str) else value for value in row)


@dataclass(frozen=True, slots=True)
class Table:
    """`there` and `here` are the statements by which its rows are read in PostgreSQL and in a folder's SQLite file.

    Rows are as SQLite has them; `into` makes one into PostgreSQL's.
    """

    name: str
    there: str
    here: str
    into_here: str
    into_there: str
    into: Callable[[Row], Sequence[Any]] = as_there
    counted: str = ""  # the column whose next number PostgreSQL has to know
    more_here: str = ""  # of the word index, which SQLite has in two tables: its words, and last its number


@dataclass(slots=True)
class Tally:
    """How many rows, and a sum over their hashes, in which their order has no part."""

    rows: int = 0
    sum: int = 0

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self.rows += 1
            self.sum += int.from_bytes(sha256(canonical(_plain(row)).encode()).digest()[:16], "big")


def tables(described: Described, seq: int) -> list[Table]:
    """In the order in which they are copied; `seq` is the last entry of the trail, as of which the registers are."""
    return [
        Table(
            "registers",
            "SELECT register, key, document FROM documents WHERE document IS NOT NULL",
            "SELECT register, key, document FROM documents",
            "INSERT INTO documents (register, key, document) VALUES (?, ?, ?)",
            "INSERT INTO documents (register, key, document, body, seq) VALUES ($1, $2, $3, $4, $5)",
            lambda row: (*as_there(row), body(row[2]), seq),
        ),
        _plain_table("numbers", ("series", "last")),
        Table(
            "trail",
            f"SELECT {_TRAIL} FROM trail ORDER BY seq",
            f"SELECT {_TRAIL} FROM trail ORDER BY seq",
            f"INSERT INTO trail ({_TRAIL}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            f"INSERT INTO trail ({_TRAIL}, token) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, gen_random_uuid())",
        ),
        _plain_table("words", ("seq", "salt", "words")),
        *(_ledger(name, declared) for name, declared in described.ledgers.items()),
        Table(
            "word index",
            "SELECT id, kind, key, at, facts, words FROM word_index ORDER BY id",
            "SELECT id, kind, key, at, facts, words FROM word_index_keys JOIN word_index ON id = word_index.rowid ORDER BY id",
            "INSERT INTO word_index_keys (id, kind, key, at) VALUES (?, ?, ?, ?)",
            "INSERT INTO word_index (id, kind, key, at, facts, words, lexemes)"
            " VALUES ($1, $2, $3, $4, $5, $6, array_to_tsvector($7::text[]))",
            lambda row: (*as_there(row), lexemes(row[4], row[5])),
            counted="word_index",
            more_here="INSERT INTO word_index (facts, words, rowid) VALUES (?, ?, ?)",
        ),
        _plain_table("word_index_waiting", ("id", "kind", "key"), counted="word_index_waiting"),
    ]


def as_here(record: Iterable[Any]) -> Row:
    """A row of PostgreSQL as SQLite has it."""
    return tuple(_here(value) for value in record)


def _ledger(name: str, declared: LedgerOf[Any]) -> Table:
    """SQLite has no yes and no, only 1 and 0."""
    searched = columns_of(declared)
    names = ("id", "key", "added_at", "document", *(column.name for column in searched))
    yes_or_no = {nth for nth, column in enumerate(searched, 4) if column.type == "boolean"}

    def into(row: Row) -> Row:
        values = as_there(row)
        return tuple(bool(one) if nth in yes_or_no and one is not None else one for nth, one in enumerate(values))

    return _plain_table(f"ledger_{name}", names, counted=f"ledger_{name}", into=into)


def _plain_table(
    name: str, columns: Sequence[str], *, counted: str = "", into: Callable[[Row], Sequence[Any]] | None = None
) -> Table:
    listed, table = ", ".join(map(quoted, columns)), quoted(name)
    select = f"SELECT {listed} FROM {table} ORDER BY {quoted(columns[0])}"
    here = f"INSERT INTO {table} ({listed}) VALUES ({', '.join('?' * len(columns))})"
    there = f"INSERT INTO {table} ({listed}) VALUES ({', '.join(f'${nth}' for nth in range(1, len(columns) + 1))})"
    return Table(name, select, select, here, there, into or as_there, counted)


def _here(value: Any) -> Any:
    return read(value) if isinstance(value, str) else int(value) if isinstance(value, bool) else value


def _plain(row: Row) -> list[Any]:
    return [int(value) if isinstance(value, bool) else value for value in row]


_TRAIL = "seq, at, by, doing, about, changes, words_digest, digest"
