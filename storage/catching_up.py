"""The embedded store's registers in memory, and its one SQLite file: loaded from it, and brought in step with it."""

import sqlite3

from storage.memory import Memory
from storage.trail import changes_after, end_of


def loaded(memory: Memory, connection: sqlite3.Connection) -> Memory:
    connection.execute("BEGIN")
    rows = connection.execute("SELECT register, key, document FROM documents ORDER BY key")
    memory.load(end_of(connection), rows)
    connection.execute("COMMIT")
    return memory


def is_current(memory: Memory, connection: sqlite3.Connection) -> bool:
    """Whether nobody has committed since; within a transaction it stays so."""
    return end_of(connection) == memory.seen


def catch_up(memory: Memory, connection: sqlite3.Connection) -> None:
    """Reload the documents that other processes have changed since; to be called within a transaction."""
    end = end_of(connection)
    newer = changes_after(connection, memory.seen.seq) if end != memory.seen else ()
    changed = {(register, key) for register, key in newer if register in memory.registers}
    memory.follow(end, [(register, key, _text(connection, register, key)) for register, key in changed])


def _text(connection: sqlite3.Connection, register: str, key: str) -> str | None:
    row = connection.execute(
        "SELECT document FROM documents WHERE register = ? AND key = ?", (register, key)
    ).fetchone()
    return row[0] if row else None
