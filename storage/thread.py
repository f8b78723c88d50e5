"""The store's one thread: what touches SQLite or the tables runs here, one job after the other, never in the event loop."""

import asyncio
import os
import queue
import random
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from committee.errors import Unavailable
from storage.errors import Locked, in_our_words

R = TypeVar("R")
PATIENCE = 30.0
"""How many seconds a transaction waits for those of other processes."""
LONGEST_PAUSE = 0.02


class StoreThread:
    """Belongs to the event loop in which it was made."""

    def __init__(self, name: str) -> None:
        self.closed = False
        self._loop = asyncio.get_running_loop()
        self._unanswered = 0
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._done: deque[_Job] = deque()
        # A pipe of our own wakes the loop in half the time of its call_soon_threadsafe, and every commit waits for that.
        self._awake, self._wake = os.pipe()
        os.set_blocking(self._awake, False)
        self._loop.add_reader(self._awake, self._answer)
        # A daemon, so that a desk that nobody closed cannot keep the process from ending; to the disk that is a kill.
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    @property
    def idle(self) -> bool:
        """Nothing is being done and nothing waits, until whoever asks this in the event loop asks for something."""
        return not self._unanswered and not self.closed

    async def run(self, job: Callable[..., R], *args: Any) -> R:
        """Do a job and answer with what it returns; a caller cancelled before its turn has not asked."""
        return await self._ask(self._loop.create_future(), job, args)

    async def finish(self, job: Callable[..., R], *args: Any) -> R:
        """Do a job to its end, whatever becomes of the caller, who is told of its own cancelling only then."""
        answer: _Unstoppable[R] = _Unstoppable(loop=self._loop)
        try:
            return await self._ask(answer, job, args)
        except asyncio.CancelledError:
            answer.exception()  # read, so that the loop does not report it as lost
            raise

    async def close(self, last: Callable[[], None] = lambda: None) -> None:
        """Wait for the jobs that were asked for, do the last one, and end."""
        if self.closed:
            return
        self.closed = True
        end = _Job(last, (), _Unstoppable(loop=self._loop))
        self._jobs.put(end)
        self._jobs.put(None)
        try:
            await end.answer
        finally:
            self._thread.join()
            self._loop.remove_reader(self._awake)
            os.close(self._awake)
            os.close(self._wake)

    def _ask(self, answer: "asyncio.Future[R]", job: Callable[..., R], args: tuple[Any, ...]) -> "asyncio.Future[R]":
        if self.closed:
            raise RuntimeError("the store is closed")
        self._unanswered += 1
        self._jobs.put(_Job(job, args, answer))
        return answer

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job.do()
            self._done.append(job)
            os.write(self._wake, b"!")
            del job  # what it answers may be large, and the next one may be long in coming

    def _answer(self) -> None:
        """In the event loop: hand over what is done."""
        os.read(self._awake, 4096)
        while self._done:
            self._unanswered -= 1
            self._done.popleft().tell()


async def patiently(attempt: Callable[[], Awaitable[R]]) -> R:
    """Try again while another process commits: in between the thread is free, for reads and for everyone else."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return await attempt()
        except Locked as error:
            if time.monotonic() > until:
                raise Unavailable(
                    f"another process has been writing to this desk for {PATIENCE:.0f} seconds; nothing was changed, try again"
                ) from error
        await asyncio.sleep(random.uniform(0, LONGEST_PAUSE))  # noqa: S311 - so that two do not wait in step


class _Unstoppable(asyncio.Future[R]):
    """An answer that must be waited for: a task that is cancelled while it waits is told when the answer has come."""

    def cancel(self, msg: Any | None = None) -> bool:  # noqa: ARG002 - asyncio's own signature
        return False


class _Job:
    __slots__ = ("answer", "args", "error", "job", "result")

    def __init__(self, job: Callable[..., Any], args: tuple[Any, ...], answer: "asyncio.Future[Any]") -> None:
        self.job, self.args, self.answer = job, args, answer
        self.result: Any = None
        self.error: BaseException | None = None

    def do(self) -> None:
        if self.answer.cancelled():
            return
        try:
            self.result = self.job(*self.args)
        except BaseException as error:  # noqa: BLE001 - it is the caller's, whatever it is
            self.error = in_our_words(error)

    def tell(self) -> None:
        if self.answer.done():
            return
        if self.error is None:
            self.answer.set_result(self.result)
        else:
            self.answer.set_exception(self.error)
