"""Large mail is read in a process of its own: the same reading, whatever becomes of the process; and nothing is left of it."""

import asyncio
import io
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.errors import Unavailable
from committee.mail import MailState
from mailflows import inbox
from mailflows.reader import LARGE, SMALL, Reader, _Process
from mailflows.reading import ReadingKind, apart, read
from tests.bot.test_running import brings, ended, run
from tests.conftest import PracticeDesk
from tests.mailflows.reading.mails import enclosure, mail, multipart, part
from tests.mailflows.reading.test_contract import ORDINARY

RATHER_SLOW, SLOW = (mail("<a " * times, "Content-Type: text/html") for times in (300_000, 1_000_000))
"""A second to read, and several."""
MEMORY = 2_000_000_000
ROOT = Path(__file__).parents[2]
SAMPLES = {
    "ordinary": ORDINARY,
    "empty": b"",
    "noise": os.urandom(5_000),
    "no text": multipart(enclosure("a.pdf", b"%PDF-1.4\n" + os.urandom(1_000_000))),
    "long words": mail("Доклад 第一份报告 😀\r\n" * 100_000, "Subject: Доклад"),
    "cut short": ORDINARY[:1_000],
    "many parts": multipart(*[part("text/plain", "x") for _ in range(300)]),
}


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    """One that has every mail read in a process."""
    async with Reader(small=-1) as one:
        yield one


def lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


