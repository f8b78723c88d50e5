"""How long one durable change of a register takes, with its audit row: by size, beside bare SQLite, beside TinyDB's file."""

import asyncio
import json
import os
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from pydantic_core import to_json
from tinydb import TinyDB

from storage.described import Described
from storage.folder import DATABASE
from storage.registers import RegisterOf
from storage.schema import connect, make
from storage.store import Store

SMALL, MIDDLE, LARGE = 1_000, 10_000, 100_000
UPDATES, JSON_UPDATES = 1_000, 10
ROUNDS = 7
NOW = datetime(2012, 9, 4, 13, tzinfo=UTC)
SAID = "In preparation, said its mission in New York; an officer has confirmed it by telephone and will ask again."


@dataclass(frozen=True, slots=True)
class Entry:
    """About as long as a State's document."""

    key: str
    name: str
    changed: datetime
    count: int = 0
    notes: tuple[str, ...] = (SAID,) * 6


Update = Callable[[str], Awaitable[None]]
DIGEST = "0" * 64
DOCUMENT = "UPDATE documents SET document = ? WHERE register = ? AND key = ?"
AUDIT_ROW = "INSERT INTO trail (at, by, doing, about, changes, words_digest, digest) VALUES (?, ?, ?, ?, ?, ?, ?)"
REGISTER = Described({"entries": RegisterOf(Entry)}, {})


def run() -> dict[str, float]:
    """Measure everything in turn, round after round; each ratio is the median of its rounds.

    All of them run on one processor: between two, a virtual machine's wake-ups cost more than the work that is measured.
    """
    with _one_processor(), tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as folder:
        took = asyncio.run(_rounds(Path(folder)))
    for what, rounds in took.items():
        print(f"{what:34} {median(rounds) * 1000:9.3f} ms  (from {min(rounds) * 1000:.3f} to {max(rounds) * 1000:.3f})")
    return {
        "size": _ratio(took["ours, 100000"], took["ours, 1000"]),
        "of_sqlite": min(_ratio(took[f"bare sqlite3, {size}"], took[f"ours, {size}"]) for size in (SMALL, LARGE)),
        "over_jsonstorage": _ratio(took["TinyDB's JSONStorage, 10000"], took["ours, 10000"]),
    }


@contextmanager
def _one_processor() -> Iterator[None]:
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


async def _rounds(folder: Path) -> dict[str, list[float]]:
    """Seconds for one update, for each contestant a list of rounds; the first round, to its checkpoint, is not counted."""
    async with AsyncExitStack() as open_until_the_end:
        contestants: dict[str, tuple[Update, int, int]] = {}
        for size in (SMALL, MIDDLE, LARGE):
            store = await open_until_the_end.enter_async_context(
                Store.create(folder / f"ours-{size}", described=REGISTER)
            )
            contestants[f"ours, {size}"] = (await _ours(store, size), size, UPDATES)
            contestants[f"bare sqlite3, {size}"] = (_bare(folder / f"bare-{size}", size), size, UPDATES)
        contestants[f"TinyDB's JSONStorage, {MIDDLE}"] = (_json(folder / "tiny.json", MIDDLE), MIDDLE, JSON_UPDATES)
        took: dict[str, list[float]] = {what: [] for what in contestants}
        for _ in range(1 + ROUNDS):
            for what, (update, size, times) in contestants.items():
                took[what].append(await _timed(update, random.Random(7).choices(range(size), k=times)))  # noqa: S311 - the same keys each time, no secret
        return {what: rounds[1:] for what, rounds in took.items()}


async def _timed(update: Update, places: Iterable[int]) -> float:
    keys = [_key(place) for place in places]
    start = time.perf_counter()
    for key in keys:
        await update(key)
    return (time.perf_counter() - start) / len(keys)


async def _ours(store: Any, size: int) -> Update:
    """Put a changed value under its key, in a transaction of our store."""
    entries = {entry.key: entry for entry in _entries(size)}
    async with store.transaction(by="bench", doing="fill", at=NOW) as tx:
        await tx.entries.put(*entries.values())

    async def update(key: str) -> None:
        entries[key] = changed = replace(entries[key], count=entries[key].count + 1)
        async with store.transaction(by="officer-1", doing="entry count", about=key, at=NOW) as tx:
            await tx.entries.put(changed)

    return update


def _bare(folder: Path, size: int) -> Update:
    """Update the same text by its key and insert the same audit row, into the same tables with the same settings.

    What is left out is what our store adds: the thread, registers in memory, digests, chain, seal, other processes.
    """
    folder.mkdir()
    (folder / DATABASE).touch()
    database = connect(folder)
    make(database)
    texts = {entry.key: ("entries", entry.key, to_json(entry).decode()) for entry in _entries(size)}
    database.execute("BEGIN")
    database.executemany("INSERT INTO documents (register, key, document) VALUES (?, ?, ?)", texts.values())
    database.execute("COMMIT")

    async def update(key: str) -> None:
        changes = f'[["entries","{key}","{DIGEST}"]]'
        database.execute("BEGIN IMMEDIATE")
        database.execute(DOCUMENT, (texts[key][2], "entries", key))
        database.execute(AUDIT_ROW, (NOW.isoformat(), "officer-1", "entry count", key, changes, None, DIGEST))
        database.execute("COMMIT")

    return update


def _json(path: Path, size: int) -> Update:
    """Update a document by its id, as TinyDB does by itself: neither durable nor with an audit row."""
    table = TinyDB(path).table("entries")
    table.insert_multiple(json.loads(to_json(entry)) for entry in _entries(size))

    async def update(key: str) -> None:
        table.update(lambda entry: entry.update(count=entry["count"] + 1), doc_ids=[1 + int(key[-6:])])

    return update


def _entries(size: int) -> Iterator[Entry]:
    return (Entry(_key(place), f"The State of entry {place}", NOW) for place in range(size))


def _key(place: int) -> str:
    return f"entry-{place:06d}"


def _ratio(over: list[float], under: list[float]) -> float:
    return round(median(one / other for one, other in zip(over, under, strict=True)), 3)
