"""An e-mail arrives: it has a number, a receipt and a card, in one commit; and each of them once."""

from datetime import date

from committee.contacts import Office
from committee.letters import LetterKind
from committee.mail import MailState
from committee.submissions import Kind, SubmissionState
from tests.conftest import PracticeDesk


async def test_a_report_from_a_capital_has_a_number_a_receipt_with_copy_to_the_mission_and_a_card(
    desk: PracticeDesk,
) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report of Malawi", attach="report.pdf"))
    [submission] = await desk.submissions()
    assert (submission.key, submission.kind, submission.party) == ("S-2012-0001", Kind.FIRST_REPORT, "MWI")
    [receipt] = await desk.outbox()
    assert receipt.key == "receipt/S-2012-0001"
    assert [addressee.address for addressee in receipt.addressees] == [
        (await desk.contact("MWI", Office.NATIONAL_CONTACT_POINT)).address,
        (await desk.contact("MWI")).address,
    ]
    [card] = await desk.desk.store.cards.find()
    assert card.title == "S-2012-0001: first report from Malawi"


async def test_the_same_report_sent_twice_has_one_number_and_one_receipt(desk: PracticeDesk) -> None:
    report = (await desk.mission_of("MWI")).writes("Our first report", attach="report.pdf")
    await desk.takes_in(report, report)
    assert [submission.key for submission in await desk.submissions()] == ["S-2012-0001"]
    assert [letter.kind for letter in await desk.outbox()] == [LetterKind.RECEIPT]


async def test_the_same_attachments_in_another_mail_are_a_repeat_with_one_receipt_of_it(desk: PracticeDesk) -> None:
    mission = await desk.mission_of("MWI")
    await desk.takes_in(
        *(mission.writes(f"Our first report, {nth}", attach="report.pdf") for nth in ("once", "again", "and again"))
    )
    assert len(await desk.submissions()) == 1
    assert [letter.kind for letter in await desk.outbox()] == [LetterKind.RECEIPT, LetterKind.RECEIPT_REPEAT]
    assert [mail.submission for mail in await desk.desk.store.mail.find()] == ["S-2012-0001"] * 3


async def test_a_mail_without_attachments_is_never_a_repeat(desk: PracticeDesk) -> None:
    mission = await desk.mission_of("MWI")
    await desk.takes_in(mission.writes("A question"), mission.writes("Another question"))
    assert len(await desk.submissions()) == 2


async def test_in_preparation_until_stops_the_reminders(desk: PracticeDesk) -> None:
    await desk.takes_in(
        (await desk.mission_of("LSO")).writes("Our report", "The report is in preparation until 15 December 2012.")
    )
    state = await desk.desk.store.states.get("LSO")
    assert state
    assert state.promise
    assert state.promise.until == date(2012, 12, 15)


async def test_in_preparation_until_a_month_becomes_a_press_for_an_officer(desk: PracticeDesk) -> None:
    await desk.takes_in(
        (await desk.mission_of("LSO")).writes("Our report", "The report is in preparation until March.")
    )
    [row] = (await desk.types("cards")).rows
    note = next(action for action in row["actions"] if action["label"].startswith("Note: "))
    _, status = await desk.presses(note["id"])
    assert status == 0
    state = await desk.desk.store.states.get("LSO")
    assert state
    assert state.promise
    assert state.promise.until == date(2013, 3, 31)


async def test_an_automatic_reply_promises_nothing(desk: PracticeDesk) -> None:
    mail = (await desk.mission_of("LSO")).writes(
        "Out of office",
        "Our report is in preparation until 15 December 2012.",
        headers=[("Auto-Submitted", "auto-replied")],
    )
    await desk.takes_in(mail)
    state = await desk.desk.store.states.get("LSO")
    assert state
    assert state.promise is None


async def test_after_two_receipts_in_a_thread_and_three_in_a_day_no_further_one_goes(desk: PracticeDesk) -> None:
    mission = await desk.mission_of("MWI")
    await desk.takes_in(*(mission.writes(f"Question {n}") for n in range(6)))
    assert len(await desk.submissions()) == 6
    assert len(await desk.outbox()) == 3
    mails = await desk.desk.store.mail.find()
    assert "automatic answers within a day" in mails[-1].reason


async def test_never_answers_an_automatic_reply(desk: PracticeDesk) -> None:
    mission = await desk.mission_of("MWI")
    [mail] = await desk.takes_in(mission.writes("Out of office", headers=[("Auto-Submitted", "auto-replied")]))
    assert mail.state is MailState.TAKEN_IN
    assert await desk.outbox() == []


async def test_our_own_mail_is_recorded_and_never_answered(desk: PracticeDesk) -> None:
    [mail] = await desk.takes_in(desk.stranger(desk.desk.address).writes("Hello, me"))
    assert mail.reason == "our own mail came back"
    assert await desk.outbox() == []


async def test_an_organization_is_acknowledged_too(desk: PracticeDesk) -> None:
    office = await desk.contact("IAEA", Office.OFFICE)
    await desk.takes_in(desk.stranger(office.address).writes("Designation of our point of contact"))
    [submission] = await desk.submissions()
    assert (submission.party, submission.kind) == ("IAEA", Kind.DESIGNATION)
    assert len(await desk.outbox()) == 1


async def test_an_unknown_address_gets_no_receipt_but_a_card_with_three_presses(desk: PracticeDesk) -> None:
    [mail] = await desk.takes_in(desk.stranger().writes("First report of Malawi", attach="report.pdf"))
    assert mail.state is MailState.SET_ASIDE
    assert await desk.outbox() == []
    [row] = (await desk.types("cards")).rows
    assert [action["label"] for action in row["actions"]] == [
        "This is Malawi's: keep the address",
        "Malawi's, this once",
        "Not theirs",
    ]


async def test_a_reply_to_a_clarification_comes_back_to_the_same_submission(desk: PracticeDesk) -> None:
    capital = await desk.capital_of("MWI")
    await desk.takes_in(capital.writes("First report", attach="report.pdf"))
    await desk.types('submission S-2012-0001 clarify "Where is annex 2?"')
    clarification = (await desk.desk.store.letters.find(kind=LetterKind.CLARIFICATION))[0]
    await desk.takes_in(
        capital.writes(
            "Re: clarification", attach="annex.pdf", data=b"%PDF-1.4 annex", answers=clarification.message_id
        )
    )
    [submission] = await desk.submissions()
    assert submission.state is SubmissionState.WAITING
    assert [file.name for file in submission.files] == ["report.pdf", "annex.pdf"]


async def test_a_stranger_with_a_reply_token_is_not_the_writer(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="report.pdf"))
    await desk.types('submission S-2012-0001 clarify "Where is annex 2?"')
    await desk.delivers()
    raw = next(raw for _, raw in desk.post.handed if b"annex 2" in raw)
    reply_to = next(
        line.split(b": ", 1)[1].decode() for line in raw.splitlines() if line.lower().startswith(b"reply-to")
    )
    [mail] = await desk.takes_in(desk.stranger().writes("Re: clarification", to=reply_to))
    assert mail.state is MailState.SET_ASIDE
