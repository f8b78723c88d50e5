"""The queue of addresses to mend, and what empties it: a press, a letter that gets through, an answer of the mission."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from committee.contacts import Office, delegation
from committee.letters import DeliveryState
from mailflows import certificates, mending, outcomes
from mailflows.accepted import Bounced
from mailflows.proof import proof
from tests.conftest import PracticeDesk
from tests.mailflows.test_proof import words as shown_text
from tests.mailflows.test_repairs import DEAD, FULL, notification, queued

D = DeliveryState
MISSION, CAPITAL = "MWI/permanent-mission/1", "MWI/national-contact-point/1"
NEW = "new.registry@malawi.mission.example"


async def changed(desk: PracticeDesk, key: str, **facts: Any) -> None:
    contact = await desk.desk.store.contacts.get(key)
    assert contact
    async with desk.desk.store.transaction(by="test", doing="x", about=key, at=desk.desk.now) as tx:
        await tx.contacts.put(replace(contact, **facts))


async def mission_is_dead(desk: PracticeDesk) -> str:
    mission, _ = await queued(desk)
    desk.post.troubles[mission] = [Bounced(DEAD)]
    await desk.delivers()
    return mission


async def nobody_is_left(desk: PracticeDesk) -> None:
    for address in await queued(desk):
        desk.post.troubles[address] = [Bounced(DEAD)]
    await desk.delivers()


async def told(desk: PracticeDesk, kind: str) -> list[dict[str, Any]]:
    return [row for row in (await desk.types("cards")).rows if row["kind"] == kind]


async def press(desk: PracticeDesk, label: str, words: str = "") -> Any:
    """What the card's button brings, and then its own one press."""
    [card] = await told(desk, "contact-to-repair")
    [button] = [action["id"] for action in card["actions"] if action["label"] == label]
    shown, _ = await desk.presses(button, words)
    return shown


async def test_the_queue_says_what_was_tried_whom_to_telephone_and_where_letters_go(desk: PracticeDesk) -> None:
    mission = await mission_is_dead(desk)
    await changed(desk, MISSION, telephone="+1 212 555 0142")
    capital = await desk.contact("MWI", Office.NATIONAL_CONTACT_POINT)
    [row] = (await desk.types("repairs")).rows
    assert (row["telephone"], row["next"]) == ("+1 212 555 0142 (Permanent Mission)", capital.address)
    tried = {one["address"]: one for one in row["tried"]}
    assert (tried[mission]["state"], tried[mission]["said"], tried[mission]["at"]) == (D.REFUSED, DEAD, desk.desk.now)
    assert tried[capital.address]["state"] == D.SENT
    assert row["unserved"] == []
    card = await desk.types(f"repair {MISSION}")
    assert "Telephone: +1 212 555 0142 (Permanent Mission)" in card.notes


async def test_proof_and_certificate_say_in_plain_words_where_the_letter_was_not_served_and_where_it_was(
    desk: PracticeDesk,
) -> None:
    mission = await mission_is_dead(desk)
    capital = await desk.contact("MWI", Office.NATIONAL_CONTACT_POINT)
    [letter] = await desk.outbox()
    card = await desk.types(f"proof {letter.key}")
    [dead] = [row for row in card.rows if row["address"] == mission]
    assert (dead["address_is_dead"], dead["served_at"]) == (True, [capital.address])
    said = f"Not served at {mission}, which takes no mail; its party has the letter at {capital.address}."
    assert dead["said"].endswith(said)
    assert [row["address_is_dead"] for row in card.rows if row["address"] != mission] == [False]
    shown = await certificates.certificate(await proof(letter.key, desk.desk), desk.desk)
    words = shown_text(shown.pdf)
    assert "1 address takes no mail: a party with such an address is not served until another" in words
    assert f"Not served at {mission}" in words


async def test_one_that_was_accepted_and_came_back_counts_as_not_served(desk: PracticeDesk) -> None:
    mission, capital = await queued(desk)
    await desk.delivers()
    [letter] = await desk.outbox()
    await desk.takes_in(notification(letter.message_id, mission))
    assert (await desk.types(f"proof {letter.key}")).fields["served"] == 1
    await desk.takes_in(notification(letter.message_id, capital))
    card = await desk.types(f"proof {letter.key}")
    assert (card.fields["served"], [one["party"] for one in card.fields["open"]]) == (0, ["MWI"])
    assert "nobody else of its party has the letter" in card.rows[0]["said"]


