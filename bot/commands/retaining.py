"""/1540 retain: whose data have been kept long enough; shown first, then an administrator's button takes them out."""

from bot.commands.remind import stale
from bot.registry import command
from committee.cards import Card, Offer
from committee.counting import counted
from committee.staff import Person, Role
from mailflows import erasing
from mailflows.desk import Desk
from mailflows.presses import Act, Press
from mailflows.reminders import Stale


@command("retain", role=Role.ADMINISTRATOR, example="retain")
async def retain(desk: Desk, person: Person, *, press: Press | None = None) -> Card:
    """Contacts whose years after the end of their terms are over, each kind by its policy; a button erases their data."""
    who = Act(person, desk, press)
    if press is None or not press.digest:
        return await _preview(who)
    try:
        done = await erasing.retain(who)
    except Stale:
        return stale(await _preview(who))
    rows = tuple({"key": one.contact.key, "party": one.contact.party} for one in done)
    text = f"{counted(len(rows), 'contact')}, by {person.name}. Letters and mail stay: they are the Committee's record."
    return Card("Erased", text, rows)


async def _preview(who: Act) -> Card:
    found = await erasing.to_retain(who)
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
    erase = Offer(f"Erase {counted(len(rows), 'contact')}", "retain", "primary", erasing.digest(found))
    return Card("Kept long enough", text, rows, {"contacts": len(rows)}, offers=(erase,) if rows else ())
