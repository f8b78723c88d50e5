"""Where our contestant's time goes: python -m bench._outbox_profile [loop|store|jobs] [LETTERS], alone and in this process.

`loop` profiles the event loop's thread, `store` the store's, and `jobs` adds up what the store's thread was asked for,
without slowing anything: wall seconds, and of them seconds of processor.
"""

import asyncio
import cProfile
import pstats
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from bench._outbox_desk import Work, do
from bench._outbox_processes import founded
from bench._outbox_sinks import smtp_sink
from bot.door import fast_loop
from storage import thread

LINES = 40
DATABASE_THREAD = "store"
Told = Callable[[], None]
"""Called when the clock begins to run."""


def main(what: str, letters: int) -> None:
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as name, smtp_sink(Path(name)) as sink:
        work = Work(founded(Path(name) / "desk"), sink.port, str(sink.written), "R-1", 0, letters, letters, sink.taken)
        with PROFILES[what]() as told, asyncio.Runner(loop_factory=fast_loop()) as runner:
            done = runner.run(do(work, told))
    seconds, queueing = done.ended - done.began, done.queued - done.began
    print(f"{letters / seconds:,.0f} letters a second: {1e6 * seconds / letters:.0f} µs each", end="")
    print(f", of which queueing {1e6 * queueing / letters:.0f}")


@contextmanager
def _loop() -> Iterator[Told]:
    profile = cProfile.Profile()
    yield profile.enable
    profile.disable()
    _show(profile)


@contextmanager
def _store() -> Iterator[Told]:
    """The jobs of the thread that has the database; the one for kept files is not looked at."""
    profile, begun = cProfile.Profile(), threading.Event()

    def profiled(_name: str, do: Callable[[], None]) -> None:
        if begun.is_set() and threading.current_thread().name == DATABASE_THREAD:
            profile.runcall(do)
        else:
            do()

    with _each_job(profiled):
        yield begun.set
    _show(profile)


@contextmanager
def _jobs() -> Iterator[Told]:
    took: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])

    def measured(name: str, do: Callable[[], None]) -> None:
        wall, processor = time.perf_counter(), time.thread_time()
        do()
        spent = 1.0, time.perf_counter() - wall, time.thread_time() - processor
        took[name] = [one + more for one, more in zip(took[name], spent, strict=True)]

    with _each_job(measured):
        yield took.clear
    for name, (times, wall, processor) in sorted(took.items(), key=lambda one: -one[1][1]):
        print(f"{name:60} {times:7.0f} times {wall:8.3f} s, {processor:8.3f} s of processor")


@contextmanager
def _each_job(around: Callable[[str, Callable[[], None]], None]) -> Iterator[None]:
    """Put something around every job that a store's thread does."""
    plain = thread._Job.do  # noqa: SLF001 - a profile looks inside

    def do(self: thread._Job) -> None:
        around(_named(self), lambda: plain(self))

    thread._Job.do = do  # type: ignore[method-assign] # noqa: SLF001 - what is measured is the thread's own job
    try:
        yield
    finally:
        thread._Job.do = plain  # type: ignore[method-assign] # noqa: SLF001 - what is measured is the thread's own job


def _named(job: thread._Job) -> str:
    """What is done in the end: the store's own functions take it as their first argument."""
    done = job.args[0] if job.args and callable(job.args[0]) else job.job
    return str(getattr(done, "__qualname__", done))


def _show(profile: cProfile.Profile) -> None:
    pstats.Stats(profile).sort_stats("tottime").print_stats(LINES)


PROFILES: dict[str, Callable[[], AbstractContextManager[Told]]] = {"loop": _loop, "store": _store, "jobs": _jobs}

if __name__ == "__main__":
    wanted, many = [*sys.argv[1:], "jobs", "5000"][:2] if len(sys.argv) != 2 else (sys.argv[1], "5000")
    main(wanted, int(many))
