"""An SMTP server that takes everything and remembers every acceptance, line by line: what it took, it took, whoever dies."""

import asyncio
import hashlib
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.servers.process import eventually

OFFERED = b"250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE\r\n"
REPLIES = {b"EHLO": OFFERED, b"DATA": b"354 go on\r\n", b"QUIT": b"221 2.0.0 bye\r\n"}
OK, TAKEN = b"250 2.0.0 OK\r\n", b"250 2.0.0 taken as %d\r\n"
MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.MULTILINE | re.IGNORECASE)
LONGEST = 1 << 24


@dataclass(frozen=True, slots=True)
class Taken:
    """One acceptance: the whole text and its final dot have come, whether or not anybody lived to hear the answer."""

    recipient: str
    message_id: str
    sha256: str  # of the message's own bytes, without the dots that SMTP adds
    reply: str


@dataclass(slots=True)
class Line:
    """One connection, from its greeting to its end; `said_goodbye` where it ended with QUIT."""

    taken: list[Taken] = field(default_factory=list)
    open: bool = True
    said_goodbye: bool = False


@dataclass(slots=True)
class RecordingSink:
    """`seconds` pass before each reply; while `holds` names a verb (the final dot is `.`), nobody has a reply to it."""

    seconds: float = 0
    holds: bytes = b""
    lines: list[Line] = field(default_factory=list)
    held: int = 0
    port: int = 0
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def taken(self) -> list[Taken]:
        return [one for line in [*self.lines] for one in [*line.taken]]

    @property
    def count(self) -> int:
        return sum(len(line.taken) for line in [*self.lines])

    @property
    def open(self) -> int:
        return sum(line.open for line in [*self.lines])

    def copies(self) -> Counter[str]:
        """How often it took something for each recipient."""
        return Counter(one.recipient for one in self.taken)

    def until(self, count: int, seconds: int = 20) -> None:
        eventually(lambda: self.count >= count, seconds)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = Line()
        self.lines.append(line)
        try:
            await self._session(line, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            line.open = False
            writer.close()

    async def _session(self, line: Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink.test ESMTP\r\n")
        recipient = b""
        while command := await reader.readline():
            verb = command[:4].upper()
            if verb == b"RCPT":
                recipient = command.partition(b"<")[2].partition(b">")[0]
            line.said_goodbye = verb == b"QUIT"
            await self._reply(verb, REPLIES.get(verb, OK), writer)
            if verb == b"DATA":
                text = await reader.readuntil(b"\r\n.\r\n")
                reply = TAKEN % (self.count + 1)
                line.taken.append(_taken(recipient, text, reply))
                await self._reply(b".", reply, writer)
            if line.said_goodbye:
                return

    async def _reply(self, verb: bytes, words: bytes, writer: asyncio.StreamWriter) -> None:
        if self.seconds:
            await asyncio.sleep(self.seconds)
        if self.holds == verb:
            self.held += 1
            while self.holds == verb:  # noqa: ASYNC110 - set from another thread
                await asyncio.sleep(0.002)
            self.held -= 1
        writer.write(words)

    def serve(self, listening: threading.Event) -> None:
        """In a thread of its own, until it is told to end."""
        loop = self._loop

        async def begin() -> asyncio.Server:
            server = await asyncio.start_server(self.talk, "127.0.0.1", self.port, limit=LONGEST)
            self.port = server.sockets[0].getsockname()[1]
            listening.set()
            return server

        async def end(server: asyncio.Server) -> None:
            server.close()
            talks = asyncio.all_tasks() - {asyncio.current_task()}
            for talk in talks:
                talk.cancel()
            await asyncio.gather(*talks, return_exceptions=True)

        server = loop.run_until_complete(begin())
        loop.run_forever()
        loop.run_until_complete(end(server))
        loop.close()

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)


@contextmanager
def recording(port: int = 0, *, seconds: float = 0) -> Iterator[RecordingSink]:
    """While the block runs, on a free port of loopback, or on this one."""
    sink, listening = RecordingSink(seconds=seconds, port=port), threading.Event()
    thread = threading.Thread(target=sink.serve, args=(listening,), daemon=True)
    thread.start()
    assert listening.wait(10)
    try:
        yield sink
    finally:
        sink.end()
        thread.join(10)


def _taken(recipient: bytes, text: bytes, reply: bytes) -> Taken:
    message = text[:-3].replace(b"\r\n..", b"\r\n.")
    message = message[1:] if message.startswith(b"..") else message
    named = MESSAGE_ID.search(message)
    assert named
    return Taken(
        recipient.decode(), named[1].decode(), hashlib.sha256(message).hexdigest(), reply.decode().rstrip("\r\n")
    )
