"""A registered person writes "help" or "status": the answer has the entry that we hold, what is open, and how to send."""

from dataclasses import replace

from committee.contacts import Contact, Office
from committee.mail import Mail, MailState
from committee.questions import Question
from committee.submissions import SubmissionState
from mailflows import answers, correspondents, letters
from mailflows.arrivals import Arrival
from mailflows.desk import Desk
from storage.port import Transaction

OPEN = (SubmissionState.WAITING, SubmissionState.CLARIFYING)


def may_ask(writer: Contact) -> bool:
    """Whom an officer has put in the address book in an office; not an address that was only accepted as a party's."""
    return writer.office is not Office.CORRESPONDENT and not writer.key.startswith("once/")


async def tell(arrival: Arrival, asked: Question, tx: Transaction, desk: Desk) -> Mail:
    """Answer in the commit that takes the mail in; nobody of the secretariat need do anything."""
    unanswered = await answer_with_entry(arrival, tx, desk)
    return replace(arrival.mail, state=MailState.TAKEN_IN, kind=asked, reason=unanswered)


async def answer_with_entry(arrival: Arrival, tx: Transaction, desk: Desk) -> str:
    """Queue the letter that says what is on record and open; or return, as a sentence, why the address gets none."""
    party = arrival.party
    draft = letters.status_answer(
        arrival.mail.key,
        await correspondents.answering(tx, party, arrival.writer, desk),
        contacts=await correspondents.in_order(tx, party, desk),
        waiting=await tx.submissions.find(party=party, state=OPEN),
        state=await tx.states.get(party),
        answers=arrival.reading.message_id or "",
        desk=desk,
    )
    rule = "whoever writes help or status is answered"
    return await answers.answer(draft, arrival.mail, arrival.writer.address, rule, tx, desk)
