"""One IMAP connection in a thread of its own: opened when it is needed, asked from the event loop, cut where it is silent."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from committee.errors import Refused, Unavailable
from mailflows.accepted import NotLetIn
from mailflows.imap_session import Session

T = TypeVar("T")
LOGIN_PAUSE_SECONDS = 300.0
"""How long nothing is tried after we were not let in: servers lock accounts that knock too often."""
Question = Callable[[Session], Any]


class Line:
    """Asks one session, one question after the other, and a new session where the last one has been lost."""

    def __init__(self, session: Callable[[], Session]) -> None:
        self._session = session
        self._thread: _SessionThread | None = None
        self._turn = asyncio.Lock()
        self._closed: tuple[str, float] | None = None
        self.reachable = True  # whether the last session that was lost had been opened at all

    async def ask(self, question: Callable[[Session], T], seconds: float) -> T:
        """The session's answer. A watchdog of the event loop's own ends a session that does not give one in time.

        Raises `NotLetIn`, `Refused` or `Unavailable` as the session does.
        """
        async with self._turn:
            if self._closed and time.monotonic() < self._closed[1]:
                raise NotLetIn(self._closed[0])
            thread = self._thread = self._thread or _SessionThread(self._session())
            try:
                async with asyncio.timeout(seconds):
                    return await asyncio.wrap_future(thread.ask(question))
            except TimeoutError as error:
                thread.session.cut()
                raise Unavailable(
                    f"the mail server has not answered for {seconds:.0f} seconds; what waits is read later."
                ) from error
            except NotLetIn as error:
                self._closed = str(error), time.monotonic() + LOGIN_PAUSE_SECONDS
                raise
            except asyncio.CancelledError:
                thread.session.cut()
                raise
            finally:
                self.reachable = thread.session.entered
                if not thread.session.alive:
                    self._drop()

    async def close(self, seconds: float = 5.0) -> None:
        """Log out, where the server still listens."""
        if self._thread and self._thread.session.entered:
            with suppress(Refused, Unavailable):
                await self.ask(Session.leave, seconds)
        self._drop()

    def _drop(self) -> None:
        if self._thread:
            self._thread.end()
        self._thread = None


class _SessionThread:
    """A session and the one thread that uses it; the thread never keeps the process from ending."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._questions: SimpleQueue[tuple[Question, Future[Any]] | None] = SimpleQueue()
        Thread(target=self._work, name="imap", daemon=True).start()

    def ask(self, question: Question) -> "Future[Any]":
        answer: Future[Any] = Future()
        self._questions.put((question, answer))
        return answer

    def end(self) -> None:
        self._questions.put(None)

    def _work(self) -> None:
        while asked := self._questions.get():
            question, answer = asked
            if answer.set_running_or_notify_cancel():
                self._answer(question, answer)
        self.session.leave()

    def _answer(self, question: Question, answer: "Future[Any]") -> None:
        try:
            if not self.session.entered:
                self.session.enter()
            answer.set_result(question(self.session))
        except BaseException as error:  # noqa: BLE001 - it is raised where the question was asked
            answer.set_exception(error)
