"""The SMTP edge: a few connections that stay open for many messages; every answer becomes proof, later, refused, or uncertain."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from committee.errors import Refused, Unavailable
from mailflows.accepted import Accepted, Bounced, Deferred, TooMuch
from mailflows.access_tokens import AccessTokens
from mailflows.endpoints import SMTPServer
from mailflows.message import Message
from mailflows.post import Ready, at_once
from mailflows.smtp_line import Line, Lost
from mailflows.smtp_session import Session
from mailflows.smtp_timeouts import BY_THE_BOOK, Timeouts
from mailflows.smtp_transaction import envelope, greet, hand_over, offer

T = TypeVar("T")

IDLE_SECONDS = 45.0
"""How long a connection lies unused before it is closed: servers end what is silent, and count what is open."""


class SMTPSender:
    """Hands messages to one server; use it as a context manager and keep it: it connects when messages go.

    At most `connections` are open and busy at once; more calls of `send` wait. TLS is required unless the server is on
    loopback, where `tls_required` asks for it. `tokens` give what stands in for a password. `loopback_only` is the
    practice desk's promise: no connection is opened beyond this computer.
    """

    def __init__(  # noqa: PLR0913 - a server, how it is entered, and how much of it is used
        self,
        server: SMTPServer,
        *,
        connections: int = 1,
        ca_file: Path | None = None,
        tokens: AccessTokens | None = None,
        loopback_only: bool = False,
        timeouts: Timeouts = BY_THE_BOOK,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._session = Session(server, ca_file, tokens, loopback_only, timeouts)
        self._timeouts, self._idle_seconds = timeouts, idle_seconds
        self.relay, self.connections = self._session.relay, connections
        self._room = asyncio.Semaphore(connections)
        self._idle = list[Line]()  # the one that was laid down last is at the end, and goes first
        self._leaving = set[asyncio.Task[None]]()
        self._broom: asyncio.TimerHandle | None = None
        self._at_the_door: asyncio.Future[Exception | None] | None = None
        self._let_in = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._broom:
            self._broom.cancel()
            self._broom = None
        while self._idle:
            self._leave(self._idle.pop())
        if self._leaving:
            await asyncio.wait(self._leaving)

    async def send(  # noqa: PLR0913 - the signature of `Post`
        self,
        envelope_sender: str,
        recipient: str,
        message: Message,
        *,
        key: str,  # noqa: ARG002 - it names a file in a Maildir, and nothing here
        envelope_id: str = "",
        ready: Ready = at_once,
    ) -> Accepted:
        """Hand one copy over; `envelope_id` travels as ENVID where the server takes it (RFC 3461).

        Raises `Deferred` (4yz) and `Bounced` (5yz) with the server's words, `NotLetIn` where it refuses us and not the
        message, `TooMuch` where it asks us for less, `Unreachable` where there is no connection to be had, `Unavailable`
        where the line broke before the end of the message went out, and `Uncertain` where it broke after.
        """
        written = envelope(envelope_sender, recipient, envelope_id)
        async with self._room:
            line, _ = await self._asked(lambda line: offer(line, written, message, self._timeouts))
            try:
                reply = await hand_over(line, message, ready, self._timeouts)
            except BaseException as error:
                self._lay_down(line, error)
                raise
            self._lay_down(line)
        return Accepted(str(reply), self.relay, line.tls)

    async def greets(self, within: float | None = None) -> Accepted:
        """Connect, protect the line, log in and say NOOP: whether letters could go, without one.

        `within` is how many seconds the greeting may take, where somebody waits for the answer.
        """
        async with self._room:
            line, reply = await self._asked(lambda line: greet(line, self._timeouts), within)
            self._lay_down(line)
        return Accepted(str(reply), self.relay, line.tls)

    async def _asked(self, question: Callable[[Line], Awaitable[T]], within: float | None = None) -> tuple[Line, T]:
        """The answer, and the line that gave it; one that the server has closed while it lay idle is replaced."""
        while True:
            line = self._taken_up() or await self._new(within)
            try:
                return line, await question(line)
            except BaseException as error:
                ended = line.used and isinstance(line.trouble, Lost | TooMuch) and isinstance(error, Unavailable)
                self._lay_down(line, error)
                if not ended:
                    raise

    def _taken_up(self) -> Line | None:
        while self._idle:
            line = self._idle.pop()
            if line.trouble is None:
                return line
        return None

    async def _new(self, within: float | None) -> Line:
        """One login at a time until one has succeeded: whoever waits for it has its refusal too, and makes none."""
        while not self._let_in:
            if self._at_the_door is None:
                return await self._first(within)
            if trouble := await asyncio.shield(self._at_the_door):
                raise trouble
        try:
            return await self._session.entered(within)
        except (Refused, Unavailable):
            self._let_in = False
            raise

    async def _first(self, within: float | None) -> Line:
        waits = self._at_the_door = asyncio.get_running_loop().create_future()
        trouble = None
        try:
            line = await self._session.entered(within)
        except (Refused, Unavailable) as error:
            trouble = error
            raise
        else:
            self._let_in = True
            return line
        finally:
            self._at_the_door = None
            waits.set_result(trouble)

    def _lay_down(self, line: Line, error: BaseException | None = None) -> None:
        """For the next message, if the server has spoken and the line is in step; ended at once if not."""
        if line.trouble or not (error is None or isinstance(error, Deferred | Bounced)):
            line.abort()
            return
        loop = asyncio.get_running_loop()
        line.used, line.since = True, loop.time()
        self._idle.append(line)
        if self._broom is None:
            self._broom = loop.call_at(line.since + self._idle_seconds, self._sweep)

    def _sweep(self) -> None:
        """Close what has lain idle long enough: the one that has done so longest is first."""
        loop = asyncio.get_running_loop()
        self._broom = None
        while self._idle and self._idle[0].since + self._idle_seconds <= loop.time():
            self._leave(self._idle.pop(0))
        if self._idle:
            self._broom = loop.call_at(self._idle[0].since + self._idle_seconds, self._sweep)

    def _leave(self, line: Line) -> None:
        leaving = asyncio.create_task(line.leave(self._timeouts.quit))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)
