"""Ledgers: what happened; and the numbers that are given for it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from committee.errors import Refused
from storage.described import Described
from storage.ledgers import LedgerOf
from tests.storage.conftest import MakeStore
from tests.storage.shelf import NOON, SHELF, Event, occasion

pytest_plugins = ["tests.servers.fixtures"]
OVER_BOTH_STORES = True


@dataclass(frozen=True, slots=True)
class Before:
    """An event as an earlier version kept it."""

    key: str
    state: str = "new"


ONE, TWO = Event("one", party="MWI", message_id="<1@x>", words={"a": [1]}), Event("two", "done")


async def add(store: Any, *events: Event, later: int = 0) -> int:
    async with store.transaction(**occasion() | {"at": NOON + timedelta(hours=later)}) as tx:
        added: int = await tx.events.add(*events)
    return added


async def test_add_keeps_only_keys_that_are_new_and_says_how_many(store: Any) -> None:
    assert await add(store, ONE) == 1
    assert await add(store, replace(ONE, state="done"), TWO, TWO) == 1
    assert await store.events.find() == [ONE, TWO]


async def test_put_replaces_a_row_and_says_which_it_does_not_know(store: Any) -> None:
    await add(store, ONE)
    async with store.transaction(**occasion()) as tx:
        await tx.events.put(replace(ONE, state="done"))
        with pytest.raises(KeyError, match="two"):
            await tx.events.put(replace(ONE, state="lost"), TWO)
    assert await store.events.get("one") == replace(ONE, state="done")
    assert await store.events.find(state="new") == []


async def test_a_search_is_by_declared_columns_time_order_and_number(store: Any) -> None:
    await add(store, ONE)
    await add(store, TWO, later=1)
    three = Event("three", "done", "NER")
    await add(store, three, later=2)
    assert await store.events.find(state="done") == [TWO, three]
    assert await store.events.find(state="done", newest_first=True, limit=1) == [three]
    assert await store.events.find(since=NOON + timedelta(hours=1)) == [TWO, three]
    assert await store.events.find(party=None) == [TWO]
    assert await store.events.find(party={"MWI", None}) == [ONE, TWO]
    assert await store.events.find(key=("one", "three")) == [ONE, three]
    assert await store.events.find(state=frozenset()) == []
    assert await store.events.count(state=("new", "done"), party="NER") == 1
    assert await store.events.count() == 3


async def test_a_search_by_what_is_not_declared_is_a_mistake_of_the_caller(store: Any) -> None:
    for search in (store.events.find(count=1), store.events.count(count=1)):
        with pytest.raises(TypeError, match="events cannot be searched by count"):
            await search


async def test_null_bytes_and_quotes_are_found_as_they_were_written(store: Any) -> None:
    odd = Event("odd", message_id="<a\0b'\"@x>")
    await add(store, odd, Event("cut", message_id="<a"))
    assert await store.events.find(message_id=odd.message_id) == [odd]


async def test_a_search_for_more_values_than_a_statement_may_bind_finds_them_in_their_order(store: Any) -> None:
    odd, cut, three = Event("odd\0one", party=None), Event("odd"), Event("Ⅲ'\"", party="NER")
    await add(store, three, odd, cut, TWO)
    keys = (*(f"none/{nth}" for nth in range(250_001)), odd.key, three.key, "two")
    assert await store.events.find(key=keys) == [three, odd, TWO]
    assert await store.events.find(key=keys, party={None, *keys}, newest_first=True, limit=1) == [TWO]
    assert await store.events.find(party={"NER", None, *keys}) == [three, odd, cut, TWO]
    assert await store.events.count(key=keys, state=("new", "done")) == 3


async def test_a_transaction_sees_its_own_rows_and_nobody_else_does(store: Any) -> None:
    await add(store, ONE)
    async with store.transaction(**occasion()) as tx:
        await tx.events.add(TWO)
        await tx.events.put(replace(ONE, state="done"))
        assert await tx.events.count(state="done") == 2
        assert await store.events.count(state="done") == 0
    assert await store.events.count(state="done") == 2


async def test_one_row_that_cannot_be_kept_keeps_none_of_its_call(store: Any) -> None:
    async with store.transaction(**occasion()) as tx:
        with pytest.raises(Refused):
            await tx.events.add(ONE, Event("half", message_id="\udfff"))
    assert await store.events.find() == []


async def test_ledgers_change_only_in_a_transaction(store: Any) -> None:
    for change in (store.events.add(ONE), store.events.put(ONE)):
        with pytest.raises(RuntimeError, match="only inside"):
            await change


async def test_a_column_that_is_declared_later_is_filled_and_one_that_is_no_longer_goes(make_store: MakeStore) -> None:
    def declared(*columns: str) -> Described:
        return Described(SHELF.registers, {"events": LedgerOf(Event, columns)})

    first = await make_store(declared("party"))
    await add(first, ONE, TWO)
    await first.close()
    second = await make_store(declared("state"))
    assert await second.events.find(state="done") == [TWO]
    await add(second, Event("three", "done"))
    with pytest.raises(TypeError, match="party"):
        await second.events.find(party="MWI")


async def test_a_row_from_before_a_field_was_declared_is_searched_by_it_once_it_was_written_again(
    make_store: MakeStore,
) -> None:
    plain = Described(SHELF.registers, {"events": LedgerOf(Before, ("state",))})
    first = await make_store(plain)
    async with first.transaction(**occasion()) as tx:
        await tx.events.add(Before("one"), Before("two"))
    await first.close()
    later = await make_store(Described(SHELF.registers, {"events": LedgerOf(Event, ("state", "message_id"))}))
    async with later.transaction(**occasion()) as tx:
        [seen] = (await tx.events.seen(["one"])).values()
        await tx.events.swap([(seen, replace(seen.value, state="done"))])
        await tx.events.put(Event("two", "done"))
    assert [event.key for event in await later.events.find(message_id="")] == ["one", "two"]
    assert [finding for finding in await later.verify() if not finding.note] == []


async def test_numbers_have_no_gaps_and_their_own_count_for_each_series_and_year(store: Any) -> None:
    given = []
    for broken in (False, True, False):
        try:
            async with store.transaction(**occasion()) as tx:
                given.append([await tx.number("S", 2012), await tx.number("M", 2012), await tx.number("S", 2013)])
                if broken:
                    raise LookupError
        except LookupError:
            given.pop()
    assert given == [["S-2012-0001", "M-2012-0001", "S-2013-0001"], ["S-2012-0002", "M-2012-0002", "S-2013-0002"]]


async def test_a_row_is_swapped_only_where_it_is_as_it_was_seen(store: Any) -> None:
    async with store.transaction(**occasion()) as tx:
        await tx.events.add(Event("one"), Event("two"))
        seen = await tx.events.seen(["one", "two", "three"])
        stale = replace(seen["two"], text="{}")
        put = await tx.events.swap(
            [(seen["one"], replace(seen["one"].value, party="MWI")), (stale, replace(stale.value, party="NER"))]
        )
        assert {key: one.value.party for key, one in put.items()} == {"one": "MWI"}
        assert put == await tx.events.seen(["one"])
    assert [event.key for event in await store.events.find(party=("MWI", "NER"))] == ["one"]


@dataclass(frozen=True, slots=True)
class Named:
    """Its fields have names that statements use for something else."""

    key: str
    place: str = ""
    new: str = ""
    old: str = ""
    row: str = ""


async def test_a_column_may_have_any_name_and_a_desk_from_before_its_ledger_gets_it(make_store: MakeStore) -> None:
    """As a desk that was made before there were posts is opened by a program that has them."""
    before = await make_store()
    await add(before, ONE)
    await before.close()
    named = Described(SHELF.registers, {**SHELF.ledgers, "named": LedgerOf(Named, ("place", "new", "old", "row"))})
    store = await make_store(named)
    async with store.transaction(**occasion()) as tx:
        assert await tx.named.add(Named("b", "here", "n"), Named("a", "here"), Named("c", "there")) == 3
        await tx.named.put(Named("a", "here", "n", "o", "r"))
        seen = await tx.named.seen(["b"])
        await tx.named.swap([(seen["b"], replace(seen["b"].value, old="o"))])
    assert [one.key for one in await store.named.find(place="here", old="o")] == ["b", "a"]
    assert await store.events.find() == [ONE]
    assert [finding for finding in await store.verify() if not finding.note] == []
