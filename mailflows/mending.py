"""The addresses to mend, as a queue that empties: what was tried, whom to telephone, where letters go, and what ends it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from committee.audit import canonical, sha256
from committee.calendar import written_moment
from committee.contacts import Contact, Office
from committee.errors import Refused
from committee.letters import OPEN, Delivery, DeliveryState, Letter, LetterKind
from committee.proofs import served
from committee.repairs import Repair
from committee.staff import Role
from mailflows import cards, contacts, correspondents, repairs, wording
from mailflows.address_book import OF_A_PERSON, by_officer, known_contact
from mailflows.desk import Desk
from mailflows.headers import ascii_address
from mailflows.permissions import require
from mailflows.presses import Act, use
from mailflows.reminders import Stale
from storage.tables import Tables

TRIED: int = 10
"""Letters whose copies are named with an address; a mission that wrote no more has no more."""
LOOKED_AT = timedelta(days=90)
"""What nobody has of older letters is for paper: it is not sent after so long without being asked."""
FAILED = (DeliveryState.REFUSED, DeliveryState.BOUNCED)


@dataclass(frozen=True, slots=True)
class ToMend:
    """One address that takes no mail, and all that a person needs to mend it."""

    repair: Repair
    contact: Contact
    name: str  # of the party
    tried: tuple[Delivery, ...]  # every copy of the letters that failed there, the newest letter first
    telephone: str  # the mission's, or of whoever of the party has one; empty where nobody has
    next: str  # where the party's letters go meanwhile; empty: nowhere, so they go by paper
    nobody_has: tuple[str, ...]  # letters of which no copy was accepted elsewhere, and none may be yet
    asked: tuple[Letter, ...]  # letters that asked for the right address


async def queue(desk: Desk) -> list[ToMend]:
    """What is to be mended, the oldest first; a contact whose term is over needs no mending."""
    waiting = sorted(await still_open(desk.store, desk), key=lambda one: (one.since, one.key))
    return [await one(repair.key, desk) for repair in waiting]


async def still_open(tables: Tables, desk: Desk) -> list[Repair]:
    """The repairs of contacts that are in the address book today, or will be."""
    known = [(repair, await tables.contacts.get(repair.key)) for repair in await tables.repairs.all()]
    return [repair for repair, contact in known if contact and contact.held and contact.serves_from(desk.today)]


async def one(key: str, desk: Desk) -> ToMend:
    """One of them whole; `Refused` where there is nothing to mend."""
    repair, contact = await _repair(desk.store, key)
    failed = await _failed(desk.store, repair, desk)
    letters = tuple(dict.fromkeys(delivery.letter for delivery in failed))[:TRIED]
    copies = await desk.store.deliveries.find(letter=letters) if letters else []
    return ToMend(
        repair,
        contact,
        await correspondents.party_name(desk.store, repair.party, desk),
        tuple(sorted(copies, key=lambda copy: (letters.index(copy.letter), copy.key))),
        _telephone(contact, await desk.store.contacts.find(party=repair.party), desk),
        await _next(desk.store, repair, desk),
        _nobody_has(letters, copies),
        tuple(await asked(desk.store, key)),
    )


async def asked(tables: Tables, key: str) -> list[Letter]:
    """The letters that asked the party for this contact's right address."""
    found: list[Letter] = []
    while letter := await tables.letters.get(f"{LetterKind.ADDRESS_QUESTION}/{key}/{len(found) + 1}"):
        found.append(letter)
    return found


async def done(key: str, why: str, who: Act) -> Contact:
    """It is seen to, as by telephone: off the list; nothing goes to the address until somebody frees it."""
    require(who.person, Role.OFFICER, "settle a repair")
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing="repair done", about=key, at=desk.now) as tx:
        await use(tx, who.press, who.person, desk.now)
        _, contact = await _repair(tx, key)
        settled = replace(contact, held=f"{contact.held}; {why} (by {who.person.name})")
        await tx.contacts.put(settled)
        await tx.repairs.remove(key)
        await cards.decide(tx, key, f"seen to by {who.person.name}, {written_moment(desk.now)}")
    return settled


