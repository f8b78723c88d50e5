"""`verbale demo`: one address where somebody reads it, the tour where nobody does; it ends cleanly either way."""

import asyncio
import os
import pty
import re
import signal
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.bot.processes import environment

ADDRESS = re.compile(rb"http://127\.0\.0\.1:\d+/\?token=[\w-]{43}")


async def started(folder: Path, *options: str, out: int = asyncio.subprocess.PIPE) -> asyncio.subprocess.Process:
    command = (sys.executable, "-m", "bot", "demo", *options)
    return await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=out, stderr=asyncio.subprocess.PIPE, stdin=asyncio.subprocess.DEVNULL,
        env=environment(),
    )  # fmt: skip


async def address_of(reader: asyncio.StreamReader) -> str:
    async with asyncio.timeout(60):
        while line := await reader.readline():
            if found := ADDRESS.search(line):
                return found[0].decode()
    raise AssertionError("no address was printed")


async def test_once_and_serve_contradict_each_other(tmp_path: Path) -> None:
    process = await started(tmp_path, "--once", "--serve")
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 2
    assert b"Either --once or --serve" in said
    assert not (tmp_path / "demo-desk").exists()


@pytest.mark.long
async def test_served_it_prints_one_address_that_opens_the_page_and_ends_when_it_is_told_to(tmp_path: Path) -> None:
    process = await started(tmp_path, "--serve")
    assert process.stdout
    address = await address_of(process.stdout)
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        async with session.get(address) as answer:
            assert answer.status == 200
            assert "beside.js" in await answer.text()
        async with session.get(address.partition("?")[0] + "page/demo/stream") as following:
            await following.content.readline()  # a page that is open keeps nothing from ending
            process.send_signal(signal.SIGTERM)
            _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0
    assert said == b""


@pytest.mark.long
async def test_without_a_terminal_it_plays_the_tour_and_ends_with_zero(tmp_path: Path) -> None:
    process = await started(tmp_path)
    out, said = await asyncio.wait_for(process.communicate(), 120)
    assert (process.returncode, said) == (0, b"")
    assert b"What takes two people" in out
    assert not ADDRESS.search(out)


@pytest.mark.long
async def test_at_a_terminal_it_serves_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        process = await started(tmp_path, out=theirs)
        os.close(theirs)
        said = b""
        async with asyncio.timeout(60):
            while not ADDRESS.search(said):
                said += await asyncio.to_thread(os.read, ours, 4096)
        process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.wait(), 60)
        assert process.returncode == 0
    finally:
        os.close(ours)
