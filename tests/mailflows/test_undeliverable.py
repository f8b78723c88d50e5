"""Addresses that are dead, full, closed or slow, each at a real server: the letter, its contact, and the rest of the queue."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from committee.contacts import Office
from committee.letters import DeliveryState
from mailflows import inbox
from mailflows.accepted import Accepted
from mailflows.endpoints import SMTPServer
from mailflows.outbox import Post
from mailflows.smtp import SMTPSender
from tests.conftest import PracticeDesk
from tests.servers.desk import ConnectedDesk, connected
from tests.servers.mailbox import Account
from tests.servers.postfix import Postfix
from tests.servers.process import eventually
from tests.servers.sink import Sink

pytest_plugins = ["tests.servers.fixtures"]
pytestmark = pytest.mark.server

D = DeliveryState
AT_ONCE, LATER = ["gone-now.test", "spam-now.test"], ["gone.test", "full.test", "spam.test"]
DEAD = {"gone.test": "MWI", "gone-now.test": "ZMB"}
ALIVE = {"full.test": "GMB", "spam.test": "LSO", "spam-now.test": "MLI"}
SAID = {
    "gone.test": "5.1.1 550 5.1.1 no such user here",
    "gone-now.test": "550 5.1.1 ",
    "full.test": "5.2.2 552 5.2.2 mailbox full",
    "spam.test": "5.7.1 554 5.7.1 refused as spam",
    "spam-now.test": "550 5.7.1 ",
}
MISSION, CAPITAL = Office.PERMANENT_MISSION, Office.NATIONAL_CONTACT_POINT


@pytest.fixture
async def here(desk: PracticeDesk, account: Account, postfix: Postfix) -> AsyncIterator[ConnectedDesk]:
    async with connected(desk, account, postfix) as at_servers:
        yield at_servers


async def remind(here: ConnectedDesk, *states: str) -> None:
    card, status = await here.answers(f"remind first-report --to {','.join(states)}", yes=True)
    assert status == 0, card.text


async def state_at(here: ConnectedDesk, address: str) -> DeliveryState:
    [delivery] = await here.deliveries(address)
    return delivery.state


async def came_to(sink: Sink, here: ConnectedDesk, number: int) -> list[str]:
    """The addresses of the world that have had something from this desk, once they are so many."""
    await asyncio.to_thread(eventually, lambda: len(sink.world(here.desk.address)) >= number)
    return sorted(one.recipient for one in sink.world(here.desk.address))


async def test_one_round_with_every_kind_of_refusal_serves_every_state(here: ConnectedDesk, sink: Sink) -> None:
    """Five missions that refuse, each its own way, and one that does not; the capitals have their copies."""
    missions = {domain: await here.moves(state, domain) for domain, state in (DEAD | ALIVE).items()}
    await remind(here, *DEAD.values(), *ALIVE.values(), "TCD")
    tally = await here.sends()
    assert (tally.sent, tally.refused, tally.later, tally.trouble) == (10, 2, 0, "")
    assert [mail.kind for mail in (await here.reads(3)).taken] == ["bounce"] * 3
    for domain, address in missions.items():
        [delivery] = await here.deliveries(address)
        assert delivery.state is (D.REFUSED if domain in AT_ONCE else D.BOUNCED)
        assert delivery.reply.startswith(SAID[domain]), delivery.reply
        assert delivery.next_try is None
    held = {contact.state for contact in await here.desk.store.contacts.all() if contact.held}
    assert held == {*DEAD.values()}
    assert {row["address"] for row in (await here.types("repairs")).rows} == {missions[domain] for domain in DEAD}
    assert {row["state"] for row in (await here.types("outbox")).rows} == {"sent"}
    assert await here.cards_of("not-served") == []
    assert len(await came_to(sink, here, 7)) == 7  # five capitals, and both addresses of Chad
    assert (await here.sends()).sent == 0  # nothing more: every State had its letter


@pytest.mark.parametrize("domain", [*LATER, *AT_ONCE])
async def test_a_receipt_that_the_writers_own_server_refuses_goes_to_the_next_address(
    here: ConnectedDesk, sink: Sink, domain: str
) -> None:
    address, capital = await here.moves("GHA", domain), await here.contact("GHA", CAPITAL)
    await here.takes_in((await here.mission_of("GHA")).writes("A question"))
    await here.takes_in((await here.mission_of("FRA")).writes("A question"))
    await here.sends()
    if domain in LATER:
        assert await state_at(here, address) is D.SENT
        await here.reads(1)
    assert await state_at(here, address) in {D.BOUNCED, D.REFUSED}
    await here.sends()
    assert await state_at(here, capital.address) is D.SENT
    assert await came_to(sink, here, 2) == [capital.address, (await here.contact("FRA")).address]
    assert bool((await here.contact("GHA")).held) == (domain in DEAD)
    assert await here.cards_of("not-served") == []


@pytest.mark.parametrize("domain", ["gone.test", "gone-now.test"])
async def test_a_state_without_a_living_address_is_not_served_and_somebody_is_told_once(
    here: ConnectedDesk, domain: str
) -> None:
    for office in (MISSION, CAPITAL):
        await here.moves("MWI", domain, office)
    await remind(here, "MWI", "ZMB")
    await here.sends()
    if domain in LATER:
        await here.reads(2)
    assert await here.cards_of("not-served") == ["first-report/MWI/programme-11/2"]
    assert len((await here.types("repairs")).rows) == 2
    assert [row["state"] for row in (await here.types("outbox")).rows if row["party"] == "ZMB"] == ["sent"]
    await remind(here, "MLI")  # and the desk goes on
    assert (await here.sends()).sent == 2


async def test_a_state_whose_mailboxes_are_full_is_not_served_and_nothing_is_to_be_mended(here: ConnectedDesk) -> None:
    for office in (MISSION, CAPITAL):
        await here.moves("MWI", "full.test", office)
    await remind(here, "MWI")
    await here.sends()
    await here.reads(2)
    assert await here.cards_of("not-served") == ["first-report/MWI/programme-11/2"]
    assert (await here.types("repairs")).rows == ()
    await here.takes_in((await here.mission_of("MWI")).writes("A question"))
    assert (await here.sends()).sent == 1  # it may be emptied any day, so it is tried again with the next letter


async def test_a_held_address_has_no_further_letter_until_an_officer_frees_it(here: ConnectedDesk, sink: Sink) -> None:
    address = await here.moves("MWI", "gone.test")
    await here.takes_in((await here.mission_of("MWI")).writes("A question"))
    await here.sends()
    await here.reads(1)
    await here.sends()
    assert (await here.answers("remind first-report --to MWI", yes=True))[0].fields["letters"] == 0
    assert (await here.types("contact MWI/permanent-mission/1 free")).ok
    assert (await here.types("repairs")).rows == ()
    await remind(here, "MWI")
    await here.sends()
    states = [delivery.state for delivery in await here.deliveries(address)]
    assert states == [D.BOUNCED, D.SENT]


async def test_after_a_bounce_the_queue_has_it_the_next_address_was_served_and_the_proof_says_so(
    here: ConnectedDesk, sink: Sink
) -> None:
    address, capital = await here.moves("GHA", "gone.test"), await here.contact("GHA", CAPITAL)
    await here.takes_in((await here.mission_of("GHA")).writes("A question"))
    await here.sends()
    await here.reads(1)
    [row] = (await here.types("repairs")).rows
    assert (row["address"], row["next"], row["unserved"]) == (address, capital.address, [])
    [tried] = [one for one in row["tried"] if one["address"] == address]
    assert (tried["state"], tried["said"].startswith(SAID["gone.test"])) == (D.BOUNCED, True)
    await here.sends()
    [letter] = await here.desk.store.letters.find(party="GHA")
    proof = await here.types(f"proof {letter.key}")
    assert (proof.fields["served"], proof.fields["open"]) == (1, [])
    [dead] = [one for one in proof.rows if one["address"] == address]
    assert dead["said"].endswith(
        f"Not served at {address}, which takes no mail; its party has the letter at {capital.address}."
    )


async def test_what_a_held_address_writes_is_its_states_word_and_is_acknowledged_at_the_next_address(
    here: ConnectedDesk, sink: Sink
) -> None:
    """Only what is sent to it is held: its report is numbered, and the receipt goes where mail is taken."""
    address, capital = await here.moves("MWI", "gone-now.test"), await here.contact("MWI", CAPITAL)
    await remind(here, "MWI")
    await here.sends()
    assert (await here.contact("MWI")).held
    report = here.stranger(address).writes("First report", "Enclosed.", attach="report.pdf")
    [mail] = await here.takes_in(report)
    assert (mail.state, mail.party, mail.submission) == ("taken-in", "MWI", "S-2012-0001")
    assert (await here.sends()).sent == 1
    assert await came_to(sink, here, 2) == [capital.address] * 2
    assert [one.state for one in await here.deliveries(address)] == [D.REFUSED, D.WITHDRAWN]


@dataclass
class Meanwhile:
    """A way out: while the first letter is handed over, something else happens."""

    way_out: Post
    happens: Callable[[], Any]
    over: bool = False

    @property
    def relay(self) -> str:
        return self.way_out.relay

    @property
    def connections(self) -> int:
        return 1

    async def send(self, *envelope: Any, **named: Any) -> Accepted:
        if not self.over:
            self.over = True
            await self.happens()
        return await self.way_out.send(*envelope, **named)


async def test_what_is_accepted_after_a_bounce_frees_the_contact(here: ConnectedDesk) -> None:
    """The mission had lost its mailbox and has it again: the letter in flight while the bounce is read gets through."""
    address = await here.moves("MWI", "gone.test")
    await here.takes_in((await here.mission_of("MWI")).writes("One question"))
    await here.sends()
    await here.takes_in((await here.mission_of("MWI")).writes("Another question"))
    await asyncio.to_thread(here.account.came)

    async def the_bounce_is_read() -> None:
        await inbox.watch(here.box, here.desk)
        assert "5.1.1" in (await here.contact("MWI")).held

    assert (await here.sends(Meanwhile(here.way_out, the_bounce_is_read))).trouble == ""
    assert [delivery.state for delivery in await here.deliveries(address)] == [D.BOUNCED, D.SENT]
    assert not (await here.contact("MWI")).held
    assert (await here.types("repairs")).rows == ()
    await here.reads(1)  # the relay had only taken it: its bounce holds the contact again
    assert (await here.contact("MWI")).held


async def test_a_server_that_says_later_is_obeyed_and_asked_again_with_the_same_letter(
    here: ConnectedDesk, sink: Sink
) -> None:
    await remind(here, "MWI")
    async with SMTPSender(SMTPServer(sink.host, sink.ports["slow.test"])) as greylisting:
        tally = await here.sends(greylisting)
        assert (tally.later, tally.refused, tally.trouble) == (2, 0, "")
        for delivery in await here.desk.store.deliveries.find():
            assert (delivery.state, delivery.reply) == (D.LATER, "450 4.7.1 greylisted, try again in 300 seconds")
            assert delivery.next_try == here.desk.now + timedelta(minutes=5)
        assert (await here.sends(greylisting)).later == 0
    assert (await here.types("repairs")).rows == ()
    here.desk = here.desk.at(here.desk.now + timedelta(minutes=5))
    assert (await here.sends()).sent == 2
    assert len(await came_to(sink, here, 2)) == 2


async def test_what_the_relay_only_reports_as_delayed_is_neither_bounced_nor_held(
    here: ConnectedDesk,
) -> None:
    address = await here.moves("MWI", "slow.test")
    await remind(here, "MWI", "ZMB")
    assert (await here.sends()).sent == 4
    [delayed] = (await here.reads(1)).taken
    assert (delayed.kind, delayed.state) == ("bounce", "taken-in")
    assert b"Action: delayed" in await here.desk.store.kept(delayed.sha256)
    assert await state_at(here, address) is D.SENT
    assert (await here.types("repairs")).rows == ()
    assert not (await here.contact("MWI")).held
