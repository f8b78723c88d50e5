"""Who sends the letters of one run: our desk in each of its ways, nodemailer, and Postfix's smtp-source."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import pytest

from bench import _outbox_history as history
from bench import _outbox_letters as written
from bench import _outbox_nodemailer as peer
from bench._outbox_desk import Work, settings_of
from bench._outbox_processes import done, founded
from bench._outbox_sinks import Sink
from bot import building
from tests.servers import packages, postgres

Rate = Callable[[], float]
"""One round: letters a second."""
SOURCE_OPTIONS = ("-s", "10", "-d", "-l", "5450", "-m")
OF_THE_PAST = 2_000_000
"""The number from which the letters of the past are counted."""


@dataclass
class Bench:
    """What the contestants share, and how fast each was in each round: letters a second."""

    folder: Path
    sink: Sink
    slow: Sink
    server: postgres.Postgres | None
    share: int  # this part of everything
    rates: dict[str, list[float]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def letters(self) -> int:
        return 5_000 // self.share

    def note(self, what: str, rate: float) -> None:
        self.rates.setdefault(what, []).append(rate)
        print(f"  {what:24} {rate:9,.0f} letters a second", flush=True)

    @contextmanager
    def desk(self, *, database: bool = False) -> Iterator[tuple[str, str | None]]:
        """A new one: its folder, and its database where it has one; gone afterwards."""
        url = self.server.database() if database and self.server else None
        folder = founded(self.folder / f"desk-{next(self.numbers)}", url)
        try:
            yield folder, url
        finally:
            shutil.rmtree(folder)
            if url and self.server:
                self.server.drop(url)

    def work(self, folder: str, url: str | None = None, sink: Sink | None = None) -> Work:
        """Letters that no other work has."""
        to, nth, many = sink or self.sink, next(self.numbers), self.letters
        return Work(folder, to.port, str(to.written), f"R-{nth}", nth * 10_000, many, many, to.taken, database=url)


def new_desk(bench: Bench, *, database: bool = False) -> Rate:
    def rate() -> float:
        with bench.desk(database=database) as (folder, url):
            return _rate(bench.work(folder, url))

    return rate


def desk_with_a_past(bench: Bench) -> Rate:
    """One for all rounds: its first letter is sent, and then is a million."""
    many = 1_000_000 // bench.share
    print(f"writing {many:,} letters and deliveries of the past", flush=True)
    folder = founded(bench.folder / "desk-with-a-past")
    _rate(replace(bench.work(folder), release="R-past", first=OF_THE_PAST, count=1, of=1))
    history.fill(Path(folder), OF_THE_PAST, many)
    return lambda: _rate(bench.work(folder))


def nodemailer(bench: Bench) -> Rate:
    node = peer.brought()

    async def letters(work: Work) -> tuple[list[dict[str, str]], dict[str, list[str]]]:
        async with building.open_desk(Path(work.folder), settings_of(work)) as desk:
            return peer.people(written.clarifications(0, work.of, desk)), peer.pieces(desk)

    with bench.desk() as (folder, _):
        people, pieces = asyncio.run(letters(bench.work(folder)))

    def rate() -> float:
        before = bench.sink.taken
        seconds = peer.send(node, people, pieces, bench.sink.port, bench.folder)
        assert bench.sink.taken == before + len(people)
        return len(people) / seconds

    return rate


def smtp_source(bench: Bench) -> Rate:
    many = 20_000 // bench.share

    def rate() -> float:
        before = bench.sink.taken
        with packages.home_of("postfix") as home:
            source = [packages.program("smtp-source", home), *SOURCE_OPTIONS, str(many), f"127.0.0.1:{bench.sink.port}"]
            began = time.monotonic()
            subprocess.run(source, check=True)
            seconds = time.monotonic() - began
        assert bench.sink.taken == before + many
        return many / seconds

    return rate


def in_step(bench: Bench, connections: tuple[int, ...]) -> float:
    """One process queues, all of them deliver, each with so many connections; the sink has each letter once."""
    before = len(bench.slow.arrived())
    with bench.desk(database=True) as (folder, url):
        first = bench.work(folder, url, bench.slow)
        counts = [first.count, *[0] * (len(connections) - 1)]
        rate = _rate(
            *(replace(first, connections=many, count=here) for many, here in zip(connections, counts, strict=True))
        )
    arrived = bench.slow.arrived()[before:]
    assert len(arrived) == first.of
    assert len({one.message_id for one in arrived}) == len({one.recipient for one in arrived}) == first.of
    return rate


def _rate(*works: Work) -> float:
    """From the queueing of the first to the moment when ledger and sink have them all."""
    ended = done(*works)
    return works[0].of / (max(one.ended for one in ended) - min(one.began for one in ended))


@contextmanager
def left_out(what: str) -> Iterator[None]:
    """What cannot be had on this host is said in a sentence, and its ratio is left out."""
    try:
        yield
    except (peer.NotToBeHad, pytest.skip.Exception, pytest.fail.Exception) as error:
        print(f"Left out, since it cannot be had here: {what} ({error}).", flush=True)
