"""What registers say is remembered for as long as nothing is committed, by anyone, and never longer."""

import asyncio
from typing import Any

import pytest

from storage.remembered import FEW, Remembered
from tests.storage.conftest import MakeStore
from tests.storage.shelf import Country, Status, occasion

pytest_plugins = ["tests.servers.fixtures"]
OVER_BOTH_STORES = True
MALAWI, NIGER = Country("MWI", "Malawi", Status.REPORTED, "Africa"), Country("NER", "Niger", region="Africa")


async def put(store: Any, *countries: Country) -> None:
    async with store.transaction(**occasion()) as tx:
        await tx.countries.put(*countries)


async def remembered(store: Any) -> Any:
    return Remembered(store, await store.seen())


async def test_it_says_what_the_store_says_and_shares_the_values(store: Any) -> None:
    await put(store, MALAWI, NIGER)
    reading = await remembered(store)
    assert await reading.countries.get("MWI") == MALAWI
    assert await reading.countries.get("XXX") is None
    assert await reading.countries.find(region={"Africa"}, key=("NER", "TCD")) == [NIGER]
    first, second = await reading.countries.all(), await reading.countries.all()
    assert first == second == [MALAWI, NIGER]
    assert first[0] is second[0]


async def test_a_list_is_the_readers_own(store: Any) -> None:
    await put(store, MALAWI)
    reading = await remembered(store)
    (await reading.countries.all()).clear()
    (await reading.countries.find(key="MWI")).clear()
    assert await reading.countries.all() == await reading.countries.find(key="MWI") == [MALAWI]


async def test_the_last_commit_is_seen_whoever_has_made_it(store: Any, make_store: MakeStore) -> None:
    await put(store, MALAWI)
    before = await store.seen()
    assert await store.seen() == before == store.known
    await put(await make_store(), NIGER)
    after = await store.seen()
    assert after.seq == before.seq + 1
    assert await Remembered(store, after).countries.all() == [MALAWI, NIGER]


async def test_what_was_read_after_another_commit_is_not_remembered_as_of_the_first(store: Any) -> None:
    await put(store, MALAWI)
    reading = await remembered(store)
    await put(store, NIGER)
    assert await reading.countries.all() == [MALAWI, NIGER]
    await put(store, Country("TCD", "Chad"))
    assert len(await reading.countries.all()) == 3


async def test_many_who_ask_at_once_are_one_question(store: Any) -> None:
    asked = []

    async def ask() -> str:
        asked.append(1)
        await asyncio.sleep(0)
        return "said"

    reading = await remembered(store)
    answers = await asyncio.gather(*(reading.answer("what", ask) for _ in range(20)))
    assert (answers, asked) == (["said"] * 20, [1])


async def test_who_no_longer_waits_takes_the_answer_from_nobody(store: Any) -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def ask() -> str:
        begun.set()
        await go.wait()
        return "said"

    reading = await remembered(store)
    first = asyncio.create_task(reading.answer("what", ask))
    await begun.wait()
    second = asyncio.create_task(reading.answer("what", ask))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    go.set()
    assert await second == "said"


async def test_a_failure_is_told_and_not_remembered(store: Any) -> None:
    async def fails() -> str:
        raise OSError("the disk is away")

    async def says() -> str:
        return "said"

    reading = await remembered(store)
    with pytest.raises(OSError, match="the disk is away"):
        await reading.answer("what", fails)
    assert await reading.answer("what", says) == "said"


async def test_more_than_a_few_are_read_anew(store: Any) -> None:
    await put(store, *(Country(f"C{nth}", "Many") for nth in range(FEW + 1)))
    reading = await remembered(store)
    first, second = await reading.countries.all(), await reading.countries.all()
    assert first == second
    assert first[0] is not second[0]


async def test_transactions_are_the_stores_own(store: Any) -> None:
    reading = await remembered(store)
    await put(reading, MALAWI)
    assert await store.countries.all() == [MALAWI]
    with pytest.raises(RuntimeError, match="only inside"):
        await reading.countries.put(NIGER)
