"""What an officer sent from their own mailbox is filed where it belongs: without a receipt, and it answers what it answers."""

from dataclasses import replace

import pytest

from committee.cases import Ending
from committee.mail import MailState
from mailflows import cases
from tests.conftest import PDF, PracticeDesk
from tests.mailflows.filing import FILING, ByHand, asks, confirmed, sends_by_hand, with_filing


async def capital(desk: PracticeDesk, party: str = "MWI") -> str:
    return (await desk.capital_of(party)).address


async def test_an_answer_by_hand_is_filed_under_the_mail_its_submission_and_its_state(desk: PracticeDesk) -> None:
    await with_filing(desk)
    asked = await asks(desk)
    letters, cards = len(await desk.outbox()), len(await desk.desk.store.cards.find())
    filed = await sends_by_hand(desk, ByHand(await capital(desk), answers=asked.message_id))
    assert (filed.state, filed.kind, filed.party) == (MailState.TAKEN_IN, "filed", "MWI")
    assert (filed.submission, filed.answers, filed.filed_by) == ("S-2012-0001", "M-2012-0001", "officer-2")
    assert (len(await desk.outbox()), len(await desk.desk.store.cards.find())) == (letters, cards)
    [submission] = await desk.submissions()
    assert submission.mails == ("M-2012-0001",)  # it is no word of Malawi's


async def test_it_answers_the_case(desk: PracticeDesk) -> None:
    await with_filing(desk)
    asked = await asks(desk)
    await desk.types(f"mail {asked.key} take")
    await sends_by_hand(desk, ByHand(await capital(desk), answers=asked.message_id))
    [case] = await desk.desk.store.cases.all()
    assert (case.ending, case.answer, case.ended_by) == (Ending.ANSWERED, "M-2012-0002", "officer-2")
    assert await cases.still_open(desk.desk) == []


async def test_it_is_told_in_every_story_to_which_it_belongs(desk: PracticeDesk) -> None:
    await with_filing(desk)
    asked = await asks(desk)
    await sends_by_hand(desk, ByHand(await capital(desk), answers=asked.message_id))
    for key in ("M-2012-0001", "M-2012-0002", "S-2012-0001", "MWI"):
        said = [row["said"] for row in (await desk.types(f"log {key}")).rows]
        told = "M-2012-0002 was filed: Sam Ledger sent it by hand to Malawi, under S-2012-0001. It answers M-2012-0001."
        assert told in said, key
        assert ("M-2012-0001 was answered by hand: M-2012-0002." in said) or key == "M-2012-0002"


async def test_it_is_found_by_search_as_its_submission_may_be_read(desk: PracticeDesk) -> None:
    await with_filing(desk)
    asked = await asks(desk)
    await sends_by_hand(desk, ByHand(await capital(desk), answers=asked.message_id, text="The zebrafish may come."))

    async def found(by: str) -> bool:
        return any(row["key"] == "M-2012-0002" for row in (await desk.types("search zebrafish", by=by)).rows)

    assert (await found("officer-1"), await found("reader-1")) == (True, False)
    await desk.types("handling S-2012-0001 open")
    assert await found("reader-1")


async def test_by_its_recipients_alone_it_is_filed_under_the_state(desk: PracticeDesk) -> None:
    await with_filing(desk)
    asked = await asks(desk)
    filed = await sends_by_hand(desk, ByHand("Somebody <elsewhere@un.example>", "Lunch", cc=await capital(desk)))
    assert (filed.kind, filed.party, filed.submission, filed.answers) == ("filed", "MWI", None, "")
    assert [one.case.key for one in await cases.still_open(desk.desk)] == [asked.key]  # nothing says that it answers


async def test_by_what_it_answers_it_is_filed_though_nobody_in_it_is_in_the_address_book(desk: PracticeDesk) -> None:
    await with_filing(desk)
    asked = await asks(desk)
    filed = await sends_by_hand(desk, ByHand("colleague@ministry.test", answers=asked.message_id))
    assert (filed.party, filed.answers) == ("MWI", asked.key)