async def test_one_press_shows_the_letter_that_asks_for_the_right_address_and_one_sends_it(desk: PracticeDesk) -> None:
    mission = await mission_is_dead(desk)
    capital = await desk.contact("MWI", Office.NATIONAL_CONTACT_POINT)
    shown = await press(desk, "Ask for the right address")
    assert shown.page
    assert mission in shown.page.text
    assert [row["address"] for row in shown.rows] == [capital.address]
    sent, _ = await desk.presses(shown.actions[0].key)
    assert sent.ok, sent.text
    await desk.delivers()
    assert [address for address, raw in desk.post.handed if b"takes no mail" in raw] == [capital.address]
    [row] = (await desk.types("repairs")).rows
    assert row["asked"] == [f"address-question/{MISSION}/1"]
    again = await desk.types(f"repair {MISSION} letter")
    assert "It was asked on 4 September 2012" in " ".join(again.notes)


async def test_an_answer_to_that_letter_is_shown_with_it(desk: PracticeDesk) -> None:
    await mission_is_dead(desk)
    shown = await press(desk, "Ask for the right address")
    await desk.presses(shown.actions[0].key)
    letter = await desk.desk.store.letters.get(f"address-question/{MISSION}/1")
    assert letter
    [mail] = await desk.takes_in(
        (await desk.capital_of("MWI")).writes("Re: An address", NEW, answers=letter.message_id)
    )
    assert (mail.party, mail.answers) == ("MWI", letter.key)


async def test_what_nobody_had_goes_to_the_new_address_and_the_party_is_served(desk: PracticeDesk) -> None:
    await nobody_is_left(desk)
    [row] = (await desk.types(f"proof {(await desk.outbox())[0].key}")).fields["open"]
    assert row["party"] == "MWI"
    shown = await desk.types(f"repair {MISSION} address {NEW}")
    assert shown.fields["letters"] == ["first-report/MWI/programme-11/2"]
    mended, _ = await desk.presses(shown.actions[0].key)
    assert mended.ok, mended.text
    assert [row["key"] for row in (await desk.types("repairs")).rows] == [CAPITAL]
    assert all(card["decided"] for card in await told(desk, "not-served"))
    await desk.delivers()
    assert [address for address, _ in desk.post.handed] == [NEW]
    assert (await desk.types("unserved")).rows == ()
    proof = await desk.types(f"proof {(await desk.outbox())[0].key}")
    assert (proof.fields["served"], proof.fields["open"]) == (1, [])
    assert await desk.desk.store.contacts.get("MWI/permanent-mission/2")


async def test_a_new_address_that_bounces_too_is_to_be_mended_and_the_state_is_not_served_again(
    desk: PracticeDesk,
) -> None:
    await nobody_is_left(desk)
    shown = await desk.types(f"repair {MISSION} address {NEW}")
    await desk.presses(shown.actions[0].key)
    desk.post.troubles[NEW] = [Bounced(DEAD)]
    await desk.delivers()
    assert {row["address"] for row in (await desk.types("repairs")).rows} >= {NEW}
    assert len([card for card in await told(desk, "not-served") if not card["decided"]]) == 1
    assert len((await desk.types("unserved")).rows) == 1


async def test_a_shown_address_changes_nothing_once_somebody_else_has_mended_the_contact(desk: PracticeDesk) -> None:
    await mission_is_dead(desk)
    shown = await desk.types(f"repair {MISSION} address {NEW}")
    await desk.types(f"contact {MISSION} free", by="officer-2")
    card, _ = await desk.presses(shown.actions[0].key)
    assert "nothing to mend" in card.text
    assert await desk.desk.store.contacts.find(address=NEW) == []


async def test_when_nobody_is_left_the_letter_cannot_be_written_and_the_telephone_is_named(desk: PracticeDesk) -> None:
    await nobody_is_left(desk)
    card = await desk.types(f"repair {MISSION} letter")
    assert not card.ok
    assert f"repair {MISSION}" in card.text
    shown = await desk.types(f"repair {MISSION}")
    assert "its letters go by paper" in shown.text
    assert "first-report/MWI/programme-11/2" in " ".join(shown.notes)
    assert [row["party"] for row in (await desk.types("call-list")).rows] == ["MWI"]


