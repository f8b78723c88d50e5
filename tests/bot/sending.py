"""Desks that send in processes of their own, to be killed, frozen and cut off; their letters, and what must hold of them after all."""

import asyncio
import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from bot import building, heartbeat, logs, running
from bot.door import fast_loop
from bot.leads import EVERYTHING, ONLY
from bot.settings import Settings, without_environment
from committee.correspondents import Correspondent
from committee.letters import Addressee, Delivery, DeliveryState, Draft, Enclosure, Record
from committee.submissions import Kind, Submission, SubmissionState
from mailflows import archiving, delivering, letters, outbox
from mailflows.delivering import Delivering
from mailflows.desk import Desk
from mailflows.endpoints import smtp_endpoint
from mailflows.founding import found
from tests.servers.postgres import Postgres
from tests.servers.recording import RecordingSink

ADDRESS, RELEASE = "desk@1540.example", "R-2026-0001"
CAME = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
PAST_EVERY_LEASE = timedelta(minutes=21)
PAST_EVERY_WAIT = timedelta(hours=5)
D = DeliveryState


@dataclass(frozen=True, slots=True)
class Where:
    """A desk, and the server to which its letters go; `url` is its database, where it has one."""

    folder: Path
    url: str
    smtp: str
    connections: int = 4

    @property
    def settings(self) -> Settings:
        said = {"smtp": smtp_endpoint(self.smtp), "address": ADDRESS, "database": self.url or None}
        return without_environment().model_copy(update={**said, "connections": self.connections})

    @property
    def environment(self) -> dict[str, str]:
        """The same as a process reads it."""
        database = {"DATABASE_URL": self.url} if self.url else {}
        number = str(self.connections)
        return {"SMTP_URL": self.smtp, "VERBALE_ADDRESS": ADDRESS, "VERBALE_CONNECTIONS": number} | database


def runs(where: Where, only: str, log: Path) -> None:
    """`verbale run` in this process, as the command does it once its settings are read; its minute is a second."""
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    os.dup2(2, 1)
    logs.configure("warning")
    heartbeat.MINUTE = timedelta(seconds=1)  # type: ignore[misc] # nobody waits a minute here
    delivering.PUT_RIGHT_SECONDS = 1.0

    async def run() -> None:
        async with building.open_desk(where.folder, where.settings) as desk:
            await running.run(where.folder, desk, where.settings, ONLY[only] if only else EVERYTHING)

    with asyncio.Runner(loop_factory=fast_loop()) as runner:
        runner.run(run())


@cache
def _processes() -> ForkServerContext:
    """Starts processes that have everything imported already, so that a hundred of them take seconds."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.bot.sending"])
    return context


@dataclass(slots=True)
class Sending:
    """A desk's process, from outside."""

    process: BaseProcess

    @property
    def lives(self) -> bool:
        return self.process.is_alive()

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def wake(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)
        self.process.join(10)
        assert self.process.exitcode == -signal.SIGKILL

    def end(self) -> None:
        """Ask it to end, which it does cleanly."""
        self._signal(signal.SIGTERM)
        self.process.join(20)
        assert self.process.exitcode == 0

    def _signal(self, number: int) -> None:
        assert self.process.pid
        assert self.lives, "it has ended by itself"
        os.kill(self.process.pid, number)


def start(where: Where, only: str = "") -> Sending:
    process = _processes().Process(target=runs, args=(where, only, where.folder.parent / "log"), daemon=True)
    process.start()
    return Sending(process)


@contextmanager
def sending(where: Where, only: str = "") -> Iterator[Sending]:
    one = start(where, only)
    try:
        yield one
    finally:
        if one.lives:
            one.wake()
            one.kill()


@asynccontextmanager
async def desk_of(where: Where) -> AsyncIterator[Desk]:
    """A new real desk, with nobody in its address book: no rule of a State's withdraws a letter here."""
    now = datetime.now(UTC)
    await found(
        where.folder, practice=False, at=now, administrator="A. Person", account=os.getuid(), database=where.url or None
    )
    async with building.open_desk(where.folder, where.settings) as desk:
        yield desk


async def queue(desk: Desk, first: int, count: int) -> None:
    """So many receipts, of a kind that goes again after a crash; each to somebody of its own."""
    now = desk.at(datetime.now(UTC))
    drafts = [_receipt(nth, now) for nth in range(first, first + count)]
    async with desk.store.transaction(by="officer-1", doing="test", about=RELEASE, at=now.now) as tx:
        await outbox.queue(tx, drafts, release=RELEASE, by="officer-1", desk=now)


