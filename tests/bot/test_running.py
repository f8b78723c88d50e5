"""The desk as one process: it ticks, refuses a second one, ends cleanly when told, and survives when it is not."""

import asyncio
import os
import resource
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import building, running
from bot.heartbeat import Heartbeat
from bot.leads import EVERYTHING, Leads
from bot.pulse import Pulse
from bot.running import Running
from bot.settings import without_environment
from bot.ticking import Ways
from committee.letters import DeliveryState
from mailflows.delivering import Delivering
from mailflows.desk import Desk
from tests.bot.processes import ended, run, started, until
from tests.conftest import PracticeDesk

AT_ONCE, TRY_LATER = 10.0, 75


def brings(desk: PracticeDesk, raw: bytes, name: str = "1.mission") -> None:
    """A mail server delivers into the desk's Maildir: to tmp, then to new."""
    incoming = desk.folder / building.INCOMING
    for folder in ("tmp", "new", "cur"):
        (incoming / folder).mkdir(parents=True, exist_ok=True)
    (incoming / "tmp" / name).write_bytes(raw)
    (incoming / "tmp" / name).rename(incoming / "new" / name)


async def states(desk: Desk) -> set[DeliveryState]:
    return {delivery.state for delivery in await desk.store.deliveries.find()}


@pytest.mark.long
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_told_to_end_it_ends_at_once_and_cleanly(desk: PracticeDesk, how: signal.Signals) -> None:
    async with run(desk.folder) as process:
        assert await ended(process, how) < AT_ONCE
    assert [finding for finding in await desk.desk.store.verify() if not finding.note] == []


@pytest.mark.long
async def test_a_second_one_on_the_same_desk_refuses_with_a_sentence(desk: PracticeDesk) -> None:
    async with run(desk.folder) as process:
        for words in (("run",), ("tick",)):
            second = await started(desk.folder, *words)
            _, said = await second.communicate()
            assert second.returncode == TRY_LATER
            assert f"verbale run, process {process.pid}" in said.decode()
            assert b"Traceback" not in said
        typed = await started(desk.folder, "do", "desk")
        assert await typed.communicate()
        assert typed.returncode == 0


@pytest.mark.long
async def test_a_mail_that_comes_while_it_runs_has_its_receipt_within_seconds(desk: PracticeDesk) -> None:
    raw = (await desk.capital_of("MWI")).writes("First report", attach="r.pdf")
    async with run(desk.folder) as process:
        await asyncio.sleep(1.5)  # it has looked into the empty mailbox, and waits
        brings(desk, raw)
        outgoing = desk.folder / building.OUTGOING / "new"

        async def two_copies() -> bool:
            return outgoing.is_dir() and len(list(outgoing.iterdir())) == 2

        await until(two_copies)
        await ended(process)
    assert await states(desk.desk) == {DeliveryState.SENT}


@pytest.mark.long
async def test_killed_and_started_again_it_goes_on(desk: PracticeDesk) -> None:
    raw = (await desk.capital_of("MWI")).writes("First report", attach="r.pdf")

    async def known() -> bool:
        return bool(await desk.submissions())

    async def all_sent() -> bool:
        return await known() and await states(desk.desk) == {DeliveryState.SENT}

    async with run(desk.folder) as process:
        brings(desk, raw)
        await until(known)
        process.kill()
        await process.wait()
    async with run(desk.folder) as process:
        await until(all_sent)
        await ended(process)
    assert len(list((desk.folder / building.OUTGOING / "new").iterdir())) == 2
    assert [finding for finding in await desk.desk.store.verify() if not finding.note] == []


