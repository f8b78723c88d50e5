"""A dead address: the contact is held, somebody mends it, and the party is served by its next address."""

import pytest

from committee.contacts import Office
from committee.letters import DeliveryState
from committee.repairs import is_dead
from mailflows.accepted import Bounced
from tests.conftest import PracticeDesk

D = DeliveryState
DEAD, FULL = "550 5.1.1 no such user", "552 5.2.2 mailbox full"


async def queued(desk: PracticeDesk) -> tuple[str, str]:
    """A reminder to Malawi is queued; its mission's and its contact point's addresses."""
    await desk.answers("remind first-report --to MWI", yes=True)
    return (await desk.contact("MWI")).address, (await desk.contact("MWI", Office.NATIONAL_CONTACT_POINT)).address


def notification(about: str, address: str, status: str = "5.1.1") -> bytes:
    """A delivery status notification as Postfix sends it (RFC 3464)."""
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.test (Mail Delivery System)\r\nTo: secretariat@1540.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI am sorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} said the next hop\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {about}\r\n\r\n--b--\r\n"
    ).encode()


async def test_a_dead_mission_is_held_and_the_contact_point_that_had_the_letter_serves_the_state(
    desk: PracticeDesk,
) -> None:
    mission, _ = await queued(desk)
    desk.post.troubles[mission] = [Bounced(DEAD)]
    await desk.delivers()
    assert (await desk.contact("MWI")).held.endswith(DEAD)
    assert [row["address"] for row in (await desk.types("repairs")).rows] == [mission]
    assert len(await desk.desk.store.deliveries.find()) == 2


async def test_when_every_address_is_dead_the_state_is_not_served_and_somebody_is_told(desk: PracticeDesk) -> None:
    for address in await queued(desk):
        desk.post.troubles[address] = [Bounced(DEAD)]
    await desk.delivers()
    kinds = [row["kind"] for row in (await desk.types("cards")).rows]
    assert "not-served" in kinds


async def test_a_receipt_to_a_dead_capital_goes_to_the_mission(desk: PracticeDesk) -> None:
    office = await desk.contact("IAEA", Office.OFFICE)
    await desk.takes_in(desk.stranger(office.address).writes("A question"))
    mission = await desk.mission_of("GHA")
    await desk.takes_in(mission.writes("A question"))
    desk.post.troubles[mission.address] = [Bounced(DEAD)]
    await desk.delivers()
    capital = await desk.contact("GHA", Office.NATIONAL_CONTACT_POINT)
    assert capital.address in {address for address, _ in desk.post.handed}


async def test_a_full_mailbox_is_no_dead_address(desk: PracticeDesk) -> None:
    mission, _ = await queued(desk)
    desk.post.troubles[mission] = [Bounced(FULL)]
    await desk.delivers()
    assert (await desk.types("repairs")).rows == ()


@pytest.mark.parametrize(
    ("said", "dead"),
    [
        (DEAD, True), ("550 5.1.10 null MX", True), ("5.1.2", True), (FULL, False), ("553 5.1.8 bad sender", False),
        ("553 5.1.7 bad sender", False), ("550 15.1.1", False), ("554 5.7.1 policy", False), ("450 4.1.1 later", False),
    ],
)  # fmt: skip
def test_only_what_is_said_of_the_recipients_address_makes_it_dead(said: str, *, dead: bool) -> None:
    assert is_dead(said) is dead


async def test_a_bounce_reaches_the_delivery_that_it_is_about(desk: PracticeDesk) -> None:
    mission, _ = await queued(desk)
    await desk.delivers()
    [letter] = await desk.outbox()
    [mail] = await desk.takes_in(notification(letter.message_id, mission))
    assert mail.kind == "bounce"
    [delivery] = await desk.desk.store.deliveries.find(address=mission)
    assert (delivery.state, mail.key in delivery.reply) == (D.BOUNCED, True)
    assert (await desk.contact("MWI")).held
    assert [row["state"] for row in (await desk.types("outbox")).rows] == ["sent"]


async def test_a_bounce_about_nothing_of_ours_changes_nothing(desk: PracticeDesk) -> None:
    mission, _ = await queued(desk)
    await desk.delivers()
    await desk.takes_in(notification("<made-up@elsewhere.test>", mission))
    assert not (await desk.contact("MWI")).held


async def test_an_officer_frees_a_contact_and_letters_go_to_it_again(desk: PracticeDesk) -> None:
    mission, _ = await queued(desk)
    desk.post.troubles[mission] = [Bounced(DEAD)]
    await desk.delivers()
    card = await desk.types("contact MWI/permanent-mission/1 free")
    assert card.ok, card.text
    assert (await desk.types("repairs")).rows == ()
    assert not (await desk.contact("MWI")).held


async def test_a_letter_that_waits_for_a_held_contact_goes_to_the_next_address(desk: PracticeDesk) -> None:
    mission, contact_point = await queued(desk)
    desk.post.troubles[mission] = [Bounced(DEAD)]
    await desk.delivers()
    await desk.takes_in(desk.stranger(contact_point).writes("A question"))
    assert await desk.desk.store.deliveries.count(state=D.QUEUED) == 1
    await desk.delivers()
    assert await desk.desk.store.deliveries.count(state=D.QUEUED) == 0
