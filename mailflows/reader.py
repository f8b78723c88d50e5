"""A mail is read beside the event loop: a small one in a thread, a large one in a process of its own, which may die of it."""

import asyncio
import pickle
import sys
from contextlib import suppress
from subprocess import DEVNULL, PIPE, Popen
from types import TracebackType
from typing import IO, Final, Self, cast

from committee.errors import Unavailable
from mailflows.logs import log
from mailflows.reading import Reading, ReadingKind, read
from mailflows.reading.apart import hear

SMALL: Final = 256 * 1024
"""Bytes of a mail that is read in a thread: Python goes back to the event loop in between, for each it takes a few ms."""
LARGE: Final = 8_000_000
"""Bytes of a mail after which its process is let go: what it took from the system for that it would not give back."""
SECONDS: Final = 120.0
"""The worst that is known of 30 MB takes twenty."""
MEMORY: Final = 2_000_000_000
"""Bytes of address space; the worst that is known of 30 MB takes a third of it."""


class Reader:
    """Has one process for large mail, made when there is some and anew after it has died; large mail waits its turn."""

    def __init__(self, *, small: int = SMALL, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._small, self._seconds, self._memory = small, seconds, memory
        self._turn = asyncio.Lock()
        self._process: _Process | None = None

    async def read(self, raw: bytes) -> Reading:
        """What the message says. One that the process does not survive, or not in time, is `unreadable`.

        `Unavailable` where no process can be had. A caller that is cancelled ends the process with its message.
        """
        if len(raw) <= self._small:
            return await asyncio.to_thread(read, raw)
        async with self._turn:
            used_before = self._process is not None
            reading = await self._read_apart(raw)
            if reading is None and used_before:  # it may have been killed while nothing was to be read: no mail's fault
                reading = await self._read_apart(raw)
            return reading or _unreadable("the process that read it has ended")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End the process, once it has answered."""
        async with self._turn:
            process, self._process = self._process, None
            if process:
                await asyncio.to_thread(process.end)

    @property
    def process(self) -> int | None:
        """The number of the process that waits for large mail, or reads it."""
        return self._process.number if self._process and self._process.alive else None

    async def _read_apart(self, raw: bytes) -> Reading | None:
        """None where the process has ended over it, or had before."""
        process = self._process = self._process or _Process(self._seconds + 1, self._memory)
        reading = None
        try:
            async with asyncio.timeout(self._seconds):
                reading = await asyncio.to_thread(process.read, raw)
        except TimeoutError:
            return _unreadable(f"it took more than {self._seconds:g} seconds")
        finally:
            if reading is None or len(raw) > LARGE:
                self._let_go(process)
        return reading

    def _let_go(self, process: "_Process") -> None:
        """Whoever still waits for its answer is told at once; the rest is cleared up by a thread."""
        self._process = None
        process.kill()
        asyncio.get_running_loop().run_in_executor(None, process.end)


def _unreadable(why: str) -> Reading:
    log.warning("a large mail could not be read", reason=why)
    return Reading(ReadingKind.UNREADABLE, problems=(f"It could not be read ({why}); it was kept whole.",))


class _Process:
    """Not a fork: it has nothing of the desk's, neither its open files nor its settings, and it is in a session of its own."""

    def __init__(self, seconds: float, memory: int) -> None:
        work = f"from mailflows.reading.apart import answer; answer({seconds!r}, {memory!r})"
        command = [sys.executable, "-I", "-X", "utf8", "-c", f"import sys; sys.path[:] = {sys.path!a}; {work}"]
        try:
            self._program = Popen(command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}, start_new_session=True)  # noqa: S603 - our own words
        except OSError as error:
            raise Unavailable(f"no process could be started to read it ({error.strerror}); it was kept") from error
        self._questions, self._answers = cast("IO[bytes]", self._program.stdin), cast("IO[bytes]", self._program.stdout)

    @property
    def number(self) -> int:
        return self._program.pid

    @property
    def alive(self) -> bool:
        return self._program.poll() is None

    def read(self, raw: bytes) -> Reading | None:
        """In a thread: what the message says, or None where the process ends over it."""
        try:
            pickle.dump(raw, self._questions, pickle.HIGHEST_PROTOCOL)
            self._questions.flush()
            return hear(self._answers)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):  # ValueError: its pipe is closed already
            return None

    def kill(self) -> None:
        self._program.kill()

    def end(self) -> None:
        """In a thread: kill it, and wait until nothing is left of it."""
        self._program.kill()
        for pipe in (self._questions, self._answers):
            with suppress(OSError):  # what it was still to be told
                pipe.close()
        self._program.wait()