async def test_what_is_seen_to_leaves_the_queue_and_gets_no_mail(desk: PracticeDesk) -> None:
    await mission_is_dead(desk)
    done = await press(desk, "It is seen to", "the Deputy takes it by hand")
    assert done.ok, done.text
    assert (await desk.types("repairs")).rows == ()
    assert "the Deputy takes it by hand (by" in (await desk.contact("MWI")).held
    [card] = await told(desk, "contact-to-repair")
    assert card["decided"].startswith("seen to by")
    freed = await desk.types(f"contact {MISSION} free")
    assert freed.ok, freed.text


async def test_a_bounce_that_comes_twice_tells_once(desk: PracticeDesk) -> None:
    mission, _ = await queued(desk)
    await desk.delivers()
    [letter] = await desk.outbox()
    bounce = notification(letter.message_id, mission)
    await desk.takes_in(bounce, bounce.replace(b"I am sorry", b"Once more"))
    kinds = [row["kind"] for row in (await desk.types("cards")).rows]
    assert (kinds.count("contact-to-repair"), kinds.count("letter-bounced")) == (1, 0)


async def test_a_contact_that_was_freed_and_bounces_again_is_told_again(desk: PracticeDesk) -> None:
    mission = await mission_is_dead(desk)
    await desk.types(f"contact {MISSION} free")
    await desk.takes_in((await desk.mission_of("MWI")).writes("A question"))
    desk.post.troubles[mission] = [Bounced(DEAD)]
    await desk.delivers()
    cards = await told(desk, "contact-to-repair")
    assert sorted(bool(card["decided"]) for card in cards) == [False, True]
    assert len((await desk.types("repairs")).rows) == 1


async def test_one_address_in_two_offices_is_held_in_both_told_once_and_freed_in_both(desk: PracticeDesk) -> None:
    mission = (await desk.contact("MWI")).address
    await changed(desk, CAPITAL, address=mission)  # as an older desk may have it
    await desk.takes_in((await desk.mission_of("MWI")).writes("A question"))
    desk.post.troubles[mission] = [Bounced(DEAD)]
    await desk.delivers()
    held = [one for one in await desk.desk.store.contacts.find(address=mission) if one.held]
    assert len(held) == 2
    [told_once] = await told(desk, "contact-to-repair")
    assert held[1].key in told_once["text"] or held[0].key in told_once["text"]
    await desk.types(f"contact {MISSION} free")
    assert not [one for one in await desk.desk.store.contacts.find(address=mission) if one.held]
    assert (await desk.types("repairs")).rows == ()


async def test_a_bounce_a_month_later_for_a_contact_whose_term_is_over_holds_nothing_and_serves_the_next(
    desk: PracticeDesk,
) -> None:
    await desk.takes_in((await desk.mission_of("GHA")).writes("A question"))
    await desk.delivers()
    mission = await desk.contact("GHA")
    capital = await desk.contact("GHA", Office.NATIONAL_CONTACT_POINT)
    [letter] = [one for one in await desk.outbox() if one.party == "GHA"]
    await changed(desk, mission.key, end=desk.desk.today)
    desk.desk = desk.desk.at(desk.desk.now + timedelta(days=30))
    await desk.takes_in(notification(letter.message_id, mission.address))
    assert (await desk.types("repairs")).rows == ()
    assert await told(desk, "contact-to-repair") == []
    assert len(await told(desk, "letter-bounced")) == 1
    await desk.delivers()
    assert desk.post.handed[-1][0] == capital.address


async def test_a_repair_ends_with_its_contacts_term(desk: PracticeDesk) -> None:
    await mission_is_dead(desk)
    await changed(desk, MISSION, end=desk.desk.today)
    assert len((await desk.types("repairs")).rows) == 1
    desk.desk = desk.desk.at(desk.desk.now + timedelta(days=1))
    assert (await desk.types("repairs")).rows == ()
    assert await mending.still_open(desk.desk.store, desk.desk) == []


async def test_a_bounce_for_an_erased_contact_holds_nobody(desk: PracticeDesk) -> None:
    mission, _ = await queued(desk)
    await desk.delivers()
    [letter] = await desk.outbox()
    shown = await desk.types(f"contact {MISSION} erase")
    erased, _ = await desk.presses(shown.actions[0].key)
    assert erased.ok, erased.text
    await desk.takes_in(notification(letter.message_id, mission))
    assert (await desk.types("repairs")).rows == ()
    [delivery] = await desk.desk.store.deliveries.find(address=mission)
    assert delivery.state is D.BOUNCED


