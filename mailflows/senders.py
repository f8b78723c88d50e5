"""Who wrote: a registered address names a person; anything less only proposes a party, and an officer decides."""

from collections.abc import Iterable
from dataclasses import dataclass

from committee.contacts import FOR_THEMSELVES, Contact
from committee.look_alikes import at_a_glance, domain_of
from committee.names import Directory
from mailflows.desk import Desk
from mailflows.reading import Reading, authentication
from storage.tables import Tables

SHARED_DOMAINS = frozenset({"gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "un.int", "shared.example"})
"""Domains that many parties use: they propose nobody."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Either a contact on file, or a doubt with the party that an officer might choose."""

    contact: Contact | None
    doubt: str = ""
    proposed: str | None = None
    authenticated: bool | None = None  # None: our server's results are not configured


async def who_wrote(reading: Reading, tables: Tables, desk: Desk) -> Sender:
    """The registered contact behind the one From address, or why nobody can be named.

    A registered address without configured results is a person "not authenticated" (the card says so); with configured
    results that are missing or not aligned the mail is set aside, without receipt.
    """
    if reading.from_ is None:
        return Sender(
            None, "it has no sender" if not reading.senders else f"it has {len(reading.senders)} From addresses"
        )
    address = reading.from_.address
    known = [contact for contact in await tables.contacts.find(address=address) if contact.speaks_on(desk.today)]
    parties = {contact.state for contact in known}
    if len(parties) > 1:
        return Sender(None, f"its address stands under {len(parties)} parties: {', '.join(sorted(parties))}")
    if not known:
        book = await tables.contacts.all()
        doubt = f"its address is not in the address book{_imitates(address, book)}"
        return Sender(None, doubt, await _proposed(reading, address, book, tables))
    if all(contact.office in FOR_THEMSELVES for contact in known):
        office = known[0].office.replace("-", " ")
        return Sender(
            None, f"its address is that of a {office}, who does not speak for {known[0].state}", known[0].state
        )
    results = authentication(reading, desk.authserv_id)
    aligned = results.aligned if desk.authserv_id else None
    if desk.authserv_id and not aligned:
        return Sender(
            None,
            f"our server could not confirm that {address} wrote it (DMARC: {results.dmarc or 'no result'})",
            known[0].state,
        )
    speaking = [contact for contact in known if contact.office not in FOR_THEMSELVES]
    return Sender(min(speaking, key=lambda contact: contact.order), authenticated=aligned)


async def directory(tables: Tables) -> Directory:
    """Every name of every State and organization."""
    states = [(state.key, state.aliases) for state in await tables.states.all()]
    organizations = [(organization.key, (organization.name,)) for organization in await tables.organizations.all()]
    return Directory([*states, *organizations])


def _imitates(address: str, book: Iterable[Contact]) -> str:
    """That its domain may be taken for a registered one: whoever decides about the mail must see it."""
    domain = domain_of(address)
    seen, others = at_a_glance(domain), {domain_of(one.address): one.state for one in book}
    alike = (
        sorted(other for other in others.keys() - {domain} if at_a_glance(other) == seen)
        if domain not in others
        else []
    )
    return f"; its domain {domain} looks like {alike[0]} of {others[alike[0]]}, and is another one" if alike else ""


async def _proposed(reading: Reading, address: str, book: Iterable[Contact], tables: Tables) -> str | None:
    domain = address.rpartition("@")[2]
    if domain and domain not in SHARED_DOMAINS:
        parties = {c.state for c in book if c.address.rpartition("@")[2] == domain}
        if len(parties) == 1:
            return parties.pop()
    name = reading.from_.name if reading.from_ else None
    words = " ".join(part for part in (reading.subject, name, reading.text[:2000]) if part)
    mentioned = (await directory(tables)).mentioned(words).keys
    return mentioned[0] if len(mentioned) == 1 else None