async def test_by_a_number_in_its_subject_it_answers_what_of_that_submission_waits(desk: PracticeDesk) -> None:
    await with_filing(desk)
    asked = await asks(desk)
    filed = await sends_by_hand(desk, ByHand("colleague@ministry.test", "Your letter s-2012-1"))
    assert (filed.party, filed.submission, filed.answers) == ("MWI", "S-2012-0001", asked.key)


async def test_by_the_number_of_our_letter_or_its_message_id_too(desk: PracticeDesk) -> None:
    await with_filing(desk)
    await asks(desk)
    [receipt] = await desk.outbox()
    one = await sends_by_hand(desk, ByHand("x@ministry.test", f"Further to {receipt.reference}"))
    other = await sends_by_hand(
        desk, ByHand("x@ministry.test", answers=receipt.message_id, message_id="<by-hand-2@un.example>")
    )
    assert {(filed.party, filed.submission) for filed in (one, other)} == {("MWI", "S-2012-0001")}


async def test_what_was_filed_is_followed_by_what_answers_it(desk: PracticeDesk) -> None:
    await with_filing(desk)
    asked = await asks(desk)
    first = await sends_by_hand(desk, ByHand(await capital(desk), answers=asked.message_id))
    second = await sends_by_hand(
        desk, ByHand("x@ministry.test", "More", answers=first.message_id, message_id="<by-hand-2@un.example>")
    )
    assert (second.kind, second.submission, second.answers) == ("filed", "S-2012-0001", "")


async def test_under_what_was_joined_it_is_filed_under_the_whole(desk: PracticeDesk) -> None:
    await with_filing(desk)
    await asks(desk)
    second = await asks(desk, subject="Another question")
    await desk.types("submission S-2012-0002 join S-2012-0001")
    filed = await sends_by_hand(desk, ByHand(await capital(desk), answers=second.message_id))
    assert (filed.submission, filed.answers) == ("S-2012-0001", second.key)


async def test_the_mail_program_of_an_officer_at_our_own_domain_may_make_message_ids_as_ours_are(
    desk: PracticeDesk,
) -> None:
    await with_filing(desk, address="sam@1540.example")
    asked = await asks(desk)
    by_hand = ByHand(
        await capital(desk), sender="sam@1540.example", answers=asked.message_id,
        message_id="<0123@1540.example>", headers=[confirmed("1540.example")],
    )  # fmt: skip
    assert (await sends_by_hand(desk, by_hand)).kind == "filed"


async def test_in_cc_the_address_counts_as_in_bcc(desk: PracticeDesk) -> None:
    await with_filing(desk)
    filed = await sends_by_hand(desk, ByHand(await capital(desk), bcc="", cc=FILING.upper()))
    assert filed.kind == "filed"


async def test_what_cannot_be_assigned_is_set_aside_and_an_officer_says_where_it_belongs(desk: PracticeDesk) -> None:
    await with_filing(desk)
    asked = await asks(desk)
    filed = await sends_by_hand(desk, ByHand(await capital(desk, "ZMB"), answers=asked.message_id))
    assert (filed.state, filed.party) == (MailState.SET_ASIDE, None)
    assert "MWI, ZMB" in filed.reason
    [card] = [row for row in (await desk.types("cards")).rows if row["kind"] == "mail-set-aside"]
    file, refuse = card["actions"]
    assert (file["label"], refuse["label"]) == ("File it under a party", "Not to be filed")
    placed, status = await desk.presses(file["id"], "Malawi")
    assert status == 0, placed.text
    known = await desk.desk.store.mail.get(filed.key)
    assert known
    assert (known.kind, known.party, known.answers) == ("filed", "MWI", asked.key)
    assert (known.filed_by, known.decided_by, len(await desk.submissions())) == ("officer-2", "officer-1", 1)
    assert (await desk.desk.store.contacts.find(address=filed.sender)) == []


async def test_its_enclosures_are_kept_and_no_submission_is_made_of_them(desk: PracticeDesk) -> None:
    await with_filing(desk)
    filed = await sends_by_hand(desk, ByHand(await capital(desk), attach="form.pdf"))
    shown = await desk.types(f"mail {filed.key} show")
    assert [row["name"] for row in shown.rows] == ["form.pdf"]
    assert await desk.submissions() == []


