"""/1540 contact KEY erase, retain: a person's data are taken out; shown first with what stays, then a button does it."""

from bot.commands.contacts import COLUMNS, contact_row
from bot.commands.remind import stale
from bot.registry import command
from committee.cards import Card, Offer
from committee.counting import counted
from committee.staff import Person, Role
from mailflows import erasing, retaining
from mailflows.desk import Desk
from mailflows.presses import Act, Press
from mailflows.reminders import Stale


@command("contact CONTACT erase", role=Role.OFFICER, example="contact MWI/permanent-mission/1 erase")
async def erase(desk: Desk, person: Person, *, contact: str, press: Press | None = None) -> Card:
    """Take a person's data out of the address book: shows what goes, what stays and why, then a button does it."""
    who = Act(person, desk, press)
    if press is None or not press.digest:
        return await _to_erase(contact, who)
    try:
        done = await erasing.erase(contact, who)
    except Stale:
        return stale(await _to_erase(contact, who))
    stays = "; ".join(done.stays) or "nothing but its key, its office and its term"
    keys = [one.key for one in done.contacts]
    return Card(
        f"{contact}: erased", f"By {person.name}. What stays: {stays}.", fields={"key": contact, "erased": keys}
    )


async def _to_erase(key: str, who: Act) -> Card:
    plan = await erasing.preview(key, who)
    go = counted(len(plan.contacts), "entry", "entries")
    text = f"{go} would lose name, addresses, telephone, notes and history, for good. The key, the office and the term stay."
    rows = tuple(contact_row(one) for one in plan.contacts)
    stays = tuple(f"It stays: {one}." for one in plan.stays)
    waits = tuple(f"It waits to go there: {one}. Let it go or withdraw it first." for one in plan.waits)
    offers = () if waits else (Offer("Erase it", f"contact {key} erase", "primary", plan.digest),)
    return Card(f"To erase: {key}", text, rows, {"key": key}, offers=offers, notes=(*stays, *waits), columns=COLUMNS)


@command("retain", role=Role.ADMINISTRATOR, example="retain")
async def retain(desk: Desk, person: Person, *, press: Press | None = None) -> Card:
    """Contacts whose years after the end of their terms are over, each kind by its policy; a button erases their data."""
    who = Act(person, desk, press)
    if press is None or not press.digest:
        return await _to_retain(who)
    try:
        done = await retaining.retain(who)
    except Stale:
        return stale(await _to_retain(who))
    rows = tuple({"key": one.contact.key, "party": one.contact.party} for one in done)
    text = f"{counted(len(rows), 'contact')}, by {person.name}. Letters and mail stay: they are the Committee's record."
    return Card("Erased", text, rows)


async def _to_retain(who: Act) -> Card:
    found = await retaining.to_retain(who)
    rows = tuple(
        {
            "key": one.contact.key,
            "party": one.contact.party,
            "ended": one.contact.end,
            "years": one.years,
            "since": one.since,
        }
        for one in found
    )
    text = f"{counted(len(rows), 'contact')} whose years are over. Letters and mail stay. The years, by kind: policies"
    erase = Offer(f"Erase {counted(len(rows), 'contact')}", "retain", "primary", retaining.digest(found))
    return Card("Kept long enough", text, rows, {"contacts": len(rows)}, offers=(erase,) if rows else ())
