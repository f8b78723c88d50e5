"""What mail comes from, whatever kind it is: it names what waits, hands it over, and puts it away once it is kept."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from committee.errors import Refused, Unavailable


@dataclass(frozen=True, slots=True)
class TooLarge:
    """A message of more bytes than are fetched: its headers as they came, and the size that its server says."""

    headers: bytes
    size: int


class Mailbox(Protocol):
    """Maildir or IMAP. Flags are never written: people share the mailbox."""

    async def waiting(self) -> list[str]:
        """The names of what waits, oldest first; `Refused` or `Unavailable` where the mailbox cannot be looked at."""

    def source(self, name: str) -> str:
        """The mailbox's own identity of a message, which no other mailbox has."""

    async def read(self, name: str) -> bytes | TooLarge | None:
        """The message, or None where it has vanished; it may come again under another name."""

    async def taken(self, name: str) -> None:
        """Put it out of the way. Where that is not allowed it stays, and is known by its source."""

    async def changed(self, seconds: float) -> bool:
        """Whether a message has come since the last look, as soon as it has; False after so many seconds."""


@dataclass(slots=True)
class Mailboxes:
    """Several mailboxes as one. One that cannot be looked at does not hide the others: it stands in the list itself."""

    boxes: dict[str, Mailbox]  # by what a person calls it
    _troubles: dict[str, Refused | Unavailable] = field(default_factory=dict)
    _places: dict[str, tuple[Mailbox, str]] = field(default_factory=dict)

    async def waiting(self) -> list[str]:
        self._places, self._troubles = {}, {}
        for label, box in self.boxes.items():
            try:
                self._places |= {f"{label} {name}": (box, name) for name in await box.waiting()}
            except (Refused, Unavailable) as error:
                self._troubles[label] = error
        return [*self._places, *self._troubles]

    def source(self, name: str) -> str:
        if name in self._troubles:
            return f"not looked at: {name}"
        box, own = self._places[name]
        return box.source(own)

    async def read(self, name: str) -> bytes | TooLarge | None:
        """What its mailbox says of it; of a mailbox that could not be looked at, the reason."""
        if trouble := self._troubles.get(name):
            raise trouble
        box, own = self._places[name]
        return await box.read(own)

    async def taken(self, name: str) -> None:
        box, own = self._places[name]
        await box.taken(own)

    def read_to_end(self, left: Sequence[str]) -> list[bool]:
        """Of each, in their order, whether it could be looked at and none of the names that were `left` is its."""
        with_something = [self._places[name][0] for name in left if name in self._places]
        return [
            label not in self._troubles and not any(box is one for one in with_something)
            for label, box in self.boxes.items()
        ]

    async def changed(self, seconds: float) -> bool:
        """As soon as one of them has something new; of one that cannot be watched the others do not wait to hear."""
        looking = {asyncio.create_task(box.changed(seconds)) for box in self.boxes.values()}
        try:
            while looking:
                done, looking = await asyncio.wait(looking, return_when=asyncio.FIRST_COMPLETED)
                if any(not task.exception() and task.result() for task in done):
                    return True
            return False
        finally:
            for task in looking:
                task.cancel()
            await asyncio.gather(*looking, return_exceptions=True)
