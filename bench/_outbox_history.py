"""A desk with a million deliveries behind it: what one real letter left in its ledgers and its word index, that many times."""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from bench._outbox_letters import CAME
from committee.audit import moment
from committee.search import words_in
from storage.ledgers import LedgerOf, make_ledger, table_name
from storage.schema import connect
from storage.tables import LEDGERS

AT_ONCE = 50_000
OF_ONE_RELEASE = 200


@dataclass(frozen=True, slots=True)
class Original:
    """What names the one letter, wherever it stands."""

    number: str
    reference: str
    message_id: str
    digest: str
    release: str
    turn: str

    def pattern(self, value: Any) -> Any:
        """A text with a place for each of them; everything else as it is."""
        if not isinstance(value, str):
            return value
        value = value.replace("%", "%%").replace(self.turn, "%(turn)s").replace(self.digest, "%(drawn)s")
        value = value.replace(self.message_id, "%(drawn).32s").replace(self.reference, "%(reference)s")
        value = value.replace(words_in(self.reference), "l 2026 %(nth)s")
        return value.replace(self.number, "%(nth)s").replace(self.release, "%(release)s")


def fill(folder: Path, first: int, count: int) -> None:
    """Copy the letter number `first`, which this desk has sent, as numbers `first` + 1 and so on, until there are `count`.

    Keys, parties, addresses, reference numbers, releases, turns, Message-IDs and hashes are each one's own. The trail has
    no entry of them.
    """
    database = connect(folder)
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    original = _original(database, first)
    numbers = range(first + 1, first + count)
    for name in ("letters", "deliveries"):
        _copy_rows(database, name, LEDGERS[name], original, numbers)
    _copy_words(database, original, numbers)
    database.execute("UPDATE numbers SET last = last + ?", (first + count,))
    database.execute("PRAGMA journal_mode = WAL")
    database.close()
    os.sync()  # what is written behind our back would be counted as the contestants' work


def _original(database: sqlite3.Connection, first: int) -> Original:
    reference, message_id, release = database.execute(
        "SELECT reference, message_id, release FROM ledger_letters"
    ).fetchone()
    digest, turn = database.execute("SELECT json_extract(document, '$.sha256'), turn FROM ledger_deliveries").fetchone()
    return Original(
        f"{first:07}", reference, message_id.strip("<>").partition("@")[0], digest, release, turn.rpartition("/")[0]
    )


def _copy_rows(
    database: sqlite3.Connection, name: str, declared: LedgerOf[Any], original: Original, numbers: range
) -> None:
    """The indexes are made when the rows are there: so it takes a fraction of the time."""
    names = ", ".join(["key", "added_at", "document", *declared.searched])
    row = database.execute(f"SELECT {names} FROM {table_name(name)}").fetchone()  # noqa: S608 - our own names
    for index in declared.indexes:
        database.execute(f'DROP INDEX "{name}_{index}"')
    places = ", ".join("?" * len(row))
    rows = _filled([original.pattern(value) for value in row], numbers)
    _insert(database, f"INSERT INTO {table_name(name)} ({names}) VALUES ({places})", rows)  # noqa: S608 - our own names
    database.execute("BEGIN")
    make_ledger(database, name, declared)
    database.execute("COMMIT")


def _copy_words(database: sqlite3.Connection, original: Original, numbers: range) -> None:
    """With the ids that they would have had; what is in the index is by then merged as the desk's own commits merge it."""
    keys = list(database.execute("SELECT kind, key, at FROM word_index_keys").fetchone())
    words = list(database.execute("SELECT facts, words FROM word_index").fetchone())
    statements = {
        "INSERT INTO word_index_keys (id, kind, key, at) VALUES (?, ?, ?, ?)": keys,
        "INSERT INTO word_index (rowid, facts, words) VALUES (?, ?, ?)": words,
    }
    for statement, values in statements.items():
        rows = _filled([original.pattern(value) for value in values], numbers)
        _insert(database, statement, ([place, *row] for place, row in enumerate(rows, 2)))


def _filled(patterns: list[Any], numbers: range) -> Iterator[list[Any]]:
    for nth in numbers:
        drawn, at = sha256(b"%d" % nth).hexdigest(), moment(CAME + timedelta(seconds=(nth - numbers[0]) // 10))
        own = {"nth": f"{nth:07}", "drawn": drawn, "reference": f"L-2026-{nth}", "turn": f"{at}/{drawn[:8]}"}
        own["release"] = f"R-2026-{nth // OF_ONE_RELEASE}"
        yield [value % own if isinstance(value, str) else value for value in patterns]


def _insert(database: sqlite3.Connection, statement: str, rows: Iterable[Any]) -> None:
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        database.execute("BEGIN")
        database.executemany(statement, some)
        database.execute("COMMIT")
