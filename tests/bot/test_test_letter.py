"""A test letter that comes back through real servers: from then on each envelope has a token, and bounces know their way."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot import building, doctor, ticking
from bot.doctor import round_trips
from bot.door import Door
from bot.settings import Settings, read_settings
from committee.cards import Card
from committee.letters import DeliveryState
from mailflows import inbox, outbox
from mailflows.desk import Desk
from mailflows.envelopes import ROUND_TRIP
from tests.conftest import PracticeDesk
from tests.servers.mailbox import Account
from tests.servers.postfix import Postfix
from tests.servers.process import eventually

pytest_plugins = ["tests.servers.fixtures"]
pytestmark = pytest.mark.server


@pytest.fixture
async def served(
    desk: PracticeDesk, account: Account, postfix: Postfix, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Desk, Settings]]:
    """The practice desk between a real mailbox and a real relay."""
    user = account.user.replace("@", "%40")
    monkeypatch.setenv("INBOX_URL", account.url())
    monkeypatch.setenv("SMTP_URL", f"smtp://{user}:p%40ss%2Fword@localhost:{postfix.ports['submission']}?tls=required")
    monkeypatch.setenv("VERBALE_ADDRESS", account.user)
    monkeypatch.setenv("VERBALE_CA_FILE", str(postfix.certificates.authority))
    monkeypatch.chdir(desk.folder)
    settings = read_settings()
    async with building.open_desk(desk.folder, settings) as opened:
        yield opened, settings


def found(card: Card) -> tuple[str, str]:
    row = next(row for row in card.rows if row["what"] == "test letter")
    return row["how"], str(row["found"])


async def test_the_doctor_writes_to_the_desk_sees_it_come_back_and_leaves_it_to_the_next_tick(
    served: tuple[Desk, Settings], account: Account
) -> None:
    desk, settings = served
    assert (await desk.store.round_trips.get(ROUND_TRIP)) is None
    how, said = found(await doctor.examine(Door(str(desk.store.folder))))
    assert (how, said[:10]) == ("good", "back after")
    assert len(account.uids()) == 1
    async with building.inbox(desk.store.folder, desk, settings) as box:
        looked = await inbox.watch(box, desk)
    assert [(mail.kind, mail.reason) for mail in looked.taken] == [("automatic", "the test letter has come back")]
    assert await desk.store.cards.find() == []


async def test_with_a_token_in_its_envelope_a_letter_that_bounces_later_is_known(
    served: tuple[Desk, Settings], desk: PracticeDesk, account: Account
) -> None:
    opened, settings = served
    assert found(await doctor.examine(Door(str(desk.folder))))[0] == "good"
    contact = await desk.contact("MWI")
    async with opened.store.transaction(by="test", doing="x", about="x", at=opened.now) as tx:
        await tx.contacts.put(replace(contact, address="mission@gone.test"))  # which the next hop refuses
    await desk.answers("remind first-report --to MWI", yes=True)
    async with building.post(desk.folder, opened, settings) as post:
        assert (await outbox.deliver_due(opened, post)).sent >= 1
    await asyncio.to_thread(eventually, lambda: len(account.uids()) >= 2)
    raws = await asyncio.to_thread(account.came, 2)
    assert any(b"+b-l-2012-0001-" in raw for raw in raws)
    async with building.inbox(desk.folder, opened, settings) as box:
        await inbox.watch(box, opened)
    [delivery] = await opened.store.deliveries.find(address="mission@gone.test")
    assert delivery.state is DeliveryState.BOUNCED


async def test_beside_a_desk_that_takes_in_its_mail_the_doctor_hears_from_it(
    served: tuple[Desk, Settings], desk: PracticeDesk
) -> None:
    opened, settings = served

    async def works() -> None:
        while True:
            await ticking.tick(desk.folder, opened, settings)
            await asyncio.sleep(0.2)

    working = asyncio.create_task(works())
    try:
        assert found(await doctor.examine(Door(str(desk.folder))))[0] == "good"
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


async def test_one_that_does_not_come_back_says_what_the_server_should_do(
    served: tuple[Desk, Settings], account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, _ = served
    monkeypatch.setenv("VERBALE_ADDRESS", "desk@sink.test")
    monkeypatch.setattr(round_trips, "SECONDS", 2)
    how, said = found(await doctor.examine(Door(str(desk.store.folder))))
    assert (how, "not back within 2 seconds" in said) == ("look", True)
    assert account.uids() == []


async def test_a_stopped_desk_sends_none(served: tuple[Desk, Settings], desk: PracticeDesk, account: Account) -> None:
    await desk.types("stop")
    how, said = found(await doctor.examine(Door(str(desk.folder))))
    assert (how, "everything is stopped" in said) == ("look", True)
    assert account.uids() == []


async def test_each_of_several_mailboxes_is_looked_at(
    served: tuple[Desk, Settings], account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, _ = served
    monkeypatch.setenv("INBOX_URL", f"{account.url()} maildir:/nowhere/at/all")
    card = await doctor.examine(Door(str(desk.store.folder)))
    ways = {str(row["what"]): row["how"] for row in card.rows if str(row["what"]).startswith("mail in")}
    assert sorted(ways.values()) == ["good", "wrong"]
    assert len(ways) == 2
