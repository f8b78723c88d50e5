"""A mail is understood: whose word it is and what becomes of it; and an officer says whose an unknown address is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from committee.calendar import written_moment
from committee.cards import Offer
from committee.contacts import Contact, Office, new_place
from committee.errors import Refused
from committee.letters import Enclosure
from committee.mail import Mail, MailState
from committee.provenance import Door, Source
from committee.staff import Role
from mailflows import cards, cases, correspondents, filing, indexing, list_mail, posts, returns, submissions
from mailflows.arrivals import Arrival
from mailflows.desk import Desk
from mailflows.headers import ascii_address
from mailflows.permissions import require
from mailflows.presses import Act, use
from mailflows.reading import Reading, ReadingKind, automatic, replies_by_itself
from mailflows.senders import who_wrote
from storage.port import Transaction

NOT_FROM_A_PERSON = frozenset({ReadingKind.BOUNCE, ReadingKind.RECEIPT, ReadingKind.REPORT, ReadingKind.CALENDAR, ReadingKind.LIST, ReadingKind.AUTOMATIC})  # fmt: skip  # noqa: E501 - one list


SPAM = "a filter on its way took it for spam, so it is only listed"


@dataclass(frozen=True, slots=True)
class Understood:
    """A kept mail with what was read in it; its enclosures are kept too."""

    mail: Mail
    reading: Reading
    files: tuple[Enclosure, ...]


async def understand(mail: Mail, raw: bytes, desk: Desk) -> Understood:
    """Read the bytes beside the event loop and keep each enclosure, before any commit names them."""
    reading = await desk.reader.read(raw)
    files = []
    for attachment in reading.attachments:
        if not attachment.inline:
            await desk.store.keep(attachment.content)
            files.append(Enclosure(attachment.name, attachment.type, attachment.size, attachment.sha256))
    received = reading.received if reading.received and _believable(reading.received, mail.kept_at) else None
    known = replace(
        mail,
        came_at=received or mail.kept_at,
        came_by="Received" if received else "the moment of keeping",
        sender=reading.from_.address if reading.from_ else "",
        message_id=reading.message_id or "",
    )
    return Understood(known, reading, tuple(files))


def _believable(received: datetime, kept_at: datetime) -> bool:
    """Whether our server can have had it then: not after it was kept, and not long before; anybody can write a header."""
    return kept_at - LONGEST_ON_THE_WAY <= received <= kept_at


LONGEST_ON_THE_WAY = timedelta(days=14)
"""A mail that waited longer in the mailbox, or says so, counts from the moment of keeping."""


async def place(understood: Understood, desk: Desk) -> Mail:
    """One kept mail finds its place in one commit: taken in, or set aside with its reason and a card; never dropped."""
    mail = understood.mail
    async with desk.store.transaction(by="rule: mail in", doing="mail received", about=mail.key, at=desk.now) as tx:
        current = await tx.mail.get(mail.key)
        if current is None or current.state is not MailState.KEPT:  # another process was quicker
            return current or mail
        placed = await _place(understood, tx, desk)
        await tx.mail.put(placed)
        await indexing.index_mail(tx, placed, understood.reading)
    return placed


async def _place(understood: Understood, tx: Transaction, desk: Desk) -> Mail:  # noqa: PLR0911 - one line for each place
    mail, reading = understood.mail, understood.reading
    if reading.kind is ReadingKind.UNREADABLE:
        return await set_aside(mail, "it cannot be read as a message", tx, desk)
    if _under_our_header(reading, desk):
        return await set_aside(mail, f"it has the header of a desk of this make ({reading.loop})", tx, desk)
    if written := await list_mail.receive(mail, reading, understood.files, tx, desk):
        taken = written.state is MailState.TAKEN_IN
        return written if taken else await set_aside(written, written.reason, tx, desk, presses=list_mail.presses(mail))
    if filed := await filing.receive(mail, reading, tx, desk):
        taken = filed.state is MailState.TAKEN_IN
        return filed if taken else await set_aside(filed, filed.reason, tx, desk, presses=filing.presses(filed))
    if reason := why_never_answered(reading, desk):
        if party := await _perhaps_a_submission(understood, tx, desk):
            return await set_aside(replace(mail, proposed=party), f"it encloses files, but is {reason}", tx, desk)
        return await returns.receive(
            replace(mail, state=MailState.TAKEN_IN, kind=reading.kind, reason=reason), reading, tx, desk
        )
    sender = await who_wrote(reading, tx, desk)
    mail = replace(mail, authenticated=sender.authenticated, proposed=sender.proposed)
    if sender.contact is None:
        return await _of_nobody(mail, reading, sender.doubt, tx, desk)
    party = sender.contact.state
    return await submissions.receive(
        Arrival(replace(mail, party=party), reading, sender.contact, party, understood.files), tx, desk
    )


async def _of_nobody(mail: Mail, reading: Reading, doubt: str, tx: Transaction, desk: Desk) -> Mail:
    """Shown to the secretariat; spam is only listed, unless it may be a party's: a filter must not hide a mission."""
    if filing.addressed(reading, desk):
        return await set_aside(mail, f"it came to the filing address, which is the staff's, and {doubt}", tx, desk)
    if reading.spam and not mail.proposed:
        return replace(mail, state=MailState.SET_ASIDE, reason=f"{doubt}, and {SPAM}")
    return await set_aside(mail, doubt, tx, desk)


