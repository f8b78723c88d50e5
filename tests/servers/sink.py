"""smtp-sink, which swallows what it is sent; and the same in bad moods, the next hop of the world of postfix.py."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers import packages
from tests.servers.process import Process

MOODS = {
    "sink.test": [],
    "gone.test": ["-f", "RCPT", "-B", "550 5.1.1 no such user here"],
    "full.test": ["-f", "RCPT", "-B", "552 5.2.2 mailbox full"],
    "spam.test": ["-f", ".", "-B", "554 5.7.1 refused as spam"],
    "slow.test": ["-r", "RCPT", "-b", "450 4.7.1 greylisted, try again"],
}
"""What each domain's next hop answers; smtp-sink offers PIPELINING only in the first."""


@dataclass(frozen=True, slots=True)
class Sink:
    """`ports` by domain; `port` is the sink that takes everything."""

    home: Path
    ports: dict[str, int]
    host: str = "127.0.0.1"

    @property
    def port(self) -> int:
        return self.ports["sink.test"]


@contextmanager
def running() -> Iterator[Sink]:
    with packages.home_of("postfix") as home, ExitStack() as ending:
        program = packages.program("smtp-sink", home)
        ports = {domain: packages.free_port() for domain in MOODS}
        for domain, port in ports.items():
            command = [program, *MOODS[domain], f"127.0.0.1:{port}", "1024"]
            ending.callback(Process(command, port, home / "sink.log", **packages.as_nobody()).end)
        yield Sink(home, ports)
