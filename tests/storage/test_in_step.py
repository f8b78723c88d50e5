"""Memory of registers is kept in step by looks that are answered late, in any order, while others commit and look."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.audit import End
from committee.errors import Unavailable
from storage.postgres.errors import Unforeseen, in_our_words
from storage.postgres.registers import InStep
from tests.storage.shelf import SHELF


@dataclass
class Database:
    """What the tables of trail and registers say at each moment, by looks whose answers are under way for as long as wanted."""

    past: int = 0
    seq: int = 0
    country: tuple[int, str] | None = None
    looks: "list[asyncio.Future[None]]" = field(default_factory=list)

    @property
    def end(self) -> End:
        return self._end(self.seq)

    def commit(self) -> None:
        self.seq += 1
        self.country = (self.seq, f'{{"key": "MWI", "count": {self.past * 100 + self.seq}}}')

    def replace(self) -> None:
        """An administrator restores an older backup, and others have gone on from there."""
        self.past, self.seq = self.past + 1, max(self.seq - 2, 0)
        self.commit()

    async def fetch(self, _statement: str, seq: int) -> list[dict[str, Any]]:
        answer = self._rows(seq)
        under_way: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.looks.append(under_way)
        await under_way
        return answer

    async def fetch_at_once(self, _statement: str, seq: int) -> list[dict[str, Any]]:
        return self._rows(seq)

    def _rows(self, seq: int) -> list[dict[str, Any]]:
        nothing = {"register": None, "key": None, "document": None}
        ends = [self._end(one) for one in sorted({seq, self.seq}) if 0 < one <= self.seq]
        rows: list[dict[str, Any]] = [{**one._asdict(), **nothing} for one in ends]
        if self.country and self.country[0] > seq:
            rows.append(
                {"seq": seq, "digest": None, "register": "countries", "key": "MWI", "document": self.country[1]}
            )
        return rows

    def _end(self, seq: int) -> End:
        return End(seq, f"{self.past}:{seq}") if seq else End()


@dataclass
class Desk:
    """A process whose transactions and reads outside of them share one memory."""

    database: Database
    memory: InStep
    reads: "list[asyncio.Task[None]]" = field(default_factory=list)
    inside: bool = False

    async def do(self, what: str, nth: int) -> None:
        looks = self.database.looks
        match what:
            case "ask":
                self.reads.append(asyncio.create_task(self.memory.catch_up(self.database.fetch)))
            case "answer" if looks:
                looks.pop(nth % len(looks)).set_result(None)
            case "begin" if not self.inside:
                await self.memory.catch_up(self.database.fetch_at_once)
                self.inside = True
            case "commit" if self.inside:
                self.database.commit()
                await self.memory.follow(self.database.end, self._documents())
                self.inside = False
            case "another commits" if not self.inside:
                self.database.commit()
        await _until_all_wait()

    async def end(self) -> None:
        while self.database.looks:
            self.database.looks.pop().set_result(None)
            await _until_all_wait()
        await asyncio.gather(*self.reads)
        await self.memory.catch_up(self.database.fetch_at_once)
        self.is_of_one_look()

    def is_of_one_look(self) -> None:
        text = self.memory.memory.registers["countries"].texts.get("MWI")
        assert self.memory.memory.seen == self.database.end
        assert text == (self.database.country and self.database.country[1])

    def _documents(self) -> list[tuple[str, str, str | None]]:
        return [("countries", "MWI", self.database.country[1])] if self.database.country else []


async def _until_all_wait() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk(Database(), InStep(SHELF.registers))
    yield desk
    await desk.memory.close()


async def test_a_look_that_is_answered_after_later_commits_does_not_take_memory_back(desk: Desk) -> None:
    for what in ("begin", "commit", "another commits", "ask", "begin", "commit", "answer", "begin"):
        await desk.do(what, 0)
    await desk.do("answer", 0)
    desk.is_of_one_look()
    await desk.end()


async def test_another_past_is_taken_over_by_looks_that_overlap(desk: Desk) -> None:
    for _ in range(4):
        desk.database.commit()
    await desk.do("begin", 0)
    desk.inside = False
    desk.database.replace()
    for what in ("ask", "ask", "answer", "another commits", "answer", "begin", "commit", "answer", "begin"):
        await desk.do(what, 0)
    desk.is_of_one_look()
    await desk.end()


STEPS = st.sampled_from(["ask", "answer", "answer", "begin or commit", "begin or commit", "another commits"])


@given(steps=st.lists(st.tuples(STEPS, st.integers(0, 2)), min_size=10, max_size=40))
def test_memory_never_goes_back_and_is_the_newest_in_a_transaction_in_whatever_order_looks_are_answered(
    steps: list[tuple[str, int]],
) -> None:
    async def go() -> None:
        desk = Desk(Database(), InStep(SHELF.registers))
        try:
            for what, nth in (("begin", 0), ("commit", 0), *steps):
                before = desk.memory.memory.seen.seq
                await desk.do(what.replace("begin or commit", "commit" if desk.inside else "begin"), nth)
                assert desk.memory.memory.seen.seq >= before
                if desk.inside:
                    desk.is_of_one_look()
            await desk.end()
        finally:
            await desk.memory.close()

    asyncio.run(go())


@pytest.mark.parametrize(
    ("make", "ours"),
    [
        (lambda: asyncpg.UniqueViolationError('Key (key)=("a secret") already exists'), Unavailable),
        (lambda: asyncpg.DataError("a secret"), Unforeseen),
        (lambda: asyncpg.PostgresSyntaxError("a secret"), Unforeseen),
        (lambda: asyncpg.InterfaceError("a secret"), Unforeseen),
    ],
)
def test_what_nobody_foresaw_of_the_database_is_ours_and_quotes_nothing(
    make: Callable[[], Exception], ours: type[Exception]
) -> None:
    error = make()
    said = in_our_words(error)
    assert isinstance(said, ours)
    assert said.__cause__ is error
    assert type(error).__name__ in str(said)
    assert "secret" not in str(said)