async def until(holds: Callable[[], object], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - it looks from outside
            await asyncio.sleep(0.01)


def is_at_work(process: int) -> bool:
    """Whether it has used time beyond that for its start."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[11]) / os.sysconf("SC_CLK_TCK") > 0.3


async def in_the_middle(reader: Reader) -> int:
    """The process, once it is busy with a slow mail."""
    await until(lambda: reader.process and is_at_work(reader.process))
    assert reader.process
    return reader.process


async def test_every_mail_reads_the_same_in_the_process(reader: Reader) -> None:
    for raw in SAMPLES.values():
        assert await reader.read(raw) == read(raw)


@given(st.binary(max_size=300), st.text(max_size=300), st.integers(0, len(ORDINARY)))
def test_whatever_is_read_is_heard_as_it_was_said(noise: bytes, words: str, at: int) -> None:
    for raw in (noise, mail(words.encode("utf-8", "replace")), ORDINARY[:at] + noise + ORDINARY[at:]):
        said = io.BytesIO()
        apart.say(read(raw), said)
        assert apart.hear(io.BytesIO(said.getvalue())) == read(raw)


async def test_a_small_mail_takes_no_process_and_large_ones_share_one() -> None:
    async with Reader() as reader:
        await reader.read(bytes(SMALL))
        assert reader.process is None
        await reader.read(bytes(SMALL + 1))
        first = reader.process
        await reader.read(bytes(SMALL + 1))
        assert reader.process == first is not None


async def test_after_a_very_large_mail_the_process_is_let_go_with_what_it_took(reader: Reader) -> None:
    await reader.read(b"x")
    first = reader.process
    assert first
    assert (await reader.read(bytes(LARGE + 1))).kind is ReadingKind.UNREADABLE
    await until(lambda: not lives(first))
    assert (await reader.read(ORDINARY)).from_
    assert reader.process not in {first, None}


async def test_two_large_mails_at_once_are_each_read(reader: Reader) -> None:
    long, no_text = SAMPLES["long words"], SAMPLES["no text"]
    assert await asyncio.gather(reader.read(long), reader.read(no_text)) == [read(long), read(no_text)]


async def test_the_process_has_no_settings_and_ends_with_its_reader() -> None:
    async with Reader(small=-1) as reader:
        await reader.read(ORDINARY)
        process = reader.process
        assert process
        assert Path(f"/proc/{process}/environ").read_bytes() == b""
        assert os.getsid(process) != os.getsid(0)
    assert not lives(process)
    assert reader.process is None


async def test_a_reader_that_was_closed_reads_again_if_it_must() -> None:
    async with Reader(small=-1) as reader:
        await reader.read(ORDINARY)
        await reader.close()
        await reader.close()
        assert (await reader.read(ORDINARY)).from_


@pytest.mark.long
async def test_what_ends_a_desk_does_not_reach_the_process_that_reads_for_it(reader: Reader) -> None:
    reading = asyncio.create_task(reader.read(RATHER_SLOW))
    process = await in_the_middle(reader)
    for told in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(process, told)
    assert (await reading).text


@pytest.mark.long
async def test_a_process_that_is_killed_makes_its_mail_unreadable_and_the_next_has_another(reader: Reader) -> None:
    reading = asyncio.create_task(reader.read(SLOW))
    killed = await in_the_middle(reader)
    os.kill(killed, signal.SIGKILL)
    unreadable = await reading
    assert unreadable.kind is ReadingKind.UNREADABLE
    assert unreadable.problems == ("It could not be read (the process that read it has ended); it was kept whole.",)
    assert await reader.read(ORDINARY) == read(ORDINARY)
    assert reader.process != killed


async def test_a_process_that_was_killed_while_nothing_was_to_be_read_costs_no_mail(reader: Reader) -> None:
    await reader.read(ORDINARY)
    killed = reader.process
    assert killed
    os.kill(killed, signal.SIGKILL)  # whether it is gone already when the next mail comes, or only about to go
    assert await reader.read(ORDINARY) == read(ORDINARY)
    assert reader.process != killed


async def test_a_mail_that_takes_too_long_is_unreadable_and_its_process_gone() -> None:
    async with Reader(small=-1, seconds=0.4) as reader:
        reading = asyncio.create_task(reader.read(SLOW))
        await until(lambda: reader.process)
        process = reader.process
        assert process
        assert (await reading).problems == ("It could not be read (it took more than 0.4 seconds); it was kept whole.",)
        await until(lambda: not lives(process))


@pytest.mark.long
async def test_the_process_itself_knows_when_it_has_taken_too_long() -> None:
    process = _Process(0.4, MEMORY)
    assert await asyncio.to_thread(process.read, SLOW) is None
    await until(lambda: not process.alive)
    assert process._program.returncode == -signal.SIGALRM
    process.end()


@pytest.mark.long
@pytest.mark.parametrize("size", [100_000_000, 400_000_000])
async def test_a_mail_that_takes_too_much_memory_is_told_and_costs_no_more_than_itself(size: int) -> None:
    async with Reader(memory=350_000_000) as reader:
        reading = await reader.read(mail(b"Words of a long report.\r\n" * (size // 25)))
        assert any("could not be read" in problem for problem in reading.problems)
        assert (await reader.read(SAMPLES["long words"])).text


@pytest.mark.long
async def test_a_caller_that_is_cancelled_leaves_nothing_behind(reader: Reader) -> None:
    reading, waiting = asyncio.create_task(reader.read(SLOW)), asyncio.create_task(reader.read(SLOW))
    process = await in_the_middle(reader)
    for task in (waiting, reading):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await until(lambda: not lives(process), 2)
    assert await reader.read(ORDINARY) == read(ORDINARY)


async def test_where_no_process_can_be_had_the_mail_waits(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched, pytest.raises(Unavailable, match="no process could be started"):
        patched.setattr(sys, "executable", "/nowhere/python")
        await reader.read(ORDINARY)
    assert await reader.read(ORDINARY) == read(ORDINARY)


async def test_a_mail_that_nobody_could_read_is_set_aside_and_shown(desk: PracticeDesk) -> None:
    raw = (await desk.mission_of("MWI")).writes("First report", attach="r.pdf")
    async with Reader(small=-1, seconds=0) as never_in_time:
        mail = await inbox.take_in(raw, replace(desk.desk, reader=never_in_time))
    assert (mail.state, mail.reason) == (MailState.SET_ASIDE, "it cannot be read as a message")
    assert await desk.desk.store.kept(mail.sha256) == raw


WHOEVER_ASKS = """
import asyncio, sys
from mailflows.reader import Reader
from tests.mailflows.test_reader import ORDINARY, SLOW, in_the_middle

async def main():
    reader = Reader(small=-1)
    await reader.read(ORDINARY)
    reading = asyncio.create_task(reader.read(SLOW)) if sys.argv[1] == "busy" else None
    print(await in_the_middle(reader) if reading else reader.process, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.long
@pytest.mark.parametrize("how", ["busy", "idle"])
async def test_whoever_asks_is_killed_and_the_process_ends_by_itself(how: str) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    asking = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WHOEVER_ASKS, how, env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert asking.stdout
    process = int(await asking.stdout.readline())
    assert lives(process)
    asking.kill()
    await asking.wait()
    await until(lambda: not lives(process), 1)


def children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [int(number) for number in listed.split()]


@pytest.mark.long
async def test_a_running_desk_that_is_told_to_end_does_not_wait_for_a_slow_mail_and_the_next_run_has_it(
    desk: PracticeDesk,
) -> None:
    async with run(desk.folder) as process:
        brings(desk, RATHER_SLOW)
        await until(lambda: children(process.pid))
        [reads] = children(process.pid)
        await until(lambda: is_at_work(reads))
        os.kill(reads, signal.SIGTERM)  # as systemd tells every process of a unit
        os.kill(reads, signal.SIGSTOP)  # it will not be done in time
        begun = time.monotonic()
        assert await ended(process) < 10
        await until(lambda: not lives(reads), 10 - (time.monotonic() - begun))
    [kept] = await desk.desk.store.mail.find()
    assert kept.state is MailState.KEPT
    await inbox.watch(None, desk.desk)
    [read_later] = await desk.desk.store.mail.find()
    assert read_later.state is not MailState.KEPT
