"""An officer puts a person or an office into the address book: confirmed, and written to from its first day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from committee.book_rules import in_time, why_no_term
from committee.contacts import Contact, Office, new_place, state_of
from committee.errors import Refused
from committee.provenance import Door, Source
from committee.staff import Role
from mailflows import correspondents, filing
from mailflows.address_book import OF_A_PERSON, by_officer, known_contact
from mailflows.desk import Desk
from mailflows.headers import ascii_address
from mailflows.lengths import whole
from mailflows.markdown import one_line
from mailflows.permissions import require
from mailflows.presses import Act, use
from mailflows.wording import office_in
from storage.port import Transaction

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class New:
    """Who is to be added: of a party, in an office, at an address, from a day until a day."""

    party: str
    office: Office
    name: str
    address: str
    start: date | None = None  # None: today
    end: date | None = None


async def add(new: New, who: Act) -> Contact:
    """At the end of the party's order for that office; an address belongs to one party, and never to us."""
    require(who.person, Role.OFFICER, "add a contact")
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing="contact add", about=new.party, at=desk.now) as tx:
        await use(tx, who.press, who.person, desk.now)
        return await put_new(tx, new, by_officer(who), desk)


async def add_next(key: str, address: str, who: Act) -> Contact:
    """One more address of the same person or office: where letters go when the one before it fails."""
    require(who.person, Role.OFFICER, "add a contact")
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing="contact next", about=key, at=desk.now) as tx:
        first = await known_contact(tx, key)
        new = New(first.party, first.office, first.name, address, max(first.start or desk.today, desk.today), first.end)
        facts = {name: getattr(first, name) for name in OF_A_PERSON - {"name"}}
        return await put_new(tx, new, by_officer(who), desk, {"person": first.whose, **facts})


async def put_new(
    tx: Transaction, new: New, source: Source, desk: Desk, facts: Mapping[str, object] | None = None
) -> Contact:
    """Add it in this commit, on the word of `source`; `Refused` where it cannot stand in the address book.

    `facts` are further fields of the contact, such as its style and its title.
    """
    address = ascii_address(new.address.strip()).casefold()
    party, office, start = new.party, new.office, new.start or desk.today
    await _may_stand(tx, party, address, start, desk)
    known = await tx.contacts.find(party=party)
    key, order = new_place(known, party, office)
    name = whole("name", one_line(new.name), LONGEST_NAME) or await _title(tx, party, office, desk)
    bare = Contact(
        key, party, office, "", "", order, start=start, end=new.end, confirmed=True,
        confirmed_on=desk.today, provenance=await _said(tx, source),
    )  # fmt: skip
    contact = bare.changed(source, name=name, address=address, **(facts or {}))
    if why := why_no_term(contact, known):
        raise Refused(f"{contact.name}: {why}. Nothing was changed.")
    await tx.contacts.put(contact)
    return contact


async def _said(tx: Transaction, source: Source) -> str:
    person = await tx.staff.get(source.by)
    by = person.name if person else source.by
    where = f" ({source.where})" if source.where else ""
    return f"added by {by}{where}" if source.door is Door.OFFICER else f"{source.door} of {by}{where}"


async def _may_stand(tx: Transaction, party: str, address: str, start: date, desk: Desk) -> None:
    """Ours, somebody of the staff's, and another party's addresses are refused; one that has ended there is free again."""
    if address in {desk.address, desk.filing}:
        raise Refused(f"{address} is our own address and cannot be a contact.")
    if await tx.states.get(state_of(party)) is None and await correspondents.of_no_state(tx, party) is None:
        raise Refused(f"There is no party {party} in the registers. Nothing was changed.")
    if staff := await filing.staff_at(address, tx):
        raise Refused(
            f"{address} is {staff[0].name}'s, who is of the staff, and cannot be a party's. Nothing was changed."
        )
    known = [one for one in await tx.contacts.find(address=address) if in_time(one, start)]
    if others := {one.state for one in known}:
        raise Refused(f"{address} stands under {', '.join(sorted(others))} already; an address belongs to one party.")


async def _title(tx: Transaction, party: str, office: Office, desk: Desk) -> str:
    """How an office is addressed where nobody gave it a name: Permanent Mission of South Sudan."""
    state = await tx.states.get(party)
    if state and office is Office.PERMANENT_MISSION:
        return (
            state.named_on(desk.today).words["en"].mission.removeprefix("the ").removesuffix(" to the United Nations")
        )
    name = state.named_on(desk.today).words["en"].short if state else await correspondents.party_name(tx, party, desk)
    return f"{office_in('en', office)} of {name}" if state else f"{name}, {office_in('en', office)}"
