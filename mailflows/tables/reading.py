"""A table is read beside the event loop, in a process of its own, which may die of it."""

import asyncio
import sys
from subprocess import DEVNULL, PIPE, Popen
from typing import Final

from committee.errors import Refused, Unavailable
from committee.sheets import Workbook
from mailflows.tables.apart import heard
from mailflows.tables.errors import NoTable

MOST_BYTES: Final = 20_000_000
SECONDS: Final = 60.0
MEMORY: Final = 1_000_000_000
"""Bytes of address space."""


async def read(raw: bytes, *, seconds: float = SECONDS, memory: int = MEMORY) -> Workbook:
    """What stands in a CSV or an XLSX; `Refused`, with the reason in a sentence, where that cannot be said.

    A caller that is cancelled ends the process with its file.
    """
    if len(raw) > MOST_BYTES:
        raise Refused(f"The file has {len(raw):,} bytes, and at most {MOST_BYTES:,} are read. Nothing was changed.")
    try:
        return await _read_apart(raw, seconds, memory)
    except NoTable as reason:
        raise Refused(f"The file cannot be taken in: {reason}. Nothing was changed.") from reason


async def _read_apart(raw: bytes, seconds: float, memory: int) -> Workbook:
    work = f"from mailflows.tables.apart import answer; answer({seconds!r}, {memory!r})"
    command = [sys.executable, "-I", "-X", "utf8", "-c", f"import sys; sys.path[:] = {sys.path!a}; {work}"]
    try:
        process = await asyncio.to_thread(
            lambda: Popen(command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}, start_new_session=True)  # noqa: S603 - our own words
        )
    except OSError as error:
        raise Unavailable(f"no process could be started to read the file ({error.strerror})") from error
    try:
        said, _ = await asyncio.to_thread(process.communicate, raw)
        return await asyncio.to_thread(_heard, said, process.returncode)
    finally:
        process.kill()
        await asyncio.shield(asyncio.to_thread(process.wait))


def _heard(said: bytes, status: int) -> Workbook:
    if status:
        raise NoTable("it takes too long, or too much memory, to be read")
    return heard(said.decode())