@pytest.mark.long
async def test_a_letter_whose_answer_does_not_come_keeps_no_mail_waiting_and_is_left_as_sending(
    desk: PracticeDesk,
) -> None:
    at_the_dot = asyncio.Event()

    async def never_answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 slow.test ESMTP\r\n")
        while line := await reader.readline():
            if line.upper().startswith(b"DATA"):
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                at_the_dot.set()
                await reader.read()
                break
            writer.write(b"250 OK\r\n")
        writer.close()

    async def taken_in() -> bool:
        return len(await desk.submissions()) == 2

    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    async with await asyncio.start_server(never_answers, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with run(desk.folder, SMTP_URL=f"smtp://127.0.0.1:{port}", VERBALE_CONNECTIONS="1") as process:
            await asyncio.wait_for(at_the_dot.wait(), 30)
            brings(desk, (await desk.capital_of("TCD")).writes("First report", attach="t.pdf", data=b"%PDF-1.4 t"))
            await until(taken_in)  # a server that is slow does not keep mail waiting
            assert await ended(process) < AT_ONCE
    found = sorted(delivery.state.value for delivery in await desk.desk.store.deliveries.find())
    assert found == ["queued", "queued", "queued", "sending"]


@pytest.mark.long
async def test_a_practice_desk_says_that_its_clock_stands_still(desk: PracticeDesk) -> None:
    async with run(desk.folder) as process:
        assert process.stderr
        said = (await process.stderr.readline()).decode()
        assert "Tue 4 September 2012, 9 a.m. New York" in said
        assert "nothing moves by itself" in said
        await ended(process)
    facts = await desk.desk.store.desk.get("desk")
    assert facts == desk.desk.facts


@pytest.mark.long
async def test_a_disk_that_is_full_leaves_the_mail_where_it_is_until_there_is_room(desk: PracticeDesk) -> None:
    first = (await desk.capital_of("MWI")).writes("First report", attach="r.pdf", data=b"%PDF-1.4 " + b"r" * 100_000)
    second = (await desk.capital_of("TCD")).writes("First report", attach="t.pdf")
    waiting = desk.folder / building.INCOMING / "new"

    async def both() -> bool:
        return len(await desk.submissions()) == 2

    async with run(desk.folder) as process:
        await asyncio.sleep(1.5)
        limits = resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (10_000, resource.RLIM_INFINITY))
        brings(desk, first, "1.mission")
        await asyncio.sleep(3)
        assert [path.name for path in waiting.iterdir()] == ["1.mission"]
        assert process.returncode is None
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, limits)
        brings(desk, second, "2.mission")
        await until(both)
        await ended(process)
    assert list(waiting.iterdir()) == []
    assert [finding for finding in await desk.desk.store.verify() if not finding.note] == []


@pytest.mark.long
async def test_what_is_typed_beside_it_leaves_within_seconds(desk: PracticeDesk) -> None:
    async with run(desk.folder) as process:
        await asyncio.sleep(1)
        await desk.answers("remind first-report --to MWI", yes=True)
        begun = time.monotonic()

        async def sent() -> bool:
            return await states(desk.desk) == {DeliveryState.SENT}

        await until(sent)
        assert time.monotonic() - begun < AT_ONCE
        await ended(process)


@pytest.mark.long
async def test_a_desk_whose_mail_comes_by_a_pipe_runs_as_well(tmp_path: Path) -> None:
    from mailflows.founding import found

    folder = tmp_path / "real"
    await found(folder, practice=False, at=datetime.now(UTC), administrator="Ana", account=os.getuid())
    async with run(folder, SMTP_URL="maildir:out", VERBALE_ADDRESS="desk@1540.example") as process:
        await asyncio.sleep(2)
        assert process.returncode is None
        await ended(process)


@pytest.mark.long
async def test_without_a_way_out_a_real_desk_says_so_at_the_start(tmp_path: Path) -> None:
    from mailflows.founding import found

    folder = tmp_path / "real"
    await found(folder, practice=False, at=datetime.now(UTC), administrator="Ana", account=os.getuid())
    process = await started(folder)
    _, said = await process.communicate()
    assert (process.returncode, said[:20]) == (2, b"SMTP_URL is missing:")


async def test_a_tick_that_fails_is_counted_and_the_next_one_comes(desk: PracticeDesk) -> None:
    class Mailbox:
        troubles = 1

        async def waiting(self) -> list[str]:
            if self.troubles:
                self.troubles -= 1
                raise RuntimeError("nobody foresaw this")
            return []

    pulse, ending = Pulse(datetime.now(UTC)), asyncio.Event()
    ways = Ways(desk.folder, without_environment(), Mailbox())  # type: ignore[arg-type] # a mailbox with a fault
    async with Heartbeat() as heart:
        one = Running(
            desk.desk,
            ways,
            Delivering(desk.post),
            heart,
            ending,
            pulse,
            Leads(desk.desk.store, EVERYTHING.leads_in, "test"),
        )
        await running._surely(one, running.IN, running._took_in)
        assert pulse.wrong(pulse.started) == "mail in: the last tick failed (RuntimeError)"
        await running._surely(one, running.IN, running._took_in)
    assert (pulse.ticks, pulse.failures, pulse.wrong(pulse.started)) == (2, 1, "")


async def test_no_letter_is_begun_once_the_end_was_asked_for(desk: PracticeDesk) -> None:
    from mailflows import outbox

    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    await outbox.deliver_due(desk.desk, desk.post, ending=lambda: len(desk.post.handed) == 1)
    assert len(desk.post.handed) == 1
    assert await states(desk.desk) == {DeliveryState.SENT, DeliveryState.QUEUED}
