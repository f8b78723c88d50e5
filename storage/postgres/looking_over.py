"""A desk in PostgreSQL is verified and backed up: one look at it becomes a folder's file, and that is held against the trail."""

import asyncio
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from storage.backup import BackedUp, Source, back_up
from storage.described import Described
from storage.folder import Key
from storage.place import R
from storage.postgres.kept import KeptRows
from storage.postgres.pool import Pool
from storage.postgres.taking_over import into_file, one_look
from storage.schema import connect
from storage.thread import StoreThread
from storage.verify import Finding, findings

ASIDE = ".looking-over."
"""Within the desk's folder, which is its owner's alone: what a desk holds never lies elsewhere."""


class KeptThere:
    """The kept files of a database, for a thread that waits for each."""

    def __init__(self, kept: KeptRows) -> None:
        self._kept, self._loop = kept, asyncio.get_running_loop()

    def read(self, sha256: str) -> bytes:
        return self.wait_for(self._kept.read(sha256))

    def as_it_is(self, sha256: str) -> bytes:
        return self.wait_for(self._kept.as_it_is(sha256)) or b""

    def hashes(self) -> Iterator[str]:
        yield from self.wait_for(self._kept.hashes())

    def left_over(self) -> Iterator[str]:
        yield from ()

    def wait_for(self, work: Coroutine[Any, Any, R]) -> R:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


async def verify(
    pool: Pool, described: Described, keys: tuple[Key, ...], kept: KeptRows, folder: Path
) -> list[Finding]:
    with tempfile.TemporaryDirectory(dir=folder, prefix=ASIDE) as name:
        await _one_look_at(pool, described, Path(name))
        return await _in_a_thread(_findings, Path(name), described, keys, KeptThere(kept))


async def backed_up(  # noqa: PLR0913, PLR0917 - what a backup is made of
    pool: Pool, described: Described, kept: KeptRows, folder: Path, to: Path, at: datetime
) -> BackedUp:
    there = KeptThere(kept)
    source = Source(there, lambda aside: there.wait_for(_one_look_at(pool, described, aside)))
    return await _in_a_thread(back_up, folder, to, described, at, source)


async def _one_look_at(pool: Pool, described: Described, folder: Path) -> None:
    connection = await pool.connect()
    try:
        async with one_look(connection):
            await into_file(connection, described, folder)
    finally:
        connection.terminate()


def _findings(folder: Path, described: Described, keys: tuple[Key, ...], kept: KeptThere) -> list[Finding]:
    with closing(connect(folder)) as connection:
        return findings(connection, described, keys, kept)


async def _in_a_thread(job: Callable[..., R], *args: Any) -> R:
    thread = StoreThread("looking over")
    try:
        return await thread.finish(job, *args)
    finally:
        await thread.close()
