"""A disk that really fills while mail comes: nothing is lost, nothing is half there, and with room the desk goes on."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import building
from bot.settings import without_environment
from committee.errors import Unavailable
from committee.letters import DeliveryState
from committee.mail import MailState
from mailflows import inbox
from mailflows.maildir import MaildirInbox
from tests.bot.processes import ended, run, started, until
from tests.conftest import PracticeDesk
from tests.servers.disk import Disk, mounted

pytestmark = [pytest.mark.server, pytest.mark.long]

TRY_LATER = 75


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with mounted(tmp_path / "disk", "32m") as small:
        yield small


@pytest.fixture
async def desk(disk: Disk, founded: Path) -> AsyncIterator[PracticeDesk]:
    """The practice desk, on the small disk."""
    folder = disk.path / "desk"
    shutil.copytree(founded, folder)
    async with building.open_desk(folder, without_environment()) as opened:
        yield PracticeDesk(folder, opened)


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    """The desk's mailbox, on a disk with room."""
    for name in ("new", "cur", "tmp"):
        (tmp_path / "mail" / name).mkdir(parents=True)
    return tmp_path / "mail"


async def reports(desk: PracticeDesk, number: int) -> list[bytes]:
    """A report each of so many States, with some pages of enclosure."""
    missions = [one.address for one in await desk.desk.store.contacts.find(office="permanent-mission")][:number]
    return [
        desk.stranger(address).writes("First report", attach="r.pdf", data=b"%PDF-1.4 " + address.encode() * 500)
        for address in missions
    ]


async def faults(desk: PracticeDesk) -> list[str]:
    return [f"{one.ledger} {one.key}: {one.what}" for one in await desk.desk.store.verify() if not one.note]


async def test_wherever_the_disk_fills_each_mail_is_kept_once_and_each_receipt_leaves(
    desk: PracticeDesk, disk: Disk, maildir: Path
) -> None:
    """From no page free to room for all: the raw bytes, the enclosure, the commits and the marks each fail in turn."""
    box, raws, troubles, failed = MaildirInbox(maildir), await reports(desk, 60), [], 0
    for pages, raw in enumerate(raws):
        disk.leave(pages)
        (maildir / "new" / f"{pages}.mission").write_bytes(raw)
        looked = await inbox.watch(box, desk.desk)
        troubles += looked.trouble
        try:
            await desk.delivers()
        except Unavailable as error:
            troubles.append(str(error))
        lost = await lost_of(desk, maildir, raws[: pages + 1])
        assert lost == [], pages
        failed += bool(looked.trouble)
        disk.make_room()
        if pages % 3 == 0:  # else it is left as it is, and the disk fills again
            await inbox.watch(box, desk.desk)
    assert failed > 10
    assert {
        said for said in troubles if "full" not in said and "No space left" not in said and "disk" not in said
    } == set()
    assert (await inbox.watch(box, desk.desk)).trouble == ()
    await desk.delivers(
        timedelta(hours=5)
    )  # a receipt whose acceptance could not be recorded twice waits before its third try
    await all_is_there_once(desk, raws)
    assert [*(maildir / "new").iterdir()] == []


async def lost_of(desk: PracticeDesk, maildir: Path, raws: list[bytes]) -> list[bytes]:
    """What is neither in the mailbox nor kept under a row."""
    kept = {await desk.desk.store.kept(mail.sha256) for mail in await desk.desk.store.mail.find()}
    waiting = {path.read_bytes() for path in (maildir / "new").iterdir()}
    return [raw for raw in raws if raw not in kept and raw not in waiting]


async def all_is_there_once(desk: PracticeDesk, raws: list[bytes]) -> None:
    mails = await desk.desk.store.mail.find()
    assert {mail.state for mail in mails} == {MailState.TAKEN_IN}
    assert sorted([await desk.desk.store.kept(mail.sha256) for mail in mails]) == sorted(raws)
    assert sorted(one.key for one in await desk.submissions()) == [f"S-2012-{n:04}" for n in range(1, len(raws) + 1)]
    deliveries = await desk.desk.store.deliveries.find()
    assert (len(deliveries), {one.state for one in deliveries}) == (len(raws), {DeliveryState.SENT})
    assert {address for address, _ in desk.post.handed} == {one.address for one in deliveries}
    assert len({*desk.post.handed}) == len(raws)  # what went twice went as the same bytes
    assert await faults(desk) == []


