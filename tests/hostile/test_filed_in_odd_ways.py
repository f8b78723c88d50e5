"""What comes to the filing address in odd ways: to two States at once, about what is over, by a machine, after a farewell."""

from email.message import EmailMessage

import pytest

from committee.cases import Ending
from committee.mail import MailState
from committee.submissions import SubmissionState
from mailflows import cases
from tests.conftest import PracticeDesk
from tests.mailflows.filing import FILING, SAM, ByHand, asks, confirmed, sends_by_hand, with_filing


async def capital(desk: PracticeDesk, party: str = "MWI") -> str:
    return (await desk.capital_of(party)).address


@pytest.mark.parametrize("answers", [True, False])
@pytest.mark.parametrize("second_in", ["to", "cc"])
async def test_a_mail_to_two_states_at_once_is_neithers_and_ends_no_case(
    desk: PracticeDesk, answers: bool, second_in: str
) -> None:
    await with_filing(desk)
    first, second = await asks(desk), await asks(desk, "ZMB")
    theirs, others = await capital(desk), await capital(desk, "ZMB")
    by_hand = ByHand(theirs, cc=others) if second_in == "cc" else ByHand(f"{theirs}, {others}")
    by_hand.answers = first.message_id if answers else ""
    filed = await sends_by_hand(desk, by_hand)
    assert (filed.state, filed.party, filed.answers) == (MailState.SET_ASIDE, None, "")
    assert "people of several parties (MWI, ZMB)" in filed.reason
    assert {one.case.key for one in await cases.still_open(desk.desk)} == {first.key, second.key}
    placed, status = await desk.answers(f"mail {filed.key} once MWI")
    assert status == 0, placed.text
    assert {one.case.key for one in await cases.still_open(desk.desk)} == {second.key, first.key} - (
        {first.key} if answers else set()
    )


async def test_a_reply_about_what_was_accepted_long_ago_is_filed_there_and_opens_nothing(desk: PracticeDesk) -> None:
    await with_filing(desk)
    capital_of = await desk.capital_of("MWI")
    domain = capital_of.address.rpartition("@")[2]
    [report] = await desk.takes_in(capital_of.writes("First report", attach="r.pdf", headers=[confirmed(domain)]))
    await desk.types(f"submission {report.submission} accept")
    letters, cards = len(await desk.outbox()), len(await desk.desk.store.cards.find())
    filed = await sends_by_hand(desk, ByHand(await capital(desk), "Re: First report", answers=report.message_id))
    assert (filed.kind, filed.submission, filed.answers) == ("filed", report.submission, report.key)
    [submission] = await desk.submissions()
    assert (submission.state, submission.mails) == (SubmissionState.ACCEPTED, (report.key,))
    assert (len(await desk.outbox()), len(await desk.desk.store.cards.find())) == (letters, cards)
    assert await cases.still_open(desk.desk) == []


async def test_the_first_answer_is_the_one_that_ended_it(desk: PracticeDesk) -> None:
    await with_filing(desk)
    asked = await asks(desk)
    shown = await desk.types(f'mail {asked.key} reply "Yes."')
    answer, status = await desk.presses(shown.actions[0].key)
    assert status == 0
    filed = await sends_by_hand(desk, ByHand(await capital(desk), answers=asked.message_id))
    assert filed.answers == asked.key
    [case] = await desk.desk.store.cases.all()
    assert (case.ending, case.answer) == (Ending.ANSWERED, answer.fields["key"])


async def test_a_machine_of_the_states_that_answers_what_was_filed_is_answered_by_nobody(desk: PracticeDesk) -> None:
    await with_filing(desk)
    asked = await asks(desk)
    filed = await sends_by_hand(desk, ByHand(await capital(desk), answers=asked.message_id))
    letters = len(await desk.outbox())
    for to in (FILING, desk.desk.address):
        capital_of = await desk.capital_of("MWI")
        headers = [confirmed(capital_of.address.rpartition("@")[2]), ("Auto-Submitted", "auto-replied")]
        text = f"Out of office ({to}). Can you write to my colleague?"
        raw = capital_of.writes("Automatic reply: A question", text, to=to, answers=filed.message_id, headers=headers)
        [mail] = await desk.takes_in(raw)
        assert mail.kind != "filed"
        assert len(await desk.outbox()) == letters
    assert await cases.still_open(desk.desk) == []
    assert len(await desk.submissions()) == 1


async def test_what_comes_from_the_mailbox_of_somebody_who_has_left_is_a_strangers(desk: PracticeDesk) -> None:
    await with_filing(desk)
    asked = await asks(desk)
    await desk.types("staff officer-2 end", by="administrator-1")
    filed = await sends_by_hand(desk, ByHand(await capital(desk), answers=asked.message_id))
    assert (filed.state, filed.filed_by) == (MailState.SET_ASIDE, "")
    assert [one.case.key for one in await cases.still_open(desk.desk)] == [asked.key]
    card, status = await desk.answers(f"mail {filed.key} assign MWI")
    known = await desk.desk.store.mail.get(filed.key)
    assert known
    assert known.kind != "filed", (card.text, status)


async def test_an_officer_who_lost_the_role_on_the_way_files_nothing_and_a_press_does_not_mend_it(
    desk: PracticeDesk,
) -> None:
    await with_filing(desk)
    asked = await asks(desk)
    await desk.types("staff officer-2 role reader", by="administrator-1")
    filed = await sends_by_hand(desk, ByHand(await capital(desk), answers=asked.message_id))
    assert (filed.state, filed.filed_by, "no officer" in filed.reason) == (MailState.SET_ASIDE, "", True)
    assert [one.case.key for one in await cases.still_open(desk.desk)] == [asked.key]


async def test_an_officer_passing_on_a_states_mail_does_not_speak_for_it(desk: PracticeDesk) -> None:
    """A forward has the State's words, and perhaps its file: it is the officer's mail all the same."""
    await with_filing(desk)
    inner = EmailMessage()
    inner["From"], inner["To"], inner["Subject"] = await capital(desk), SAM, "First report"
    inner.set_content("Please find enclosed the first report of Malawi. We object to the text.")
    outer = EmailMessage()
    outer["Delivered-To"] = FILING
    outer["Authentication-Results"] = confirmed("un.example")[1]
    outer["From"], outer["To"], outer["Subject"] = SAM, desk.desk.address, "Fwd: First report"
    outer["Message-ID"] = "<forward-1@un.example>"
    outer.set_content("For the file.")
    outer.add_attachment(inner)
    [mail] = await desk.takes_in(outer.as_bytes())
    assert await desk.submissions() == []
    assert (mail.state, mail.submission) == (MailState.SET_ASIDE, None)
    assert await desk.outbox() == []
