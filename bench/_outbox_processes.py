"""Desks are founded, and worked at by one process or by several that begin at the same moment."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from bench._outbox_desk import Done, Work
from bench._outbox_sinks import HERE
from mailflows.founding import found


def founded(folder: Path, database: str | None = None) -> str:
    """A real desk, with the register of the year and nobody in its address book."""
    now = datetime.now(UTC)
    asyncio.run(
        found(folder, practice=False, at=now, administrator="A. Person", account=os.getuid(), database=database)
    )
    return str(folder)


def done(*works: Work) -> list[Done]:
    """Every process is ready before any begins."""
    with _started(*works) as processes:
        for one in processes:
            begin(one)
        return [Done(**json.loads(_line(one))) for one in processes]


@contextmanager
def under_way(work: Work) -> Iterator[None]:
    """Begun, and ended in the middle of it."""
    with _started(work) as [process]:
        begin(process)
        yield


@contextmanager
def _started(*works: Work) -> Iterator[list[subprocess.Popen[str]]]:
    processes = [_start(work) for work in works]
    try:
        for one in processes:
            assert _line(one) == "ready"
        yield processes
    finally:
        for one in processes:
            one.kill()
            one.communicate()


def begin(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("go\n")
    process.stdin.flush()


def _start(work: Work) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench._outbox_desk", json.dumps(asdict(work))]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(HERE)}
    )


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    line = process.stdout.readline().strip()
    assert line, "a contestant has ended; what it said stands above"
    return line
