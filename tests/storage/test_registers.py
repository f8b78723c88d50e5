"""Registers: what is true now."""

import json
from collections.abc import MutableMapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tinydb import where
from tinydb.table import Document

from committee.errors import Refused
from storage.register_table import Committed, RegisterTable
from tests.storage.conftest import MakeStore
from tests.storage.shelf import NOON, Country, Note, Person, Status, occasion

pytest_plugins = ["tests.servers.fixtures"]
OVER_BOTH_STORES = True
MALAWI = Country(
    "MWI", "Malawi", Status.REPORTED, "Africa", 3, date(1964, 12, 1), (Note("rings on Tuesdays", NOON),), {"a": [1, {}]}
)
NIGER, CHAD = Country("NER", "Niger", region="Africa"), Country("TCD", "Chad")


async def put(store: Any, *countries: Country) -> None:
    async with store.transaction(**occasion()) as tx:
        await tx.countries.put(*countries)


async def test_a_value_comes_back_as_it_was_put_also_after_opening_again(store: Any, make_store: MakeStore) -> None:
    await put(store, MALAWI)
    assert await store.countries.get("MWI") == MALAWI == await (await make_store()).countries.get("MWI")


async def test_all_comes_in_the_order_of_the_keys(store: Any) -> None:
    await put(store, CHAD, MALAWI)
    await put(store, NIGER)
    assert await store.countries.all() == [MALAWI, NIGER, CHAD]


async def test_what_is_read_is_a_copy(store: Any) -> None:
    words: dict[str, Any] = {"list": [1], "nested": {"list": []}}
    await put(store, Country("MWI", words=words))
    words["list"].append(2)
    (await store.countries.get("MWI")).words["list"].append(3)
    (await store.countries.find(name=""))[0].words["nested"]["list"].append(4)
    async with store.transaction(**occasion()) as tx:
        (await tx.countries.get("MWI")).words["list"].append(5)
    assert (await store.countries.get("MWI")).words == {"list": [1], "nested": {"list": []}}


async def test_a_search_is_by_any_field_and_a_tuple_or_set_means_one_of(store: Any) -> None:
    await put(store, MALAWI, NIGER, CHAD)
    assert await store.countries.find(region="Africa") == [MALAWI, NIGER]
    assert await store.countries.find(region=None) == [CHAD]
    assert await store.countries.find(region="Africa", status=Status.REPORTED) == [MALAWI]
    assert await store.countries.find(region=("Africa", None), name={"Niger", "Chad"}) == [NIGER, CHAD]
    assert await store.countries.find(joined=date(1964, 12, 1)) == [MALAWI]
    assert await store.countries.find(region=()) == []


async def test_a_search_by_what_is_no_field_is_a_mistake_of_the_caller(store: Any) -> None:
    with pytest.raises(TypeError, match="Country has no capital"):
        await store.countries.find(capital="Lilongwe")


async def test_an_indexed_field_finds_what_was_added_changed_and_taken_away(store: Any) -> None:
    async with store.transaction(**occasion()) as tx:
        await tx.people.put(Person("a", "MWI"), Person("b", "MWI"), Person("c", "NER"))
    async with store.transaction(**occasion()) as tx:
        await tx.people.put(Person("a", "NER"), Person("d", "MWI"))
        await tx.people.remove("b")
        assert [person.key for person in await tx.people.find(party="MWI")] == ["d"]
        assert [person.key for person in await tx.people.find(party="NER")] == ["a", "c"]
        assert [person.key for person in await store.people.find(party="MWI")] == ["a", "b"]
    assert [person.key for person in await store.people.find(party="MWI")] == ["d"]
    assert [person.key for person in await store.people.find(party=("NER", "MWI"), confirmed=False)] == ["a", "c", "d"]


