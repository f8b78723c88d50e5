"""smtp-sink, which swallows what it is sent; and the same in bad moods, the next hop of the world of postfix.py."""

import re
import shutil
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
    "slow.test": ["-r", "RCPT", "-b", "450 4.7.1 greylisted, try again in 300 seconds"],
    "world.example": ["-d", "{home}/world/%H."],
}
"""What each domain's next hop answers; smtp-sink offers PIPELINING only in the first. The last keeps what it takes."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message as it reached one address of the world."""

    sender: str
    recipient: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Sink:
    """`ports` by domain; `port` is the sink that takes everything."""

    home: Path
    ports: dict[str, int]
    host: str = "127.0.0.1"

    @property
    def port(self) -> int:
        return self.ports["sink.test"]

    def world(self, sender: str) -> list[Arrived]:
        """What has reached the missions and capitals of `.example` from an envelope sender, with a detail or without."""
        return [
            one for one in map(_arrived, sorted((self.home / "world").glob("*"))) if one and _same(one.sender, sender)
        ]


@contextmanager
def running() -> Iterator[Sink]:
    with packages.home_of("postfix") as home, ExitStack() as ending:
        program = packages.program("smtp-sink", home)
        (home / "world").mkdir()
        if packages.ROOT:
            shutil.chown(home / "world", packages.NOBODY.pw_uid)
        ports = {domain: packages.free_port() for domain in MOODS}
        for domain, port in ports.items():
            mood = [word.format(home=home) for word in MOODS[domain]]
            command = [program, *mood, f"127.0.0.1:{port}", "1024"]
            ending.callback(Process(command, port, home / "sink.log", **packages.as_nobody()).end)
        yield Sink(home, ports)


def _arrived(file: Path) -> Arrived | None:
    """The envelope stands above the message; None while a message is still on its way."""
    head, _, raw = file.read_bytes().partition(b"\nReceived: from ")
    found = re.search(rb"^X-Mail-Args: <([^>]*)>.*?^X-Rcpt-Args: <([^>]*)>", head, re.MULTILINE | re.DOTALL)
    return Arrived(found[1].decode(), found[2].decode(), b"Received: from " + raw) if found and raw else None


def _same(one: str, other: str) -> bool:
    """Whether two addresses are one mailbox's: what stands after a plus names a delivery."""
    return re.sub(r"\+[^@]*", "", one) == re.sub(r"\+[^@]*", "", other)
