"""What a stranger, a loop or a slip can make the desk file: nothing that our own server has not confirmed as an officer's."""

from dataclasses import replace

import pytest

from committee.mail import Mail, MailState
from mailflows import cases
from tests.conftest import PracticeDesk
from tests.mailflows.filing import FILING, SAM, SERVER, ByHand, asks, confirmed, sends_by_hand, with_filing


async def forged(desk: PracticeDesk, asked: Mail, **facts: object) -> Mail:
    """Set aside with its reason; no case has ended, no letter was written, and nobody presses it into the record."""
    before = len(await desk.outbox())
    mail = await sends_by_hand(
        desk, replace(ByHand((await desk.capital_of("MWI")).address, answers=asked.message_id), **facts)
    )
    assert [one.case.key for one in await cases.still_open(desk.desk)] == [asked.key]
    assert (len(await desk.outbox()), len(await desk.submissions())) == (before, 1)
    return mail


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ([], "DMARC: no result"),
        ([("Authentication-Results", f"{SERVER}; dmarc=fail header.from=un.example")], "DMARC: fail"),
        ([("Authentication-Results", f"{SERVER}; dmarc=pass header.from=attacker.test")], "DMARC: pass"),
        ([("Authentication-Results", "mx.attacker.test; dmarc=pass header.from=un.example")], "DMARC: no result"),
        ([("Authentication-Results", f"{SERVER}; spf=pass smtp.mailfrom=un.example")], "DMARC: no result"),
    ],
)
async def test_a_forged_from_files_nothing(desk: PracticeDesk, headers: list[tuple[str, str]], said: str) -> None:
    await with_filing(desk)
    mail = await forged(desk, await asks(desk), headers=headers)
    assert mail.state is MailState.SET_ASIDE
    assert f"our server could not confirm that {SAM} wrote it ({said})" in mail.reason
    assert mail.filed_by == ""
    [card] = [row for row in (await desk.types("cards")).rows if row["kind"] == "mail-set-aside"]
    assert [action["label"] for action in card["actions"]] == ["Not to be filed"]


async def test_what_nobody_has_confirmed_is_not_made_a_partys_word_by_hand_either(desk: PracticeDesk) -> None:
    await with_filing(desk)
    mail = await forged(desk, await asks(desk), headers=[])
    for verb in ("assign", "once"):
        card, status = await desk.answers(f"mail {mail.key} {verb} MWI")
        assert (status, "is Sam Ledger's, who is of the staff" in card.text) == (1, True), card.text
    assert await desk.desk.store.contacts.find(address=SAM) == []


async def test_a_stranger_at_the_filing_address_is_a_stranger(desk: PracticeDesk) -> None:
    await with_filing(desk)
    asked = await asks(desk)
    mail = await forged(desk, asked, sender="stranger@elsewhere.test", headers=[confirmed("elsewhere.test")])
    assert mail.reason == (
        "it came to the filing address, which is the staff's, and its address is not in the address book"
    )


async def test_a_colleague_whose_address_is_not_registered_is_shown_and_not_taken_for_our_own_letter(
    desk: PracticeDesk,
) -> None:
    await with_filing(desk)
    facts = {"sender": "new@1540.example", "message_id": "<1@1540.example>", "headers": [confirmed("1540.example")]}
    mail = await forged(desk, await asks(desk), **facts)
    assert mail.state is MailState.SET_ASIDE
    assert "which is the staff's, and its address is not in the address book" in mail.reason


async def test_without_results_of_our_server_nothing_is_filed(desk: PracticeDesk) -> None:
    await with_filing(desk)
    asked = await asks(desk)
    desk.desk = replace(desk.desk, authserv_id=None)
    assert "VERBALE_AUTHSERV_ID is not set" in (await forged(desk, asked)).reason


async def test_two_people_with_one_address_and_an_address_of_both_books_are_nobodys(desk: PracticeDesk) -> None:
    await with_filing(desk)
    await with_filing(desk, "officer-1")
    asked = await asks(desk)
    assert "who have one address between them" in (await forged(desk, asked)).reason
    await with_filing(desk, "officer-1", "")
    contact = await desk.contact("ZMB")
    async with desk.desk.store.transaction(by="test", doing="both", about=contact.key, at=desk.desk.now) as tx:
        await tx.contacts.put(replace(contact, address=SAM))
    mail = await forged(desk, asked, message_id="<by-hand-2@un.example>")
    assert "stands under ZMB in the address book too" in mail.reason


async def test_a_reader_files_nothing(desk: PracticeDesk) -> None:
    await with_filing(desk, "reader-1")
    assert "who is no officer" in (await forged(desk, await asks(desk))).reason


