"""An SMTP server by the book of one test: it answers each verb as it is told, and remembers what it heard."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

from mailflows.endpoints import SMTPServer

Answer = bytes | None
"""None: it hangs up. Nothing at all (`b""`): it says nothing any more, and stays."""
PIPELINING = b"250-script.test\r\n250-PIPELINING\r\n250 SIZE 100000000\r\n"
BARE = b"250 script.test\r\n"
USUAL: dict[bytes, bytes] = {
    b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n", b"STARTTLS": b"220 go on\r\n", b"AUTH": b"235 2.7.0 welcome\r\n",
}  # fmt: skip
OK = b"250 2.0.0 OK\r\n"


@dataclass(slots=True)
class Script:
    """`answers` by verb; the final dot is the verb `.`, and a list is answered from one by one, then as usual."""

    answers: dict[bytes, Answer | list[Answer]] = field(default_factory=dict)
    greeting: Answer = b"220 script.test ESMTP\r\n"
    extensions: bytes = PIPELINING
    byte_by_byte: bool = False
    hangs_up_in_text: bool = False
    seconds_for_a_reply: float = 0
    seconds_for_a_block: float = 0
    keeps_texts: bool = True
    tls: ssl.SSLContext | None = None
    heard: list[bytes] = field(default_factory=list)
    texts: list[bytes] = field(default_factory=list)
    sessions: int = 0
    open: int = 0
    most: int = 0
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    talks: set[asyncio.Task[None]] = field(default_factory=set)

    def verbs(self) -> list[bytes]:
        """What it was asked, in order, without what came with it."""
        return [line.split()[0] for line in self.heard if line]

    def says(self, unasked: bytes) -> None:
        """To everybody who is connected, though nobody has asked."""
        for writer in self.writers:
            writer.write(unasked)

    def hangs_up(self) -> None:
        for writer in self.writers:
            writer.transport.abort()

    async def until(self, claim: Callable[[], object]) -> None:
        """Return as soon as the claim is true; a claim that does not become true is a failure."""
        async with asyncio.timeout(10):
            while not claim():  # noqa: ASYNC110 - what is claimed is anything that the script remembers
                await asyncio.sleep(0.001)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.sessions, self.open = self.sessions + 1, self.open + 1
        self.most = max(self.most, self.open)
        self.writers.append(writer)
        self.talks.add(cast("asyncio.Task[None]", asyncio.current_task()))
        try:
            await self._session(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            self.open -= 1
            self.writers.remove(writer)
            writer.close()

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not await self._reply(writer, self.greeting):
            return
        while line := await reader.readline():
            self.heard.append(line.rstrip())
            answer = self._answer(line.split()[0].upper() if line.split() else b"")
            if not await self._reply(writer, answer) or answer is None:
                return
            if line.upper().startswith(b"STARTTLS") and answer.startswith(b"220") and self.tls:
                await writer.start_tls(self.tls)
            elif (
                answer.startswith(b"354")
                and not (await self._text(reader) and await self._reply(writer, self._answer(b".")))
            ) or answer.startswith((b"221", b"421")):
                return

    async def _text(self, reader: asyncio.StreamReader) -> bool:
        if self.hangs_up_in_text:
            await reader.read(100)
            self.hangs_up()
            return False
        text = bytearray(b"\r\n")  # a lone dot is an end too; nothing follows a text before it is answered
        while not text.endswith(b"\r\n.\r\n"):
            if self.seconds_for_a_block:
                await asyncio.sleep(self.seconds_for_a_block)
            if not (block := await reader.read(65_536)):
                return False
            text += block
            if not self.keeps_texts:
                del text[:-5]
        self.heard.append(b".")
        self.texts.append(bytes(memoryview(text)[2:-3]))
        return True

    async def _reply(self, writer: asyncio.StreamWriter, answer: Answer) -> bool:
        if self.seconds_for_a_reply:
            await asyncio.sleep(self.seconds_for_a_reply)
        for piece in (answer or b"",) if not self.byte_by_byte else [bytes([byte]) for byte in answer or b""]:
            writer.write(piece)
            await writer.drain()
            if self.byte_by_byte:
                await asyncio.sleep(0)
        if answer == b"":
            await writer.wait_closed()
        return answer is not None

    def _answer(self, verb: bytes) -> Answer:
        answer = self.answers.get(verb, USUAL.get(verb, OK))
        if isinstance(answer, list):
            answer = answer.pop(0) if answer else USUAL.get(verb, OK)
        return self.extensions if verb == b"EHLO" and verb not in self.answers else answer


@asynccontextmanager
async def following(script: Script, *, implicit_tls: bool = False) -> AsyncIterator[SMTPServer]:
    """The script's server on a free port of loopback, while the block runs."""
    context = script.tls if implicit_tls else None
    server = await asyncio.start_server(script.talk, "127.0.0.1", 0, limit=2**22, ssl=context)
    try:
        yield SMTPServer("127.0.0.1", server.sockets[0].getsockname()[1], implicit_tls=implicit_tls)
    finally:
        server.close()
        script.hangs_up()
        for talk in script.talks:
            talk.cancel()
        await asyncio.gather(*script.talks, return_exceptions=True)
