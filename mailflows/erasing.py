"""A person's data are taken out of the address book, but for what a record needs; whoever asks sees first what that is."""

from dataclasses import dataclass, replace
from datetime import date

from committee.audit import canonical, sha256
from committee.calendar import written
from committee.contacts import Contact, Pronoun
from committee.counting import counted
from committee.errors import Refused
from committee.letters import OPEN
from committee.staff import Role
from mailflows import cards
from mailflows.address_book import known_contact
from mailflows.desk import Desk
from mailflows.permissions import require
from mailflows.presses import Act, use
from mailflows.reminders import Stale
from storage.port import Transaction
from storage.tables import Tables


@dataclass(frozen=True, slots=True)
class Plan:
    """The entries whose data would go, and what stays elsewhere, with the reason; `waits` are letters that have yet to go."""

    contacts: tuple[Contact, ...]
    stays: tuple[str, ...]
    waits: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        return sha256(canonical([[one.key for one in self.contacts], self.stays, self.waits]))


async def preview(key: str, who: Act) -> Plan:
    """What would go and what would stay."""
    require(who.person, Role.OFFICER, "erase a contact")
    return await _plan(who.desk.store, await known_contact(who.desk.store, key))


async def erase(key: str, who: Act) -> Plan:
    """Take out every entry of the person whose entry this is; `Stale` if it is no longer what was shown."""
    require(who.person, Role.OFFICER, "erase a contact")
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing="contact erase", about=key, at=desk.now) as tx:
        plan = await _plan(tx, await known_contact(tx, key))
        if who.press is None or plan.digest != who.press.digest:
            raise Stale
        if plan.waits:
            raise Refused(
                f"{counted(len(plan.waits), 'letter')} would still go to it: {', '.join(plan.waits)}. Let them go or withdraw "
                "them first (letter KEY withdraw). Nothing was changed."
            )
        await use(tx, who.press, who.person, desk.now)
        await take_out(tx, plan.contacts, f"erased on {written(desk.today)} by {who.person.name}", desk)
    return plan


async def _plan(tables: Tables, contact: Contact) -> Plan:
    of_party = await tables.contacts.find(party=contact.party)
    entries = tuple(one for one in of_party if one.whose == contact.whose and not one.erased)
    addresses = tuple({one.address for one in entries})
    deliveries = await tables.deliveries.find(address=addresses)
    mails = await tables.mail.count(sender=addresses)
    waits = sorted({one.letter for one in deliveries if one.state in OPEN})
    letters = len({one.letter for one in deliveries})
    stays = []
    if letters:
        stays.append(f"{counted(letters, 'letter')} that went to it: they prove what the party was sent, and when")
    if mails:
        stays.append(f"{counted(mails, 'mail')} from it: what came in for a party is the Committee's record")
    return Plan(entries, tuple(stays), tuple(waits))


async def take_out(tx: Transaction, contacts: tuple[Contact, ...], rule: str, desk: Desk) -> None:
    for contact in contacts:
        await tx.contacts.put(bare(contact, rule, desk.today))
        await tx.repairs.remove(contact.key)
        for card in await tx.cards.find(about=contact.key):
            await cards.put(
                tx, replace(card, title="A contact", text=f"Its data were {rule}.", fields={}, decided=rule)
            )


def bare(contact: Contact, rule: str, day: date) -> Contact:
    """Its key, party, office and terms, which letters and lists refer to, and by which rule the rest is gone."""
    end = min(contact.end or day, day) if contact.start is None or contact.start <= day else contact.start
    return replace(
        contact, name="", address="", telephone="", end=end, held="", automatic_reply="", provenance="", style="", title="",
        pronoun=Pronoun.UNKNOWN, languages=(), notes=(), history=(), trouble=None,
        erased=rule,
    )  # fmt: skip