async def test_a_transaction_reads_what_is_committed_and_what_it_has_changed_itself(store: Any) -> None:
    await put(store, MALAWI, NIGER)
    async with store.transaction(**occasion()) as tx:
        await tx.countries.put(replace(MALAWI, count=4), CHAD)
        await tx.countries.remove("NER")
        assert await tx.countries.all() == [replace(MALAWI, count=4), CHAD]
        assert await tx.countries.get("NER") is None
        assert await tx.countries.find(count=4) == [replace(MALAWI, count=4)]
        assert await store.countries.all() == [MALAWI, NIGER], "nobody else sees it yet"
    assert await store.countries.all() == [replace(MALAWI, count=4), CHAD]


async def test_a_raise_takes_everything_back(store: Any, make_store: MakeStore) -> None:
    await put(store, MALAWI)
    with pytest.raises(ZeroDivisionError):
        async with store.transaction(**occasion()) as tx:
            await tx.countries.put(CHAD)
            await tx.countries.remove("MWI")
            assert await tx.number("S", 2012) == "S-2012-0001"
            _ = 1 / 0
    for each in (store, await make_store()):
        assert await each.countries.all() == [MALAWI]
        assert len(await each.trail.find()) == 1


async def test_a_text_with_half_a_character_is_refused_and_nothing_of_the_transaction_stays(store: Any) -> None:
    with pytest.raises(Refused, match="MWI"):
        async with store.transaction(**occasion()) as tx:
            await tx.countries.put(CHAD)
            await tx.countries.put(replace(MALAWI, name="\udc80"))
    assert await store.countries.all() == []


async def test_registers_change_only_in_a_transaction_and_not_after_it(store: Any) -> None:
    for change in (store.countries.put(MALAWI), store.countries.remove("MWI")):
        with pytest.raises(RuntimeError, match="only inside"):
            await change
    async with store.transaction(**occasion()) as tx:
        pass
    for late in (tx.countries.put(MALAWI), tx.countries.get("MWI"), tx.countries.all(), tx.number("S", 2012)):
        with pytest.raises(RuntimeError, match="over"):
            await late


async def test_a_name_that_is_no_register_is_an_attribute_error(store: Any) -> None:
    with pytest.raises(AttributeError, match="continents"):
        _ = store.continents


async def test_moments_keep_their_instant(store: Any) -> None:
    eastern = (NOON + timedelta(microseconds=7)).astimezone()
    await put(store, Country("MWI", notes=(Note("x", eastern),)))
    assert (await store.countries.get("MWI")).notes[0].at == eastern


def table() -> RegisterTable:
    committed = Committed()
    for key, count in (("a", 1), ("b", 2)):
        committed.replace(key, f'{{"key":"{key}","count":{count},"notes":[]}}')
    return RegisterTable("countries", committed)


def test_tinydbs_own_operations_work_on_it_and_leave_what_is_committed_alone() -> None:
    countries = table()
    countries.update({"count": 3}, where("key") == "a")
    countries.insert(Document({"key": "c", "count": 3, "notes": []}, "c"))  # type: ignore[arg-type] # our ids are strings
    countries.remove(where("count") == 2)
    assert [document["key"] for document in countries.search(where("count") == 3)] == ["a", "c"]
    assert {key: text and json.loads(text)["count"] for key, text in countries.changes().items()} == {
        "a": 3, "b": None, "c": 3,
    }  # fmt: skip


def test_an_update_of_tinydbs_that_fails_leaves_none_of_its_changes() -> None:
    def fails_at_b(document: MutableMapping[Any, Any]) -> None:
        document["count"] = 1 / (2 - document["count"])

    countries = table()
    with pytest.raises(ZeroDivisionError):
        countries.update(fails_at_b)
    assert countries.changes() == {}


def test_what_tinydbs_searches_answer_is_shared_with_nobody() -> None:
    countries = table()
    for _ in range(2):
        (found,) = countries.search(where("count") == 1)
        assert found["notes"] == []
        found["notes"].append("mine")