async def test_without_the_setting_nothing_is_filed(desk: PracticeDesk) -> None:
    await with_filing(desk)
    desk.desk = replace(desk.desk, filing="")
    filed = await sends_by_hand(desk, ByHand(await capital(desk)))
    assert (filed.state, filed.reason) == (MailState.SET_ASIDE, "its address is not in the address book")


async def test_a_states_own_mail_is_its_word_though_the_filing_address_is_in_copy(desk: PracticeDesk) -> None:
    await with_filing(desk)
    writer = await desk.mission_of("MWI")
    domain = writer.address.rpartition("@")[2]
    raw = writer.writes("First report", attach="r.pdf", data=PDF, headers=[("Cc", FILING), confirmed(domain)])
    [mail] = await desk.takes_in(raw)
    assert (mail.state, mail.kind, mail.submission) == (MailState.TAKEN_IN, "first-report", "S-2012-0001")


async def test_the_trail_fits_after_it(desk: PracticeDesk) -> None:
    await with_filing(desk)
    asked = await asks(desk)
    await sends_by_hand(desk, ByHand(await capital(desk), answers=asked.message_id))
    assert [finding for finding in await desk.desk.store.verify() if not finding.note] == []


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("colleague@un.example", "Fw: A question"),
        ("colleague@un.example", "What about S-2012-0001?"),
        ("kim@1540.example", "Fw: A question"),
        (FILING, "Fw: A question"),
    ],
)
async def test_a_colleague_who_was_asked_has_had_no_answer_of_ours(desk: PracticeDesk, to: str, subject: str) -> None:
    await with_filing(desk)
    asked = await asks(desk)
    answers = asked.message_id if subject.startswith("Fw") else ""
    filed = await sends_by_hand(desk, ByHand(to, subject, "What do you think?", answers=answers))
    assert (filed.kind, filed.submission, filed.answers) == ("filed", "S-2012-0001", "")
    assert [one.case.key for one in await cases.still_open(desk.desk)] == [asked.key]


async def test_a_party_at_the_officers_own_domain_is_known_by_the_address_book(desk: PracticeDesk) -> None:
    await with_filing(desk, address="sam@gov-malawi.example")
    asked = await asks(desk)
    by_hand = ByHand(
        await capital(desk),
        sender="sam@gov-malawi.example",
        answers=asked.message_id,
        headers=[confirmed("gov-malawi.example")],
    )
    assert (await sends_by_hand(desk, by_hand)).answers == asked.key


async def test_what_an_officer_files_under_a_party_answers_nothing_if_it_went_to_a_colleague(
    desk: PracticeDesk,
) -> None:
    await with_filing(desk)
    asked = await asks(desk)
    await asks(desk, "ZMB")
    filed = await sends_by_hand(desk, ByHand("colleague@un.example", "S-2012-0001 or S-2012-0002?"))
    assert filed.state is MailState.SET_ASIDE
    placed = await desk.types(f"mail {filed.key} once MWI")
    assert (placed.fields["party"], placed.text) == (
        "MWI", "It is filed as sent by hand; the address is the staff's own, and no party's. It is submission S-2012-0001.",
    )  # fmt: skip
    assert asked.key in [one.case.key for one in await cases.still_open(desk.desk)]


async def test_nobody_is_told_that_an_officers_address_was_kept_as_a_partys(desk: PracticeDesk) -> None:
    await with_filing(desk)
    filed = await sends_by_hand(desk, ByHand(FILING, "For the file"))
    card, status = await desk.answers(f"mail {filed.key} assign MWI")
    assert (status, "address is kept" in card.text) == (0, False)
    assert await desk.desk.store.contacts.find(address=filed.sender) == []


async def test_what_went_to_more_addresses_than_are_looked_up_is_for_a_person(desk: PracticeDesk) -> None:
    await with_filing(desk)
    asked = await asks(desk)
    everybody = [*(f"x{n}@ministry.test" for n in range(50)), await capital(desk, "ZMB")]
    filed = await sends_by_hand(desk, ByHand(", ".join(everybody), answers=asked.message_id))
    assert (filed.state, filed.reason) == (
        MailState.SET_ASIDE, "it went to 51 addresses, too many to say whose it is",
    )  # fmt: skip
