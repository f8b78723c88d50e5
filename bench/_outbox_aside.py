"""What is measured in seconds: a receipt behind five thousand bulk letters, and a circulation with ten million bytes in it."""

import asyncio
import os
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench import _outbox_letters as written
from bench._outbox_desk import NOTICES, REMINDERS, Work, settings_of
from bench._outbox_processes import done, founded, under_way
from bench._outbox_sinks import Sink, scripted
from bot import building
from mailflows import outbox

RATE = 1_800
"""Deliveries a minute."""
UNDER_WAY = 100
"""So many bulk letters have left when the receipt is queued."""
PARTIES, ENCLOSURE = 15, 10_000_000
LONGEST_WAIT = 120
RECEIPT = 9_000_000


def measured(folder: Path, sink: Sink, rounds: int, bulk: int) -> dict[str, float]:
    waits, seconds, grown = list[float](), list[float](), list[float]()
    for nth in range(rounds):
        waits.append(_receipt_wait(folder / f"receipt-{nth}", bulk))
        print(f"  a receipt to the sink    {waits[-1]:9.2f} s", flush=True)
        took, megabytes = _circulation(folder / f"circulation-{nth}", sink)
        seconds.append(took)
        grown.append(megabytes)
        print(f"  a circulation of {PARTIES}      {took:9.2f} s, {megabytes:.0f} MB more", flush=True)
    return {"receipt_wait_s": median(waits), "circulation_s": median(seconds), "circulation_mb": median(grown)}


def _receipt_wait(folder: Path, bulk: int) -> float:
    """Seconds from before the commit that queues it, in another process than delivers, until the sink has its final dot."""
    with scripted(folder.parent, seconds=0) as sink:
        work = Work(
            founded(folder), sink.port, str(sink.written), "R-bulk", 0, bulk, bulk, letters=REMINDERS, rate=RATE
        )
        with under_way(work):
            _until(sink, UNDER_WAY)
            began, message_id = asyncio.run(_queue_receipt(work))
            before = sink.taken
            while not (found := [one for one in sink.arrived()[UNDER_WAY:] if one.message_id == message_id]):
                _until(sink, before := before + 1)
        assert before < bulk, "the bulk was over before it"
        return found[0].at - began


async def _queue_receipt(work: Work) -> tuple[float, str]:
    async with building.open_desk(Path(work.folder), settings_of(work)) as desk:
        draft = written.receipt(RECEIPT, desk)
        began, now = time.monotonic(), desk.at(datetime.now(UTC))
        async with desk.store.transaction(by="rule: receipt", doing="bench", about=draft.key, at=now.now) as tx:
            [letter] = await outbox.queue(tx, [draft], release="R-receipt", by="rule: receipt", desk=now)
        return began, letter.message_id


def _until(sink: Sink, many: int) -> None:
    give_up = time.monotonic() + LONGEST_WAIT
    while sink.taken < many:
        assert time.monotonic() < give_up, f"only {sink.taken} of {many} have come"
        time.sleep(0.005)


def _circulation(folder: Path, sink: Sink) -> tuple[float, float]:
    """Seconds from queueing to the last acceptance, and by how many MB the process has grown at most."""
    work = Work(founded(folder), sink.port, str(sink.written), "R-circulation", 0, PARTIES, PARTIES, sink.taken)
    kept = asyncio.run(_keep(work, os.urandom(ENCLOSURE)))
    [ended] = done(replace(work, letters=NOTICES, enclosure=kept))
    return ended.ended - ended.began, (ended.memory_most - ended.memory_before) / 1_000_000


async def _keep(work: Work, content: bytes) -> str:
    async with building.open_desk(Path(work.folder), settings_of(work)) as desk:
        return await desk.store.keep(content)
