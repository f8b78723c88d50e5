"""The only door out: each copy once, each with its proof, and nothing stops the others."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from committee import claims, pacing
from committee.errors import Unavailable
from committee.letters import Delivery, DeliveryState, LetterKind
from mailflows import claiming
from mailflows.accepted import Accepted, Bounced, Deferred, NotLetIn, TooMuch, Uncertain, Unreachable
from mailflows.delivering import Delivering
from mailflows.message import Message
from mailflows.post import Ready
from tests.conftest import PracticeDesk

D = DeliveryState


async def letters_are_queued(desk: PracticeDesk) -> list[Delivery]:
    _, status = await desk.answers("remind first-report --to MWI,ZMB,GMB", yes=True)
    assert status == 0
    return await desk.desk.store.deliveries.find()


async def states(desk: PracticeDesk) -> list[DeliveryState]:
    return [delivery.state for delivery in await desk.desk.store.deliveries.find()]


async def test_every_copy_is_accepted_once_with_the_servers_words(desk: PracticeDesk) -> None:
    await letters_are_queued(desk)
    await desk.delivers()
    await desk.delivers()
    assert len(desk.post.handed) == 6
    assert {d.reply[:9] for d in await desk.desk.store.deliveries.find()} == {"250 2.0.0"}


async def test_both_copies_of_a_letter_are_the_same_bytes(desk: PracticeDesk) -> None:
    await letters_are_queued(desk)
    await desk.delivers()
    assert len({raw for _, raw in desk.post.handed}) == 3


async def test_a_temporary_error_waits_and_comes_back_with_the_same_bytes(desk: PracticeDesk) -> None:
    first, *_ = await letters_are_queued(desk)
    desk.post.troubles[first.address] = [Deferred("450 4.2.1 busy, try again in 300 seconds")]
    assert (await desk.delivers()).later == 1
    assert (await desk.delivers(timedelta(seconds=299))).sent == 0
    assert (await desk.delivers(timedelta(seconds=1))).sent == 1
    assert len(desk.post.handed) == 6
    assert len({raw for _, raw in desk.post.handed}) == 3


async def test_a_permanent_error_is_shown_and_the_others_go(desk: PracticeDesk) -> None:
    first, *_ = await letters_are_queued(desk)
    desk.post.troubles[first.address] = [Bounced("550 5.1.1 no such user")]
    tally = await desk.delivers()
    assert (tally.sent, tally.refused) == (5, 1)
    assert [row["state"] for row in (await desk.types("outbox")).rows] == ["sent", "sent", "sent"]
    assert any(row["kind"] == "letter-refused" for row in (await desk.types("cards")).rows)


async def test_a_server_that_is_away_ends_the_round_and_loses_nothing(desk: PracticeDesk) -> None:
    await letters_are_queued(desk)
    desk.post.troubles["*"] = [Unreachable("no connection to 127.0.0.1")]
    tally = await desk.delivers()
    assert tally.trouble
    assert await states(desk) == [D.QUEUED] * 6
    assert {delivery.tries for delivery in await desk.desk.store.deliveries.find()} == {0}
    assert (await desk.delivers(timedelta(seconds=59))).sent == 0
    assert (await desk.delivers(timedelta(minutes=2))).sent == 6


async def test_a_refused_password_stops_the_round_and_alarms(desk: PracticeDesk) -> None:
    await letters_are_queued(desk)
    desk.post.troubles["*"] = [NotLetIn("535 5.7.8 authentication failed")]
    await desk.delivers()
    assert any(row["kind"] == "alarm" for row in (await desk.types("cards")).rows)
    assert D.REFUSED not in await states(desk)


async def test_what_was_in_flight_when_a_process_died_goes_again_with_the_same_message_id_if_its_kind_says_so(
    desk: PracticeDesk,
) -> None:
    first, *_ = await letters_are_queued(desk)
    async with desk.desk.store.transaction(by="test", doing="die", about=first.key, at=desk.desk.now) as tx:
        claimed = claims.claimed(first, "t", now=desk.desk.now, clock=desk.desk.now)
        await tx.deliveries.put(claimed.moved(D.SENDING, desk.desk.now))
    await desk.delivers()
    assert await states(desk) == [D.SENT] * 6


async def test_an_uncertain_letter_that_a_person_wrote_is_shown_and_not_repeated(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="report.pdf"))
    await desk.types('submission S-2012-0001 clarify "Where is annex 2?"')
    capital = (await desk.capital_of("MWI")).address
    await desk.delivers()
    clarification = (await desk.desk.store.letters.find(kind=LetterKind.CLARIFICATION))[0]
    assert clarification
    await desk.types('submission S-2012-0001 clarify "And annex 3?"')
    desk.post.troubles[capital] = [Uncertain("the connection broke after the final dot")]
    await desk.delivers()
    for _ in range(3):
        await desk.delivers(timedelta(hours=5))
    uncertain = await desk.desk.store.deliveries.find(state=D.UNCERTAIN)
    assert [delivery.letter for delivery in uncertain] == ["clarification/S-2012-0001/2"]
    await desk.types("letter clarification/S-2012-0001/2 again")
    await desk.delivers()
    assert await desk.desk.store.deliveries.find(state=D.UNCERTAIN) == []


async def test_after_five_days_it_is_given_up_and_shown(desk: PracticeDesk) -> None:
    first, *_ = await letters_are_queued(desk)
    desk.post.troubles[first.address] = [Deferred("450 4.2.1 busy")] * 100
    for _ in range(40):
        await desk.delivers(timedelta(hours=4))
    delivery = await desk.desk.store.deliveries.get(first.key)
    assert delivery
    assert delivery.state is D.EXPIRED
    assert "given up" in delivery.reply


async def test_stop_halts_everything_and_resume_lets_it_go(desk: PracticeDesk) -> None:
    await letters_are_queued(desk)
    await desk.types("stop", by="reader-1")
    assert (await desk.delivers()).sent == 0
    card, status = await desk.answers("resume", by="reader-1")
    assert status == 1, card.text
    await desk.types("resume")
    assert (await desk.delivers()).sent == 6


async def test_one_release_can_be_stopped_alone(desk: PracticeDesk) -> None:
    await letters_are_queued(desk)
    await desk.takes_in((await desk.mission_of("GHA")).writes("A question"))
    await desk.types("stop R-2012-0001")
    assert (await desk.delivers()).sent == 1


async def test_a_held_letter_stays_until_an_officer_releases_it(desk: PracticeDesk) -> None:
    first, *_ = await letters_are_queued(desk)
    await desk.types(f'letter {first.letter} hold "the Deputy has telephoned"', by="reader-1")
    assert (await desk.delivers()).sent == 4
    await desk.types(f"letter {first.letter} release")
    assert (await desk.delivers()).sent == 2


async def test_whoever_has_left_office_since_gets_nothing(desk: PracticeDesk) -> None:
    first, *_ = await letters_are_queued(desk)
    [contact] = await desk.desk.store.contacts.find(address=first.address)
    async with desk.desk.store.transaction(by="test", doing="leave", about=contact.key, at=desk.desk.now) as tx:
        await tx.contacts.put(replace(contact, held="has left"))
    await desk.delivers()
    delivery = await desk.desk.store.deliveries.get(first.key)
    assert delivery
    assert delivery.state is D.WITHDRAWN


async def test_a_reminder_that_could_not_go_in_its_cycle_expires_and_is_shown(desk: PracticeDesk) -> None:
    await letters_are_queued(desk)
    await desk.types("stop")
    await desk.delivers(timedelta(days=100))
    assert await states(desk) == [D.EXPIRED] * 6
    assert desk.post.handed == []


async def test_a_relay_that_failed_is_left_alone_and_shown_until_it_works_again(desk: PracticeDesk) -> None:
    await letters_are_queued(desk)
    desk.post.troubles["*"] = [Unreachable("no connection to 127.0.0.1")] * 2
    await desk.delivers()
    assert "post.test" in " ".join((await desk.types("outbox")).notes)
    for seconds in (59, 1, 119):  # not yet; one more try, which fails; and then twice as long
        assert (await desk.delivers(timedelta(seconds=seconds))).sent == 0
    assert desk.post.troubles["*"] == []
    assert (await desk.delivers(timedelta(seconds=1))).sent == 6
    assert "post.test" not in " ".join((await desk.types("outbox")).notes)


async def test_lines_that_break_again_and_again_end_the_round(desk: PracticeDesk) -> None:
    await letters_are_queued(desk)
    desk.post.troubles["*"] = [Unavailable("the line broke")] * 100
    tally = await desk.delivers()
    assert (tally.later, bool(tally.trouble)) == (3, True)


async def test_a_server_that_asks_for_less_has_less_and_no_letter_loses_a_try(desk: PracticeDesk) -> None:
    await letters_are_queued(desk)
    desk.post.connections = 4
    desk.post.troubles["*"] = [TooMuch("421 4.3.2 too many connections, try again in 1 second")]
    delivering = Delivering(desk.post)
    assert (await delivering.round(desk.desk)).sent == 6
    assert (delivering.pace.width, delivering.figures.slowed) == (2, 1)
    assert {delivery.tries for delivery in await desk.desk.store.deliveries.find()} == {1}


async def test_a_server_that_takes_nothing_however_slowly_one_comes_is_left_alone_and_shown(
    desk: PracticeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "FIRST_PAUSE", 0.01)
    await letters_are_queued(desk)
    desk.post.troubles["*"] = [TooMuch("421 4.3.2 come back another day")] * 100
    tally = await desk.delivers()
    assert (tally.sent, tally.trouble) == (0, "421 4.3.2 come back another day")
    assert {delivery.tries for delivery in await desk.desk.store.deliveries.find()} == {0}
    assert "421 4.3.2 come back another day" in str((await desk.types("outbox")).notes)
    desk.post.troubles.clear()
    assert (await desk.delivers(timedelta(minutes=1))).sent == 6


async def test_receipts_leave_before_letters_to_many_and_those_in_an_order_that_is_drawn(desk: PracticeDesk) -> None:
    await desk.answers("remind first-report", yes=True)
    await desk.takes_in((await desk.mission_of("GHA")).writes("A question"))
    await desk.delivers()
    addresses = [address for address, _ in desk.post.handed]
    assert addresses[0] == (await desk.mission_of("GHA")).address
    assert addresses[1:] != sorted(addresses[1:])
    assert len(addresses) == 49


async def test_stop_in_the_middle_halts_all_that_has_not_begun_and_says_what_it_was(desk: PracticeDesk) -> None:
    await desk.answers("remind first-report", yes=True)
    took, halted = [], list[str]()

    class Stopping:
        relay, connections = "post.test", 4

        async def send(self, _sender: str, recipient: str, _message: Message, *, ready: Ready, **_: str) -> Accepted:
            if len(took) == 10 and not halted:
                halted.extend(str(row["address"]) for row in (await desk.types("stop")).rows)
            await ready()
            took.append(recipient)
            return Accepted("250 OK", "post.test")

    await Delivering(Stopping()).round(desk.desk)
    sent = {one.address for one in await desk.desk.store.deliveries.find(state=D.SENT)}
    waits = {one.address for one in await desk.desk.store.deliveries.find(state=D.QUEUED)}
    assert sent == {*took}
    assert waits == {*halted}
    assert (len(sent) + len(waits), sent & waits) == (48, set())
    await desk.types("resume")
    assert (await desk.delivers()).sent == len(waits)
    assert {one.tries for one in await desk.desk.store.deliveries.find()} == {1}


async def test_what_was_accepted_and_could_not_be_recorded_is_recorded_before_anything_else_goes(
    desk: PracticeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await letters_are_queued(desk)
    full, delivering, real = Unavailable("the disk is full"), Delivering(desk.post), claims.accepted

    def fails(*_args: object) -> Delivery:
        raise full

    monkeypatch.setattr(claims, "accepted", fails)
    with pytest.raises(Unavailable, match="the disk is full"):
        await delivering.round(desk.desk)
    assert len(desk.post.handed) == 1
    with pytest.raises(Unavailable, match="could not be recorded"):
        await delivering.round(desk.desk)
    assert len(desk.post.handed) == 1
    monkeypatch.setattr(claims, "accepted", real)
    assert (await delivering.round(desk.desk)).sent == 6
    assert len(desk.post.handed) == 6


async def test_a_claim_that_was_lost_meanwhile_sends_nothing(desk: PracticeDesk) -> None:
    await letters_are_queued(desk)
    robbed = list[str]()

    class Robbed:
        relay, connections = "post.test", 1

        async def send(
            self, _sender: str, recipient: str, _message: Message, *, key: str, ready: Ready, **_: str
        ) -> Accepted:
            if not robbed:
                robbed.append(key)
                current = await desk.desk.store.deliveries.get(key)
                assert current
                async with desk.desk.store.transaction(by="test", doing="rob", about=key, at=desk.desk.now) as tx:
                    await tx.deliveries.put(current.moved(D.HELD, desk.desk.now, held="not this one"))
            await ready()
            return Accepted(f"250 {recipient}", "post.test")

    delivering = Delivering(Robbed())
    await delivering.round(desk.desk)
    [left] = await desk.desk.store.deliveries.find(state=D.HELD)
    assert (left.key, delivering.figures.lease_lost) == (robbed[0], 1)


async def test_a_relay_that_a_setting_has_replaced_is_forgotten(desk: PracticeDesk) -> None:
    await letters_are_queued(desk)
    desk.post.troubles["*"] = [Unreachable("no connection")]
    await desk.delivers()
    desk.post.relay = "another.test"
    await desk.delivers(timedelta(hours=2))
    assert await desk.desk.store.relays.all() == []


async def test_a_store_that_fails_while_a_letter_is_under_way_lets_that_letter_end(
    desk: PracticeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await letters_are_queued(desk)
    failed, claim = asyncio.Event(), claiming.claim

    class Slow:
        relay, connections = "post.test", 2

        async def send(self, _sender: str, _recipient: str, _message: Message, *, ready: Ready, **_: str) -> Accepted:
            await ready()
            await asyncio.wait_for(failed.wait(), 10)
            return Accepted("250 OK", "post.test")

    async def claims_once(*asked: Any) -> Any:
        if await desk.desk.store.deliveries.count(state=D.SENDING):
            failed.set()
            raise Unavailable("the database cannot be reached")
        return await claim(desk.desk, 1, asked[2])

    monkeypatch.setattr(claiming, "claim", claims_once)
    with pytest.raises(Unavailable, match="cannot be reached"):
        await Delivering(Slow()).round(desk.desk)
    assert D.SENDING not in await states(desk)
    assert (await states(desk)).count(D.SENT) >= 1
