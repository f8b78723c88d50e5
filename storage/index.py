"""The word index: what is found by its words, kept by SQLite's FTS5 in the commit of the change, and derived from it.

It is in no trail and no digest: whatever it holds can be made again from registers, ledgers and kept files.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from committee.audit import moment
from committee.errors import Refused
from committee.search import Question, Term, words_in


@dataclass(frozen=True, slots=True)
class Indexed:
    """A thing by its kind and key, and what it is found by: facts that anyone may know, and words that not everyone may read.

    At most `LONGEST_TEXT` characters of each count.
    """

    kind: str
    key: str
    at: datetime
    facts: str
    words: str = ""


class Hit(NamedTuple):
    """What was found; `at` is text that sorts as time does."""

    kind: str
    key: str
    at: str


def require_fts5(connection: sqlite3.Connection) -> None:
    """`Refused`, with the way out, where SQLite was built without full-text search."""
    if not connection.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone():
        raise Refused(
            f"the SQLite {sqlite3.sqlite_version} of this Python has no full-text search (FTS5), by which a desk finds words: "
            "take a Python that has it, as Debian's and python.org's do"
        )


def make_index(connection: sqlite3.Connection) -> None:
    """The tables, and the keys of what an older desk has and nobody has indexed yet; the newest are taken first."""
    for statement in _TABLES.split(";"):
        connection.execute(statement)
    for kind, ledger in (("mail", "ledger_mail"), ("submission", "ledger_submissions"), ("letter", "ledger_letters")):
        if connection.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (ledger,)).fetchone():
            connection.execute(
                f"INSERT INTO word_index_waiting (kind, key) SELECT ?, key FROM {ledger} ORDER BY id", (kind,)
            )


def write(connection: sqlite3.Connection, entries: Iterable[Indexed]) -> None:
    if connection.execute("SELECT 1 FROM word_index_waiting LIMIT 1").fetchone():
        entries = list(entries)
        for one in entries:
            _no_longer_waiting(connection, one.kind, one.key)
    ((newest,),) = connection.execute("SELECT coalesce(max(id), 0) FROM word_index_keys").fetchall()
    new: dict[int, tuple[str, str]] = {}
    for one in entries:
        ((place,),) = connection.execute(_PLACED, (one.kind, one.key, moment(one.at))).fetchall()
        words = (words_in(one.facts), words_in(one.words))
        if place > newest:
            new[place] = words
        else:
            _rewrite(connection, place, words)
    rows = [(place, *words) for place, words in new.items()]
    connection.executemany("INSERT INTO word_index (rowid, facts, words) VALUES (?, ?, ?)", rows)


def _rewrite(connection: sqlite3.Connection, place: int, words: tuple[str, str]) -> None:
    known = connection.execute("SELECT facts, words FROM word_index WHERE rowid = ?", (place,)).fetchone()
    if known is None:
        connection.execute("INSERT INTO word_index (rowid, facts, words) VALUES (?, ?, ?)", (place, *words))
    elif known != words:
        connection.execute("UPDATE word_index SET facts = ?, words = ? WHERE rowid = ?", (*words, place))


def take_out(connection: sqlite3.Connection, kind: str, keys: Iterable[str]) -> None:
    """Nothing finds them any longer, and their words are not in the index's pages either: who was erased is nowhere."""
    gone: list[tuple[int]] = []
    for key in keys:
        _no_longer_waiting(connection, kind, key)
        removed = "DELETE FROM word_index_keys WHERE kind = ? AND key = ? RETURNING id"
        gone += connection.execute(removed, (kind, key)).fetchall()
    if gone:
        connection.executemany("DELETE FROM word_index WHERE rowid = ?", gone)
        # FTS5 only notes that a row is gone, until it merges what it has written.
        connection.execute("INSERT INTO word_index (word_index) VALUES ('optimize')")


def hits(connection: sqlite3.Connection, question: Question, limit: int, *, facts_only: bool) -> list[Hit]:
    """What answers the question, what was indexed last first."""
    if not question:
        return []
    return [Hit(*row) for row in connection.execute(_FOUND, (_expression(question, facts_only=facts_only), limit))]


def waiting(connection: sqlite3.Connection, limit: int) -> list[tuple[str, str]]:
    """Kind and key of what was there before the index, and is not in it yet."""
    return connection.execute("SELECT kind, key FROM word_index_waiting ORDER BY id DESC LIMIT ?", (limit,)).fetchall()


def _no_longer_waiting(connection: sqlite3.Connection, kind: str, key: str) -> None:
    connection.execute("DELETE FROM word_index_waiting WHERE kind = ? AND key = ?", (kind, key))


def _expression(question: Question, *, facts_only: bool) -> str:
    terms = " AND ".join(f"({_alternatives(term)})" for term in question)
    return f"{{facts}} : ({terms})" if facts_only else terms


def _alternatives(term: Term) -> str:
    """Words are values: each phrase stands in quotes, where FTS5 knows no syntax."""
    beginning = " *" if term.begins else ""
    return " OR ".join([f"{_phrase(term.words)}{beginning}", *(f"{{facts}} : {_phrase(one)}" for one in term.parties)])


def _phrase(words: str) -> str:
    return '"{}"'.format(words_in(words).replace('"', '""'))


_TABLES = """
CREATE TABLE word_index_keys (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, at TEXT NOT NULL, UNIQUE (kind, key)
);
CREATE VIRTUAL TABLE word_index USING fts5 (facts, words, tokenize = 'unicode61 remove_diacritics 0', columnsize = 0);
CREATE TABLE word_index_waiting (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, UNIQUE (kind, key))
"""
_PLACED = (
    "INSERT INTO word_index_keys (kind, key, at) VALUES (?, ?, ?)"
    " ON CONFLICT (kind, key) DO UPDATE SET at = excluded.at RETURNING id"
)
_FOUND = (
    "SELECT kind, key, at FROM word_index CROSS JOIN word_index_keys ON id = word_index.rowid"
    " WHERE word_index MATCH ? ORDER BY word_index.rowid DESC LIMIT ?"
)
