"""How many letters a second leave, ledger and all: beside nodemailer, smtp-source, a million rows, PostgreSQL, two processes."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from bench import _outbox_aside as aside
from bench import _outbox_contestants as contestants
from bench._outbox_contestants import Bench, left_out
from bench._outbox_sinks import HERE, scripted, smtp_sink
from tests.servers import postgres

QUICK = bool(os.environ.get("BENCH_QUICK"))
"""A twentieth of everything, once, to see that it runs; what it prints then says nothing."""
ROUNDS, OTHER_ROUNDS, SHARE = (1, 1, 20) if QUICK else (5, 3, 1)
WAITS_SECONDS = 0.020
OURS, NODEMAILER, SMTP_SOURCE = "ours, embedded", "nodemailer", "smtp-source"
PAST, POSTGRES = "ours, 1,000,000 before", "ours, PostgreSQL"
ONE, TWO = "PostgreSQL, one of 16", "PostgreSQL, two of 8"
RATIOS = {
    "over_nodemailer": (OURS, NODEMAILER),
    "of_smtp_source": (OURS, SMTP_SOURCE),
    "with_history": (PAST, OURS),
    "postgres": (POSTGRES, OURS),
    "two_processes": (TWO, ONE),
}


def run() -> dict[str, float]:
    """Everything in turn, round after round; each ratio is the median of its rounds' own."""
    subprocess.run(["sh", "tests/tools.sh"], check=False, cwd=HERE)  # noqa: S607 - Debian's postfix and postgresql, where they are not here
    with _set_up() as bench:
        _race(bench)
        if bench.server:
            _race_in_step(bench)
        print("a receipt behind bulk, and a circulation with an enclosure", flush=True)
        seconds = aside.measured(bench.folder, bench.sink, OTHER_ROUNDS, bench.letters)
    for what, rates in bench.rates.items():
        print(f"{what:24} {median(rates):9,.0f} letters a second  (from {min(rates):,.0f} to {max(rates):,.0f})")
    return _ratios(bench.rates) | seconds


@contextmanager
def _set_up() -> Iterator[Bench]:
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-")))
        sink = ending.enter_context(smtp_sink(folder))
        slow = ending.enter_context(scripted(folder, seconds=WAITS_SECONDS))
        server = None
        with left_out("PostgreSQL"):
            server = ending.enter_context(postgres.running(forced=True))
            for promise in ("fsync", "synchronous_commit"):
                assert server.sql("postgres", f"SHOW {promise}") == [("on",)]
        try:
            yield Bench(folder, sink, slow, server, SHARE)
        except BaseException:
            if server:  # its log goes with its folder
                print((server.home / "log").read_text(errors="replace")[-5_000:], file=sys.stderr)
            raise


def _race(bench: Bench) -> None:
    racing = {OURS: contestants.new_desk(bench)}
    with left_out("nodemailer"):
        racing[NODEMAILER] = contestants.nodemailer(bench)
    racing |= {SMTP_SOURCE: contestants.smtp_source(bench), PAST: contestants.desk_with_a_past(bench)}
    if bench.server:
        racing[POSTGRES] = contestants.new_desk(bench, database=True)
    for nth in range(ROUNDS):
        print(f"round {nth + 1} of {ROUNDS}", flush=True)
        for what, rate in racing.items():
            bench.note(what, rate())


def _race_in_step(bench: Bench) -> None:
    for nth in range(OTHER_ROUNDS):
        print(f"a sink that waits, round {nth + 1} of {OTHER_ROUNDS}", flush=True)
        for what, connections in {ONE: (16,), TWO: (8, 8)}.items():
            bench.note(what, contestants.in_step(bench, connections))


def _ratios(rates: dict[str, list[float]]) -> dict[str, float]:
    """Those of which both sides were here, each the median of its rounds' own."""
    return {
        name: median(ours / theirs for ours, theirs in zip(rates[over], rates[under], strict=True))
        for name, (over, under) in RATIOS.items()
        if over in rates and under in rates
    }
