"""Each register and ledger of a desk in PostgreSQL, by its name."""

from typing import TYPE_CHECKING, Any

from storage.described import Described
from storage.postgres.ledgers import PostgresLedger
from storage.registers import Register
from storage.tables import Tables


class ByName(Tables):
    """Each as an attribute, made when it is first named."""

    described: Described

    if not TYPE_CHECKING:  # a type checker knows the names from Tables, and would take any through this

        def __getattr__(self, name: str) -> Register[Any] | PostgresLedger[Any]:
            described = None if name.startswith("_") else self.described
            if described and name in described.registers:
                table = Register(name, described.registers[name], self)
            elif described and name in described.ledgers:
                table = PostgresLedger(name, described.ledgers[name], self)
            else:
                raise AttributeError(f"{type(self).__name__} has no register or ledger {name!r}")
            setattr(self, name, table)
            return table
