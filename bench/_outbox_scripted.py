"""A mail server that takes everything, waits before each reply, and writes down what came and when: a process of its own."""

import asyncio
import re
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvloop

Reply = Callable[[bytes], Awaitable[None]]
OFFERED = b"250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE\r\n"
MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.MULTILINE | re.IGNORECASE)
LONGEST_MESSAGE = 1 << 20
END = b"\r\n.\r\n"


class Sink:
    """Writes a line for each message as soon as its final dot has come, so before its reply: `mesg=` counts them."""

    def __init__(self, written: Path, seconds: float) -> None:
        self._written, self._seconds, self._count = written.open("ab", buffering=0), seconds, 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def reply(words: bytes) -> None:
            await asyncio.sleep(self._seconds)
            writer.write(words)

        try:
            await reply(b"220 sink.test ESMTP\r\n")
            recipient = b""
            while line := await reader.readline():
                verb = line[:4].upper()
                if verb == b"DATA":
                    await self._take(reader, reply, recipient)
                elif verb == b"QUIT":
                    await reply(b"221 2.0.0 Bye\r\n")
                    break
                else:
                    recipient = line.partition(b"<")[2].partition(b">")[0] if verb == b"RCPT" else recipient
                    await reply(OFFERED if verb == b"EHLO" else b"250 2.0.0 Ok\r\n")
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _take(self, reader: asyncio.StreamReader, reply: Reply, recipient: bytes) -> None:
        await reply(b"354 End data with <CR><LF>.<CR><LF>\r\n")
        message = await reader.readuntil(END)
        self._count += 1
        named = MESSAGE_ID.search(message)
        facts = (self._count, time.monotonic(), len(message) - len(b".\r\n"), recipient, named[1] if named else b"-")
        self._written.write(b"mesg=%d at=%.6f size=%d to=%b id=%b\n" % facts)
        await reply(b"250 2.0.0 Ok\r\n")


async def main(port: int, written: Path, seconds: float) -> None:
    server = await asyncio.start_server(Sink(written, seconds).serve, "127.0.0.1", port, limit=LONGEST_MESSAGE)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])))
