"""The IMAP edge: mail that waits on a server, read beside the people who share the mailbox, and moved once it is kept."""

import asyncio
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from committee.errors import Refused, Unavailable
from mailflows.access_tokens import AccessTokens, TokenFile
from mailflows.endpoints import IMAPServer
from mailflows.imap_line import Line
from mailflows.imap_session import Look, Session
from mailflows.mailboxes import TooLarge

MOST_BYTES = 50_000_000
"""Of a larger message only the headers are fetched."""
LOOK_SECONDS, MOVE_SECONDS, READ_SECONDS = 120.0, 120.0, 900.0
"""The watchdog's: how long a server may take in all, whatever it says in between."""
LEAVE_SECONDS = 2.0
"""How long it may take to log out: a desk that is ended has ten seconds in all."""
TICK_SECONDS = 20.0
"""How long one IDLE lasts before the folder is searched: a message that came between SEARCH and IDLE waits no longer."""
POLL_SECONDS = 15.0
"""The same where the server has no IDLE."""


class IMAPInbox:
    """Mail in one folder. Nothing is ever marked as read.

    Two connections, so that waiting for mail and reading it do not wait for each other; each has its own thread.
    `tokens` give what stands in for a password. `loopback_only` is the practice desk's promise: no connection is opened
    beyond this computer.
    """

    def __init__(
        self,
        server: IMAPServer,
        *,
        ca_file: Path | None = None,
        tokens: AccessTokens | None = None,
        loopback_only: bool = False,
        most: int = MOST_BYTES,
    ) -> None:
        tokens = tokens or (TokenFile(server.token, "INBOX_URL") if server.token else None)
        session = partial(Session, server, ca_file, tokens, loopback_only=loopback_only, most=most)
        self._server = server
        self._reading, self._watching = Line(session), Line(session)
        self._seen = (0, 0)  # the UIDVALIDITY and the highest UID that somebody has been told of
        self._stays: frozenset[str] = frozenset()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await asyncio.gather(self._reading.close(LEAVE_SECONDS), self._watching.close(LEAVE_SECONDS))

    async def waiting(self) -> list[str]:
        """The names of what is in the folder, in the order of arrival, without what was taken and has to stay there.

        After a change of UIDVALIDITY every message has a new name, and is known by its bytes. `Refused` (not let in, no
        such folder) or `Unavailable`.
        """
        look = await self._look()
        self._seen = (look.validity, max(look.uids, default=0))
        names = [f"{look.validity}/{uid}" for uid in look.uids]
        self._stays &= frozenset(names)
        return [name for name in names if name not in self._stays]

    def source(self, name: str) -> str:
        """Folder, UIDVALIDITY and UID, and whose: every account has an INBOX, and many a UIDVALIDITY is 1."""
        return f"imap:{self._server}/{name}"

    async def read(self, name: str) -> bytes | TooLarge | None:
        """The message, its headers where it is too large, or None where it has vanished; `Unavailable` if it cannot be read.

        Once the server has let no new connection in, the rest of a round does not wait for it again.
        """
        if not self._reading.reachable:
            raise Unavailable(f"{self._server.host} cannot be reached; it stays there")
        validity, uid = _place(name)
        return await self._reading.ask(lambda session: session.read(validity, uid), READ_SECONDS)

    async def taken(self, name: str) -> None:
        """Move it to the folder of what is taken. Where that cannot be done it stays, and is not offered again."""
        if not self._reading.reachable:
            return
        validity, uid = _place(name)
        with suppress(Refused, Unavailable):
            if not await self._reading.ask(lambda session: session.put_away(validity, uid), MOVE_SECONDS):
                self._stays |= {name}

    async def changed(self, seconds: float) -> bool:
        """Whether a message has come since the last look, as soon as it has; False after so many seconds without one."""
        until = time.monotonic() + seconds
        while True:
            validity, highest = self._seen
            look = await self._watching.ask(partial(Session.look, validity=validity, after=highest), LOOK_SECONDS)
            if look.uids or look.validity != validity:
                self._seen = (look.validity, max(look.uids, default=0))
                return bool(look.uids)
            left = until - time.monotonic()
            if left <= 0:
                return False
            await self._pause(left, idles=look.idles)

    async def _look(self) -> Look:
        """Once more where the connection of the last time has been lost meanwhile: that is no trouble of the mailbox."""
        try:
            return await self._reading.ask(Session.look, LOOK_SECONDS)
        except Unavailable:
            if not self._reading.reachable:
                raise
        return await self._reading.ask(Session.look, LOOK_SECONDS)

    async def _pause(self, left: float, *, idles: bool) -> None:
        if idles:
            seconds = min(left, TICK_SECONDS)
            await self._watching.ask(partial(Session.idle, seconds=seconds), seconds + LOOK_SECONDS)
        else:
            await asyncio.sleep(min(left, POLL_SECONDS))


def _place(name: str) -> tuple[int, int]:
    validity, _, uid = name.partition("/")
    return int(validity), int(uid)
