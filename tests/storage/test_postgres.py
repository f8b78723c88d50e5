"""What can happen to a desk in PostgreSQL and to no other: its server goes, its clock is another, others wait for it."""

import asyncio
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from committee.errors import Refused, Unavailable
from storage.described import Described
from storage.errors import Busy, FolderTaken, NewerDesk, NotADesk
from storage.ledgers import LedgerOf
from storage.postgres import settling
from storage.postgres.errors import CutOff, InDoubt
from storage.postgres.store import PostgresStore
from tests.servers.postgres import Postgres
from tests.storage.shelf import SHELF, Country, Event, Person, count_up, is_in_step, occasion

pytest_plugins = ["tests.servers.fixtures"]
pytestmark = pytest.mark.server


@dataclass(frozen=True, slots=True)
class Job:
    key: str
    state: str = "waiting"
    priority: int = 0
    turn: str = ""
    due: int = 0
    urgent: bool = False


QUEUE = Described({}, {"jobs": LedgerOf(Job, ("state", "urgent"), order=("priority", "turn", "due"))})


@pytest.fixture
async def store(database: str, tmp_path: Path) -> AsyncIterator[PostgresStore]:
    async with PostgresStore.create(tmp_path / "desk", database, described=SHELF) as opened:
        yield opened


@pytest.fixture
async def other(store: PostgresStore) -> AsyncIterator[PostgresStore]:
    """What another process would have."""
    async with PostgresStore.open(store.folder, store.address.url, described=SHELF) as opened:
        yield opened


# Its server goes.


@pytest.mark.parametrize("how", ["cut off", "restarted", "killed"])
async def test_a_server_that_goes_during_a_run_loses_nothing_and_doubles_nothing(
    how: str, store: PostgresStore, postgres: Postgres
) -> None:
    answered: list[str] = []
    refused = 0

    async def run() -> None:
        nonlocal refused
        while len(answered) < 120:
            try:
                answered.append(await count_up(store))
            except InDoubt:
                raise
            except Unavailable:
                refused += 1
                await asyncio.sleep(0.02)

    running = [asyncio.create_task(run()) for _ in range(4)]
    for _ in range(3 if how == "cut off" else 1):
        await asyncio.sleep(0.15)
        await asyncio.to_thread(_take_away, how, postgres)
    await asyncio.gather(*running)
    assert len(set(answered)) == len(answered)
    assert await is_in_step(store) == len(answered), "what was refused was not done, what was answered was"


def _take_away(how: str, postgres: Postgres) -> None:
    if how == "cut off":
        postgres.cut_off()
    else:
        postgres.restart(signal.SIGINT if how == "restarted" else signal.SIGQUIT)


async def test_reads_and_transactions_go_on_after_a_restart_as_if_nothing_were(
    store: PostgresStore, postgres: Postgres
) -> None:
    await count_up(store)
    await asyncio.to_thread(postgres.restart)
    assert await is_in_step(store) == 1
    await asyncio.to_thread(postgres.restart)
    assert await count_up(store) == "S-2012-0002"


async def test_a_transaction_that_is_cut_off_in_its_middle_says_so_and_has_changed_nothing(
    store: PostgresStore, postgres: Postgres
) -> None:
    with pytest.raises(Unavailable, match="nothing was changed"):
        async with store.transaction(**occasion()) as tx:
            await tx.events.add(Event("one"))
            await asyncio.to_thread(postgres.cut_off)
            await tx.events.add(Event("two"))
    assert await store.events.count() == 0
    await count_up(store)


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_commit_whose_answer_is_lost_is_answered_by_what_became_of_it(
    arrives: bool, store: PostgresStore, tmp_path: Path
) -> None:
    async with (
        _line_that_breaks(store.address.url, arrives=arrives) as line,
        PostgresStore.open(store.folder, line.url, described=SHELF) as over_it,
    ):
        line.armed = True
        if arrives:
            assert await count_up(over_it) == "S-2012-0001"
        else:
            with pytest.raises(CutOff, match="nothing was changed"):
                await count_up(over_it)
        assert await is_in_step(over_it) == await is_in_step(store) == int(arrives)