def why_never_answered(reading: Reading, desk: Desk) -> str:
    """Why nothing is ever written back to this, or nothing (RFC 3834, section 2)."""
    if _is_ours(reading, desk):
        return "our own mail came back"
    # The staff's mail programs make Message-IDs of our domain too; our letters are known by their header as well.
    reason = automatic(reading, None if filing.addressed(reading, desk) else desk.domain)
    if reason or reading.kind in NOT_FROM_A_PERSON:
        return f"never answered: {reason or reading.kind}"
    return ""


async def _perhaps_a_submission(understood: Understood, tx: Transaction, desk: Desk) -> str | None:
    """The party whose registered address sent files under a machine's headers: a report may lie in them, so a person looks."""
    reading = understood.reading
    machine = reading.kind in {ReadingKind.AUTOMATIC, ReadingKind.LIST, ReadingKind.MESSAGE}
    if not understood.files or not machine or _is_from_us(reading, desk):
        return None
    sender = await who_wrote(reading, tx, desk)
    return sender.contact.state if sender.contact else None


def _is_ours(reading: Reading, desk: Desk) -> bool:
    return _is_from_us(reading, desk) or (bool(reading.loop) and not _under_our_header(reading, desk))


def _is_from_us(reading: Reading, desk: Desk) -> bool:
    return bool(reading.from_ and reading.from_.address == desk.address)


def _under_our_header(reading: Reading, desk: Desk) -> bool:
    """Whether somebody else wrote it by hand, at another desk of this make or with our headers still on what they edited.

    It is never answered by itself, and yet it is somebody's word.
    """
    by_hand = replies_by_itself(reading) is None and reading.kind in {ReadingKind.MESSAGE, ReadingKind.AUTOMATIC}
    return by_hand and bool(reading.loop) and bool(reading.from_) and not _is_from_us(reading, desk)


async def set_aside(  # noqa: PLR0913 - a card's facts
    mail: Mail,
    reason: str,
    tx: Transaction,
    desk: Desk,
    *,
    kept: str = "The message is kept",
    presses: tuple[Offer, ...] | None = None,
) -> Mail:
    """Shown with three presses, never acknowledged and never dropped; a flood from one address is listed, not shown one by one."""
    aside = replace(mail, state=MailState.SET_ASIDE, reason=reason)
    day_ago = desk.now - timedelta(days=1)
    earlier = await tx.mail.count(sender=mail.sender, state=MailState.SET_ASIDE, since=day_ago)
    if earlier >= CARDS_A_DAY:
        return aside
    proposed = await correspondents.party_name(tx, mail.proposed, desk) if mail.proposed else ""
    title = f"{mail.key}: mail set aside" + (f", perhaps {proposed}'s" if proposed else "")
    more = ". Further mail from there today is only listed: inbox set-aside." if earlier == CARDS_A_DAY - 1 else ""
    wrote = f"{mail.sender} wrote: " if mail.sender else ""
    text = f"{wrote}{reason}. {kept}; no receipt went out. To read it: mail {mail.key} show{more}"
    fields = {"from": mail.sender, "proposed": mail.proposed, "bytes": mail.size}
    offers = presses if presses is not None else _presses(mail, proposed)
    await cards.post(tx, "mail-set-aside", mail.key, title, text, now=desk.now, fields=fields, offers=offers)
    return aside


CARDS_A_DAY = 3
"""How many mails of one unknown address have a card within a day: what floods must not hide what matters."""


def _presses(mail: Mail, proposed: str) -> tuple[Offer, ...]:
    not_theirs = Offer("Not theirs", f"mail {mail.key} refuse", "danger")
    if not mail.sender:
        return (not_theirs,)
    whose, asks = (f"{proposed}'s", "") if proposed else ("a party's", "party")
    party = f" {mail.proposed}" if mail.proposed else ""
    return (
        Offer(f"This is {whose}: keep the address", f"mail {mail.key} assign{party}", asks=asks),
        Offer(f"{whose[:1].upper()}{whose[1:]}, this once", f"mail {mail.key} once{party}", asks=asks),
        not_theirs,
    )


