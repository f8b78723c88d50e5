"""Five hundred mails of all kinds come through Postfix while the desk is killed again and again: each is kept once."""

import asyncio
import random
import re
import signal
import smtplib
import threading
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from email import message_from_bytes

import pytest

from committee.letters import Delivery, DeliveryState, LetterKind
from committee.mail import MailState
from tests.bot.processes import ended, run, started, until
from tests.conftest import PracticeDesk
from tests.servers.all_kinds import MAILS, Sent, World
from tests.servers.desk import smtp_url
from tests.servers.mailbox import Account
from tests.servers.postfix import Postfix
from tests.servers.process import eventually
from tests.servers.sink import Sink

pytest_plugins = ["tests.servers.fixtures"]
pytestmark = [pytest.mark.server, pytest.mark.long]

KILLS, WRITERS = 10, 4
PAUSE_SECONDS = 0.12  # between two mails of a writer, so that they come for as long as the desk is being killed
LIVES_SECONDS = (0.8, 3.5)  # from the start of the process: some die before they have begun
CONNECTIONS = 3  # to the mail server: as many copies may be on their way at a kill
D = DeliveryState


@asynccontextmanager
async def writing(sent: Sequence[Sent], postfix: Postfix, to: str) -> AsyncIterator[list[Future[None]]]:
    """Several writers at once, each with a line of its own."""
    ending = threading.Event()

    def write(mails: Sequence[Sent]) -> None:
        with smtplib.SMTP(postfix.host, postfix.ports["mx"]) as line:
            for mail in mails:
                assert line.sendmail(mail.sender, [to], mail.raw) == {}
                ending.wait(PAUSE_SECONDS)

    with ThreadPoolExecutor(WRITERS) as pool:
        futures = [pool.submit(write, sent[nth::WRITERS]) for nth in range(WRITERS)]
        try:
            yield futures
        finally:
            ending.set()


async def test_each_is_kept_once_and_receipts_go_to_whom_they_are_due(
    desk: PracticeDesk, account: Account, postfix: Postfix, sink: Sink
) -> None:
    settings = {
        "INBOX_URL": account.url(), "SMTP_URL": smtp_url(account, postfix), "VERBALE_ADDRESS": account.user,
        "VERBALE_CA_FILE": str(postfix.certificates.authority), "VERBALE_LOG_LEVEL": "error",
        "VERBALE_CONNECTIONS": str(CONNECTIONS),
    }  # fmt: skip
    book = sorted({contact.address for contact in await desk.desk.store.contacts.all()})
    world = World(account.user, book)
    sent = world.writes()
    assert len(sent) == MAILS

    async with writing(sent, postfix, account.user) as writers:
        at_work, in_doubt = await killed_again_and_again(desk, account, settings)
        for writer in writers:
            await asyncio.to_thread(writer.result)
    assert at_work >= KILLS / 2, "it was killed when there was nothing to lose"
    assert max(in_doubt) <= CONNECTIONS, f"more were on their way than there were connections: {in_doubt}"

    async with run(desk.folder, **settings) as process:
        with suppress(TimeoutError):  # what is missing is said below
            await until(lambda: all_is_done(desk, account), seconds=90)
        await ended(process)
    # A receipt that was in flight at two kills waits for the desk's clock, which stands still on a practice desk.
    ticking = await started(desk.folder, "tick", "--until", "2012-09-04T12:00", **settings)
    _, said = await ticking.communicate()
    assert ticking.returncode == 0, said

    await each_is_kept_once(desk, account, sent)
    await receipts_are_those_that_are_due(desk, world)
    await each_receipt_has_arrived(desk, account.user, sink, in_doubt)
    verifying = await started(desk.folder, "verify")
    found, _ = await verifying.communicate()
    assert verifying.returncode == 0, found.decode()


async def killed_again_and_again(
    desk: PracticeDesk, account: Account, settings: dict[str, str]
) -> tuple[int, list[int]]:
    """At moments of chance; how often there was mail or a letter to lose, and how many copies each kill left in doubt."""
    chance, at_work, in_doubt = random.Random(1540), 0, list[int]()
    for _ in range(KILLS):
        process = await started(desk.folder, **settings)
        await asyncio.sleep(chance.uniform(*LIVES_SECONDS))
        assert process.returncode is None, await process.communicate()
        process.kill()
        await process.communicate()
        assert process.returncode == -signal.SIGKILL
        at_work += bool(account.uids() or await may_go(desk))
        in_doubt.append(await desk.desk.store.deliveries.count(state=D.SENDING))
    return at_work, in_doubt


async def all_is_done(desk: PracticeDesk, account: Account) -> bool:
    mails = await desk.desk.store.mail.count()
    return mails >= MAILS and account.uids() == [] and not await may_go(desk)


async def may_go(desk: PracticeDesk) -> list[Delivery]:
    """What could leave at the desk's moment."""
    waiting = await desk.desk.store.deliveries.find(state=(D.QUEUED, D.LATER, D.SENDING))
    return [one for one in waiting if one.next_try is None or one.next_try <= desk.desk.now]


async def each_is_kept_once(desk: PracticeDesk, account: Account, sent: Sequence[Sent]) -> None:
    mails = await desk.desk.store.mail.find()
    ids: Counter[int] = Counter()
    for mail in mails:
        kept = await desk.desk.store.kept(mail.sha256)
        ids.update(int(found) for found in re.findall(rb"^X-Test-Id: (\d+)\r?$", kept, re.MULTILINE))
    assert sorted(ids.elements()) == [mail.id for mail in sorted(sent, key=lambda mail: mail.id)]
    assert len(mails) == len({mail.source for mail in mails}) == MAILS
    assert {mail.state for mail in mails} == {MailState.TAKEN_IN, MailState.SET_ASIDE}
    assert (account.uids(), len(account.uids("Verbale/Taken"))) == ([], MAILS)
    numbers = sorted(mail.key for mail in mails)
    assert numbers == [f"M-2012-{number:04}" for number in range(1, MAILS + 1)]


async def receipts_are_those_that_are_due(desk: PracticeDesk, world: World) -> None:
    for kind, owed in ((LetterKind.RECEIPT, world.owed), (LetterKind.RECEIPT_REPEAT, world.owed_repeats)):
        letters = await desk.desk.store.letters.find(kind=kind)
        assert Counter(letter.addressees[0].address for letter in letters) == owed


async def each_receipt_has_arrived(desk: PracticeDesk, address: str, sink: Sink, in_doubt: list[int]) -> None:
    """Each copy at its address, always as the same message; twice only where a kill left it in doubt."""
    deliveries = await desk.desk.store.deliveries.find()
    assert {delivery.state for delivery in deliveries} == {D.SENT}
    ids = {letter.key: letter.message_id for letter in await desk.desk.store.letters.find()}
    due = {(delivery.address, ids[delivery.letter]) for delivery in deliveries}
    assert len(due) == len(deliveries)
    await asyncio.to_thread(eventually, lambda: len({*arrived(sink, address)}) >= len(due))
    came = arrived(sink, address)
    assert {*came} == due
    assert max(came.values()) <= KILLS + 1
    assert sum(came.values()) - len(due) <= sum(in_doubt)


def arrived(sink: Sink, address: str) -> Counter[tuple[str, str]]:
    return Counter((one.recipient, message_from_bytes(one.raw)["Message-ID"]) for one in sink.world(address))
