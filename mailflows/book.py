"""The address book as it is read: a party's people on a day, one contact whole, and what in it is to be looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from committee import book_rules
from committee.addressing import Addressing, of_a_state
from committee.book_rules import Doubt, in_time
from committee.contacts import Contact, Office
from committee.errors import Refused
from committee.parties import Party, PartyKind
from mailflows import correspondents
from mailflows.desk import Desk
from mailflows.senders import SHARED_DOMAINS
from storage.tables import Tables


@dataclass(frozen=True, slots=True)
class Whole:
    """One contact, with every entry of its person and what is to be looked at."""

    contact: Contact
    party: str  # its name
    entries: tuple[Contact, ...]
    doubts: tuple[Doubt, ...]


async def on(tables: Tables, party: str, day: date) -> list[Contact]:
    """Everybody of a party whose term covers `day`, as known now, in the order in which they are written to."""
    offices = list(Office)
    known = [one for one in await tables.contacts.find(party=party) if one.speaks_on(day)]
    return sorted(known, key=lambda one: (offices.index(one.office), one.order, one.key))


async def whole(tables: Tables, key: str, desk: Desk) -> Whole:
    """`Refused` where no contact has this key."""
    contact = await tables.contacts.get(key)
    if contact is None:
        raise Refused(f"There is no contact {key}. To see a party's: contacts of PARTY.")
    mine = [one for one in await tables.contacts.find(party=contact.party) if one.whose == contact.whose]
    name = await correspondents.party_name(tables, contact.party, desk)
    found = () if contact.erased else tuple(await doubts(tables, desk, [contact]))
    return Whole(contact, name, tuple(sorted(mine, key=lambda one: (one.order, one.key))), found)


async def doubts(tables: Tables, desk: Desk, of: Sequence[Contact] | None = None) -> list[Doubt]:
    """Whatever is to be looked at of these contacts, or of everybody who is in office or will be."""
    book = await tables.contacts.all()
    looked_at = book if of is None else of
    asked = [one for one in looked_at if in_time(one, desk.today)]
    return list(book_rules.doubts(asked, book, SHARED_DOMAINS, desk.today))


async def addressed(tables: Tables, party: Party) -> list[Addressing]:
    """How a party wishes to be addressed; what holds for every State where it has said nothing."""
    known = await tables.addressings.find(party=party.key)
    return known or ([of_a_state(party.key)] if party.kind is PartyKind.STATE else [])


async def without_point_of_contact(tables: Tables, day: date) -> set[str]:
    """The keys of the organizations that have named no point of contact who serves on `day` (S/2012/663, 3 (c))."""
    named = {
        one.party
        for one in await tables.contacts.find(office=Office.POINT_OF_CONTACT)
        if one.confirmed and one.serves_on(day)
    }
    return {one.key for one in await tables.organizations.all()} - named
