"""Whose data have been kept long enough, each kind of party by its policy, is shown; then they are taken out."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from committee.audit import canonical, sha256
from committee.book_rules import in_time
from committee.calendar import written
from committee.contacts import Contact
from committee.counting import counted
from committee.letters import OPEN
from committee.policies import years_kept
from committee.staff import Role
from mailflows import parties
from mailflows.desk import Desk
from mailflows.erasing import take_out
from mailflows.permissions import require
from mailflows.presses import Act, use
from mailflows.reminders import Stale
from storage.tables import Tables

KEPT_NO_LONGER: Final = "take out what is kept no longer"


@dataclass(frozen=True, slots=True)
class Overdue:
    """A contact whose years after the end of its term are over."""

    contact: Contact
    years: int

    @property
    def since(self) -> date:
        return years_after(self.contact.end or date.max, self.years)


async def to_retain(who: Act) -> list[Overdue]:
    """Whose data `retain` would take out today."""
    require(who.person, Role.ADMINISTRATOR, KEPT_NO_LONGER)
    return await overdue(who.desk.store, who.desk)


async def overdue(tables: Tables, desk: Desk) -> list[Overdue]:
    """Whose data are to go by the policies of today, each kind of party by its own; nobody who is in office or will be."""
    known = {one.key: one.kind for one in await parties.all_on(tables, desk)}
    policies, found = await tables.policies.all(), []
    for contact in await tables.contacts.all():
        if contact.end is None or in_time(contact, desk.today) or contact.erased:
            continue
        kind = known.get(contact.party) or (await parties.one(tables, contact.party, desk)).kind
        one = Overdue(contact, years_kept(kind, policies, desk.today))
        if one.years and one.since < desk.today and not await _waits(tables, contact):
            found.append(one)
    return found


async def _waits(tables: Tables, contact: Contact) -> bool:
    """Whether a letter has yet to go to it: what no entry names would no longer be held back."""
    return bool(await tables.deliveries.count(address=contact.address, state=tuple(OPEN)))


async def retain(who: Act) -> list[Overdue]:
    """Take out whoever is overdue, all of them in one commit; `Stale` if they are no longer those that were shown."""
    require(who.person, Role.ADMINISTRATOR, KEPT_NO_LONGER)
    desk = who.desk
    async with desk.store.transaction(
        by=who.person.key, doing="contacts retained", about="contacts", at=desk.now
    ) as tx:
        found = await overdue(tx, desk)
        if who.press is None or digest(found) != who.press.digest:
            raise Stale
        await use(tx, who.press, who.person, desk.now)
        for one in found:
            rule = f"erased on {written(desk.today)}, {counted(one.years, 'year')} after the end of its term"
            await take_out(tx, (one.contact,), rule, desk)
    return found


def digest(found: list[Overdue]) -> str:
    return sha256(canonical([[one.contact.key, one.since.isoformat()] for one in found]))


def years_after(day: date, years: int) -> date:
    """The same day that many years later; 28 February for 29 February."""
    if day.year + years > date.max.year:
        return date.max
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
