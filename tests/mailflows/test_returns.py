"""What comes back names its delivery by a token, an ENVID or a Message-ID; an address alone is anybody's word."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from committee.desk import LOST_AFTER, RoundTrip
from committee.errors import Refused
from committee.letters import Delivery, DeliveryState, Letter
from mailflows import envelopes, outbox, repairs
from mailflows.accepted import Accepted
from mailflows.message import Message
from mailflows.post import Ready
from mailflows.presses import Act
from tests.conftest import PracticeDesk

D = DeliveryState
NOW = datetime.now(UTC)


def notification(address: str, *, to: str = "secretariat@1540.example", about: str = "", envid: str = "") -> bytes:
    original = f"Original-Envelope-Id: {envid}\r\n" if envid else ""
    return (
        f"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.test\r\nTo: {to}\r\nSubject: Undelivered Mail\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\n{original}Reporting-MTA: dns; mx.test\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no such user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {about}\r\n\r\n--b--\r\n"
    ).encode()


async def comes_back(desk: PracticeDesk, came_at: datetime | None = NOW, sent_at: datetime = NOW) -> None:
    """As after `verbale doctor` on a desk whose server delivers desk+anything@."""
    trip = RoundTrip(envelopes.ROUND_TRIP, desk.desk.address, "token", sent_at, came_at)
    async with desk.desk.store.transaction(by="test", doing="x", about="x", at=NOW) as tx:
        await tx.round_trips.put(trip)


async def sent(desk: PracticeDesk) -> tuple[Letter, Delivery]:
    """A reminder to Malawi has gone; its copy to the mission."""
    await desk.answers("remind first-report --to MWI", yes=True)
    await desk.delivers()
    [letter] = await desk.outbox()
    [delivery] = await desk.desk.store.deliveries.find(address=(await desk.contact("MWI")).address)
    return letter, delivery


def token_of(letter: Letter, delivery: Delivery, desk: PracticeDesk) -> str:
    return envelopes.token(letter, delivery, desk.desk.store.secret)


async def state_of(desk: PracticeDesk, delivery: Delivery) -> str:
    found = await desk.desk.store.deliveries.get(delivery.key)
    assert found
    return found.state


class TestEnvelopes:
    async def test_a_copy_has_a_sender_of_its_own_once_a_test_letter_has_come_back(self, desk: PracticeDesk) -> None:
        letter, delivery = await sent(desk)
        assert (await envelopes.senders(desk.desk))(letter, delivery) == desk.desk.address
        await comes_back(desk)
        sender = (await envelopes.senders(desk.desk))(letter, delivery)
        assert sender == f"secretariat+b-{token_of(letter, delivery, desk)}@1540.example"
        assert len(sender.partition("@")[0]) <= 64
        [other] = [d for d in await desk.desk.store.deliveries.find(letter=letter.key) if d.key != delivery.key]
        assert (await envelopes.senders(desk.desk))(letter, other) != sender

    @pytest.mark.parametrize(
        ("came", "sent_ago", "works"),
        [
            (None, timedelta(0), False),
            (timedelta(0), timedelta(hours=9), True),
            (timedelta(days=9), timedelta(minutes=1), True),
            (timedelta(days=9), LOST_AFTER, False),
        ],
        ids=["never came", "came since", "the next is on its way", "the next is lost"],
    )
    def test_a_test_letter_that_is_lost_ends_the_tokens(
        self, came: timedelta | None, sent_ago: timedelta, *, works: bool
    ) -> None:
        trip = RoundTrip("x", "desk@1540.example", "t", NOW - sent_ago, None if came is None else NOW - came)
        assert trip.works("desk@1540.example", NOW) is works
        assert not trip.works("another@1540.example", NOW)

    async def test_a_long_local_part_leaves_no_room_for_a_token(self) -> None:
        assert envelopes.with_detail("a" * 40 + "@1540.example", "b" * 24) == ""
        assert envelopes.with_detail("a" * 40 + "@1540.example", "b" * 23)


class TestBounces:
    async def test_the_token_names_the_delivery_whatever_the_notification_returns(self, desk: PracticeDesk) -> None:
        letter, delivery = await sent(desk)
        to = f"SECRETARIAT+B-{token_of(letter, delivery, desk).upper()}@1540.example"  # some servers change the case
        [mail] = await desk.takes_in(notification(delivery.address, to=to))
        assert await state_of(desk, delivery) == D.BOUNCED
        assert (mail.party, letter.key in mail.reason) == ("MWI", True)
        assert (await desk.contact("MWI")).held

    async def test_of_an_address_that_passes_mail_on_one_reader_less_holds_nothing(self, desk: PracticeDesk) -> None:
        letter, delivery = await sent(desk)
        to = f"secretariat+b-{token_of(letter, delivery, desk)}@1540.example"
        await desk.takes_in(notification("retired.colleague@elsewhere.test", to=to))
        assert await state_of(desk, delivery) == D.SENT
        assert not (await desk.contact("MWI")).held
        [card] = [row for row in (await desk.types("cards")).rows if row["kind"] == "letter-passed-on"]
        assert "retired.colleague@elsewhere.test: 5.1.1" in card["text"]

    async def test_the_envelope_id_names_it_where_the_recipient_does_not(self, desk: PracticeDesk) -> None:
        letter, delivery = await sent(desk)
        await desk.takes_in(notification(delivery.address, envid=token_of(letter, delivery, desk)))
        assert await state_of(desk, delivery) == D.BOUNCED

    @pytest.mark.parametrize("change", ["mac", "place", "number"])
    async def test_a_token_that_was_made_up_names_nothing(self, desk: PracticeDesk, change: str) -> None:
        letter, delivery = await sent(desk)
        number, year, nth, place, mac = token_of(letter, delivery, desk).split("-")
        forged = {
            "mac": f"{number}-{year}-{nth}-{place}-{mac[::-1]}",
            "place": f"{number}-{year}-{nth}-2-{mac}",
            "number": f"{number}-{year}-0002-{place}-{mac}",
        }[change]
        await desk.takes_in(
            notification(delivery.address, to=f"secretariat+b-{forged}@1540.example"),
            notification(delivery.address, envid=forged),
        )
        assert await state_of(desk, delivery) == D.SENT
        assert not (await desk.contact("MWI")).held

    async def test_a_letter_that_a_restored_desk_numbers_again_has_another_token(self, desk: PracticeDesk) -> None:
        letter, delivery = await sent(desk)
        other = replace(letter, key="receipt/S-2012-0009", message_id="<other@1540.example>")
        assert token_of(letter, delivery, desk) != token_of(other, delivery, desk)

    async def test_an_address_alone_opens_a_task_and_holds_nothing(self, desk: PracticeDesk) -> None:
        _, delivery = await sent(desk)
        for nth in range(3):
            await desk.takes_in(notification(delivery.address, about=f"<made-up-{nth}@elsewhere.test>"))
        assert await state_of(desk, delivery) == D.SENT
        [card] = [row for row in (await desk.types("cards")).rows if row["kind"] == "contact-in-doubt"]
        assert [action["label"] for action in card["actions"]] == ["Hold the address", "The address is right"]
        assert "cannot be reached (5.1.1)" in card["text"]
        assert "no such user" not in card["text"]  # a stranger's words do not go into chat
        await desk.presses(card["actions"][0]["id"], "the mission confirms that it is dead")
        assert (await desk.contact("MWI")).held.startswith("the mission confirms")
        assert [row["key"] for row in (await desk.types("repairs")).rows] == ["MWI/permanent-mission/1"]

    async def test_an_address_in_doubt_that_is_right_is_said_to_be_and_may_be_doubted_again(
        self, desk: PracticeDesk
    ) -> None:
        _, delivery = await sent(desk)
        await desk.takes_in(notification(delivery.address, about="<a@elsewhere.test>"))
        card = await desk.types("contact MWI/permanent-mission/1 free")
        assert card.ok, card.text
        await desk.takes_in(notification(delivery.address, about="<b@elsewhere.test>"))
        assert len([row for row in (await desk.types("cards")).rows if row["kind"] == "contact-in-doubt"]) == 2

    async def test_a_stranger_cannot_put_the_address_book_in_doubt(self, desk: PracticeDesk) -> None:
        addresses = [contact.address for contact in (await desk.desk.store.contacts.all())[:40]]
        whole = notification(addresses[0])
        one = whole[whole.index(b"Final-Recipient") : whole.index(b"--b\r\nContent-Type: text/rfc822")]
        many = b"".join(one.replace(addresses[0].encode(), address.encode()) for address in addresses)
        await desk.takes_in(whole.replace(one, many))
        assert len((await desk.types("cards")).rows) == 3

    async def test_however_many_notifications_come_a_day_has_ten_doubts(self, desk: PracticeDesk) -> None:
        contacts = (await desk.desk.store.contacts.all())[:30]
        await desk.takes_in(*[notification(one.address, about=f"<{n}@x.test>") for n, one in enumerate(contacts)])
        assert len((await desk.types("cards")).rows) == 10

    async def test_a_stranger_to_the_address_book_opens_nothing(self, desk: PracticeDesk) -> None:
        await desk.takes_in(notification("nobody@elsewhere.test", about="<made-up@elsewhere.test>"))
        assert (await desk.types("cards")).rows == ()

    async def test_a_bounce_quicker_than_the_mark_keeps_the_proof_of_acceptance(self, desk: PracticeDesk) -> None:
        """The relay answers and sends the notification; the desk reads it before it has written down the answer."""
        await desk.answers("remind first-report --to MWI", yes=True)
        [letter] = await desk.outbox()
        address = (await desk.contact("MWI")).address

        class QuickToReturn:
            relay, connections = "mx.test:25", 1

            async def send(
                self, _sender: str, recipient: str, _raw: Message, *, key: str, envelope_id: str = "", ready: Ready
            ) -> Accepted:
                await ready()
                if recipient == address:
                    await desk.takes_in(notification(recipient, about=letter.message_id))
                return Accepted("250 2.0.0 queued as 7", "mx.test:25", "TLSv1.3")

        await outbox.deliver_due(desk.desk, QuickToReturn())
        [delivery] = await desk.desk.store.deliveries.find(address=address)
        assert (delivery.state, delivery.server, bool(delivery.sha256)) == (D.BOUNCED, "mx.test:25", True)

    async def test_a_bounce_settles_what_was_uncertain(self, desk: PracticeDesk) -> None:
        letter, delivery = await sent(desk)
        uncertain = replace(delivery, state=D.UNCERTAIN, by_hand=True)
        async with desk.desk.store.transaction(by="test", doing="x", about="x", at=NOW) as tx:
            await tx.deliveries.put(uncertain)
        await desk.takes_in(notification(delivery.address, about=letter.message_id))
        assert await state_of(desk, delivery) == D.BOUNCED


class TestAutomaticReplies:
    async def test_one_is_kept_on_the_letter_and_on_the_contact(self, desk: PracticeDesk) -> None:
        letter, delivery = await sent(desk)
        writer = desk.stranger(delivery.address)
        away = (("Auto-Submitted", "auto-replied"),)
        [mail] = await desk.takes_in(
            writer.writes("Out of office", "Away until Monday.", answers=letter.message_id, headers=away)
        )
        assert mail.kind == "automatic"
        assert letter.key in mail.reason
        [letter] = await desk.outbox()
        assert letter.automatic_replies == (mail.key,)
        assert (await desk.contact("MWI")).automatic_reply == f"an automatic reply on 4 September 2012 ({mail.key})"
        assert mail.key in str((await desk.types(f"letter {letter.key}")).fields["automatic_replies"])
        rows = (await desk.types("state MWI")).rows
        assert mail.key in str([row["automatic_reply"] for row in rows])

    async def test_the_envelope_token_says_whose_it_is_when_another_mailbox_answers(self, desk: PracticeDesk) -> None:
        letter, delivery = await sent(desk)
        to = f"secretariat+b-{token_of(letter, delivery, desk)}@1540.example"
        raw = desk.stranger("deputy@elsewhere.test").writes(
            "Automatic reply: away", to=to, headers=(("Auto-Submitted", "auto-replied"),)
        )
        [mail] = await desk.takes_in(raw)
        assert mail.party == "MWI"
        assert (await desk.contact("MWI")).automatic_reply

    async def test_somebody_elses_is_on_the_letter_alone(self, desk: PracticeDesk) -> None:
        letter, _ = await sent(desk)
        raw = desk.stranger().writes(
            "Automatic reply", answers=letter.message_id, headers=(("Auto-Submitted", "auto-replied"),)
        )
        [mail] = await desk.takes_in(raw)
        [letter] = await desk.outbox()
        assert letter.automatic_replies == (mail.key,)
        assert {contact.automatic_reply for contact in await desk.desk.store.contacts.find(party="MWI")} == {""}

    async def test_an_automatic_reply_to_nothing_of_ours_is_kept_and_nothing_else(self, desk: PracticeDesk) -> None:
        raw = (await desk.mission_of("MWI")).writes("Out of office", headers=(("Auto-Submitted", "auto-replied"),))
        [mail] = await desk.takes_in(raw)
        assert (mail.state, mail.kind) == ("taken-in", "automatic")
        assert not (await desk.contact("MWI")).automatic_reply


async def test_holding_a_contact_takes_an_officer(desk: PracticeDesk) -> None:
    with pytest.raises(Refused, match="takes the role officer"):
        await repairs.hold("MWI/permanent-mission/1", "because", Act(await desk.person("reader-1"), desk.desk))
    assert not (await desk.contact("MWI")).held