@pytest.mark.parametrize(
    "header",
    [
        ("Auto-Submitted", "auto-replied"),
        ("Precedence", "bulk"),
        ("List-Id", "<staff.un.example>"),
        ("Return-Path", "<>"),
    ],
    ids=lambda header: header[0],
)
async def test_what_a_machine_sent_from_an_officers_address_is_not_filed(
    desk: PracticeDesk, header: tuple[str, str]
) -> None:
    await with_filing(desk)
    mail = await forged(desk, await asks(desk), headers=[header, confirmed("un.example")])
    assert (mail.state, "was not written by hand" in mail.reason) == (MailState.SET_ASIDE, True)


async def test_our_own_letters_are_not_filed_whoever_passes_them_on(desk: PracticeDesk) -> None:
    await with_filing(desk)
    asked = await asks(desk)
    [receipt] = await desk.outbox()
    loop = [("X-Verbale-Desk", "1540.example"), confirmed("un.example")]
    assert (await forged(desk, asked, headers=loop)).kind != "filed"
    desks = {"sender": desk.desk.address, "headers": [confirmed("1540.example")], "message_id": "<2@1540.example>"}
    assert (await forged(desk, asked, **desks)).reason == "our own mail came back"
    resent = await forged(desk, asked, message_id=receipt.message_id)
    assert "the Message-ID of a letter of ours" in resent.reason


async def test_the_same_once_more_by_another_way_changes_nothing(desk: PracticeDesk) -> None:
    await with_filing(desk)
    asked = await asks(desk)
    by_hand = ByHand((await desk.capital_of("MWI")).address, answers=asked.message_id)
    first = await sends_by_hand(desk, by_hand)
    await desk.types(f"mail {asked.key} take")  # open again
    other = [("Received", "from relay.test by mx.test; Tue, 4 Sep 2012 09:00:00 -0400"), confirmed("un.example")]
    again = await sends_by_hand(desk, replace(by_hand, headers=other))
    assert (again.kind, again.state, again.answers) == ("filed-again", MailState.TAKEN_IN, "")
    assert again.reason == f"the same message as {first.key}, with other bytes"
    assert [one.case.key for one in await cases.still_open(desk.desk)] == [asked.key]


@pytest.mark.parametrize(
    "facts", [{"text": "No, never."}, {"to": "pm@zambia.mission.example"}, {"attach": "form.pdf"}], ids=str
)
async def test_other_words_under_a_message_id_that_was_filed_are_for_a_person(
    desk: PracticeDesk, facts: dict[str, str]
) -> None:
    await with_filing(desk)
    by_hand = ByHand((await desk.capital_of("MWI")).address, "A note")
    first = await sends_by_hand(desk, by_hand)
    other = await sends_by_hand(desk, replace(by_hand, **facts))
    assert (other.state, other.reason) == (
        MailState.SET_ASIDE, f"it has the Message-ID of {first.key}, and says something else",
    )  # fmt: skip


async def test_a_stranger_who_uses_an_officers_message_id_first_keeps_nothing_from_being_filed(
    desk: PracticeDesk,
) -> None:
    await with_filing(desk)
    await asks(desk)
    by_hand = ByHand((await desk.capital_of("MWI")).address, "A note")
    await sends_by_hand(desk, replace(by_hand, sender="stranger@elsewhere.test", bcc="", text="first"))
    assert (await sends_by_hand(desk, by_hand)).kind == "filed"


async def test_another_states_mail_with_the_same_message_id_is_not_what_was_answered(desk: PracticeDesk) -> None:
    await with_filing(desk)
    asked = await asks(desk)
    zambia = await desk.capital_of("ZMB")
    raw = zambia.writes("A question", "May we?", headers=[confirmed(zambia.address.rpartition("@")[2])])
    twin = raw.replace(raw.partition(b"Message-ID: ")[2].partition(b"\n")[0], asked.message_id.encode())
    [other] = await desk.takes_in(twin)
    assert other.message_id == asked.message_id
    filed = await sends_by_hand(desk, ByHand((await desk.capital_of("MWI")).address, answers=asked.message_id))
    assert (filed.party, filed.answers) == ("MWI", asked.key)
    assert [one.case.key for one in await cases.still_open(desk.desk)] == [other.key]
    unclear = await sends_by_hand(
        desk, ByHand("x@ministry.test", answers=asked.message_id, message_id="<by-hand-3@un.example>")
    )
    assert (unclear.state, "several parties" in unclear.reason) == (MailState.SET_ASIDE, True)


async def test_several_from_addresses_are_nobodys(desk: PracticeDesk) -> None:
    await with_filing(desk)
    mail = await forged(desk, await asks(desk), sender=f"{SAM}, stranger@elsewhere.test")
    assert (mail.state, "2 From addresses" in mail.reason) == (MailState.SET_ASIDE, True)


async def test_a_mail_to_the_filing_address_alone_says_nothing_of_whose_it_is(desk: PracticeDesk) -> None:
    await with_filing(desk)
    mail = await sends_by_hand(desk, ByHand(FILING, "For the file"))
    assert (mail.state, "says whose it is" in mail.reason) == (MailState.SET_ASIDE, True)
