"""A real Dovecot on loopback: mailboxes for tests, and everything that can go wrong with a mail server."""

import grp
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Template

from tests.host import left_out
from tests.servers import certificates, packages
from tests.servers.mailbox import Account
from tests.servers.process import Process

CONFIGURATION = Path(__file__).parent / "configuration"


class Dovecot:
    """The server. `restart`, `freeze` and `thaw` are for all of its mailboxes; each test has an account of its own."""

    host = "127.0.0.1"

    def __init__(self, home: Path) -> None:
        self.home = home
        self.ports = {name: packages.free_port() for name in ("imap", "imaps", "lmtp", "auth")}
        self.certificates = certificates.make(home / "tls", home)
        self._program, self._doveadm = packages.program("dovecot", home), packages.program("doveadm", home)
        self._speaks()
        self._write()
        self.start()

    def start(self) -> None:
        command = [self._program, "-F", "-c", str(self.home / "dovecot.conf")]
        self._process = Process(command, self.ports["imap"], self.home / "out", **packages.as_nobody())

    def stop(self) -> None:
        self._process.end()

    def restart(self) -> None:
        self.stop()
        self.start()

    def freeze(self) -> None:
        """From now on nobody answers, and no connection ends: a network that is gone silently."""
        self._process.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.signal(signal.SIGCONT)

    def account(self, name: str, **fields: str) -> Account:
        """A new mailbox, NAME@example.test; `fields` are Dovecot's own for a user, for example imap_capability."""
        return Account(self, f"{name}@example.test", fields)

    def doveadm(self, *words: str) -> str:
        command = [self._doveadm, "-c", str(self.home / "dovecot.conf"), *words]
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd="/", **packages.as_nobody())
        assert done.returncode == 0, (words, done.stderr)
        return done.stdout

    def _speaks(self) -> None:
        version = subprocess.run(
            [self._program, "--version"], check=True, capture_output=True, text=True, cwd="/"
        ).stdout
        if not version.startswith("2.3."):
            left_out(
                f"these tests configure Dovecot 2.3, and this is {version.strip()}, whose configuration is another"
            )

    def _write(self) -> None:
        person = packages.NOBODY
        names = {
            "home": self.home, "libraries": packages.libraries("dovecot", self.home), "user": person.pw_name,
            "group": grp.getgrgid(person.pw_gid).gr_name, "certificate": self.certificates.certificate,
            "key": self.certificates.key, **self.ports,
        }  # fmt: skip
        for name in ("mail", "users", "tokens/default/HS256"):
            (self.home / name).mkdir(parents=True)
        for name in ("dovecot.conf", "oauth2.conf"):
            (self.home / name).write_text(Template((CONFIGURATION / name).read_text()).substitute(names))
        for path in (self.home, *self.home.rglob("*")):
            if packages.ROOT:
                os.chown(path, person.pw_uid, person.pw_gid, follow_symlinks=False)


@contextmanager
def running() -> Iterator[Dovecot]:
    with packages.home_of("dovecot") as home:
        server = Dovecot(home)
        try:
            yield server
        finally:
            server.thaw()
            server.stop()