async def test_where_nobody_can_say_whether_it_was_done_nobody_says_that_it_was_not(
    store: PostgresStore, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "PATIENCE", 0.5)
    stopped = threading.Event()

    def stop() -> None:
        postgres.stop()
        stopped.set()

    try:
        async with (
            _line_that_breaks(store.address.url, arrives=True, then=stop) as line,
            PostgresStore.open(store.folder, line.url, described=SHELF) as over_it,
        ):
            line.armed = True
            with pytest.raises(InDoubt, match="may have been done"):
                await count_up(over_it)
    finally:
        await asyncio.to_thread(stopped.wait)
        await asyncio.to_thread(postgres.start)
    assert await is_in_step(store) == 1


@dataclass
class Line:
    """A way to the database that breaks, once armed, with the next COMMIT: that arrives or not; its answer never does."""

    far: str
    arrives: bool
    then: Callable[[], object] | None = None
    url: str = ""
    armed: bool = False
    broken: bool = False

    async def carry(self, near: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
        host, port = self.far.partition("@")[2].partition("/")[0].split(":")
        try:
            far, to_far = await asyncio.open_connection(host, int(port))
        except OSError:
            to_near.transport.abort()
            return
        ways = [asyncio.create_task(self._there(near, to_far)), asyncio.create_task(self._back(far, to_near))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for writer in (to_near, to_far):
            writer.transport.abort()
        await asyncio.wait(ways)

    async def _there(self, near: asyncio.StreamReader, to_far: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await near.read(65536):
                breaks = self.armed and b"COMMIT" in data
                self.armed, self.broken = self.armed and not breaks, self.broken or breaks
                if not breaks or self.arrives:
                    to_far.write(data)
                    await to_far.drain()
                if breaks:
                    await asyncio.sleep(0.2)
                    if self.then:
                        await asyncio.to_thread(self.then)
                    return

    async def _back(self, far: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            begun_whole = not self.broken
            while data := await far.read(65536):
                if not (begun_whole and self.broken):
                    to_near.write(data)
                    await to_near.drain()


@asynccontextmanager
async def _line_that_breaks(
    url: str, *, arrives: bool, then: Callable[[], object] | None = None
) -> AsyncIterator[Line]:
    line = Line(url, arrives, then)
    async with await asyncio.start_server(line.carry, "127.0.0.1", 0) as server:
        host, _, rest = url.rpartition(":")
        line.url = f"{host}:{server.sockets[0].getsockname()[1]}/{rest.partition('/')[2]}"
        yield line


async def test_a_process_that_is_frozen_in_a_transaction_does_not_keep_others_for_ever(
    store: PostgresStore, other: PostgresStore, postgres: Postgres
) -> None:
    with pytest.raises(Unavailable):
        async with store.transaction(**occasion()) as tx:
            await tx.events.add(Event("one"))
            waiting = asyncio.create_task(count_up(other))
            await asyncio.sleep(0.1)
            # As the server does by itself after fifteen seconds.
            await asyncio.to_thread(
                postgres.sql,
                "postgres",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'",
            )
            assert await waiting == "S-2012-0001"
            await tx.events.add(Event("two"))
    assert await is_in_step(store) == 1


# Its clock.


async def test_the_clock_is_the_databases_and_is_shifted_there(store: PostgresStore, postgres: Postgres) -> None:
    assert abs(await store.clock() - datetime.now(UTC)) < timedelta(seconds=5)
    for shift in (-timedelta(hours=1), timedelta(days=1)):
        await asyncio.to_thread(postgres.shift, store.address.url, shift)
        assert abs(await store.clock() - datetime.now(UTC) - shift) < timedelta(seconds=5)


# One leads.


async def test_one_leads_at_a_time_and_the_next_follows_when_it_ends(
    store: PostgresStore, other: PostgresStore
) -> None:
    async with store.lead("clock", "verbale run") as lead:
        assert lead.held
        with pytest.raises(Busy, match=r"verbale run, process \d+ on "):
            async with other.lead("clock", "verbale tick"):
                pass
        async with other.lead("mail in", "verbale run"):
            pass
    assert not lead.held
    async with other.lead("clock", "verbale tick") as lead:
        assert lead.held


async def test_a_lease_is_renewed_while_its_holder_lives(store: PostgresStore, other: PostgresStore) -> None:
    async with store.lead("clock", "verbale run", seconds=3) as lead:
        first_end = await store.clock() + timedelta(seconds=3)
        while await store.clock() < first_end:  # noqa: ASYNC110 - by the clock of leases, however slow the host is
            await asyncio.sleep(0.1)
        assert lead.held
        with pytest.raises(Busy):
            async with other.lead("clock", "verbale run"):
                pass


async def test_a_lease_that_ran_out_is_taken_and_whoever_had_it_is_told(
    store: PostgresStore, other: PostgresStore, postgres: Postgres
) -> None:
    async with store.lead("clock", "verbale run", seconds=3) as lead:
        await asyncio.to_thread(postgres.shift, store.address.url, timedelta(days=1))
        async with other.lead("clock", "verbale run") as theirs:
            async with asyncio.timeout(5):
                await lead.lost()
            assert theirs.held
            assert not lead.held


async def test_a_frozen_holder_knows_by_itself_that_its_time_is_over(store: PostgresStore, postgres: Postgres) -> None:
    async with store.lead("clock", "verbale run", seconds=0.5) as lead:
        await asyncio.to_thread(postgres.stop)
        try:
            await asyncio.sleep(0.6)
            assert not lead.held
        finally:
            await asyncio.to_thread(postgres.start)


# Others wait for it.


async def test_whoever_waits_is_woken_by_a_commit(store: PostgresStore, other: PostgresStore) -> None:
    assert await other.changed(5), "what came before it listened"
    assert not await other.changed(0.05)
    waiting = asyncio.create_task(other.changed(5))
    await asyncio.sleep(0.05)
    at = time.perf_counter()
    await count_up(store)
    assert await waiting
    assert time.perf_counter() - at < 1


async def test_whoever_waits_is_woken_after_a_restart_too(store: PostgresStore, postgres: Postgres) -> None:
    assert await store.changed(5)
    await asyncio.to_thread(postgres.restart)
    assert await store.changed(5), "something may have been missed"
    await count_up(store)
    assert await store.changed(5)


async def test_rows_that_one_has_taken_are_not_given_to_another(database: str, tmp_path: Path) -> None:
    async with PostgresStore.create(tmp_path / "desk", database, described=QUEUE) as store, AsyncExitStack() as stack:
        jobs = [Job(f"{nth}", priority=nth % 2, turn=f"{9 - nth}", due=nth, urgent=nth > 5) for nth in range(10)]
        async with store.transaction(**occasion()) as tx:
            await tx.jobs.add(*jobs, Job("done", "done"))
        groups = [{"state": "waiting", "priority": 0}, {"state": "waiting", "priority": 1}, {"state": "lost"}]
        asked: dict[str, Any] = {"limit": 2, "until": {"due": 8}, "but": {"turn": ["7"], "state": []}}
        async with store.transaction(**occasion()) as tx:
            found = await tx.jobs.in_turn(groups, **asked)
            assert [[job.value.key for job in group] for group in found] == [["8", "6"], ["7", "5"], []]
            import asyncpg

            psql = await asyncpg.connect(database)
            stack.push_async_callback(psql.close)
            rows = "SELECT key FROM verbale.ledger_jobs WHERE state = 'waiting' ORDER BY key FOR UPDATE SKIP LOCKED"
            assert [row[0] for row in await psql.fetch(rows)] == ["0", "1", "2", "3", "4", "9"]
        assert [job.key for job in await store.jobs.find(urgent=True, priority=1)] == ["7", "9"]
        assert await store.jobs.in_turn([], **asked) == []
        with pytest.raises(TypeError, match="key_of"):
            await store.jobs.in_turn([{"key_of": 1}], **asked)


# How it is opened.


async def test_a_database_without_a_desk_and_one_of_a_newer_program_are_refused(
    database: str, store: PostgresStore, postgres: Postgres, tmp_path: Path
) -> None:
    empty = postgres.database()
    with pytest.raises(NotADesk, match="verbale init"):
        await PostgresStore.open(store.folder, empty, described=SHELF)
    with pytest.raises(NotADesk, match="keys"):
        await PostgresStore.open(tmp_path / "elsewhere", database, described=SHELF)
    with pytest.raises(FolderTaken):
        await PostgresStore.create(tmp_path / "another", database, described=SHELF)
    postgres.sql(database, "UPDATE verbale.meta SET value = '99' WHERE name = 'schema'")
    with pytest.raises(NewerDesk, match="version 99"):
        await PostgresStore.open(store.folder, database, described=SHELF)


async def test_a_server_that_is_not_there_and_a_name_that_is_wrong_are_said_without_a_password(
    store: PostgresStore,
) -> None:
    url = store.address.url
    for wrong, kind in (
        (url.replace("desk@", "desk:secret@").rpartition(":")[0] + ":1/desk", Unavailable),
        (url + "_nowhere", Refused),
        (url.replace("desk@", "nobody:secret@"), Refused),
    ):
        with pytest.raises(kind) as raised:
            await PostgresStore.open(store.folder, wrong, described=SHELF)
        assert "secret" not in str(raised.value)


async def test_several_open_it_at_once_and_tables_are_changed_by_one(database: str, tmp_path: Path) -> None:
    made = await PostgresStore.create(tmp_path / "desk", database, described=SHELF)
    await count_up(made)
    more = Described(
        {"countries": SHELF.registers["countries"], "people": replace(SHELF.registers["people"], index=("confirmed",))},
        {"events": LedgerOf(Event, ("state", "count"), kept=("raw", "enclosures"))},
    )
    stores = await asyncio.gather(*(PostgresStore.open(made.folder, database, described=more) for _ in range(5)))
    assert [await one.events.count(count=1) for one in stores] == [1] * 5
    for one in (made, *stores):
        await one.close()


async def test_documents_lie_there_as_jsonb_and_are_found_by_their_index(
    database: str, store: PostgresStore, postgres: Postgres
) -> None:
    async with store.transaction(**occasion()) as tx:
        await tx.people.put(Person("a", "MWI"), Person("b\0", "NER\0"))
        await tx.countries.put(Country("MWI", words={"z": 1, "a": 1e3}))
    asked = "SELECT key FROM verbale.documents WHERE register = 'people' AND body ->> 'party' = 'MWI'"
    assert postgres.sql(database, asked) == [("a",)]
    assert (await store.people.find(party="NER\0"))[0].key == "b\0"


async def test_another_past_in_its_place_is_seen_at_once(
    store: PostgresStore, postgres: Postgres, database: str
) -> None:
    """As when an administrator restores the server's own backup under a running desk."""
    async with store.transaction(**occasion()) as tx:
        await tx.countries.put(Country("MWI"), Country("NER"))
    before = postgres.sql(database, "SELECT digest FROM verbale.trail")[0][0]
    postgres.sql(
        database,
        "UPDATE verbale.trail SET digest = repeat('0', 64)",
        "DELETE FROM verbale.documents WHERE key = 'NER'",
    )
    assert before != "0" * 64
    assert [country.key for country in await store.countries.all()] == ["MWI"]


async def test_reads_beside_transactions_do_not_take_memory_back(store: PostgresStore, other: PostgresStore) -> None:
    """A read's look may be answered after later commits; what counts then is what was known when it was asked for."""
    looked, late = asyncio.Event(), asyncio.Event()
    fetch = store._pool.fetch

    async def answered_late(statement: str, *values: Any) -> list[Any]:
        rows = await fetch(statement, *values)
        looked.set()
        await late.wait()
        return rows

    await count_up(store)
    await count_up(other)
    reading = asyncio.create_task(store._desk.registers.catch_up(answered_late))
    await looked.wait()
    await count_up(store)
    async with store.transaction(**occasion()) as tx:
        await tx.countries.put(Country("MWI"))
        assert (await tx.countries.get("UP")).count == 3
        late.set()
        await reading
    assert await is_in_step(store) == await is_in_step(other) == 3
