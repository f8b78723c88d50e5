"""The registers in memory: loaded once, then kept in step with every commit of this process and of any other."""

from collections.abc import Iterable, Mapping
from typing import Any

from committee.audit import End
from storage.register_table import Committed
from storage.registers import RegisterOf

Row = tuple[str, str, str | None]
"""Register, key, and the document's text, or None where it was removed."""


class Memory:
    """`seen` is the last entry of the trail whose changes are in it; how it is loaded and caught up is the store's."""

    def __init__(self, registers: Mapping[str, RegisterOf[Any]]) -> None:
        self._declared = registers
        self.registers = {name: Committed(declared.index) for name, declared in registers.items()}
        self.seen = End()

    def follow(self, end: End, changes: Iterable[Row]) -> None:
        """Take over what was committed up to `end`, here or by another process."""
        for register, key, text in changes:
            if register in self.registers:
                self.registers[register].replace(key, text)
        self.seen = end

    def load(self, end: End, rows: Iterable[Row]) -> None:
        """Begin anew: whatever was in it is gone."""
        for name, committed in self.registers.items():
            committed.clear(self._declared[name].index)
        self.follow(end, rows)
