"""Whatever is done in whatever order, the store is a dictionary that forgets nothing."""

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.opening import made, opened
from tests.servers.postgres import Postgres
from tests.storage.shelf import SHELF, Event, Person, occasion

pytest_plugins = ["tests.servers.fixtures"]
KEYS = st.sampled_from(["a", "b", "c", "é", "\0", "0", "\ue000", "\ue0000"])
PARTIES = st.sampled_from(["MWI", "NER", ""])
STEPS = st.one_of(
    st.tuples(st.just("put"), KEYS, PARTIES),
    st.tuples(st.just("remove"), KEYS, PARTIES),
    st.tuples(st.just("add"), KEYS, PARTIES),
    st.tuples(st.just("number"), KEYS, PARTIES),
)
TRANSACTIONS = st.tuples(st.lists(STEPS, max_size=5), st.booleans())


class Broken(Exception):
    pass


@settings(deadline=None, max_examples=40)
@given(transactions=st.lists(TRANSACTIONS, max_size=8))
def test_the_store_is_what_a_dictionary_would_be(transactions: list[tuple[list[tuple[str, str, str]], bool]]) -> None:
    _on_a_desk("", transactions)


@pytest.mark.server
@settings(deadline=None, max_examples=20)
@given(transactions=st.lists(TRANSACTIONS, max_size=8))
def test_the_store_in_postgresql_is_what_a_dictionary_would_be(
    transactions: list[tuple[list[tuple[str, str, str]], bool]], postgres: Postgres
) -> None:
    url = postgres.database()
    _on_a_desk(url, transactions)
    postgres.drop(url)


def _on_a_desk(url: str, transactions: list[tuple[list[tuple[str, str, str]], bool]]) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        asyncio.run(_compare(folder, url, transactions))
    finally:
        shutil.rmtree(folder)


async def _compare(folder: Path, url: str, transactions: list[tuple[list[tuple[str, str, str]], bool]]) -> None:
    committed: dict[str, dict[str, Any]] = {"people": {}, "events": {}, "numbers": {}}
    async with (
        await made(folder, url, described=SHELF) as store,
        await opened(folder, url, described=SHELF) as other,
    ):
        for number, (steps, breaks) in enumerate(transactions):
            model = {name: dict(table) for name, table in committed.items()}
            writer: Any = (store, other)[number % 2]
            try:
                async with writer.transaction(**occasion()) as tx:
                    for step in steps:
                        await _step(tx, model, *step)
                        await _same(tx, model)
                    if breaks:
                        raise Broken
                committed = model
            except Broken:
                pass
            await _same(store, committed)
            await _same(other, committed)
        assert await store.verify() == []
    async with await opened(folder, url, described=SHELF) as again:
        await _same(again, committed)


async def _step(tx: Any, model: dict[str, dict[str, Any]], step: str, key: str, party: str) -> None:
    if step == "put":
        model["people"][key] = Person(key, party)
        await tx.people.put(Person(key, party))
    elif step == "remove":
        model["people"].pop(key, None)
        await tx.people.remove(key)
    elif step == "add":
        new = key not in model["events"]
        model["events"].setdefault(key, Event(key, party=party))
        assert await tx.events.add(Event(key, party=party)) == new
    else:
        last = model["numbers"][party] = model["numbers"].get(party, 0) + 1
        assert await tx.number(party, 2012) == f"{party}-2012-{last:04d}"


async def _same(store: Any, model: dict[str, dict[str, Any]]) -> None:
    people, events = model["people"], model["events"]
    assert await store.people.all() == [people[key] for key in sorted(people)]
    for party in ("MWI", ("NER", "")):
        wanted = {party} if isinstance(party, str) else set(party)
        found = [person for _, person in sorted(people.items()) if person.party in wanted]
        assert await store.people.find(party=party) == found
        assert await store.people.find(party=party, confirmed=False) == found
        assert await store.events.count(party=party) == sum(event.party in wanted for event in events.values())
    assert await store.events.find() == list(events.values())
    for key in ("a", "\0", "nowhere"):
        assert await store.people.get(key) == people.get(key)
        assert await store.events.get(key) == events.get(key)
