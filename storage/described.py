"""Which registers and ledgers a store has, and how each is given by its name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storage.ledgers import Ledger, LedgerOf
from storage.place import Place
from storage.registers import Register, RegisterOf
from storage.tables import LEDGERS, REGISTERS, Tables

NUMBERS = "numbers"
"""How the trail calls the numbers given so far."""


@dataclass(frozen=True, slots=True)
class Described:
    """Every register and ledger of a store, by name; one name, one table."""

    registers: Mapping[str, RegisterOf[Any]]
    ledgers: Mapping[str, LedgerOf[Any]]

    def __post_init__(self) -> None:
        if twice := (self.registers.keys() & self.ledgers.keys()) | (
            {NUMBERS} & (self.registers.keys() | self.ledgers.keys())
        ):
            raise ValueError(f"a name for one table only: {', '.join(sorted(twice))}")

    def table(self, name: str, place: Place) -> Register[Any] | Ledger[Any] | None:
        if name in self.registers:
            return Register(name, self.registers[name], place)
        return Ledger(name, self.ledgers[name], place) if name in self.ledgers else None


DESK = Described(REGISTERS, LEDGERS)


class ByName(Tables):
    """Each register and ledger as an attribute, made when it is first named."""

    described: Described

    if not TYPE_CHECKING:  # a type checker knows the names from Tables, and would take any through this

        def __getattr__(self, name: str) -> Register[Any] | Ledger[Any]:
            if name.startswith("_") or (table := self.described.table(name, self)) is None:
                raise AttributeError(f"{type(self).__name__} has no register or ledger {name!r}")
            setattr(self, name, table)
            return table
