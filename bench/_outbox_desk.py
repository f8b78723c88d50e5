"""Our contestant: a desk in a process of its own queues its letters in one commit and delivers them, as `verbale run` would."""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench import _outbox_letters as written
from bench._outbox_sinks import taken
from bot import building, logs
from bot.door import LOUD_ENOUGH, fast_loop
from bot.running import leave_alone_what_stays
from bot.settings import Settings, without_environment
from committee.letters import DeliveryState, Draft, Enclosure
from mailflows import outbox
from mailflows.delivering import Delivering
from mailflows.desk import Desk
from mailflows.endpoints import SMTPServer

ADDRESS = "desk@1540.example"
CLARIFICATIONS, REMINDERS, NOTICES = "clarifications", "reminders", "notices"
LOOKS_AGAIN_SECONDS = 1.0
BLINK = 0.001
NOT_SENT = tuple(set(DeliveryState) - {DeliveryState.SENT})


@dataclass(frozen=True, slots=True)
class Work:
    """What one process does: `count` letters from number `first` on are queued here, and the round ends when `of` are sent."""

    folder: str
    port: int
    sink: str  # where the sink writes how many it has taken
    release: str
    first: int
    count: int
    of: int
    taken_before: int = 0
    letters: str = CLARIFICATIONS
    connections: int = building.CONNECTIONS_HERE
    rate: float | None = None  # a minute
    database: str | None = None
    enclosure: str = ""  # the hash of a kept file of ten million bytes


@dataclass(frozen=True, slots=True)
class Done:
    """Moments by the clock that all processes of this host share; memory in bytes."""

    began: float
    queued: float
    ended: float
    memory_before: int
    memory_most: int


def main(work: Work) -> None:
    logs.configure(LOUD_ENOUGH)
    with asyncio.Runner(loop_factory=fast_loop()) as runner:
        runner.run(_come_and_wait(work))


async def _come_and_wait(work: Work) -> None:
    def told() -> None:
        print("ready", flush=True)
        sys.stdin.readline()

    print(json.dumps(asdict(await do(work, told))), flush=True)


async def do(work: Work, told: Callable[[], None] = lambda: None) -> Done:
    """Everything that is open before the letters come is opened first; then `told` returns when the clock may run."""
    folder, settings = Path(work.folder), settings_of(work)
    async with building.open_desk(folder, settings) as desk:
        drafts = _drafts(work, desk)
        with desk.store.work_lock("bench"):
            async with building.delivering(folder, desk, settings) as delivering:
                leave_alone_what_stays()
                told()
                before = _memory_now()
                began = time.monotonic()
                await _queue(drafts, work, _now(desk))
                queued = time.monotonic()
                await _deliver(delivering, work, desk)
                ended = time.monotonic()
                most = _memory("VmHWM")
                await _certify(work, desk)
    return Done(began, queued, ended, before, most)


def settings_of(work: Work) -> Settings:
    said = {"smtp": SMTPServer("127.0.0.1", work.port), "address": ADDRESS, "database": work.database}
    return without_environment().model_copy(update=said | {"connections": work.connections, "rate": work.rate})


def _drafts(work: Work, desk: Desk) -> list[Draft]:
    match work.letters:
        case "reminders":
            return written.reminders(work.first, work.count, desk)
        case "notices":
            enclosure = Enclosure("report.pdf", "application/pdf", 10_000_000, work.enclosure)
            return written.notices(work.first, work.count, enclosure, desk)
        case _:
            return written.clarifications(work.first, work.count, desk)


async def _queue(drafts: list[Draft], work: Work, desk: Desk) -> None:
    if drafts:
        async with desk.store.transaction(by="officer-1", doing="bench", about=work.release, at=desk.now) as tx:
            await outbox.queue(tx, drafts, release=work.release, by="officer-1", desk=desk)


async def _deliver(delivering: Delivering, work: Work, desk: Desk) -> None:
    """Round after round until every letter is sent, by whichever process, and the sink has counted it."""
    while True:
        tally = await delivering.round(_now(desk))
        assert (tally.trouble, tally.refused, tally.uncertain) == ("", 0, 0), tally
        if await _all_sent(work, desk):
            break
        await desk.store.changed(LOOKS_AGAIN_SECONDS)
    while taken(Path(work.sink)) < work.taken_before + work.of:  # noqa: ASYNC110 - what it waits for is a file
        await asyncio.sleep(BLINK)


async def _all_sent(work: Work, desk: Desk) -> bool:
    """Asked so that each question has a narrow index, whatever the past."""
    ledger = desk.store.deliveries
    queued = await ledger.count(release=work.release)
    return queued == work.of and not await ledger.count(release=work.release, state=NOT_SENT)


async def _certify(work: Work, desk: Desk) -> None:
    """Each letter was sent, once, at the first try; and the sink has as many as the ledger."""
    copies = await desk.store.deliveries.find(release=work.release)
    assert len(copies) == work.of, f"{len(copies)} in the ledger, not {work.of}"
    assert all(one.state is DeliveryState.SENT and one.tries == len(one.copies) == 1 for one in copies)
    assert taken(Path(work.sink)) - work.taken_before == work.of, "the sink has counted others"


def _now(desk: Desk) -> Desk:
    return desk.at(datetime.now(UTC))


def _memory_now() -> int:
    """What is resident now, from which the most is counted."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return _memory("VmRSS")


def _memory(what: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(next(line for line in lines if line.startswith(f"{what}:")).split()[1])


if __name__ == "__main__":
    main(Work(**json.loads(sys.argv[1])))
