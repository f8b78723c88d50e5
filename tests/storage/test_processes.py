"""Several processes at one desk, and processes that are killed in the middle of it."""

import asyncio
import multiprocessing
import os
import random
import time
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from storage.errors import Busy
from tests.storage.conftest import MakeStore, of_the_folder
from tests.storage.shelf import Marks, counts, counts_until_killed, is_in_step

pytest_plugins = ["tests.servers.fixtures"]
OVER_BOTH_STORES = True
KILLS, INSIDE = 100, 50


@pytest.fixture(scope="session")
def processes() -> ForkServerContext:
    """Starts processes that have everything imported already, so that a hundred of them take seconds."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.storage.shelf"])
    return context


@pytest.fixture
def start(processes: ForkServerContext) -> Callable[..., BaseProcess]:
    def started(work: Callable[..., None], *args: Any) -> BaseProcess:
        process = processes.Process(target=work, args=args, daemon=True)
        process.start()
        return process

    return started


async def test_several_processes_see_each_others_commits_at_once_and_no_change_is_lost(
    store: Any, url: str, tmp_path: Path, start: Callable[..., BaseProcess]
) -> None:
    running = [start(counts, tmp_path / "desk", url, 50) for _ in range(4)]
    while any(process.is_alive() for process in running):
        up, down = await store.countries.get("UP"), await store.countries.get("DOWN")
        if up and down:
            assert up.count >= 0 >= down.count
        await asyncio.sleep(0.01)
    assert [process.exitcode for process in running] == [0] * 4
    assert await is_in_step(store) == 200


@pytest.mark.long
async def test_a_process_killed_at_any_moment_leaves_everything_in_step(
    make_store: MakeStore, url: str, tmp_path: Path, start: Callable[..., BaseProcess]
) -> None:
    await (await make_store()).close()
    killed = killed_inside = 0
    while killed < KILLS or (killed_inside < INSIDE and killed < 3 * KILLS):
        marks = tmp_path / "marks"
        marks.write_bytes(bytes(16))
        answered, was_inside = _killed(start(counts_until_killed, tmp_path / "desk", url, marks), Marks(marks))
        killed, killed_inside = killed + 1, killed_inside + was_inside
        store = await make_store()
        counted = await is_in_step(store)
        assert counted - answered in ({0, 1} if was_inside else {0}), "what was answered is there, and nothing else"
        await store.close()
    assert killed_inside >= INSIDE


def _killed(process: BaseProcess, marks: Marks) -> tuple[int, bool]:
    """Kill the process a random while after it has entered a transaction; say what it was answered and where it was."""
    _wait(lambda: bool(marks.answered), process)
    time.sleep(random.uniform(0, 0.01))
    _wait(lambda: not marks.inside, process)
    _wait(lambda: marks.inside, process)
    ready = time.perf_counter() + random.uniform(0, 0.0006)
    while time.perf_counter() < ready:
        pass
    process.kill()
    process.join()
    return marks.answered, marks.inside


def _wait(until: Callable[[], bool], process: BaseProcess) -> None:
    while not until():
        assert process.is_alive()
        os.sched_yield()


@of_the_folder
async def test_the_work_lock_is_held_by_one_and_says_by_whom(store: Any, make_store: MakeStore) -> None:
    other = await make_store()
    with store.work_lock("verbale run"):
        with pytest.raises(Busy, match=r"verbale run, process \d+"), other.work_lock("verbale tick"):
            pass
        await other.countries.all()
    with other.work_lock("verbale tick"):
        pass
