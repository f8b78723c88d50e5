"""The registers and ledgers that the promises are tried on, and the work that other processes do on them."""

import asyncio
import mmap
import os
import struct
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from storage.described import Described
from storage.ledgers import LedgerOf
from storage.opening import opened
from storage.registers import RegisterOf

NOON = datetime(2012, 9, 4, 12, tzinfo=UTC)


class Status(StrEnum):
    REPORTED = "reported"
    YET_TO_REPORT = "yet-to-report"


@dataclass(frozen=True, slots=True)
class Note:
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Country:
    key: str
    name: str = ""
    status: Status = Status.YET_TO_REPORT
    region: str | None = None
    count: int = 0
    joined: date | None = None
    notes: tuple[Note, ...] = ()
    words: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    key: str
    party: str
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Enclosure:
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Event:
    key: str
    state: str = "new"
    party: str | None = None
    message_id: str = ""
    count: int = 0
    raw: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    words: dict[str, Any] = field(default_factory=dict)


SHELF = Described(
    {"countries": RegisterOf(Country), "people": RegisterOf(Person, index=("party",))},
    {"events": LedgerOf(Event, columns=("state", "party", "message_id"), kept=("raw", "enclosures"))},
)


def occasion(doing: str = "try", **more: Any) -> dict[str, Any]:
    return {"by": "officer-1", "doing": doing, "at": NOON, **more}


async def count_up(store: Any) -> str:
    """One turn of the work that every process does: a kept file, then in one commit two registers, a row and a number."""
    raw = await store.keep(os.urandom(64))
    async with store.transaction(**occasion("count")) as tx:
        return await _count_up(tx, raw)


async def _count_up(tx: Any, raw: str) -> str:
    up = await tx.countries.get("UP") or Country("UP")
    down = await tx.countries.get("DOWN") or Country("DOWN")
    number: str = await tx.number("S", 2012)
    await tx.countries.put(replace(up, count=up.count + 1))
    await tx.events.add(Event(number, count=up.count + 1, raw=raw))
    await tx.countries.put(replace(down, count=down.count - 1))
    return number


async def is_in_step(store: Any) -> int:
    """How often it was counted up, after making sure that registers, ledger, numbers, trail and kept files agree on it."""
    up, down = await store.countries.get("UP") or Country("UP"), await store.countries.get("DOWN") or Country("DOWN")
    events = await store.events.find()
    assert up.count == -down.count == len(events)
    assert [event.key for event in events] == [f"S-2012-{count:04d}" for count in range(1, up.count + 1)]
    assert [event.count for event in events] == list(range(1, up.count + 1))
    assert len(await store.trail.find(doing="count")) == up.count
    assert [finding for finding in await store.verify() if not finding.note] == []
    return up.count


class Marks:
    """Two numbers that outlive the process that writes them: whether it is in a transaction, and what it was answered."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), 16)

    @property
    def inside(self) -> bool:
        return bool(struct.unpack_from("q", self._shared, 0)[0])

    @property
    def answered(self) -> int:
        answered: int = struct.unpack_from("q", self._shared, 8)[0]
        return answered

    def enter(self) -> None:
        struct.pack_into("q", self._shared, 0, 1)

    def leave(self, answered: int) -> None:
        struct.pack_into("q", self._shared, 8, answered)
        struct.pack_into("q", self._shared, 0, 0)


def counts_until_killed(folder: Path, url: str, marks: Path) -> None:
    asyncio.run(_count_until_killed(folder, url, Marks(marks)))


async def _count_until_killed(folder: Path, url: str, marks: Marks) -> None:
    async with await opened(folder, url, described=SHELF) as store:
        while True:
            raw = await store.keep(os.urandom(64))
            marks.enter()
            async with store.transaction(**occasion("count")) as tx:
                number = await _count_up(tx, raw)
            marks.leave(int(number[-4:]))


def counts(folder: Path, url: str, times: int) -> None:
    asyncio.run(_count(folder, url, times))


async def _count(folder: Path, url: str, times: int) -> None:
    async with await opened(folder, url, described=SHELF) as store:
        for _ in range(times):
            await count_up(store)


if __name__ == "__main__":  # traced from outside
    import sys

    counts(Path(sys.argv[1]), "", 1)
    os.write(1, b"answered\n")
