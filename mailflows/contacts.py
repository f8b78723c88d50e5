"""An officer puts a person or an office into the address book: confirmed, and written to from today."""

from committee.contacts import Contact, Office
from committee.errors import Refused
from committee.staff import Role
from mailflows import correspondents, filing
from mailflows.desk import Desk
from mailflows.headers import ascii_address
from mailflows.permissions import require
from mailflows.presses import Act, use
from mailflows.wording import office_in
from storage.port import Transaction


async def add(party: str, office: Office, name: str, address: str, who: Act) -> Contact:
    """At the end of the party's order for that office; an address belongs to one party, and never to us."""
    require(who.person, Role.OFFICER, "add a contact")
    desk, address = who.desk, ascii_address(address.strip()).casefold()
    if address in {desk.address, desk.filing}:
        raise Refused(f"{address} is our own address and cannot be a contact.")
    async with desk.store.transaction(by=who.person.key, doing="contact add", about=party, at=desk.now) as tx:
        await use(tx, who.press, who.person, desk.now)
        if staff := await filing.staff_at(address, tx):
            raise Refused(
                f"{address} is {staff[0].name}'s, who is of the staff, and cannot be a party's. Nothing was changed."
            )
        if others := {one.state for one in await tx.contacts.find(address=address)}:
            raise Refused(
                f"{address} stands under {', '.join(sorted(others))} already; an address belongs to one party."
            )
        orders = [one.order for one in await tx.contacts.find(party=party) if one.office is office]
        order = max(orders, default=0) + 1
        contact = Contact(
            f"{party}/{office}/{order}", party, office, name or await _title(tx, party, office, desk), address,
            order=order, start=desk.today, confirmed=True, provenance=f"added by {who.person.name}",
        )  # fmt: skip
        await tx.contacts.put(contact)
    return contact


async def _title(tx: Transaction, party: str, office: Office, desk: Desk) -> str:
    """How an office is addressed where nobody gave it a name: Permanent Mission of South Sudan."""
    state = await tx.states.get(party)
    if state and office is Office.PERMANENT_MISSION:
        return (
            state.named_on(desk.today).words["en"].mission.removeprefix("the ").removesuffix(" to the United Nations")
        )
    name = state.named_on(desk.today).words["en"].short if state else await correspondents.party_name(tx, party, desk)
    return f"{office_in('en', office)} of {name}" if state else f"{name}, {office_in('en', office)}"
