"""The sender is killed a hundred times: no letter is lost, and what goes twice is what was on its last line, as it was."""

import asyncio
import random
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from tests.bot import processes
from tests.bot.sending import (
    PAST_EVERY_LEASE,
    Where,
    delivered,
    desk_of,
    only_last_words_came_twice,
    queue,
    reckoned,
    shifting,
    start,
)
from tests.servers.recording import RecordingSink, recording

pytest_plugins = ["tests.servers.fixtures"]
pytestmark = pytest.mark.long

KILLS, CLI_KILLS, CONNECTIONS = 100, 4, 4
LETTERS_AT_ONCE, LOW_WATER = 80, 40
LIVES_SECONDS = 0.08  # from its first acceptance: some die before they have made another
REPLY_SECONDS = 0.004  # so that they die at every step
Kill = Callable[[Where, RecordingSink, random.Random], None]
Sets = Callable[[timedelta], None]


@pytest.fixture(params=["embedded", pytest.param("postgres", marks=pytest.mark.server)])
def url(request: pytest.FixtureRequest) -> str:
    """The desk's database, where it has one."""
    return str(request.getfixturevalue("database")) if request.param == "postgres" else ""


@pytest.fixture
def sets(url: str, request: pytest.FixtureRequest) -> Sets:
    """Sets the store's clock ahead; a folder's desk needs none, since whoever works at it is alone."""
    return shifting(request.getfixturevalue("postgres"), url) if url else lambda _: None


async def test_killed_a_hundred_times_it_loses_nothing_and_doubles_only_what_was_on_a_line(
    url: str, sets: Sets, tmp_path: Path
) -> None:
    at_once = 2 if url else 1

    def kill(where: Where, sink: RecordingSink, chance: random.Random) -> None:
        before, sending = sink.count, [start(where, "mail" if url else "") for _ in range(at_once)]
        sink.until(before + 1)
        time.sleep(chance.uniform(0, LIVES_SECONDS))
        for one in sending:
            one.kill()

    assert await killed(KILLS // at_once, kill, url, sets, tmp_path) > 0


async def test_killed_as_a_command_of_its_own_it_loses_nothing_either(url: str, sets: Sets, tmp_path: Path) -> None:
    def kill(where: Where, sink: RecordingSink, chance: random.Random) -> None:
        asyncio.run(start_and_kill(where, sink, chance))

    async def start_and_kill(where: Where, sink: RecordingSink, chance: random.Random) -> None:
        before = sink.count
        process = await processes.started(where.folder, **where.environment)
        try:
            with suppress(AssertionError):
                await asyncio.to_thread(sink.until, before + 1)
            await asyncio.sleep(chance.uniform(0, LIVES_SECONDS))
        finally:
            process.kill()
            said = await process.communicate()
        assert sink.count > before, said

    await killed(CLI_KILLS, kill, url, sets, tmp_path)


async def killed(times: int, kill: Kill, url: str, sets: Sets, folder: Path) -> int:
    """Again and again, with letters to lose at each; how many second copies there were, of which all is in order."""
    with recording(seconds=REPLY_SECONDS) as sink:
        where = Where(folder / "desk", url, sink.url, CONNECTIONS)
        async with desk_of(where) as desk:
            queued, chance, ahead = 0, random.Random(1540), timedelta()
            for _ in range(times):
                if queued - len(sink.copies()) < LOW_WATER:
                    await queue(desk, queued, LETTERS_AT_ONCE)
                    queued += LETTERS_AT_ONCE
                await asyncio.to_thread(kill, where, sink, chance)
                ahead += PAST_EVERY_LEASE
                await asyncio.to_thread(sets, ahead)
            cut = len([line for line in sink.lines if not line.said_goodbye])
            await delivered(desk, where, lambda more: sets(ahead + more))
            reckoning = await reckoned(desk, sink, queued)
    assert reckoning.seconds <= cut
    only_last_words_came_twice(sink, reckoning.second)
    return reckoning.seconds
