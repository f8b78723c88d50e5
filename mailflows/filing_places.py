"""Where a mail belongs that an officer sent by hand: by whom it went to, what it answers, and the numbers in its subject."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from committee.contacts import state_of
from committee.filing import FILED, FILED_AGAIN, Place, numbers, place_of
from committee.mail import Mail, MailState
from committee.staff import Person
from mailflows.conversations import MOST_IDS
from mailflows.desk import Desk
from mailflows.reading import Reading
from storage.port import Transaction

MOST_RECIPIENTS = 50
"""Addresses of To and Cc that are looked up."""


async def found(mail: Mail, officer: Person, reading: Reading, tx: Transaction, desk: Desk) -> Place | str:
    """Where it belongs, or why an officer has to say it."""
    if mail.message_id and await tx.letters.find(message_id=mail.message_id, limit=1):
        return "it has the Message-ID of a letter of ours, and our letters are on record"
    if (many := len(_written_to(reading))) > MOST_RECIPIENTS:
        return f"it went to {many} addresses, too many to say whose it is"
    place = await _place(reading, await _recipients(reading, tx, desk), tx)
    return await _as_it_went(place, officer, reading, tx, desk) if isinstance(place, Place) else place


async def of_party(party: str, officer: Person | None, reading: Reading, tx: Transaction, desk: Desk) -> Place:
    """Where it belongs at the party that an officer names: with what it answers of that party's, if anything."""
    place = await _place(reading, {state_of(party)}, tx)
    known = place if isinstance(place, Place) else Place(state_of(party))
    return await _as_it_went(known, officer, reading, tx, desk)


async def _as_it_went(place: Place, officer: Person | None, reading: Reading, tx: Transaction, desk: Desk) -> Place:
    """The place; without the mail that it answers where it went to our own people alone: a colleague who was asked is no State."""
    if await _went_out(officer, reading, tx, desk):
        return place
    return replace(place, answers="")


async def _went_out(officer: Person | None, reading: Reading, tx: Transaction, desk: Desk) -> bool:
    """Whether anybody in To or Cc is not of the staff, nor at the officer's own domain without being in the address book."""
    ours = {desk.address, desk.filing, *(one.address for one in await tx.staff.all() if one.address)}
    domains = {_domain(address) for address in (desk.address, officer.address if officer else "")}
    for address in islice(_written_to(reading), MOST_RECIPIENTS):
        colleague = address in ours or _domain(address) in domains
        if not colleague or await tx.contacts.find(address=address):
            return True
    return False


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


async def _recipients(reading: Reading, tx: Transaction, desk: Desk) -> set[str]:
    """The parties to whose people it went, as the address book has them today."""
    found = [one for address in _written_to(reading) for one in await tx.contacts.find(address=address)]
    return {contact.state for contact in found if contact.speaks_on(desk.today)}


def _written_to(reading: Reading) -> list[str]:
    return [*dict.fromkeys(mailbox.address for mailbox in (*reading.to, *reading.cc))]


async def _place(reading: Reading, recipients: set[str], tx: Transaction) -> Place | str:
    return place_of(recipients, await _thread(reading, tx), await _named(reading, tx))


async def _thread(reading: Reading, tx: Transaction) -> list[Place]:
    """What it answers: the nearest of the mails and letters that it names by their Message-IDs."""
    ids = islice(dict.fromkeys(filter(None, (reading.in_reply_to, *reversed(reading.references)))), MOST_IDS)
    for message_id in ids:
        mails = [await _of_mail(mail, tx) for mail in await tx.mail.find(message_id=message_id)]
        letters = [
            await _of_letter(one.party, one.conversation, tx) for one in await tx.letters.find(message_id=message_id)
        ]
        if found := [place for place in (*mails, *letters) if place]:
            return found
    return []


async def _named(reading: Reading, tx: Transaction) -> list[Place]:
    """What its subject names: a submission, a mail, or a letter of ours by its reference."""
    found: list[Place | None] = []
    for number in numbers(reading.subject or ""):
        if submission := await tx.submissions.get(number):
            found.append(Place(submission.party, await _whole(number, tx), await _open_case(submission.mails, tx)))
        elif mail := await tx.mail.get(number):
            found.append(await _of_mail(mail, tx))
        letters = await tx.letters.find(reference=number)
        found += [await _of_letter(letter.party, letter.conversation, tx) for letter in letters]
    return [place for place in found if place]


async def _of_mail(mail: Mail, tx: Transaction) -> Place | None:
    """The place of a mail that is a party's; one that was filed itself has a place, and is not answered."""
    if mail.party is None or mail.state is not MailState.TAKEN_IN:
        return None
    submission = await _whole(mail.submission, tx) if mail.submission else ""
    return Place(mail.party, submission, "" if mail.kind in {FILED, FILED_AGAIN} else mail.key)


async def _of_letter(party: str, conversation: str, tx: Transaction) -> Place:
    known = await tx.submissions.get(conversation) if conversation else None
    return Place(state_of(party), known.key if known else "")


async def _whole(key: str, tx: Transaction) -> str:
    submission = await tx.submissions.get(key)
    return await _whole(submission.joined_to, tx) if submission and submission.joined_to else key


async def _open_case(mails: Sequence[str], tx: Transaction) -> str:
    """The newest mail of a submission that still waits for an answer."""
    for key in reversed(mails):
        case = await tx.cases.get(key)
        if case and case.is_open:
            return key
    return ""
