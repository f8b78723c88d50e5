"""An older desk, before it is brought forward: of which version it is, and who is on its staff."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from committee.desk import DeskFacts
from committee.staff import Person
from storage.documents import T, documents_of
from storage.errors import in_our_words
from storage.schema import connect, newest, version_of

PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Before:
    """What has to be known of a desk that this program cannot open yet."""

    version: int
    newest: int
    facts: DeskFacts | None
    people: tuple[Person, ...]


def before(folder: Path) -> Before:
    """Read the two registers in which it stands, whose tables are the same in every version so far."""
    try:
        with closing(connect(folder, patience=PATIENCE)) as connection:
            version = version_of(connection)
            facts = _register(connection, "desk", DeskFacts) if version else []
            people = _register(connection, "staff", Person) if version else []
    except sqlite3.Error as error:
        raise in_our_words(error) from error
    return Before(version, newest(), facts[0] if facts else None, tuple(people))


def _register(connection: sqlite3.Connection, name: str, kind: type[T]) -> list[T]:
    rows = connection.execute("SELECT document FROM documents WHERE register = ? ORDER BY key", (name,))
    return documents_of(kind).values(text for (text,) in rows)
