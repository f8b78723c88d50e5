"""Walk the trail and hold everything against it: the chain, the seal, each document and row, each kept file."""

import hmac
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Protocol

from committee.audit import BEGINNING, digest_after, seal_of, sha256
from storage.described import NUMBERS, Described
from storage.documents import Document, parsed
from storage.errors import Damaged
from storage.folder import Key
from storage.ledgers import LedgerOf, quoted, table_name
from storage.trail import ROW, digest_of_words, end_of

TRAIL, KEPT, DATABASE = "trail", "kept", "database"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was left; a note is no fault, only worth knowing."""

    ledger: str
    key: str
    what: str
    note: bool = False


class Shelf(Protocol):
    """Where kept files lie: in a desk's folder, or in a backup."""

    def read(self, sha256: str) -> bytes: ...

    def hashes(self) -> Iterator[str]: ...

    def left_over(self) -> Iterator[str]: ...


def findings(connection: sqlite3.Connection, described: Described, keys: tuple[Key, ...], kept: Shelf) -> list[Finding]:
    """All that is found, in one look at the database as it stands now, whatever is committed meanwhile."""
    connection.execute("CREATE TEMP TABLE last (name, key, digest, added_at, PRIMARY KEY (name, key)) WITHOUT ROWID")
    connection.execute("CREATE TEMP TABLE named (sha256 PRIMARY KEY, name, key) WITHOUT ROWID")
    connection.execute("BEGIN")
    connection.text_factory = _text  # what is no UTF-8 any more was changed too, and is to be named
    try:
        found = chain(
            _database(connection),
            _chain(connection),
            _words(connection),
            _seal(connection, keys),
            _tables(connection, described),
            _kept(connection, kept),
        )
        return [replace(one, ledger=str(one.ledger), key=str(one.key)) for one in found]
    finally:
        connection.text_factory = str
        connection.execute("ROLLBACK")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _database(connection: sqlite3.Connection) -> Iterator[Finding]:
    for (said,) in connection.execute("PRAGMA integrity_check"):
        if said != "ok":
            yield Finding(DATABASE, "", said)


