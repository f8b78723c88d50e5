"""Verbale as a process of its own: a desk that runs, is told to end or is killed, and what is typed beside it."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = ("VERBALE_", "SMTP_URL", "INBOX_URL", "DATABASE_URL")


def environment(**more: str) -> dict[str, str]:
    around = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return around | {"PYTHONPATH": str(ROOT)} | more


async def started(folder: Path, *words: str, **settings: str) -> asyncio.subprocess.Process:
    command = (sys.executable, "-m", "bot", *(words or ("run",)), "--desk", str(folder))
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=pipe, stderr=pipe, env=environment(**settings)
    )


@asynccontextmanager
async def run(folder: Path, *options: str, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A desk that runs, from its first sentence until the end of the block."""
    process = await started(folder, "run", *options, **settings)
    try:
        assert process.stderr
        said = await asyncio.wait_for(process.stderr.readline(), 30)
        assert said.startswith(b"The desk is running"), said + await process.stderr.read()
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def ended(process: asyncio.subprocess.Process, how: signal.Signals = signal.SIGTERM) -> float:
    """Tell it to end; how long that took."""
    begun = time.monotonic()
    process.send_signal(how)
    assert await asyncio.wait_for(process.wait(), 30) == 0
    return time.monotonic() - begun


async def until(holds: Callable[[], Awaitable[bool]], *, seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110 - it looks from outside
            await asyncio.sleep(0.05)
