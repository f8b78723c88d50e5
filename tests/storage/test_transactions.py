"""A transaction: all of it or nothing, one at a time, whatever becomes of the caller."""

import asyncio
import time
from collections.abc import Coroutine, Generator
from typing import Any

import pytest

from tests.storage.conftest import MakeStore
from tests.storage.shelf import Country, Event, count_up, is_in_step, occasion

pytest_plugins = ["tests.servers.fixtures"]
OVER_BOTH_STORES = True


class CancelledAt:
    """Runs a coroutine and cancels the task that runs it at its n-th point of waiting."""

    def __init__(self, work: Coroutine[Any, Any, Any], point: int) -> None:
        self._work, self._point = work, point
        self.reached = False

    def __await__(self) -> Generator[Any, None, Any]:
        waiting = self._work.__await__()
        points, sent = 0, None
        while True:
            try:
                future = waiting.send(sent) if sent is None else waiting.throw(sent)
            except StopIteration as end:
                return end.value
            points += 1
            if points == self._point:
                self.reached = True
                task = asyncio.current_task()
                assert task
                asyncio.get_running_loop().call_soon(task.cancel)
            sent = None
            try:
                yield future
            except asyncio.CancelledError as error:
                sent = error


async def test_a_caller_cancelled_at_any_point_leaves_memory_and_disk_alike(store: Any, make_store: MakeStore) -> None:
    point, reached = 0, True
    while reached:
        point += 1
        work = CancelledAt(count_up(store), point)
        task = asyncio.create_task(_awaited(work))
        await asyncio.wait([task])
        reached = work.reached
        counted = await is_in_step(store)
        other = await make_store()
        assert await is_in_step(other) == counted
        await other.close()
        assert await store.countries.all() == await other_countries(make_store)
    assert point > 4
    await count_up(store)


async def other_countries(make_store: MakeStore) -> list[Country]:
    other = await make_store()
    countries: list[Country] = await other.countries.all()
    await other.close()
    return countries


async def _awaited(work: CancelledAt) -> Any:
    return await work


async def test_callers_cancelled_at_random_moments_leave_all_in_step(store: Any) -> None:
    for moment in range(60):
        task = asyncio.create_task(count_up(store))
        await asyncio.sleep(moment / 20_000)
        task.cancel()
        await asyncio.wait([task])
    await is_in_step(store)


async def test_transactions_of_one_process_run_one_at_a_time(store: Any) -> None:
    numbers = await asyncio.gather(*(count_up(store) for _ in range(30)))
    assert len(set(numbers)) == 30 == await is_in_step(store)


async def test_a_transaction_within_one_is_a_mistake_and_not_a_standstill(store: Any) -> None:
    with pytest.raises(RuntimeError, match="within"):
        async with store.transaction(**occasion()), store.transaction(**occasion()):
            pass
    await count_up(store)


async def test_what_was_read_and_put_back_alike_is_no_change(store: Any) -> None:
    async with store.transaction(**occasion()) as tx:
        await tx.countries.put(Country("MWI"))
        await tx.events.add(Event("one"))
    async with store.transaction(**occasion()) as tx:
        await tx.countries.put(await tx.countries.get("MWI"))
        await tx.events.put(await tx.events.get("one"))
        await tx.events.add(Event("one", "other"))
        await tx.countries.remove("NER")
    assert len(await store.trail.find()) == 1


async def test_several_stores_see_each_others_commits_at_once(store: Any, make_store: MakeStore) -> None:
    other = await make_store()
    for writer, reader, name in ((store, other, "a"), (other, store, "b"), (store, other, "c")):
        async with writer.transaction(**occasion()) as tx:
            await tx.countries.put(Country("MWI", name), Country(name))
            await tx.events.add(Event(name))
        assert (await reader.countries.get("MWI")).name == name
        async with reader.transaction(**occasion()) as tx:
            assert (await tx.countries.get("MWI")).name == name
            await tx.countries.remove(name)
        assert await writer.countries.get(name) is None
        assert await writer.events.count(key=name) == await reader.events.count(key=name) == 1


async def test_two_stores_at_the_same_document_lose_no_change(store: Any, make_store: MakeStore) -> None:
    other = await make_store()
    await asyncio.gather(*(count_up(each) for _ in range(20) for each in (store, other)))
    assert await is_in_step(store) == await is_in_step(other) == 40


async def test_waiting_for_another_store_stops_neither_reads_nor_the_loop(store: Any, make_store: MakeStore) -> None:
    other = await make_store()
    async with other.transaction(**occasion()) as held:
        await held.countries.put(Country("MWI"))
        await held.events.add(Event("one"))
        waiting = asyncio.create_task(count_up(store))
        longest = 0.0
        for _ in range(20):
            start = time.perf_counter()
            assert await store.countries.all() == []
            longest = max(longest, time.perf_counter() - start)
            await asyncio.sleep(0.005)
        assert not waiting.done()
        assert longest < 0.2
    assert await waiting == "S-2012-0001"


async def test_a_caller_cancelled_while_it_waits_for_another_store_has_done_nothing(
    store: Any, make_store: MakeStore
) -> None:
    other = await make_store()
    async with other.transaction(**occasion()) as held:
        await held.events.add(Event("one"))
        waiting = asyncio.create_task(_blind(store))
        await asyncio.sleep(0.05)
        waiting.cancel()
        await asyncio.wait([waiting])
        assert waiting.cancelled()
    assert await store.countries.all() == []
    await _blind(store)


async def _blind(store: Any) -> None:
    async with store.transaction(**occasion()) as tx:
        await tx.countries.put(Country("MWI"))


async def test_close_waits_for_a_commit_that_has_begun(store: Any, make_store: MakeStore) -> None:
    commits = [asyncio.create_task(_blind(store))]
    await asyncio.sleep(0)
    await store.close()
    await asyncio.wait(commits)
    assert [country.key for country in await (await make_store()).countries.all()] == ["MWI"]
    with pytest.raises(RuntimeError, match="closed"):
        await store.countries.all()


@pytest.mark.long
async def test_a_search_through_a_hundred_thousand_documents_never_blocks_the_loop(store: Any) -> None:
    for start in range(0, 100_000, 10_000):
        countries = [Country(f"{place:06d}", region=str(place % 10)) for place in range(start, start + 10_000)]
        async with store.transaction(**occasion()) as tx:
            await tx.countries.put(*countries)
    async with store.transaction(**occasion()) as tx:
        await tx.countries.put(Country("000007", "changed"))
        # A search that blocks does so each time; a busy machine only now and then.
        blocked = [await _longest_block(_searches(store, tx)) for _ in range(4)]
    assert min(blocked) < 0.05


async def _searches(store: Any, tx: Any) -> None:
    assert await store.countries.find(name="nowhere") == []
    assert len(await store.countries.find(region="7")) == 10_000
    assert len(await tx.countries.find(region="7")) == 9_999


async def _longest_block(work: Coroutine[Any, Any, None]) -> float:
    working, longest = asyncio.create_task(work), 0.0
    while not working.done():
        before = time.perf_counter()
        await asyncio.sleep(0.001)
        longest = max(longest, time.perf_counter() - before)
    await working
    return longest
