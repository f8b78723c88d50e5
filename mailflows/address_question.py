"""The party is asked for the right address in place of a dead one: shown whole first, then one press sends it."""

from committee.calendar import new_york, written
from committee.contacts import Contact
from committee.correspondents import Correspondent
from committee.errors import Refused
from committee.letters import Letter
from committee.staff import Role
from mailflows import correspondents, letters, mending, outbox
from mailflows.desk import Desk
from mailflows.permissions import require
from mailflows.presses import Act, use
from mailflows.reminders import Stale
from mailflows.writing import Plan
from storage.tables import Tables


async def preview(key: str, who: Act) -> Plan:
    """The letter, and who would get it; `Refused`, with the telephone, where no address of the party is left."""
    require(who.person, Role.OFFICER, "ask for an address")
    return await _plan(key, who.desk.store, who.desk)


async def ask(key: str, who: Act) -> Letter:
    """Queue it in one commit; `Stale` if recipients or words are no longer what was shown."""
    require(who.person, Role.OFFICER, "ask for an address")
    desk = who.desk
    if who.press is None:
        raise Refused("A letter goes by its button alone, after a preview. Nothing was sent.")
    async with desk.store.transaction(by=who.person.key, doing="letter written", about=key, at=desk.now) as tx:
        plan = await _plan(key, tx, desk)
        if plan.digest != who.press.digest:
            raise Stale
        await use(tx, who.press, who.person, desk.now)
        [letter] = await outbox.queue(tx, [plan.draft], release=plan.draft.key, by=who.person.key, desk=desk)
    return letter


async def _plan(key: str, tables: Tables, desk: Desk) -> Plan:
    repair, contact = await tables.repairs.get(key), await tables.contacts.get(key)
    if repair is None or contact is None:
        raise Refused(f"There is nothing to mend of {key}. To see what is: repairs. Nothing was written.")
    to = await _whoever_is_left(contact, tables, desk)
    earlier = await mending.asked(tables, key)
    draft = letters.address_question(contact, to, since=new_york(repair.since).date(), nth=len(earlier) + 1, desk=desk)
    notes = tuple(f"It was asked on {written(new_york(one.queued_at).date())} ({one.key})" for one in earlier)
    return Plan(draft, letters.digest([draft]), notes=notes)


async def _whoever_is_left(contact: Contact, tables: Tables, desk: Desk) -> Correspondent:
    """The mission first, and the party's next address where the mission's own is dead; a delegation's mission for a delegation."""
    left = await correspondents.in_order(tables, contact.state, desk)
    if not left:
        name = await correspondents.party_name(tables, contact.state, desk)
        raise Refused(
            f"No address of {name} takes mail, so nobody can be written to: it is for the telephone or paper. To see whom to "
            f"call: repair {contact.key}. Nothing was written."
        )
    return await correspondents.answering(tables, contact.state, left[0], desk)