async def test_a_running_desk_and_who_types_beside_it_get_over_a_full_disk(
    desk: PracticeDesk, disk: Disk, maildir: Path, tmp_path: Path
) -> None:
    settings = {"INBOX_URL": f"maildir:{maildir}", "SMTP_URL": f"maildir:{tmp_path / 'out'}"}
    *raws, last = await reports(desk, 31)

    def comes(number: int, raw: bytes) -> None:
        (maildir / "tmp" / f"{number}.mission").write_bytes(raw)
        (maildir / "tmp" / f"{number}.mission").rename(maildir / "new" / f"{number}.mission")

    async def all_in() -> bool:
        return len(await desk.submissions()) == 31

    async def all_sent() -> bool:
        return {one.state for one in await desk.desk.store.deliveries.find()} == {DeliveryState.SENT}

    async with run(desk.folder, **settings) as process:
        for number, raw in enumerate(raws):
            if number == 10:
                disk.leave(0)
            comes(number, raw)
            await asyncio.sleep(0.1)
        (tmp_path / "brought").write_bytes((await desk.capital_of("GHA")).writes("A question"))
        for words in ("do stop", f"ingest {tmp_path / 'brought'}"):
            status, said = await answered(desk, words)
            assert (status, "nothing was changed" in said) == (TRY_LATER, True), said
        assert process.returncode is None
        assert await lost_of(desk, maildir, raws) == []
        disk.make_room()
        comes(30, last)  # it wakes the desk, which would look again within a minute
        await until(all_in)
        await until(all_sent)
        await ended(process)
    assert await faults(desk) == []


async def answered(desk: PracticeDesk, words: str) -> tuple[int | None, str]:
    """What the process says, and its exit status; never that something was unforeseen."""
    process = await started(desk.folder, *words.split(" ", 1))
    try:
        said = b"".join(await asyncio.wait_for(process.communicate(), 30)).decode()
    finally:
        if process.returncode is None:
            process.kill()
    assert "nforeseen" not in said, said
    assert "Traceback" not in said, said
    return process.returncode, said


@pytest.mark.parametrize("words", ["do desk", "do stop", "tick", "run", "verify"])
async def test_a_desk_that_cannot_be_opened_on_a_full_disk_says_so_in_a_sentence(
    desk: PracticeDesk, disk: Disk, words: str
) -> None:
    await desk.takes_in((await desk.mission_of("MWI")).writes("A question"))
    await desk.desk.store.close()
    disk.leave(0)
    status, said = await answered(desk, words)
    assert (status, said.count("\n")) == (TRY_LATER, 1), said
    disk.make_room()
    assert (await answered(desk, "do desk"))[0] == 0


@pytest.mark.parametrize(
    ("words", "status"),
    [("do desk", 0), ("do stop", TRY_LATER), ("verify", 0), ("tick", TRY_LATER)],
)
async def test_beside_a_desk_that_is_open_a_full_disk_hinders_who_writes_alone(
    desk: PracticeDesk, disk: Disk, words: str, status: int
) -> None:
    await desk.takes_in((await desk.mission_of("MWI")).writes("A question"))
    disk.leave(0)
    assert (await answered(desk, words))[0] == status
    assert len(await desk.desk.store.mail.find()) == 1


async def test_a_desk_that_is_started_on_a_full_disk_runs_and_takes_mail_in_once_there_is_room(
    desk: PracticeDesk, disk: Disk, maildir: Path, tmp_path: Path
) -> None:
    [raw] = await reports(desk, 1)
    disk.leave(0)
    async with run(desk.folder, INBOX_URL=f"maildir:{maildir}", SMTP_URL=f"maildir:{tmp_path / 'out'}") as process:
        disk.make_room()
        (maildir / "new" / "1.mission").write_bytes(raw)

        async def taken_in() -> bool:
            return len(await desk.submissions()) == 1

        await until(taken_in)
        await ended(process)
    assert await faults(desk) == []


async def test_the_doctor_finds_the_full_disk(desk: PracticeDesk, disk: Disk) -> None:
    await desk.desk.store.close()
    disk.leave(0)
    status, said = await answered(desk, "doctor")
    assert status == 1
    assert "make room now" in said
