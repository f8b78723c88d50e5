"""What takes long is answered when it is done: Slack waits three seconds, and an ending desk waits for what runs."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

T = TypeVar("T")
AT_ONCE_SECONDS: Final = 2.0
"""After so long it is said that it is being worked on; Slack shows a failure after three.

https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response
"""


@dataclass(slots=True)
class UnderWay:
    at_once_seconds: float = AT_ONCE_SECONDS
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    async def at_once(
        self, work: Coroutine[Any, Any, T], later: Callable[[asyncio.Task[T]], Awaitable[None]]
    ) -> T | None:
        """What it returns, or raises, where it is done at once; else None, and `later` is given the task once it has ended."""
        task = self._started(work)
        done, _ = await asyncio.wait({task}, timeout=self.at_once_seconds)
        if done:
            return task.result()
        self._then(task, later)
        return None

    def _then(self, task: asyncio.Task[T], later: Callable[[asyncio.Task[T]], Awaitable[None]]) -> None:
        async def when_done() -> None:
            await asyncio.wait({task})
            await later(task)

        self._started(when_done())

    async def read_at_once(
        self, read: Callable[[], Coroutine[Any, Any, T]], later: Callable[[asyncio.Task[T]], Awaitable[None]]
    ) -> T | None:
        """As `at_once`, for what only reads, which may be begun anew: what is there at once needs no task of its own.

        So a hundred who ask at once are answered one after the other, and not all of them when the last one can be.
        """
        try:
            async with asyncio.timeout(self.at_once_seconds) as patience:
                return await read()
        except TimeoutError:
            if not patience.expired():
                raise
        self._then(self._started(read()), later)
        return None

    def begin(self, work: Coroutine[Any, Any, Any]) -> None:
        """What nobody waits for but the end of the desk."""
        self._started(work)

    async def ended(self, seconds: float) -> None:
        """Wait for all of it, and for what it begins; what is not done by then is let go: its commit is made or it is not."""
        try:
            async with asyncio.timeout(seconds):
                while self._tasks:
                    await asyncio.wait(set(self._tasks))
        except TimeoutError:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _started(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
