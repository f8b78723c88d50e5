"""A desk is moved to PostgreSQL and back: all of it, once, and never in two places that open."""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from committee.errors import Refused
from committee.names import Directory
from committee.search import asked
from storage import copying
from storage.addresses import Address, address_of
from storage.errors import FolderTaken, MovedAway, NotADesk
from storage.index import Indexed
from storage.postgres.store import PostgresStore
from storage.store import Store
from tests.servers.postgres import Postgres
from tests.storage.shelf import NOON, SHELF, Country, Event, Person, count_up, occasion

pytest_plugins = ["tests.servers.fixtures"]
pytestmark = pytest.mark.server
LARGE = b"\x00\xff" * 1_500_000
ODD = "a\0b\ue000c\ue0000 — \U0001f4ec '; DROP TABLE trail; -- \\' $1 E'\\n' \N{ARABIC LETTER ALEF}"


def nobody(_table: str, _rows: int) -> None:
    pass


@pytest.fixture
def there(database: str) -> Address:
    return address_of(database)


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """A desk with something of everything in it."""
    folder = tmp_path / "desk"
    async with Store.create(folder, described=SHELF) as store:
        await fill(store)
    return folder


async def fill(store: Any) -> None:
    await count_up(store)
    large, empty, exact = await store.keep(LARGE), await store.keep(b""), await store.keep(bytes(1 << 20))
    async with store.transaction(**occasion("fill", about=ODD, words={"who": ODD})) as tx:
        await tx.countries.put(*(Country(f"{nth}", name=ODD, words={ODD: [nth, 1.5, None]}) for nth in range(30)))
        await tx.people.put(Person(ODD, "MWI", confirmed=True), Person("gone", "NER"))
        await tx.events.add(*(Event(f"{ODD}{nth}", party=None, message_id=ODD, raw=exact) for nth in range(2500)))
        await tx.events.add(Event("large", raw=large), Event("empty", raw=empty))
        await tx.index(Indexed("mail", ODD, NOON, "M-1 mwi", "uranium from Malawi"))
    async with store.transaction(**occasion()) as tx:
        await tx.people.remove("gone")
        await tx.events.put(replace(await tx.events.get("large"), state="done"))


async def everything(store: Any) -> list[Any]:
    entries = await store.trail.find()
    return [
        await store.countries.all(), await store.people.all(), await store.events.find(), entries,
        [entry.words for entry in entries], await store.search(asked("uranium from mal", Directory([]))),
        {raw: await store.kept(raw) for raw in {event.raw for event in await store.events.find()}},
    ]  # fmt: skip


async def test_all_of_it_arrives_and_comes_back_and_goes_on(folder: Path, there: Address, tmp_path: Path) -> None:
    async with Store.open(folder, described=SHELF) as store:
        before = await everything(store)
    moved = await copying.to_database(folder, there, SHELF, nobody)
    assert (moved.rows["events"], moved.kept) == (2503, 4)
    async with PostgresStore.open(folder, there.url, described=SHELF) as store:
        assert await everything(store) == before
        assert await store.verify() == []
        assert await count_up(store) == "S-2012-0002"
        async with store.transaction(**occasion()) as tx:
            await tx.countries.remove("0")
        before = await everything(store)
    back = tmp_path / "back"
    await copying.to_folder(folder, there, back, SHELF, nobody)
    async with Store.open(back, described=SHELF) as store:
        assert await everything(store) == before
        assert await count_up(store) == "S-2012-0003"
        assert await store.verify() == []


async def test_what_was_moved_opens_at_its_new_place_alone(folder: Path, there: Address, tmp_path: Path) -> None:
    async with Store.open(folder, described=SHELF) as still_open:
        await copying.to_database(folder, there, SHELF, nobody)
        with pytest.raises(Refused, match="moved"):
            await count_up(still_open)
    with pytest.raises(MovedAway, match="127"):
        await Store.open(folder, described=SHELF)
    async with PostgresStore.open(folder, there.url, described=SHELF) as still_open:
        await copying.to_folder(folder, there, tmp_path / "back", SHELF, nobody)
        with pytest.raises(Refused, match="moved"):
            await count_up(still_open)
    with pytest.raises(MovedAway, match="back"):
        await PostgresStore.open(folder, there.url, described=SHELF)


async def test_a_place_that_holds_a_desk_is_refused(folder: Path, there: Address, tmp_path: Path) -> None:
    async with PostgresStore.create(tmp_path / "other", there.url, described=SHELF) as other:
        await count_up(other)
    with pytest.raises(FolderTaken):
        await copying.to_database(folder, there, SHELF, nobody)
    with pytest.raises(FolderTaken):
        await copying.to_folder(tmp_path / "other", there, folder, SHELF, nobody)
    async with Store.open(folder, described=SHELF) as store:
        assert await store.verify() == []


async def test_a_desk_that_does_not_fit_its_trail_is_not_moved(
    folder: Path, there: Address, postgres: Postgres
) -> None:
    with closing(sqlite3.connect(folder / "desk.sqlite3", isolation_level=None)) as database:
        database.execute("UPDATE ledger_events SET state = 'lost' WHERE key = 'large'")
    with pytest.raises(Refused, match="large"):
        await copying.to_database(folder, there, SHELF, nobody)
    assert postgres.sql(there.url, "SELECT to_regclass('verbale.meta')") == [(None,)]


class CutOff(Exception):
    pass


@pytest.mark.parametrize("moment", ["in the middle", "arrived", "marked"])
async def test_cut_off_at_any_moment_it_opens_in_one_place_and_comes_to_its_end(
    moment: str, folder: Path, there: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The patches are where a process would be killed."""

    async def both_ways(
        move: Callable[[], Awaitable[Any]], source: Callable[[], Any], target: Callable[[], Any]
    ) -> None:
        with monkeypatch.context() as patch:
            _cut(patch, moment)
            with pytest.raises(CutOff):
                await move()
        opens = [await _opens(source), await _opens(target)]
        assert opens == [moment != "marked", False]
        await move()
        assert [await _opens(source), await _opens(target)] == [False, True]

    back = tmp_path / "back"
    await both_ways(
        lambda: copying.to_database(folder, there, SHELF, nobody),
        lambda: Store.open(folder, described=SHELF),
        lambda: PostgresStore.open(folder, there.url, described=SHELF),
    )
    await both_ways(
        lambda: copying.to_folder(folder, there, back, SHELF, nobody),
        lambda: PostgresStore.open(folder, there.url, described=SHELF),
        lambda: Store.open(back, described=SHELF),
    )


def _cut(patch: pytest.MonkeyPatch, moment: str) -> None:
    async def cut(*_: Any) -> None:
        raise CutOff

    def cut_here(*_: Any) -> None:
        raise CutOff

    if moment == "in the middle":
        patch.setattr(copying, "keep_in", cut)
        patch.setattr(copying, "_kept_here", cut)
    elif moment == "arrived":
        patch.setattr(copying, "_mark_moved", cut_here)
        patch.setattr(copying, "_mark_moved_there", cut)
    else:
        patch.setattr(copying.schema, "finish", cut)
        patch.setattr(copying, "_finish", cut_here)


async def _opens(opening: Callable[[], Any]) -> bool:
    try:
        store = await opening()
    except (MovedAway, NotADesk):
        return False
    await store.close()
    return True
