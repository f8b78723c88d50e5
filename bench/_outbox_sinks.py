"""Where the letters of every contestant go: smtp-sink with its own counter, and a scripted server that takes its time."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers import packages
from tests.servers.process import Process

HERE = Path(__file__).parents[1]
TAIL = 400
BACKLOG = "1000"


@dataclass(frozen=True, slots=True)
class Sink:
    """A server on loopback; `written` is where it writes down how many messages it has taken."""

    port: int
    written: Path

    @property
    def taken(self) -> int:
        return taken(self.written)

    def arrived(self) -> list["Arrived"]:
        """Every message, where the sink is the scripted one."""
        whole = self.written.read_text().rpartition("\n")[0] if self.written.exists() else ""
        return [Arrived.of(line) for line in whole.splitlines()]


@dataclass(frozen=True, slots=True)
class Arrived:
    at: float  # seconds, monotonic
    size: int
    recipient: str
    message_id: str

    @classmethod
    def of(cls, line: str) -> "Arrived":
        facts = dict(word.split("=", 1) for word in line.split(" "))
        return cls(float(facts["at"]), int(facts["size"]), facts["to"], facts["id"])


def taken(written: Path) -> int:
    """The last count that a sink has written: after each message, smtp-sink with its option -c and the scripted one alike."""
    with written.open("rb") as file:
        file.seek(max(0, file.seek(0, 2) - TAIL))
        counts = re.findall(rb"mesg=(\d+)", file.read())
    return int(counts[-1]) if counts else 0


@contextmanager
def smtp_sink(folder: Path) -> Iterator[Sink]:
    """Postfix's own, which offers PIPELINING and keeps nothing."""
    with packages.home_of("postfix") as home:
        port, written = packages.free_port(), folder / "smtp-sink"
        command = [packages.program("smtp-sink", home), "-c", f"127.0.0.1:{port}", BACKLOG]
        server = Process(command, port, written, **packages.as_nobody())
        try:
            yield Sink(port, written)
        finally:
            server.end()


@contextmanager
def scripted(folder: Path, *, seconds: float) -> Iterator[Sink]:
    """Waits so long before each of its replies."""
    port = packages.free_port()
    written = folder / f"scripted-{port}"
    command = [sys.executable, "-m", "bench._outbox_scripted", str(port), str(written), str(seconds)]
    server = Process(command, port, folder / "scripted.log", env=os.environ | {"PYTHONPATH": str(HERE)})
    try:
        yield Sink(port, written)
    finally:
        server.end()
