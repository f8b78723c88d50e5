"""What has happened in the workspace, in order: pages stream it, and persons in tests wait on it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

KEPT: Final = 10_000
"""Entries that are remembered; whoever is further behind is told to look at everything anew."""


@dataclass(frozen=True, slots=True)
class Happening:
    """`kind` is message, changed, deleted, cleared (of what stood beside a button), modal, home, channel, read, person, or anew."""

    seq: int
    kind: str
    channel: str = ""
    ts: str = ""
    user: str = ""
    """The one person whom it concerns; empty: everybody who reads the channel."""


@dataclass(slots=True)
class EventLog:
    entries: deque[Happening] = field(default_factory=lambda: deque(maxlen=KEPT))
    seq: int = 0
    closed: bool = False
    waiting: set[asyncio.Future[None]] = field(default_factory=set)

    def add(self, kind: str, *, channel: str = "", ts: str = "", user: str = "") -> None:
        self.seq += 1
        self.entries.append(Happening(self.seq, kind, channel, ts, user))
        self._wake()

    def close(self) -> None:
        """Every subscription ends; there is nothing more to come."""
        self.closed = True
        self._wake()

    async def after(self, seq: int) -> AsyncIterator[Happening]:
        """Everything since `seq`, then what comes, until the log is closed; `anew` first for one too far behind, or from another log."""
        while True:
            if seq > self.seq or (self.entries and seq < self.entries[0].seq - 1):
                seq = self.seq
                yield Happening(seq, "anew")
            for entry in self.since(seq):
                seq = entry.seq
                yield entry
            if seq == self.seq:
                if self.closed:
                    return
                await self._more()

    def since(self, seq: int) -> list[Happening]:
        """What has happened after `seq`, as far as it is remembered."""
        newest_first = islice(reversed(self.entries), max(0, self.seq - seq))
        return [*newest_first][::-1]

    async def _more(self) -> None:
        waiter = asyncio.get_running_loop().create_future()
        self.waiting.add(waiter)
        try:
            await waiter
        finally:
            self.waiting.discard(waiter)

    def _wake(self) -> None:
        for waiter in self.waiting:
            if not waiter.done():
                waiter.set_result(None)
