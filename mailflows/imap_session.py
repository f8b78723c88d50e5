"""One IMAP connection with one folder open in it: looked at, read, moved out of, and waited in; nothing is marked as read."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from committee.errors import Refused, Unavailable
from mailflows import imap_client
from mailflows.access_tokens import AccessTokens
from mailflows.endpoints import IMAPServer
from mailflows.imap_client import Answer
from mailflows.mailboxes import TooLarge

TAKEN = ("Verbale", "Taken")
"""The folder for what has been taken in, in the account's own folders."""
MOST_HEADERS = 200_000
"""Bytes of the headers of a message that is too large: the headers themselves may be what is large."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is in the folder: UIDs in order, good for as long as its UIDVALIDITY (RFC 9051, 2.3.1.1)."""

    validity: int
    uids: tuple[int, ...]
    idles: bool


class Session:
    """Used from one thread alone, except `cut`. After `alive` has become False there is nothing to be done with it."""

    def __init__(
        self,
        server: IMAPServer,
        ca_file: Path | None,
        tokens: AccessTokens | None,
        *,
        loopback_only: bool,
        most: int,
    ) -> None:
        self._server, self._ca_file, self._tokens = server, ca_file, tokens
        self._loopback_only, self._most = loopback_only, most
        self._client: Any = None
        self._validity, self._writable, self._shelf = 0, False, ""
        self.alive, self.entered = True, False

    def enter(self) -> None:
        """Connect, protect the line, log in and open the folder; `NotLetIn`, `Refused` or `Unavailable` say why not."""
        try:
            with self._asking():
                self._client = imap_client.connected(self._server, self._ca_file, loopback_only=self._loopback_only)
                imap_client.enter(self._client, self._server, self._ca_file, self._tokens)
            self._select()
            self.entered = True
        finally:
            self.alive = self.alive and self.entered

    def look(self, validity: int = 0, after: int = 0) -> Look:
        """Open the folder anew and search it: all of it, or what is above `after` while its UIDVALIDITY is that."""
        self._select()
        start = after + 1 if validity == self._validity else 1
        with self._asking():
            found = self._client.search(f"UID {start}:*")
        # RFC 9051, 6.4.9: n:* names the last message also where its UID is below n
        uids = tuple(sorted(uid for uid in found if uid >= start))
        return Look(self._validity, uids, self._can("IDLE"))

    def read(self, validity: int, uid: int) -> bytes | TooLarge | None:
        """The message as it came, without a flag being set; None where it is not there, or that UID is another's now."""
        if validity != self._validity:
            return None
        size = self._fetched(uid, "RFC822.SIZE")
        if size is None:
            return None
        if size > self._most:
            headers = self._fetched(uid, f"BODY.PEEK[HEADER]<0.{MOST_HEADERS}>", "BODY[HEADER]<0>")
            return None if headers is None else TooLarge(headers, size)
        return cast("bytes | None", self._fetched(uid, "BODY.PEEK[]"))

    def put_away(self, validity: int, uid: int) -> bool:
        """Whether it is out of the folder now; False where it has to stay: read-only, over quota, or no way to move one."""
        if validity != self._validity:
            return True
        if not self._writable or not (self._can("MOVE") or self._can("UIDPLUS")):
            return False
        shelf = self._shelf = self._shelf or self._place_for_taken()
        if self._moved(uid, shelf):
            return True
        with suppress(Answer), self._asking():
            self._client.create_folder(shelf)
            self._client.subscribe_folder(shelf)
        return self._moved(uid, shelf)

    def idle(self, seconds: float) -> None:
        """Wait in IDLE until the server says something, at most so long. What it says does not count: look again."""
        with self._asking():
            self._client.idle()
            self._client.idle_check(timeout=seconds)
            self._client.idle_done()  # after the server has gone only this one says so

    def leave(self) -> None:
        self.alive = False
        if self._client:
            with suppress(Exception):
                self._client.logout()
            with suppress(Exception):
                self._client.shutdown()

    def cut(self) -> None:
        """End the connection from outside: whoever waits for it is told at once."""
        self.alive = False
        if self._client:
            with suppress(OSError, AttributeError):
                socket.socket.shutdown(self._client.socket(), socket.SHUT_RDWR)

    def _select(self) -> None:
        try:
            with self._asking():
                self._validity, self._writable = imap_client.opened(self._client, self._server.folder)
        except Answer as answer:
            self.alive = False
            where = f"{self._server.host} does not open the folder {self._server.folder!r}"
            raise Refused(f"{where}: {answer}. See to the end of INBOX_URL") from answer

    def _fetched(self, uid: int, what: str, named: str = "") -> Any:
        """One thing of one message, which the answer may name otherwise; None where it is not there.

        `Unavailable` where the server does not hand it over.
        """
        named = named or what.replace(".PEEK", "")
        found, why = None, "nothing came"
        try:
            with self._asking():
                found = self._client.fetch([uid], [what]).get(uid, {}).get(named.encode())
        except Answer as answer:
            why = str(answer)
        if found is None and self._there(uid):
            raise Unavailable(f"it could not be read ({why}); it stays where it is")
        return found

    def _there(self, uid: int) -> bool:
        with self._asking():
            return uid in self._client.search(f"UID {uid}")

    def _moved(self, uid: int, shelf: str) -> bool:
        with suppress(Answer), self._asking():
            if self._can("MOVE"):
                self._client.move([uid], shelf)
            else:
                self._client.copy([uid], shelf)
                self._client.delete_messages([uid], silent=True)
                self._client.uid_expunge([uid])  # RFC 4315, 2.1: what others have marked as deleted stays
            return True
        return False

    def _place_for_taken(self) -> str:
        prefix, separator = "", "/"
        with suppress(Answer), self._asking():
            if self._can("NAMESPACE"):
                prefix, separator = (self._client.namespace().personal or ((prefix, separator),))[0]
            else:
                [(_, hierarchy, _)] = self._client.list_folders("", "")
                separator = hierarchy.decode() if hierarchy else ""
        return prefix + (separator or " ").join(TAKEN)

    def _can(self, capability: str) -> bool:
        with self._asking():
            return bool(self._client.has_capability(capability))

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """After anything but an answer this session is of no more use."""
        try:
            with imap_client.plainly(self._server):
                yield
        except Answer:
            raise
        except BaseException:
            self.alive = False
            raise
