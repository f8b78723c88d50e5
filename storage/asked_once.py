"""Many who ask the same at once are one question; its answer is shared, and a failure is everybody's and is not kept."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, Final, TypeVar, cast

A = TypeVar("A")
MOST: Final = 500
"""Answers that are kept at once; what is asked beyond them is asked each time."""


class AskedOnce:
    """`keeps` says of an answer that is there whether it holds for whoever asks after this."""

    def __init__(self, keeps: Callable[[Any], bool] = lambda _answer: True) -> None:
        self._keeps = keeps
        self._answers: dict[Hashable, asyncio.Future[Any]] = {}

    async def answer(self, question: Hashable, ask: Callable[[], Awaitable[A]]) -> A:
        """What is known, or what `ask` says: of the first, while others wait; where the first gives up, the next asks."""
        while answer := self._answers.get(question):
            if not answer.done():
                await asyncio.wait({answer})
            if not answer.cancelled():
                return cast("A", answer.result())
        if len(self._answers) >= MOST:
            return await ask()
        return await self._asked(question, ask)

    async def _asked(self, question: Hashable, ask: Callable[[], Awaitable[A]]) -> A:
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._answers[question] = answer
        try:
            said = await ask()
        except BaseException as error:
            del self._answers[question]
            if isinstance(error, Exception):
                answer.set_exception(error)
                answer.exception()  # read, so that the loop does not report it as lost where nobody else asked
            else:
                answer.cancel()
            raise
        answer.set_result(said)
        if not self._keeps(said):
            del self._answers[question]
        return said