async def assign(key: str, party: str, who: Act, *, keep_address: bool) -> Mail:
    """An officer says whose a mail is that was set aside: it is received as that party's, and its address kept or not."""
    require(who.person, Role.OFFICER, "say whose a mail is")
    desk = who.desk
    mail = _still_aside(await desk.store.mail.get(key), key)
    raw = await desk.store.kept(mail.sha256)
    if len(raw) != mail.size:
        raise Refused(
            f"Only the headers of {key} are kept, the rest is in the mailbox. Save its files from there and number it: "
            "submission add --by-hand PARTY KIND --file FILE"
        )
    understood = await understand(mail, raw, desk)
    if not understood.mail.sender:
        raise Refused(
            f"{key} has no single From address, so it is nobody's word; note it: submission add --by-hand {party} KIND"
        )
    async with _deciding("assign" if keep_address else "once", key, who) as tx:
        if understood.mail.filed_by:
            return await _file(understood, party, tx, who)
        writer = await _writer(tx, understood, party, who, keep_address=keep_address)
        claimed = replace(understood.mail, party=party, decided_by=who.person.key)
        placed = await submissions.receive(
            Arrival(claimed, understood.reading, writer, party, understood.files), tx, desk
        )
        await tx.mail.put(placed)
        await indexing.index_mail(tx, placed, understood.reading)
        await cards.decide(tx, key, f"{party} by {who.person.name}, {written_moment(desk.now)}: {placed.submission}")
        if placed.submission:
            await posts.continues(tx, key, placed.submission)
    return placed


async def _file(understood: Understood, party: str, tx: Transaction, who: Act) -> Mail:
    """An officer says under which party it is filed; the address is the staff's own, and no party's."""
    filed = await filing.under(understood.mail, understood.reading, party, tx, who.desk)
    filed = replace(filed, decided_by=who.person.key)
    await tx.mail.put(filed)
    await indexing.index_mail(tx, filed, understood.reading)
    words = f"filed under {party} by {who.person.name}, {written_moment(who.desk.now)}"
    await cards.decide(tx, filed.key, words)
    return filed


async def refuse(key: str, who: Act) -> Mail:
    """Not theirs: the mail stays kept, and nothing is made of it."""
    require(who.person, Role.OFFICER, "refuse a mail")
    async with _deciding("refuse", key, who) as tx:
        mail = _still_aside(await tx.mail.get(key), key)
        refused = replace(mail, state=MailState.REFUSED, decided_by=who.person.key)
        await tx.mail.put(refused)
        await cases.put_away([key], who.person.key, tx, who.desk.now)
        await cards.decide(tx, key, f"not theirs, by {who.person.name}, {written_moment(who.desk.now)}")
    return refused


@asynccontextmanager
async def _deciding(what: str, key: str, who: Act) -> AsyncIterator[Transaction]:
    """One decision about a mail that is still set aside, in one commit with the button that was pressed."""
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing=f"mail {what}", about=key, at=desk.now) as tx:
        await use(tx, who.press, who.person, desk.now)
        _still_aside(await tx.mail.get(key), key)
        yield tx


def _still_aside(mail: Mail | None, key: str) -> Mail:
    if mail is None:
        raise Refused(f"There is no mail {key}. To see what was set aside: inbox set-aside.")
    if mail.state is not MailState.SET_ASIDE:
        who = f" by {mail.decided_by}" if mail.decided_by else ""
        raise Refused(f"{key} is {mail.state}{who} already; nothing was changed.")
    return mail


async def _writer(tx: Transaction, understood: Understood, party: str, who: Act, *, keep_address: bool) -> Contact:
    """Whom to answer: a contact of the party from now on, or an address for this once."""
    sender = understood.reading.from_
    address, name = understood.mail.sender, (sender and sender.name) or ""
    ascii_address(address)  # `Refused` where no letter could ever reach it
    if address in {who.desk.address, who.desk.filing}:
        raise Refused(f"{address} is our own address and cannot be a contact.")
    if staff := await filing.staff_at(address, tx):
        raise Refused(
            f"{address} is {staff[0].name}'s, who is of the staff, and cannot be a party's. Nothing was changed."
        )
    if await tx.states.get(party) is None and await tx.organizations.get(party) is None:
        raise Refused(f"There is no party {party} in the registers; nothing was changed.")
    if not keep_address:
        return correspondents.writer_once(party, address, name)
    known = await tx.contacts.find(address=address)
    if others := {contact.state for contact in known} - {party}:
        raise Refused(f"{address} stands under {', '.join(sorted(others))} already; an address belongs to one party.")
    if serving := [contact for contact in known if contact.serves_on(who.desk.today)]:
        return serving[0]
    source = Source(Door.MAIL, who.person.key, who.desk.now, understood.mail.key)
    bare = await _new_contact(tx, party, f"{understood.mail.key}, assigned by {who.person.name}", who)
    contact = bare.changed(source, name=name or address, address=address)
    await tx.contacts.put(contact)
    return contact


async def _new_contact(tx: Transaction, party: str, provenance: str, who: Act) -> Contact:
    """A correspondent of the party: it is answered, and gets no letter of ours until an officer gives it an office."""
    office = Office.CORRESPONDENT
    key, order = new_place(await tx.contacts.find(party=party), party, office)
    start = who.desk.today
    return Contact(key, party, office, "", "", order, start=start, confirmed=True, provenance=provenance)
