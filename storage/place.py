"""Where a register or a ledger is read: the store itself, or a transaction, the only place where it can be changed."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from committee.audit import Change
from storage.register_table import RegisterTable

R = TypeVar("R")


@dataclass(slots=True)
class Changes:
    """What a transaction has changed in ledgers and numbers so far, each with the digest of its latest text."""

    at: datetime
    digests: dict[tuple[str, str], str | None] = field(default_factory=dict)

    def note(self, table: str, key: str, digest: str | None) -> None:
        self.digests[table, key] = digest

    def listed(self) -> list[Change]:
        return [Change(table, key, digest) for (table, key), digest in self.digests.items()]


class RegisterPlace(Protocol):
    """What a register asks of the store, and of a transaction."""

    @property
    def changes(self) -> Changes:
        """Raises RuntimeError outside a transaction."""

    def table(self, register: str) -> RegisterTable:
        """The register's documents as they are seen from here: committed, plus this transaction's changes."""

    async def run(self, job: Callable[..., R], *args: Any) -> R:
        """Do a job in the store's thread, on what is newest."""

    async def look(self, job: Callable[..., R], *args: Any) -> R:
        """Do a job that takes no time: on the spot where what is in memory is known to be the newest."""


class Place(RegisterPlace, Protocol):
    """What a ledger of the embedded store asks beside."""

    @property
    def connection(self) -> sqlite3.Connection:
        """For use in the store's thread only."""
