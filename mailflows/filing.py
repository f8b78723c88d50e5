"""What an officer sent by hand, with the filing address in Bcc, is recorded: under its party, its submission and what it answers."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from committee.cards import Offer
from committee.contacts import state_of
from committee.filing import FILED, Place, numbers, place_of
from committee.mail import Mail, MailState
from committee.staff import Person, Role
from mailflows import cases
from mailflows.conversations import MOST_IDS
from mailflows.desk import Desk
from mailflows.reading import Reading, ReadingKind, authentication, automatic
from storage.port import Transaction
from storage.tables import Tables

AGAIN = "filed-again"
MOST_RECIPIENTS = 50
"""Addresses of To and Cc that are looked up."""


def addressed(reading: Reading, desk: Desk) -> bool:
    """Whether it came to the filing address, by its envelope (Bcc) or by To and Cc."""
    written = (mailbox.address for mailbox in (*reading.to, *reading.cc))
    return bool(desk.filing) and desk.filing in {*reading.delivered_to, *written}


async def receive(mail: Mail, reading: Reading, tx: Transaction, desk: Desk) -> Mail | None:
    """The mail as it is filed, or with the reason for which it waits for an officer; None: it is mail like any other.

    No receipt goes out and nobody is written to. Only what is from a person of the staff, by an address that our own
    server has confirmed, is filed; a stranger who writes to the address is a stranger.
    """
    if not addressed(reading, desk) or reading.loop or _is_the_desks(reading, desk):
        return None
    staff = await staff_at(reading.from_.address if reading.from_ else "", tx)
    if not staff:
        return None
    mail = replace(mail, authenticated=bool(authentication(reading, desk.authserv_id).aligned))
    if why := await doubt(reading, staff, "the filing address", tx, desk):
        return replace(mail, reason=why)
    [officer] = staff
    mail = replace(mail, filed_by=officer.key, content=_content(reading))
    if earlier := await _filed_before(mail, tx):
        return _again(mail, earlier)
    place = await _found(mail, reading, tx, desk)
    if not isinstance(place, Place):
        return replace(mail, reason=place)
    return await _filed(mail, await _as_it_went(place, officer, reading, tx, desk), tx, desk)


async def under(mail: Mail, reading: Reading, party: str, tx: Transaction, desk: Desk) -> Mail:
    """File it under the party that an officer names, with what it answers of that party's, if anything."""
    found = await _place(reading, {state_of(party)}, tx)
    place = found if isinstance(found, Place) else Place(state_of(party))
    officer = await tx.staff.get(mail.filed_by)
    return await _filed(mail, await _as_it_went(place, officer, reading, tx, desk), tx, desk)


def presses(mail: Mail) -> tuple[Offer, ...]:
    """What an officer may do with what could not be filed by itself; what nobody has confirmed is not filed by hand either."""
    refuse = Offer("Not to be filed", f"mail {mail.key} refuse", "danger")
    file = Offer("File it under a party", f"mail {mail.key} once", asks="party")
    return (file, refuse) if mail.filed_by else (refuse,)


async def staff_at(address: str, tables: Tables) -> list[Person]:
    """Whoever of the staff has this address of their own."""
    return [one for one in await tables.staff.all() if one.address and one.address.strip().casefold() == address]


def _is_the_desks(reading: Reading, desk: Desk) -> bool:
    return bool(reading.from_ and reading.from_.address == desk.address)


async def doubt(  # noqa: PLR0911 - one line for each reason
    reading: Reading, staff: Sequence[Person], came_to: str, tx: Transaction, desk: Desk
) -> str:
    """Why it is not taken as sent by an officer, though it has the address of one; empty: it is."""
    address, names = reading.senders[0].address, " and ".join(one.name for one in staff)
    came = f"it came to {came_to} as from {names}"
    if len(staff) > 1:
        return f"{came}, who have one address between them"
    if parties := {contact.state for contact in await tx.contacts.find(address=address)}:
        return f"{came}, whose address stands under {', '.join(sorted(parties))} in the address book too"
    if desk.authserv_id is None:
        return f"{came}, and VERBALE_AUTHSERV_ID is not set, so nothing confirms who wrote it"
    results = authentication(reading, desk.authserv_id)
    if not results.aligned:
        return (
            f"{came}, and our server could not confirm that {address} wrote it (DMARC: {results.dmarc or 'no result'})"
        )
    if not staff[0].may(Role.OFFICER):
        return f"{came}, who is no officer"
    if reason := automatic(reading):
        return f"{came}, and was not written by hand: {reason}"
    return "" if reading.kind is ReadingKind.MESSAGE else f"{came}, and was not written by hand: it is a {reading.kind}"


async def _filed_before(mail: Mail, tx: Transaction) -> Mail | None:
    """What an officer has sent with the same Message-ID; what anybody else wrote under it stands in nobody's way."""
    found = await tx.mail.find(message_id=mail.message_id) if mail.message_id else []
    return next((one for one in found if one.key != mail.key and one.filed_by), None)


def _again(mail: Mail, earlier: Mail) -> Mail:
    """The same once more, by another way: nothing more follows. Other words under the same Message-ID are for a person."""
    if earlier.filed_by == mail.filed_by and earlier.content == mail.content:
        return replace(
            mail, state=MailState.TAKEN_IN, kind=AGAIN, party=earlier.party, submission=earlier.submission,
            reason=f"the same message as {earlier.key}, with other bytes", filed_by="",
        )  # fmt: skip
    return replace(mail, reason=f"it has the Message-ID of {earlier.key}, and says something else")


def _content(reading: Reading) -> str:
    """What it says, to whom and with which files; not by which way it came."""
    people = [[mailbox.address for mailbox in field] for field in (reading.to, reading.cc)]
    files = [[one.name, one.sha256] for one in reading.attachments]
    said = json.dumps([reading.subject, *people, reading.text, files], ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()


async def _found(mail: Mail, reading: Reading, tx: Transaction, desk: Desk) -> Place | str:
    """Where it belongs, or why an officer has to say it."""
    if mail.message_id and await tx.letters.find(message_id=mail.message_id, limit=1):
        return "it has the Message-ID of a letter of ours, and our letters are on record"
    if (many := len(_written_to(reading))) > MOST_RECIPIENTS:
        return f"it went to {many} addresses, too many to say whose it is"
    return await _place(reading, await _recipients(reading, tx, desk), tx)


async def _recipients(reading: Reading, tx: Transaction, desk: Desk) -> set[str]:
    """The parties to whose people it went, as the address book has them today."""
    found = [one for address in _written_to(reading) for one in await tx.contacts.find(address=address)]
    return {contact.state for contact in found if contact.speaks_on(desk.today)}


def _written_to(reading: Reading) -> list[str]:
    return [*dict.fromkeys(mailbox.address for mailbox in (*reading.to, *reading.cc))]


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
    return Place(mail.party, submission, "" if mail.kind in {FILED, AGAIN} else mail.key)


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


async def _filed(mail: Mail, place: Place, tx: Transaction, desk: Desk) -> Mail:
    if place.answers:
        await cases.answered(place.answers, mail.key, mail.filed_by, tx, desk.now)
    return replace(
        mail, state=MailState.TAKEN_IN, kind=FILED, party=place.party, submission=place.submission or None,
        answers=place.answers, reason="sent by hand",
    )  # fmt: skip