@dataclass(frozen=True, slots=True)
class Move:
    """To which address a contact's letters would go from now on, and which go there at once."""

    contact: Contact
    address: str
    letters: tuple[str, ...]

    @property
    def digest(self) -> str:
        return sha256(canonical([self.contact.key, self.contact.address, self.address, [*self.letters]]))


async def preview_move(key: str, address: str, who: Act) -> Move:
    """What the new address would change."""
    require(who.person, Role.OFFICER, "give a contact's new address")
    return await _move(key, address, who.desk.store, who.desk)


async def move(key: str, address: str, who: Act) -> Move:
    """In place of the dead address from today on; what nobody of the party has goes there. `Stale` if that is no longer what was shown."""
    require(who.person, Role.OFFICER, "give a contact's new address")
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing="repair address", about=key, at=desk.now) as tx:
        moved = await _move(key, address, tx, desk)
        if who.press is None or who.press.digest != moved.digest:
            raise Stale
        await use(tx, who.press, who.person, desk.now)
        old, source = moved.contact, by_officer(who)
        new = contacts.New(old.party, old.office, old.name, address, max(old.start or desk.today, desk.today), old.end)
        facts = {name: getattr(old, name) for name in OF_A_PERSON - {"name"}}
        added = await contacts.put_new(tx, new, source, desk, {"person": old.whose, "order": old.order, **facts})
        await tx.contacts.put(old.changed(source, end=max(old.start or desk.today, desk.today)))
        await tx.repairs.remove(key)
        await cards.decide(tx, key, f"{who.person.name} gave its new address, {written_moment(desk.now)}")
        for name in moved.letters:
            if letter := await tx.letters.get(name):
                await cards.decide(tx, name, f"it goes to {added.key} now", kind="not-served")
                await repairs.serve_otherwise(tx, letter, desk)
    return moved


async def _move(key: str, address: str, tables: Tables, desk: Desk) -> Move:
    repair, contact = await _repair(tables, key)
    address = ascii_address(address.strip()).casefold()
    if address == contact.address:
        raise Refused(f"{address} is the address that takes no mail. If it is right after all: contact {key} free")
    failed = await _failed(tables, repair, desk)
    letters = tuple(dict.fromkeys(delivery.letter for delivery in failed if delivery.since >= desk.now - LOOKED_AT))
    copies = await tables.deliveries.find(letter=letters) if letters else []
    return Move(contact, address, _nobody_has(letters, copies))


async def _repair(tables: Tables, key: str) -> tuple[Repair, Contact]:
    contact = await known_contact(tables, key)
    repair = await tables.repairs.get(key)
    if repair is None:
        raise Refused(f"There is nothing to mend of {key}. To see what is: repairs. Nothing was changed.")
    return repair, contact


async def _failed(tables: Tables, repair: Repair, desk: Desk) -> list[Delivery]:
    """Copies that did not arrive at the address, the newest first."""
    found = await tables.deliveries.find(address=repair.address, state=FAILED, newest_first=True)
    return [one for one in found if one.party.removeprefix("delegation/") == repair.party and one.since <= desk.now]


def _nobody_has(letters: Sequence[str], copies: Collection[Delivery]) -> tuple[str, ...]:
    of = {key: [copy for copy in copies if copy.letter == key] for key in letters}
    return tuple(key for key, mine in of.items() if not served(mine) and not any(copy.state in OPEN for copy in mine))


def _telephone(contact: Contact, people: Iterable[Contact], desk: Desk) -> str:
    """The mission's first: whoever answers there knows who reads what."""
    offices = list(Office)
    ordered = sorted(people, key=lambda one: (offices.index(one.office), one.order, one.key))
    known = [one for one in ordered if one.telephone and one.confirmed and one.speaks_on(desk.today)]
    if known:
        office = wording.office_in("en", known[0].office)
        return f"{known[0].telephone} ({office})"
    return contact.telephone


async def _next(tables: Tables, repair: Repair, desk: Desk) -> str:
    for party in dict.fromkeys((repair.key.rsplit("/", 2)[0], repair.party)):
        for contact in await correspondents.in_order(tables, party, desk):
            if contact.address != repair.address:
                return contact.address
    return ""
