"""A real Postfix on loopback: submission with TLS and a password, and domains that refuse, defer and send back."""

import shutil
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from tests.host import left_out
from tests.servers import packages
from tests.servers.certificates import Certificates
from tests.servers.dovecot import Dovecot
from tests.servers.process import Process, eventually
from tests.servers.sink import Sink

CONFIGURATION = Path(__file__).parent / "configuration"
OWNER, GROUP = "news", "uucp"
"""Accounts that Debian and Ubuntu always have, in the place of postfix and postdrop, which would have to be made."""
FOLDERS = ["active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace"]


@dataclass(slots=True)
class Postfix:
    """`submission` asks for STARTTLS and an account of Dovecot's, `submissions` speaks TLS from the start, `mx` is the world's door."""

    home: Path
    certificates: Certificates
    ports: dict[str, int] = field(
        default_factory=lambda: {n: packages.free_port() for n in ("mx", "submission", "submissions")}
    )
    host: str = "127.0.0.1"

    def takes(self, sender: str, recipient: str, *raws: bytes) -> None:
        """The world writes to `recipient`: through the door that asks for no password."""
        with smtplib.SMTP(self.host, self.ports["mx"]) as client:
            for raw in raws:
                client.sendmail(sender, [recipient], raw)

    def log(self) -> str:
        return (self.home / "postfix.log").read_text(errors="replace")

    def logs(self, words: str) -> None:
        """Return as soon as the log has these words in it."""
        eventually(lambda: words in self.log())


@contextmanager
def running(dovecot: Dovecot, sink: Sink) -> Iterator[Postfix]:
    if not packages.ROOT:
        left_out("Postfix runs as root only, and these tests do not")
    with packages.home_of("postfix") as home:
        server = Postfix(home, dovecot.certificates)
        _write(server, dovecot, sink)
        command = [str(packages.libraries("postfix", home) / "sbin" / "master"), "-c", str(home / "conf"), "-d"]
        process = Process(command, server.ports["submission"], home / "out")
        try:
            yield server
        finally:
            process.end()


def _write(server: Postfix, dovecot: Dovecot, sink: Sink) -> None:
    home, conf = server.home, server.home / "conf"
    names = {
        "home": home, "libraries": packages.libraries("postfix", home), "owner": OWNER, "group": GROUP,
        "certificate": server.certificates.certificate, "key": server.certificates.key,
        "lmtp": dovecot.ports["lmtp"], "auth": dovecot.ports["auth"], **server.ports,
        **{domain.partition(".")[0]: port for domain, port in sink.ports.items()},
    }  # fmt: skip
    conf.mkdir()
    for name in ("main.cf", "master.cf", "transport"):
        (conf / name).write_text(Template((CONFIGURATION / name).read_text()).substitute(names))
    _folder(home / "data", OWNER, 0o700)
    for name in FOLDERS:
        _folder(home / "queue" / name, OWNER, 0o700)
    _folder(home / "queue/pid", "root", 0o755)
    _folder(home / "queue/maildrop", OWNER, 0o730)
    _folder(home / "queue/public", OWNER, 0o710)


def _folder(path: Path, owner: str, mode: int) -> None:
    path.mkdir(parents=True)
    shutil.chown(path, owner, GROUP if mode in (0o730, 0o710) else None)
    path.chmod(mode)
