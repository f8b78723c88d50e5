"""For how long at most the event loop stands still while 30 MB of mail come in: read on the loop, in a thread, as the desk does."""

import asyncio
import base64
import random
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bot import building
from bot.settings import without_environment
from committee.mail import MailState
from mailflows import inbox
from mailflows.desk import Desk
from mailflows.founding import found
from mailflows.maildir import MaildirInbox
from mailflows.reader import Reader
from mailflows.reading import Reading, read

LIMIT_MS = 50
ROUNDS = 5
BEAT_SECONDS = 0.001
NOW = datetime(2012, 9, 4, 13, tzinfo=UTC)
QUOTED = (
    "On 3 May 2012, A. Banda <a@mission.example> wrote:\r\n> The report is being prepared.\r\nIt is enclosed now.\r\n"
)
MARKUP = (
    '<div><p>The report <a href="https://mission.example/r">is here</a>, <b style="color:red">new</b>.</p></div>\r\n'
)
Mails = Callable[[random.Random, str], list[bytes]]
"""The mails of one round, which no other round has: what is kept already would not be written again."""


class OnTheLoop(Reader):
    async def read(self, raw: bytes) -> Reading:
        return read(raw)


class InAThread(Reader):
    async def read(self, raw: bytes) -> Reading:
        return await asyncio.to_thread(read, raw)


READERS: dict[str, type[Reader]] = {"on the loop": OnTheLoop, "in a thread": InAThread, "as the desk does": Reader}
INLINE, OURS = "on the loop", "as the desk does"


def run() -> dict[str, float]:
    """Let each kind of 30 MB come into a practice desk, for each way of reading in turn, round after round."""
    mails: dict[str, Mails] = {"one of 30 MB": _one, "thirty of 1 MB": _thirty, "30 MB of words": _words}
    blocks: dict[tuple[str, str], list[float]] = {(kind, how): [] for kind in mails for how in READERS}
    idle: list[float] = []
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as folder:
        template = Path(folder) / "desk"
        asyncio.run(found(template, practice=True, at=NOW, administrator="", account=None))
        for number in range(ROUNDS):
            idle.append(asyncio.run(_longest_gap(asyncio.sleep(1))))
            for (kind, how), rounds in blocks.items():
                here = shutil.copytree(template, Path(folder) / "copy")
                rounds.append(asyncio.run(_longest_block(here, READERS[how](), mails[kind], random.Random(number))))  # noqa: S311 - no secret
                shutil.rmtree(here)
    for (kind, how), rounds in {("nothing at all", "for a second"): idle, **blocks}.items():
        print(
            f"{kind:16} {how:18} longest block {median(rounds):7.1f} ms  (from {min(rounds):.1f} to {max(rounds):.1f})"
        )
    worst = max(block for (_, how), rounds in blocks.items() if how == OURS for block in rounds)
    return {
        "longest_block_ms": worst,
        "of_limit": worst / LIMIT_MS,
        "idle_ms": max(idle),
        "below_inline": min(median(blocks[kind, INLINE]) / median(blocks[kind, OURS]) for kind in mails),
    }


async def _longest_block(folder: Path, reader: Reader, mails: Mails, drawn: random.Random) -> float:
    """Milliseconds for which the loop did nothing else at one time, from the look into the mailbox to the last mail's place."""
    async with building.open_desk(folder, without_environment()) as desk:
        box = _mailbox(folder / "box", mails(drawn, await _sender(desk)))
        async with reader:
            longest = await _longest_gap(_come_in(box, replace(desk, reader=reader)))
        placed = await desk.store.mail.find(state=MailState.TAKEN_IN)
        assert len(placed) == len(list((folder / "box" / ".Taken" / "new").iterdir()))
    return longest


async def _come_in(box: MaildirInbox, desk: Desk) -> None:
    looked = await inbox.watch(box, desk)
    assert not looked.trouble, looked.trouble


async def _longest_gap(work: Awaitable[None]) -> float:
    """Something is due each millisecond: by how many milliseconds it was late at most."""
    gaps: list[float] = []

    async def beat() -> None:
        while True:
            due = time.perf_counter() + BEAT_SECONDS
            await asyncio.sleep(BEAT_SECONDS)
            gaps.append(time.perf_counter() - due)

    beating = asyncio.create_task(beat())
    await asyncio.sleep(50 * BEAT_SECONDS)
    gaps.clear()
    try:
        await work
        await asyncio.sleep(2 * BEAT_SECONDS)  # the last gap is not seen until the next beat
    finally:
        beating.cancel()
    return max(gaps) * 1000


def _mailbox(path: Path, mails: list[bytes]) -> MaildirInbox:
    for name in ("tmp", "new", "cur"):
        (path / name).mkdir(parents=True)
    for number, raw in enumerate(mails):
        (path / "new" / f"{number}.mission").write_bytes(raw)
    return MaildirInbox(path)


async def _sender(desk: Desk) -> str:
    """A contact of a State that has not reported: of its words the most is read."""
    return next(contact.address for contact in await desk.store.contacts.find(party="MWI") if contact.address)


def _one(drawn: random.Random, sender: str) -> list[bytes]:
    return [_mail(sender, drawn, _enclosure(drawn, 11_000_000), _enclosure(drawn, 11_000_000))]


def _thirty(drawn: random.Random, sender: str) -> list[bytes]:
    return [_mail(sender, drawn, _enclosure(drawn, 730_000)) for _ in range(30)]


def _words(drawn: random.Random, sender: str) -> list[bytes]:
    """What is slowest to read: a quote every other line, and markup."""
    quoted, markup = QUOTED * (15_000_000 // len(QUOTED)), MARKUP * (15_000_000 // len(MARKUP))
    return [_mail(sender, drawn, _part("text/plain", quoted), _part("text/html", markup))]


def _mail(sender: str, drawn: random.Random, *parts: bytes) -> bytes:
    head = (
        f"From: {sender}\r\nTo: {building.PRACTICE_ADDRESS}\r\nSubject: First report\r\n"
        f"Message-ID: <{drawn.getrandbits(64)}@mission.example>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b1\r\n\r\n"
    )
    return head.encode() + b"".join(b"--b1\r\n%b\r\n" % part for part in parts) + b"--b1--\r\n"


def _part(kind: str, words: str) -> bytes:
    return f"Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{words}".encode()


def _enclosure(drawn: random.Random, size: int) -> bytes:
    head = (
        'Content-Type: application/pdf; name="report.pdf"\r\nContent-Disposition: attachment; filename="report.pdf"\r\n'
    )
    content = base64.encodebytes(b"%PDF-1.4\n" + drawn.randbytes(size))
    return f"{head}Content-Transfer-Encoding: base64\r\n\r\n".encode() + content