def _receipt(nth: int, desk: Desk) -> Draft:
    party, address = f"P{nth:05}", f"p{nth:05}@mission.example"
    to = Correspondent(party, "en", party, party, f"the Mission {nth}", (Addressee(address, f"Mission {nth}"),))
    files = (Enclosure("report.pdf", "application/pdf", 1_240_000, "ab" * 32),)
    came, waits, known = CAME + timedelta(minutes=nth), SubmissionState.WAITING, f"<{nth}.report@mission.example>"
    submission = Submission(
        f"S-2026-{nth:05}", Kind.FIRST_REPORT, party, waits, came, files, sender=address, message_id=known
    )
    return letters.receipt(submission, to, desk=desk)


async def delivered(desk: Desk, where: Where, sets: Callable[[timedelta], None] = lambda _: None) -> None:
    """Everything that is left goes in this process, at moments by which every wait and every lease is over."""
    ahead = timedelta()
    async with building.post(where.folder, desk, where.settings) as post:
        outgoing = Delivering(post, clock=lambda: datetime.now(UTC) + ahead)
        with desk.store.work_lock("test"):
            for _ in range(10):
                tally = await outgoing.round(desk)
                assert (tally.trouble, tally.refused) == ("", 0)
                if not await unsent(desk):
                    return
                ahead += PAST_EVERY_WAIT
                await asyncio.to_thread(sets, ahead)
    raise AssertionError([f"{one.key} {one.state}: {one.reply}" for one in await unsent(desk)])


async def unsent(desk: Desk) -> list[Delivery]:
    return await desk.store.deliveries.find(state=tuple(set(D) - {D.SENT}))


async def all_sent(desk: Desk, *, count: int) -> None:
    await until(lambda: _sent(desk, count))


async def _sent(desk: Desk, count: int) -> bool:
    return await desk.store.deliveries.count(state=D.SENT) >= count


async def until(holds: Callable[[], Awaitable[bool]], *, seconds: float = 40) -> None:
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110 - it looks from outside
            await asyncio.sleep(0.02)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What the sink has beside what the ledger says."""

    deliveries: list[Delivery]
    second: Counter[str] = field(default_factory=Counter)  # recipients, and how many more copies than one each has

    @property
    def seconds(self) -> int:
        return self.second.total()


async def reckoned(desk: Desk, sink: RecordingSink, count: int) -> Reckoning:
    """Nothing is lost, everything is on record, and each second copy is the same message, byte for byte."""
    deliveries = await desk.store.deliveries.find()
    assert len(deliveries) == len({one.key for one in deliveries}) == await desk.store.letters.count() == count
    assert Counter(one.state for one in deliveries) == {D.SENT: count}
    copies = sink.copies()
    assert copies.keys() == {one.address for one in deliveries}
    ids = {letter.key: letter.message_id for letter in await desk.store.letters.find()}
    assert {(one.recipient, one.message_id, one.sha256) for one in sink.taken} == {
        (one.address, ids[one.letter], one.sha256) for one in deliveries
    }
    replies = {(one.recipient, one.reply) for one in sink.taken}
    for one in deliveries:
        assert 1 <= len(one.copies) <= copies[one.address], f"{one.key} has acceptances that nobody gave"
        assert {(one.address, copy.reply) for copy in one.copies} <= replies
        assert {copy.sha256 for copy in one.copies} == {one.sha256}
    await archiving.catch_up(desk)
    assert await desk.store.deliveries.count(record=Record.KEPT) == count
    assert [finding for finding in await desk.store.verify() if not finding.note] == []
    return Reckoning(deliveries, Counter({address: more - 1 for address, more in copies.items() if more > 1}))


def only_last_words_came_twice(sink: RecordingSink, second: Counter[str]) -> None:
    """What came again had been the last text on a line that was cut: nothing goes on a line before what it took is on record."""
    last = Counter(line.taken[-1].recipient for line in sink.lines if line.taken and not line.said_goodbye)
    assert second <= last, second - last


def shifting(postgres: Postgres, url: str) -> Callable[[timedelta], None]:
    """Sets the store's clock by so much from the true one."""
    return lambda by: postgres.shift(url, by)
