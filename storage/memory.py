"""The registers in memory: loaded once, then kept in step with every commit of this process and of any other."""

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from storage.register_table import Committed
from storage.registers import RegisterOf
from storage.trail import End, changes_after, end_of


class Memory:
    """For use in the store's thread, or while it is idle. `seen` is the last entry of the trail whose changes are in it."""

    def __init__(self, registers: Mapping[str, RegisterOf[Any]], connection: sqlite3.Connection) -> None:
        self.registers = {name: Committed(declared.index) for name, declared in registers.items()}
        connection.execute("BEGIN")
        self.seen = end_of(connection)
        for register, key, text in connection.execute("SELECT register, key, document FROM documents ORDER BY key"):
            if register in self.registers:
                self.registers[register].replace(key, text)
        connection.execute("COMMIT")

    def is_current(self, connection: sqlite3.Connection) -> bool:
        """Whether nobody has committed since; within a transaction it stays so."""
        return end_of(connection) == self.seen

    def catch_up(self, connection: sqlite3.Connection) -> None:
        """Reload the documents that other processes have changed since; to be called within a transaction."""
        end = end_of(connection)
        newer = changes_after(connection, self.seen.seq) if end != self.seen else ()
        for register, key in {(register, key) for register, key in newer if register in self.registers}:
            self.registers[register].replace(key, _text(connection, register, key))
        self.seen = end

    def follow(self, end: End, changes: Iterable[tuple[str, str, str | None]]) -> None:
        """Take over what this process has just committed."""
        for register, key, text in changes:
            self.registers[register].replace(key, text)
        self.seen = end


def _text(connection: sqlite3.Connection, register: str, key: str) -> str | None:
    row = connection.execute(
        "SELECT document FROM documents WHERE register = ? AND key = ?", (register, key)
    ).fetchone()
    return row[0] if row else None
