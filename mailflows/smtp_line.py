"""One SMTP connection after the login: commands go out together, replies come back in order, and nothing else is believed."""

import asyncio
from collections import deque
from collections.abc import Mapping
from math import inf
from typing import cast

from committee.errors import Unavailable
from mailflows.accepted import TooMuch, said
from mailflows.smtp_answers import CLOSING, OutOfStep, Replies, Reply


class Lost(Unavailable):
    """The connection has ended."""


class Line(asyncio.Protocol):
    """Takes over the transport of whoever has connected; one task at a time may speak on it.

    `trouble` is why nothing more can be said on it, None while it is good; `doubtful` asks for a RSET before the next
    message; `used` once it has carried one; `since` is when it was last laid down.
    """

    def __init__(self, transport: asyncio.BaseTransport, relay: str, extensions: Mapping[str, str]) -> None:
        self.relay, self.extensions = relay, extensions
        self.trouble: Unavailable | None = None
        self.doubtful = self.used = False
        self.since = 0.0
        self._loop = asyncio.get_running_loop()
        self._replies, self._came, self._due = Replies(), list[Reply](), deque[float]()
        self._paused = False
        self._waiter: asyncio.Future[None] | None = None
        self._gone = self._loop.create_future()
        self._deadline = self._alarm_at = inf
        self._alarm: asyncio.TimerHandle | None = None
        self._transport = cast("asyncio.Transport", transport)
        secured = transport.get_extra_info("ssl_object")
        self.tls = f"{secured.version()} {secured.cipher()[0]}" if secured else ""
        self._transport.set_protocol(self)
        self._transport.set_write_buffer_limits(1, 0)  # writing pauses until the last byte has left this process
        if self._transport.is_closing():  # it went before it was ours, and nobody will say so
            self.trouble = Lost(f"{relay}: the connection was lost")
            self._gone.set_result(None)

    async def ask(self, words: bytes, *seconds: float) -> list[Reply]:
        """Write commands at once and wait for the reply to each, for so many seconds after the reply before it.

        Fewer replies than commands: the line has ended, and `trouble` says why.
        """
        came = self._came = []
        if self.trouble is None:
            self._due.extend(seconds)
            self._within(seconds[0])
            self._transport.write(words)
            while self._due and self.trouble is None:
                await self._woken()
        return came

    async def write(self, block: bytes | memoryview, seconds: float) -> None:
        """A piece of text, until the line has taken all of it; raises `trouble`."""
        if self.trouble is None:
            self._transport.write(block)
            self._within(seconds)
            await asyncio.sleep(0)  # others have their turn too, and an end of the line that has arrived is noticed
            while self._paused and self.trouble is None:
                await self._woken()
        if self.trouble:
            raise self.trouble

    async def leave(self, seconds: float) -> None:
        """Say goodbye, and end the connection whatever the answer is."""
        await self.ask(b"QUIT\r\n", seconds)
        self.abort()
        await asyncio.wait((self._gone,), timeout=seconds)

    def abort(self) -> None:
        """End it at once: what a server that does not read has left unsent would keep it open."""
        self._end(Lost(f"{self.relay}: the connection was given up"))

    def data_received(self, data: bytes) -> None:
        try:
            for reply in self._replies.feed(data):
                self._take(reply)
        except OutOfStep as error:
            self._end(OutOfStep(f"{self.relay} says {error}"))

    def connection_lost(self, exc: Exception | None) -> None:
        why = f" ({said(str(exc))})" if exc else ""
        self._end(Lost(f"{self.relay}: the connection was lost{why}"))
        if not self._gone.done():
            self._gone.set_result(None)

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self._wake()

    def _take(self, reply: Reply) -> None:
        if not self._due and reply.code != CLOSING:
            raise OutOfStep(f"{str(reply)!r}, which nobody asked for")
        if self._due:
            self._due.popleft()
            self._came.append(reply)
        if reply.code == CLOSING:
            self._end(TooMuch(str(reply)))
        elif self._due:
            self._within(self._due[0])
        else:
            self._wake()

    async def _woken(self) -> None:
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    def _end(self, why: Unavailable) -> None:
        if isinstance(why, OutOfStep) or self.trouble is None:
            self.trouble = why
        if self._alarm:
            self._alarm.cancel()
            self._alarm = None
        self._transport.abort()
        self._wake()

    def _within(self, seconds: float) -> None:
        """Move the deadline. The alarm is set anew only where it would ring too late: a timer for each command is dear."""
        self._deadline = self._loop.time() + seconds
        if self._deadline < self._alarm_at:
            if self._alarm:
                self._alarm.cancel()
            self._set_alarm()

    def _set_alarm(self) -> None:
        self._alarm_at = self._deadline
        self._alarm = self._loop.call_at(self._deadline, self._ring)

    def _ring(self) -> None:
        self._alarm, self._alarm_at = None, inf
        if self._waiter is None:
            return
        if self._loop.time() < self._deadline:
            self._set_alarm()
        else:
            self._end(Unavailable(f"{self.relay} does not answer any more: nothing came in time"))