async def test_another_letter_that_is_accepted_frees_what_a_server_said_and_not_what_an_officer_said(
    desk: PracticeDesk,
) -> None:
    mission, capital = await queued(desk)
    await desk.delivers()
    [letter] = await desk.outbox()
    await desk.takes_in((await desk.mission_of("MWI")).writes("A question"))
    [waits] = await desk.desk.store.deliveries.find(address=mission, state=D.QUEUED)
    await desk.takes_in(notification(letter.message_id, mission))
    await desk.types(f'contact {CAPITAL} hold "nobody reads it"')
    async with desk.desk.store.transaction(by="test", doing="x", about="x", at=desk.desk.now) as tx:
        await outcomes.got_through(tx, [waits, replace(waits, address=capital)])
    assert not (await desk.contact("MWI")).held
    assert (await desk.contact("MWI", Office.NATIONAL_CONTACT_POINT)).held.startswith("nobody reads it")
    [card] = await told(desk, "contact-to-repair")
    assert "was accepted for it" in card["decided"]


async def test_a_full_mailbox_stands_on_the_contact_from_its_first_day_and_holds_nothing(desk: PracticeDesk) -> None:
    mission, _ = await queued(desk)
    desk.post.troubles[mission] = [Bounced(FULL), Bounced(FULL)]
    await desk.delivers()
    [row] = [row for row in (await desk.types("contacts of MWI")).rows if row["key"] == MISSION]
    assert (row["trouble"], row["state"]) == ("mailbox full since 4 September 2012", "confirmed")
    desk.desk = desk.desk.at(desk.desk.now + timedelta(days=6))
    await desk.takes_in((await desk.mission_of("MWI")).writes("A question"))
    await desk.delivers()
    contact = await desk.contact("MWI")
    assert contact.trouble
    assert contact.trouble.said == "mailbox full since 4 September 2012, said last on 10 September 2012"
    assert (await desk.types(f"contact {MISSION} free")).ok
    assert (await desk.contact("MWI")).trouble is None


async def test_what_is_only_delayed_by_a_full_mailbox_stands_there_too(desk: PracticeDesk) -> None:
    mission, _ = await queued(desk)
    await desk.delivers()
    [letter] = await desk.outbox()
    delayed = notification(letter.message_id, mission, "4.2.2").replace(b"Action: failed", b"Action: delayed")
    await desk.takes_in(delayed)
    contact = await desk.contact("MWI")
    assert contact.trouble
    assert contact.trouble.said == "mailbox full since 4 September 2012"


async def test_the_day_on_which_somebody_is_back_stands_on_the_contact(desk: PracticeDesk) -> None:
    mission, _ = await queued(desk)
    await desk.delivers()
    [letter] = await desk.outbox()
    away = (("Auto-Submitted", "auto-replied"),)
    said = "I will be back on 14 September."
    [mail] = await desk.takes_in(
        desk.stranger(mission).writes("Out of office", said, answers=letter.message_id, headers=away)
    )
    noted = (await desk.contact("MWI")).automatic_reply
    assert noted == f"back on 14 September 2012 (an automatic reply on 4 September 2012 ({mail.key}))"


async def test_when_the_missions_copy_of_what_went_to_the_capital_dies_the_state_is_served(desk: PracticeDesk) -> None:
    mission = (await desk.contact("MWI")).address
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="report.pdf"))
    desk.post.troubles[mission] = [Bounced(DEAD)]
    await desk.delivers()
    [row] = (await desk.types("repairs")).rows
    assert (row["address"], row["unserved"]) == (mission, [])
    assert (await desk.types("unserved")).rows == ()


async def test_the_trail_tells_how_a_repair_ended(desk: PracticeDesk) -> None:
    await mission_is_dead(desk)
    await desk.types(f'repair {MISSION} done "by telephone"')
    assert "is seen to, and stays held" in str((await desk.types(f"log {MISSION}")).rows)


async def test_a_delegations_dead_address_is_asked_for_at_its_mission(desk: PracticeDesk) -> None:
    party = delegation("FRA")
    await desk.types(f"contact add {party} expert one@mission.test")
    [contact] = await desk.desk.store.contacts.find(address="one@mission.test")
    await desk.types(f'contact {contact.key} hold "it has left"')
    card = await desk.types(f"repair {contact.key} letter")
    assert [row["address"] for row in card.rows] == [(await desk.contact("FRA")).address]
