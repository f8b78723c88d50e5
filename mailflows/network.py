"""Whoever leaves the Council may stay in the network of former members: their answer by mail is proposed, an officer keeps them."""

from datetime import timedelta
from typing import Final

from committee.book_rules import in_time
from committee.contacts import Contact, Office, delegation
from committee.council import Term
from committee.errors import Refused
from committee.letters import LetterKind
from committee.provenance import Door, Source
from committee.staff import Role
from mailflows.address_book import OF_A_PERSON, set_facts
from mailflows.contacts import New, put_new
from mailflows.permissions import require
from mailflows.presses import Act, use
from storage.port import Transaction

A_DAY: Final = timedelta(days=1)


async def keep(mail_key: str, who: Act) -> Contact:
    """An officer has read the answer: its writer is a former member from the day after the term, or from today.

    What was said of them as one of the delegation ends the day before: an address stands once in the book.
    """
    require(who.person, Role.OFFICER, "keep somebody in the network of former members")
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing="network keep", about=mail_key, at=desk.now) as tx:
        await use(tx, who.press, who.person, desk.now)
        address, term = await _asked(mail_key, tx)
        party, known = delegation(term.state), await tx.contacts.find(address=address)
        kept = next((one for one in known if one.office is Office.FORMER_MEMBER and in_time(one, desk.today)), None)
        if kept:
            raise Refused(f"{kept.name} is in the network already ({kept.key}). Nothing was changed.")
        start = max(desk.today, term.end + A_DAY if term.end else desk.today)
        source = Source(Door.MAIL, address, desk.now, mail_key)
        mine = [one for one in known if one.party == party and in_time(one, start)]
        for one in mine:
            await set_facts(tx, one, source, end=start - A_DAY)
        facts = {name: getattr(one, name) for one in mine[:1] for name in OF_A_PERSON - {"name"}}
        new = New(party, Office.FORMER_MEMBER, mine[0].name if mine else address, address, start)
        return await put_new(tx, new, source, desk, facts)


async def _asked(mail_key: str, tx: Transaction) -> tuple[str, Term]:
    """The address that wrote, and the term of which we asked it."""
    mail = await tx.mail.get(mail_key)
    letter = await tx.letters.get(mail.answers) if mail and mail.answers else None
    if mail is None or letter is None or letter.kind is not LetterKind.MEMBER_NETWORK:
        raise Refused(f"{mail_key} answers no letter that asks leave to keep somebody. Nothing was changed.")
    state, start = letter.key.split("/")[1:3]
    term = await tx.terms.get(f"{state}/{start}")
    if term is None:
        raise Refused(f"The term {state}/{start}, of which {letter.reference} speaks, is not in the register any more.")
    return mail.sender, term
