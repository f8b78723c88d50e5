"""What an officer sent by hand, with the filing address in Bcc, is recorded: under its party, its submission and what it answers."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace

from committee.cards import Offer
from committee.filing import FILED, FILED_AGAIN, Place
from committee.mail import Mail, MailState
from committee.staff import Person, Role
from mailflows import cases, filing_places
from mailflows.desk import Desk
from mailflows.reading import Reading, ReadingKind, authentication, automatic
from storage.port import Transaction
from storage.tables import Tables


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
    place = await filing_places.found(mail, officer, reading, tx, desk)
    return await _filed(mail, place, tx, desk) if isinstance(place, Place) else replace(mail, reason=place)


async def under(mail: Mail, reading: Reading, party: str, tx: Transaction, desk: Desk) -> Mail:
    """File it under the party that an officer names, with what it answers of that party's, if anything."""
    officer = await tx.staff.get(mail.filed_by)
    return await _filed(mail, await filing_places.of_party(party, officer, reading, tx, desk), tx, desk)


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
            mail, state=MailState.TAKEN_IN, kind=FILED_AGAIN, party=earlier.party, submission=earlier.submission,
            reason=f"the same message as {earlier.key}, with other bytes", filed_by="",
        )  # fmt: skip
    return replace(mail, reason=f"it has the Message-ID of {earlier.key}, and says something else")


def _content(reading: Reading) -> str:
    """What it says, to whom and with which files; not by which way it came."""
    people = [[mailbox.address for mailbox in field] for field in (reading.to, reading.cc)]
    files = [[one.name, one.sha256] for one in reading.attachments]
    said = json.dumps([reading.subject, *people, reading.text, files], ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()


async def _filed(mail: Mail, place: Place, tx: Transaction, desk: Desk) -> Mail:
    if place.answers:
        await cases.answered(place.answers, mail.key, mail.filed_by, tx, desk.now)
    return replace(
        mail, state=MailState.TAKEN_IN, kind=FILED, party=place.party, submission=place.submission or None,
        answers=place.answers, reason="sent by hand",
    )  # fmt: skip
