"""Many who ask the same at once are one question."""

import asyncio
from dataclasses import dataclass, field

import pytest

from storage.asked_once import MOST, AskedOnce


@dataclass(slots=True)
class Asked:
    """Answers when it is let go; fails where it is told to."""

    go: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    fails: bool = False
    times: int = 0

    async def __call__(self) -> int:
        self.times += 1
        self.begun.set()
        await self.go.wait()
        if self.fails:
            raise OSError("the disk is away")
        return self.times


async def test_all_are_told_what_the_first_has_asked(asked: Asked) -> None:
    once = AskedOnce()
    waiting = [asyncio.create_task(once.answer("what", asked)) for _ in range(20)]
    await asked.begun.wait()
    asked.go.set()
    assert await asyncio.gather(*waiting, once.answer("what", asked)) == [1] * 21
    assert await once.answer("another", asked) == 2


async def test_where_the_first_gives_up_the_next_one_asks(asked: Asked) -> None:
    once = AskedOnce()
    first, second = (asyncio.create_task(once.answer("what", asked)) for _ in range(2))
    await asked.begun.wait()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    asked.go.set()
    assert (await second, first.cancelled()) == (2, True)


async def test_a_failure_is_everybodys_and_is_not_kept(asked: Asked) -> None:
    once = AskedOnce()
    asked.fails = True
    waiting = [asyncio.create_task(once.answer("what", asked)) for _ in range(3)]
    await asked.begun.wait()
    asked.go.set()
    failed = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(each) for each in failed] == [OSError] * 3
    asked.fails = False
    assert await once.answer("what", asked) == 2


async def test_what_does_not_hold_is_told_to_those_who_wait_and_asked_anew_after(asked: Asked) -> None:
    once = AskedOnce(lambda answer: answer > 1)
    first, second = (asyncio.create_task(once.answer("what", asked)) for _ in range(2))
    await asked.begun.wait()
    asked.go.set()
    assert await asyncio.gather(first, second) == [1, 1]
    assert [await once.answer("what", asked) for _ in range(2)] == [2, 2]


async def test_beyond_the_most_everyone_asks_for_themselves(asked: Asked) -> None:
    once = AskedOnce()
    asked.go.set()
    for nth in range(MOST):
        await once.answer(nth, asked)
    assert [await once.answer("one more", asked) for _ in range(2)] == [MOST + 1, MOST + 2]


@pytest.fixture
def asked() -> Asked:
    return Asked()
