"""One account on the tests' Dovecot, as its server, its other readers and its administrator see it."""

import base64
import hashlib
import hmac
import imaplib
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.servers import packages
from tests.servers.process import eventually

if TYPE_CHECKING:
    from tests.servers.dovecot import Dovecot

TOKEN_KEY = b"a key of the tests"
PASSWORD = "p@ss/word"  # what stands in a URL must be quoted


class Account:
    """A mailbox that a test fills, spoils and looks into; nothing here marks a message as read."""

    def __init__(self, server: "Dovecot", user: str, fields: dict[str, str]) -> None:
        self.host = server.host
        self.server, self.user, self.password = server, user, PASSWORD
        self._fields = fields
        self._enter()

    def url(self, folder: str = "", *, scheme: str = "imap", query: str = "") -> str:
        port = self.server.ports[scheme]
        who = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        return f"{scheme}://{who}@{self.host}:{port}/{quote(folder)}{query}"

    def deliver(self, *raws: bytes, mailbox: str = "INBOX") -> None:
        with self.client() as client:
            for raw in raws:
                _done(client.append(mailbox, "", imaplib.Time2Internaldate(time.time()), raw))

    def lands(self, *raws: bytes) -> None:
        """As a delivery agent does it, into the folder itself: a thousand in a moment."""
        self.uids()  # the first login makes the folder
        for number, raw in enumerate(raws):
            name = f"{time.time():.6f}.{number:05}.agent.test"
            aside = self._folder / "tmp" / name
            aside.write_bytes(raw)
            if packages.ROOT:
                shutil.chown(aside, packages.NOBODY.pw_uid, packages.NOBODY.pw_gid)
            aside.rename(self._folder / "new" / name)

    def uids(self, mailbox: str = "INBOX") -> list[int]:
        with self.client(mailbox) as client:
            return [int(uid) for uid in _done(client.uid("SEARCH", "ALL"))[0].split()]

    def came(self, number: int = 1, mailbox: str = "INBOX") -> list[bytes]:
        """So many mails, as soon as they are there."""
        eventually(lambda: self._has(mailbox) and len(self.uids(mailbox)) >= number)
        with self.client(mailbox) as client:
            return [_done(client.uid("FETCH", str(uid), "(BODY.PEEK[])"))[0][1] for uid in self.uids(mailbox)]

    def flags(self, mailbox: str = "INBOX") -> str:
        with self.client(mailbox) as client:
            return repr(_done(client.uid("FETCH", "1:*", "(FLAGS)")))

    def flag(self, uid: int, flag: str) -> None:
        with self.client() as client:
            client.select("INBOX")
            _done(client.uid("STORE", str(uid), "+FLAGS", flag))

    def expunge(self, uid: int) -> None:
        """As another mail reader does it."""
        with self.client() as client:
            client.select("INBOX")
            _done(client.uid("STORE", str(uid), "+FLAGS", "(\\Deleted)"))
            _done(client.expunge())

    def access_token(self) -> str:
        """A token that the server takes for ten minutes in the place of the password (RFC 7519, HS256)."""

        def coded(value: bytes) -> str:
            return base64.urlsafe_b64encode(value).decode().rstrip("=")

        (self.server.home / "tokens/default/HS256/default").write_text(base64.b64encode(TOKEN_KEY).decode())
        now = int(time.time())
        claims = {"sub": self.user, "iat": now - 60, "exp": now + 600}
        head = ".".join(coded(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "HS256"}, claims))
        return f"{head}.{coded(hmac.digest(TOKEN_KEY, head.encode(), hashlib.sha256))}"

    def set_password(self, password: str) -> None:
        """Whoever is logged in stays so until `kick`."""
        self.password = password
        self._change()

    def kick(self) -> None:
        """End every connection of this account."""
        self.server.doveadm("kick", self.user)

    def uidvalidity_change(self) -> None:
        """The UIDs of yesterday mean nothing any more: what a restored or moved mailbox looks like."""
        status = self.server.doveadm("-f", "flow", "mailbox", "status", "-u", self.user, "uidvalidity", "INBOX")
        now = int(status.rpartition("uidvalidity=")[2].split()[0])
        without_rights = ("-o", "mail_plugins=quota")  # an administrator may do this in a read-only mailbox too
        self.server.doveadm(
            *without_rights, "mailbox", "update", "-u", self.user, "--uid-validity", str(now + 1), "INBOX"
        )

    def read_only(self) -> None:
        """From the next login on this account may look and read, and nothing else (RFC 4314)."""
        (self._folder / "dovecot-acl").write_text("owner lr\n")

    def spoil(self, uid: int) -> None:
        """The server can no longer read this one: a bad spot on its disk."""
        line = next(x for x in (self._folder / "dovecot-uidlist").read_text().splitlines() if x.startswith(f"{uid} "))
        for file in [*self._folder.glob("new/*"), *self._folder.glob("cur/*")]:
            if file.name.startswith(line.rpartition(":")[2]):
                file.chmod(0)

    def quota(self, size: str) -> None:
        """For example 1k: full from now on, where there is anything in it."""
        self._fields["quota_rule"] = f"*:storage={size}"
        self._change()

    def _has(self, mailbox: str) -> bool:
        with self.client() as client:
            return _done(client.list('""', f'"{mailbox}"')) != [None]

    @property
    def _folder(self) -> Path:
        return self.server.home / "mail" / self.user.partition("@")[0] / "Maildir"

    @contextmanager
    def client(self, mailbox: str | None = None) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4(self.host, self.server.ports["imap"]) as client:
            client.login(self.user, self.password)
            if mailbox:
                _done(client.select(f'"{mailbox}"', readonly=True))
            yield client

    def _enter(self) -> None:
        fields = " ".join(f"userdb_{name}={value}" for name, value in self._fields.items())
        (self.server.home / "users" / self.user).write_text(f"{self.user}:{{PLAIN}}{self.password}::::::{fields}\n")

    def _change(self) -> None:
        time.sleep(1.1)  # Dovecot looks once a second whether a file of accounts has changed
        self._enter()


def _done(answer: tuple[str, list]) -> list:
    assert answer[0] == "OK", answer
    return answer[1]
