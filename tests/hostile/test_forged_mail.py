"""What a stranger, a machine or a slip can make the desk believe."""

import hashlib
from email.message import EmailMessage

import pytest

from tests.conftest import PracticeDesk

REMINDER = "first-report/LSO/programme-11/2"


def bounce(message_id: str, address: str) -> bytes:
    return (
        "From: stranger@elsewhere.test\r\nTo: secretariat@1540.example\r\nSubject: undelivered\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; elsewhere.test\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n\r\n--b--\r\n"
    ).encode()


async def test_a_stranger_who_never_saw_a_letter_cannot_write_its_bounce(desk: PracticeDesk) -> None:
    await desk.answers("remind first-report", yes=True)
    await desk.delivers()
    mission = await desk.contact("LSO")
    guessed = f"<{hashlib.sha256(REMINDER.encode()).hexdigest()[:32]}@1540.example>"
    await desk.takes_in(bounce(guessed, mission.address))
    assert not (await desk.contact("LSO")).held
    states = {d.address: d.state for d in await desk.desk.store.deliveries.find(letter=REMINDER)}
    assert states[mission.address] == "sent"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: First report", "> In preparation until 15 December 2012\n"),
        ("Out of office Re: First report", "In preparation until 15 December 2012"),
        ("Re: First report", "The annual report of our ministry is in preparation until 15 December 2012."),
    ],
    ids=["only a quote", "an automatic reply", "another report"],
)
async def test_what_nobody_promised_silences_no_reminder(desk: PracticeDesk, subject: str, text: str) -> None:
    await desk.takes_in((await desk.mission_of("MWI")).writes(subject, text))
    state = await desk.desk.store.states.get("MWI")
    assert state
    assert [note for note in state.notes if note.until] == []


async def test_a_promise_in_answer_to_our_receipt_counts_too(desk: PracticeDesk) -> None:
    mission = await desk.mission_of("MWI")
    (asked,) = await desk.takes_in(mission.writes("A question", "To whom do we send the report?"))
    (receipt,) = await desk.desk.store.letters.find(conversation=asked.submission)
    await desk.takes_in(
        mission.writes("Re: receipt", "In preparation until 15 December 2012", answers=receipt.message_id)
    )
    state = await desk.desk.store.states.get("MWI")
    assert state
    assert [note.until.isoformat() for note in state.notes if note.until] == ["2012-12-15"]


async def test_a_first_report_in_reply_to_a_closed_submission_waits_for_an_officer(desk: PracticeDesk) -> None:
    mission = await desk.mission_of("MWI")
    (asked,) = await desk.takes_in(mission.writes("A question", "To whom do we send the report?"))
    await desk.types(f"submission {asked.submission} accept")
    (receipt,) = await desk.desk.store.letters.find(conversation=asked.submission)
    await desk.takes_in(
        mission.writes("First report of Malawi", "Enclosed.", attach="report.pdf", answers=receipt.message_id)
    )
    assert [row["kind"] for row in (await desk.types("submissions waiting")).rows] == ["first-report"]
    assert (await desk.types("remind first-report --to MWI")).fields["letters"] == 0


async def test_new_words_that_enclose_only_the_emblem_of_an_earlier_mail_are_numbered(desk: PracticeDesk) -> None:
    mission = await desk.mission_of("MWI")
    (one,) = await desk.takes_in(nomination(mission.address, "Nomination of a contact", "list.pdf", "emblem.pdf"))
    (two,) = await desk.takes_in(nomination(mission.address, "Request for assistance", "emblem.pdf"))
    assert two.submission != one.submission


async def test_what_counts_as_a_repeat_is_shown_on_a_card(desk: PracticeDesk) -> None:
    mission = await desk.mission_of("MWI")
    await desk.takes_in(mission.writes("Nomination of a contact", "We nominate.", attach="emblem.pdf"))
    before = len(await desk.desk.store.cards.find())
    await desk.takes_in(mission.writes("Request for assistance", "We request assistance.", attach="emblem.pdf"))
    assert len(await desk.desk.store.cards.find()) > before


def nomination(sender: str, subject: str, *names: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "secretariat@1540.example", subject
    message.set_content(f"{subject}.")
    for name in names:
        message.add_attachment(f"%PDF-1.4 {name}".encode(), maintype="application", subtype="pdf", filename=name)
    return message.as_bytes()


@pytest.mark.parametrize(
    "header",
    [("Precedence", "bulk"), ("List-Id", "<staff.mission.example>"), ("X-Auto-Response-Suppress", "DR, RN, NRN")],
    ids=lambda header: header[0],
)
async def test_a_states_report_is_shown_though_its_server_adds_a_machines_header(
    desk: PracticeDesk, header: tuple[str, str]
) -> None:
    mission = await desk.mission_of("TCD")
    await desk.takes_in(mission.writes("First report of Chad", "Enclosed.", attach="report.pdf", headers=[header]))
    assert await desk.desk.store.cards.find(), "no card says that a report has come and was not acknowledged"
