"""An address is dead: the contact is held, somebody is told to mend it, and the letter goes to the party's next address."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from committee.calendar import written, written_moment
from committee.cards import Offer
from committee.contacts import Contact, state_of
from committee.errors import Refused
from committee.letters import OPEN, Delivery, DeliveryState, Letter, delivery_of
from committee.posts import run_of
from committee.repairs import Repair, is_dead
from committee.staff import Role
from mailflows import cards, correspondents
from mailflows.address_book import known_contact
from mailflows.desk import Desk
from mailflows.permissions import require
from mailflows.presses import Act, use
from storage.port import Transaction


async def undelivered(tx: Transaction, delivery: Delivery, letter: Letter, desk: Desk) -> None:
    """One copy will not arrive: hold a dead address, and see that the party is served by another one."""
    if is_dead(delivery.reply):
        for contact in await _contacts(tx, delivery):
            await _hold(tx, contact, delivery, desk)
    await serve_otherwise(tx, letter, desk)


async def serve_otherwise(tx: Transaction, letter: Letter, desk: Desk) -> None:
    """The same letter to the next address of the party's order, unless another copy has arrived or may yet.

    After the last address the party is not served, which is a person's task: the letter goes by paper or telephone.
    """
    deliveries = await tx.deliveries.find(letter=letter.key)
    if any(delivery.state in OPEN or delivery.state is DeliveryState.SENT for delivery in deliveries):
        return
    tried = {delivery.address for delivery in deliveries}
    for contact in await correspondents.in_order(tx, letter.party, desk):
        if contact.address not in tried:
            await tx.deliveries.add(delivery_of(letter, len(deliveries) + 1, contact.address, desk.now))
            return
    await _not_served(tx, letter, desk)


async def got_through(tx: Transaction, delivery: Delivery) -> None:
    """A letter was accepted after all: the contact is free again, and nothing is left to mend."""
    for contact in await _contacts(tx, delivery):
        if await tx.repairs.get(contact.key):
            await _free(tx, contact)


async def free(key: str, who: Act) -> Contact:
    """An officer says that a contact's address is right: letters go to it again."""
    async with _changing("free", key, who) as (tx, contact):
        in_doubt = any(not card.decided for card in await tx.cards.find(about=key))
        if not contact.held and not in_doubt:
            raise Refused(f"{key} is not held; nothing was changed.")
        freed = await _free(tx, contact)
        await cards.decide(tx, key, f"the address is right, by {who.person.name}, {written_moment(who.desk.now)}")
    return freed


async def hold(key: str, why: str, who: Act) -> Contact:
    """An officer says that nothing more goes to a contact's address until it is mended."""
    async with _changing("hold", key, who) as (tx, contact):
        if contact.held:
            raise Refused(f"{key} is held already: {contact.held}. Nothing was changed.")
        held = replace(contact, held=f"{why} (by {who.person.name})")
        await tx.contacts.put(held)
        await tx.repairs.put(Repair(key, contact.state, contact.address, who.desk.now, why, ""))
        await cards.decide(tx, key, f"held by {who.person.name}, {written_moment(who.desk.now)}")
    return held


@asynccontextmanager
async def _changing(what: str, key: str, who: Act) -> AsyncIterator[tuple[Transaction, Contact]]:
    require(who.person, Role.OFFICER, f"{what} a contact")
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing=f"contact {what}", about=key, at=desk.now) as tx:
        await use(tx, who.press, who.person, desk.now)
        yield tx, await known_contact(tx, key)


async def _contacts(tx: Transaction, delivery: Delivery) -> list[Contact]:
    return [one for one in await tx.contacts.find(address=delivery.address) if one.state == state_of(delivery.party)]


async def _hold(tx: Transaction, contact: Contact, delivery: Delivery, desk: Desk) -> None:
    if contact.held:
        return
    why = f"its server refused mail on {written(desk.today)}: {delivery.reply}"
    await tx.contacts.put(replace(contact, held=why))
    await tx.repairs.put(Repair(contact.key, contact.state, contact.address, desk.now, delivery.reply, delivery.letter))
    name = await correspondents.party_name(tx, contact.state, desk)
    text = f"{contact.address}: {delivery.reply}. Nothing more goes to it until it is mended."
    offers = (Offer("The address is right: free it", f"contact {contact.key} free"),)
    await cards.post(
        tx, "contact-to-repair", contact.key, f"{name}: an address to mend", text, now=desk.now, offers=offers
    )


async def _free(tx: Transaction, contact: Contact) -> Contact:
    freed = replace(contact, held="")
    await tx.contacts.put(freed)
    await tx.repairs.remove(contact.key)
    return freed


async def _not_served(tx: Transaction, letter: Letter, desk: Desk) -> None:
    name = await correspondents.party_name(tx, letter.party, desk)
    title = f"{name} is not served"
    text = f"No address of it took {letter.key}: it is for paper or the telephone. The numbers: state {state_of(letter.party)}"
    offers = (Offer("Show the letter", f"letter {letter.key}"),)
    await cards.post(tx, "not-served", letter.key, title, text, now=desk.now, offers=offers, thread=run_of(letter))
