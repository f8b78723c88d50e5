"""The desk's database goes in the middle of a run, and its clock jumps: the desk goes on by itself, and each letter has left once."""

import asyncio
import os
import random
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from mailflows.desk import Desk
from tests.bot.sending import PAST_EVERY_LEASE, Where, all_sent, desk_of, queue, reckoned, sending, until
from tests.servers.postgres import Postgres
from tests.servers.recording import RecordingSink, recording

pytest_plugins = ["tests.servers.fixtures"]
pytestmark = [pytest.mark.long, pytest.mark.server]

CONNECTIONS, LETTERS = 4, 160
AWAY_SECONDS = 0.7


class Wire:
    """The way to the server, through which the sending process alone goes: it can be shut, and opened again."""

    def __init__(self, to: int) -> None:
        self._to, self._ends = to, list[socket.socket]()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self._open = True
        threading.Thread(target=self._accept, daemon=True).start()

    def shut(self) -> None:
        self._open = False
        for end in self._ends:
            hang_up(end)
            end.close()
        self._ends.clear()

    def open(self) -> None:
        self._open = True

    def end(self) -> None:
        self.shut()
        self._door.close()

    def _far(self) -> socket.socket | None:
        with suppress(OSError):
            return socket.create_connection(("127.0.0.1", self._to)) if self._open else None
        return None

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            if (far := self._far()) is None:
                near.close()
                continue
            self._ends += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=carry, args=(one, other), daemon=True).start()


def hang_up(end: socket.socket) -> None:
    """Whoever reads from it is woken."""
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


def carry(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while block := one.recv(65_536):
            other.sendall(block)
    hang_up(other)


@pytest.fixture
def sink() -> Iterator[RecordingSink]:
    with recording(seconds=0.004) as one:
        yield one


@pytest.fixture
def wire(postgres: Postgres) -> Iterator[Wire]:
    one = Wire(postgres.port)
    yield one
    one.end()


@pytest.fixture
def where(database: str, sink: RecordingSink, tmp_path: Path) -> Where:
    return Where(tmp_path / "desk", database, sink.url, CONNECTIONS)


@pytest.fixture
async def desk(where: Where) -> AsyncIterator[Desk]:
    async with desk_of(where) as opened:
        yield opened


@pytest.fixture
def through(wire: Wire, where: Where) -> Where:
    """The same desk, reached through the wire."""
    there = urlsplit(where.url)
    url = there._replace(netloc=f"desk@127.0.0.1:{wire.port}").geturl()
    return Where(where.folder, url, where.smtp, where.connections)


def restarted(postgres: Postgres, _wire: Wire) -> None:
    postgres.restart()


def cut_off(postgres: Postgres, _wire: Wire) -> None:
    for _ in range(5):
        postgres.cut_off()
        time.sleep(0.1)


def port_closed(_postgres: Postgres, wire: Wire) -> None:
    wire.shut()
    time.sleep(AWAY_SECONDS)
    wire.open()


def silent(postgres: Postgres, _wire: Wire) -> None:
    """It is there, and says nothing: all its processes stand still."""
    with frozen(postgres):
        time.sleep(AWAY_SECONDS)


@contextmanager
def frozen(postgres: Postgres) -> Iterator[None]:
    backends = [
        pid for (pid,) in postgres.sql("postgres", "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    ]
    standing = [postgres._process.pid, *backends]
    for pid in standing:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in standing:
            os.kill(pid, signal.SIGCONT)


@pytest.fixture(params=[restarted, cut_off, port_closed, silent])
def fault(request: pytest.FixtureRequest, postgres: Postgres, wire: Wire) -> Callable[[], None]:
    return partial(request.param, postgres, wire)


async def test_a_database_that_goes_in_the_middle_of_a_run_loses_nothing_and_doubles_nothing(
    fault: Callable[[], None], desk: Desk, through: Where, sink: RecordingSink
) -> None:
    await queue(desk, 0, LETTERS)
    with sending(through) as one:
        await asyncio.to_thread(sink.until, LETTERS // 4)
        await asyncio.to_thread(fault)
        assert one.lives
        # No lease runs out: what was claimed and could not be begun was given back once the database was there again.
        await all_sent(desk, count=LETTERS)
        await asyncio.to_thread(one.end)
    assert (await reckoned(desk, sink, LETTERS)).seconds == 0


@pytest.mark.parametrize("by", [timedelta(hours=-1), timedelta(days=1)], ids=["back an hour", "forward a day"])
async def test_its_clock_may_jump_in_the_middle_of_a_run(
    by: timedelta, desk: Desk, where: Where, sink: RecordingSink, postgres: Postgres
) -> None:
    """Two processes, each of which may think that the other is gone."""
    await queue(desk, 0, LETTERS)
    with sending(where, "mail") as one, sending(where, "mail") as other:
        await asyncio.to_thread(sink.until, LETTERS // 4)
        sink.holds = b"."
        await until(lambda: lines_wait(sink))
        open_then = sink.open
        await asyncio.to_thread(postgres.shift, where.url, by)
        await asyncio.sleep(random.Random(1540).uniform(0.1, 0.3))
        sink.holds = b""
        # A claim from before a clock that went back would hold an hour too long; it ends where its lease does.
        await asyncio.to_thread(sink.until, LETTERS)
        await asyncio.to_thread(postgres.shift, where.url, max(by, timedelta()) + PAST_EVERY_LEASE)
        await all_sent(desk, count=LETTERS)
        await asyncio.to_thread(one.end)
        await asyncio.to_thread(other.end)
    assert (await reckoned(desk, sink, LETTERS)).seconds <= (open_then if by > timedelta() else 0)


async def lines_wait(sink: RecordingSink) -> bool:
    return sink.held >= CONNECTIONS