def _chain(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Follow the digests from the first entry on, and note what the trail says each document was left as."""
    previous, expected = BEGINNING, 1
    for *row, digest in connection.execute(f"SELECT {ROW}, digest FROM trail ORDER BY seq"):
        seq, at, *_, changes, _ = row
        if seq != expected:
            yield Finding(TRAIL, str(expected), f"the entries from {expected} to {seq - 1} are missing")
        elif any(isinstance(value, bytes) for value in row) or digest_after(previous, row) != digest:
            yield Finding(TRAIL, str(seq), "the entry is not as it was written, or not after the one before it")
        try:
            left = [(name, key, left_as, at) for name, key, left_as in json.loads(changes)]
        except (ValueError, TypeError):
            yield Finding(TRAIL, str(seq), "what the entry says was changed cannot be read")
            left = []
        connection.executemany(
            "INSERT INTO last VALUES (?, ?, ?, ?) ON CONFLICT (name, key) DO UPDATE SET digest = excluded.digest", left
        )
        previous, expected = digest, seq + 1


def _words(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Words that are still there must be those of the entry; erased ones are nobody's fault."""
    for seq, salt, words, digest in connection.execute(
        "SELECT seq, salt, words, words_digest FROM words LEFT JOIN trail USING (seq)"
    ):
        if digest_of_words(str(salt), str(words)) != digest:
            yield Finding(TRAIL, str(seq), "the words beside the entry are not those it was written with")


def _seal(connection: sqlite3.Connection, keys: tuple[Key, ...]) -> Iterator[Finding]:
    count, last = end_of(connection)
    row = connection.execute("SELECT value FROM meta WHERE name = 'seal'").fetchone()
    sealed = str(row[0]) if row and row[0] else ""
    if not sealed:
        if count:
            yield Finding(TRAIL, str(count), "the trail has no seal")
        return
    name, _, seal = sealed.partition(":")
    secret = next((key.secret for key in keys if key.id == name), None)
    if secret is None:
        yield Finding(TRAIL, str(count), f"the seal was made with the key {name}, which is not among the desk's keys")
    elif not hmac.compare_digest(seal_of(count, last, secret), seal):
        yield Finding(TRAIL, str(count), "the seal does not fit the last entry: the end was cut off or made anew")


def _tables(connection: sqlite3.Connection, described: Described) -> Iterator[Finding]:
    for name in described.registers:
        rows = connection.execute("SELECT key, document FROM documents WHERE register = ? ORDER BY key", (name,))
        yield from _against_the_trail(connection, name, rows)
    for name, declared in described.ledgers.items():
        rows = connection.execute(f"SELECT key, document FROM {table_name(name)} ORDER BY key")
        yield from _against_the_trail(connection, name, rows)
        yield from _columns(connection, name, declared)
    for name, key in connection.execute("SELECT register, key FROM documents ORDER BY register, key"):
        if name not in described.registers:
            yield Finding(name, key, "it lies in a register that nobody knows")
    rows = connection.execute("SELECT series, last FROM numbers ORDER BY series")
    yield from _against_the_trail(connection, NUMBERS, rows)


def _against_the_trail(connection: sqlite3.Connection, name: str, rows: sqlite3.Cursor) -> Iterator[Finding]:
    """Hold each row against the last digest that the trail has for it, and tick off that it is there."""
    last = "SELECT digest FROM last WHERE name = ? AND key = ?"
    there = "UPDATE last SET digest = NULL WHERE name = ? AND key = ?"
    for key, text in rows:
        known = connection.execute(last, (name, key)).fetchone()
        if known is None or known[0] is None:
            yield Finding(name, key, "it is there, but no entry of the trail put it there")
        elif known[0] != sha256(str(text)):
            yield Finding(name, key, "it is not as the trail says it was left")
        connection.execute(there, (name, key))
    for (key,) in connection.execute(
        "SELECT key FROM last WHERE name = ? AND digest IS NOT NULL ORDER BY key", (name,)
    ):
        yield Finding(name, key, "it is missing, and no entry of the trail took it away")


def _columns(connection: sqlite3.Connection, name: str, declared: LedgerOf[Any]) -> Iterator[Finding]:
    """What a ledger is searched by must be what its documents say, and when it was added what the trail says."""
    columns = "".join(f", {quoted(column)}" for column in declared.searched)
    for key, added_at, document, *values in connection.execute(
        f"SELECT key, added_at, document{columns} FROM {table_name(name)} ORDER BY id"
    ):
        said = _read(document)
        if said is None:
            yield Finding(name, key, "it cannot be read as a document")
            continue
        if said.get("key") != key or [said.get(column) for column in declared.searched] != values:
            yield Finding(name, key, "what it is searched by is not what it says")
        if connection.execute(
            "SELECT 1 FROM last WHERE name = ? AND key = ? AND added_at <> ?", (name, key, added_at)
        ).fetchone():
            yield Finding(name, key, "it was not added when it claims to have been")
        for sha256_of_file in _hashes([said.get(field) for field in declared.kept]):
            connection.execute("INSERT OR IGNORE INTO named VALUES (?, ?, ?)", (sha256_of_file, name, key))


def _read(document: Any) -> Document | None:
    """What a row says, or nothing where somebody has made something else of it."""
    try:
        said = parsed(document)
    except (ValueError, TypeError):
        return None
    return said if isinstance(said, dict) else None


def _hashes(value: Any) -> Iterator[str]:
    """The hashes in a field: one, that of a value with a `sha256`, or those of several."""
    if isinstance(value, str) and value:
        yield value
    elif isinstance(value, dict):
        yield from _hashes(value.get("sha256"))
    elif isinstance(value, list):
        yield from chain.from_iterable(map(_hashes, value))


def _kept(connection: sqlite3.Connection, kept: Shelf) -> Iterator[Finding]:
    for name, key, sha256_of_file in connection.execute("SELECT name, key, sha256 FROM named ORDER BY name, key"):
        try:
            kept.read(sha256_of_file)
        except (Damaged, ValueError, OSError) as error:
            yield Finding(name, key, str(error))
    for sha256_of_file in kept.hashes():
        if not connection.execute("SELECT 1 FROM named WHERE sha256 = ?", (sha256_of_file,)).fetchone():
            yield Finding(KEPT, sha256_of_file, "it is kept, but nothing names it", note=True)
    for name in kept.left_over():
        yield Finding(KEPT, name, "a write that was cut off has left it", note=True)
