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
from committee.repairs import Repair, is_dead, troubled
from committee.staff import Role
from mailflows import cards, correspondents
from mailflows.address_book import known_contact
from mailflows.desk import Desk
from mailflows.permissions import require
from mailflows.presses import Act, use
from storage.port import Transaction


async def undelivered(tx: Transaction, delivery: Delivery, letter: Letter, desk: Desk) -> bool:
    """One copy will not arrive: hold a dead address, and see that the party is served by another one.

    Says whether a card about the contact tells the secretariat of it, so that nobody is told a second time.
    """
    if dead := is_dead(delivery.reply):
        told = await _hold(tx, delivery, desk)
    else:
        told = False
        await trouble(tx, delivery.address, state_of(delivery.party), delivery.reply, desk)
    await serve_otherwise(tx, letter, desk)
    return dead and told


async def trouble(tx: Transaction, address: str, party: str, said: str, desk: Desk) -> None:
    """Its server says that the address lives and takes nothing: that stands on the contact, and holds nothing."""
    for contact in await _contacts(tx, address, party):
        noted = troubled(contact.trouble, said, desk.today)
        if noted != contact.trouble:
            await tx.contacts.put(replace(contact, trouble=noted))


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
    """A letter was accepted after all: the contact is free again, and nothing is left to mend.

    What a person holds by hand is freed by a person: that mail is taken says nothing of whether anybody reads it.
    """
    for contact in await _contacts(tx, delivery.address, state_of(delivery.party)):
        repair = await tx.repairs.get(contact.key)
        if repair and not repair.by_hand:
            await _free(tx, contact)
            await cards.decide(tx, contact.key, f"{delivery.letter} was accepted for it: letters go to it again")


async def free(key: str, who: Act) -> Contact:
    """An officer says that a contact's address is right: letters go to it again, in whichever of the party's offices it stands."""
    async with _changing("free", key, who) as (tx, contact):
        in_doubt = any(not card.decided for card in await tx.cards.find(about=key))
        if not contact.held and not in_doubt and not contact.trouble:
            raise Refused(f"{key} is not held; nothing was changed.")
        freed = await _free(tx, contact)
        for one in await _contacts(tx, contact.address, contact.state):
            repair = await tx.repairs.get(one.key)
            if one.key == key or (repair and not repair.by_hand):
                await _free(tx, one)
                said = f"the address is right, by {who.person.name}, {written_moment(who.desk.now)}"
                await cards.decide(tx, one.key, said)
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


async def _contacts(tx: Transaction, address: str, party: str) -> list[Contact]:
    """Of the party, by that address; a delegation's are its State's."""
    return [one for one in await tx.contacts.find(address=address) if one.state == party]


async def _hold(tx: Transaction, delivery: Delivery, desk: Desk) -> bool:
    """Hold the address in whichever offices it stands; whether a card tells of it, one for all of them."""
    there = [
        one for one in await _contacts(tx, delivery.address, state_of(delivery.party)) if one.serves_from(desk.today)
    ]
    why = f"its server refused mail on {written(desk.today)}: {delivery.reply}"
    held = [replace(one, held=why) for one in there if not one.held]
    for contact in held:
        await tx.contacts.put(contact)
        await tx.repairs.put(
            Repair(contact.key, contact.state, contact.address, desk.now, delivery.reply, delivery.letter)
        )
    if held:
        await _tell(tx, held, delivery, desk)
    return bool(there)


async def _tell(tx: Transaction, held: list[Contact], delivery: Delivery, desk: Desk) -> None:
    key = held[0].key
    name = await correspondents.party_name(tx, held[0].state, desk)
    others = f" The same address stands in {', '.join(one.key for one in held[1:])}." if held[1:] else ""
    text = (
        f"{delivery.address}: {delivery.reply}. Nothing more goes to it until it is mended.{others} What was tried, whom to "
        f"telephone, and where letters go meanwhile: repair {key}"
    )
    earlier = await tx.cards.count(about=key, kind="contact-to-repair")
    await cards.post(
        tx, "contact-to-repair", key, f"{name}: an address to mend", text,
        now=desk.now, offers=presses(key), nth=earlier + 1,
    )  # fmt: skip


def presses(key: str) -> tuple[Offer, ...]:
    """What ends a repair, or helps to."""
    return (
        Offer("Ask for the right address", f"repair {key} letter", "primary"),
        Offer("Give the new address", f"repair {key} address", asks="text"),
        Offer("The address is right: free it", f"contact {key} free"),
        Offer("It is seen to", f"repair {key} done", asks="text"),
    )


async def _free(tx: Transaction, contact: Contact) -> Contact:
    freed = replace(contact, held="", trouble=None)
    await tx.contacts.put(freed)
    await tx.repairs.remove(contact.key)
    return freed


async def _not_served(tx: Transaction, letter: Letter, desk: Desk) -> None:
    name = await correspondents.party_name(tx, letter.party, desk)
    title = f"{name} is not served"
    text = (
        f"No address of it took {letter.key}: it is for paper or the telephone, and stands on the call list. The numbers: "
        f"state {state_of(letter.party)}"
    )
    earlier = await tx.cards.find(about=letter.key, kind="not-served")
    if any(not card.decided for card in earlier):
        return
    offers = (Offer("Show the letter", f"letter {letter.key}"),)
    await cards.post(
        tx, "not-served", letter.key, title, text,
        now=desk.now, offers=offers, thread=run_of(letter), nth=len(earlier) + 1,
    )  # fmt: skip
