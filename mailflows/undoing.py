"""An officer takes a whole import back, in one commit: all but what letters have used and what was changed since."""

import asyncio
from dataclasses import dataclass

from committee.audit import Entry, canonical, sha256
from committee.contacts import Contact, state_of
from committee.errors import Refused
from committee.staff import Role
from committee.undoing import is_new_by, said_by, taken_back, why_not
from mailflows.address_book import digest
from mailflows.imports import DOING
from mailflows.permissions import require
from mailflows.presses import Act, use
from mailflows.reminders import Stale
from storage.port import Store
from storage.tables import Tables


@dataclass(frozen=True, slots=True)
class Stays:
    """A contact that an import has changed and that stays as it is now, with the reason."""

    contact: Contact
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be taken back: the contacts that go, those that are again what they were, and those that stay."""

    key: str
    goes: tuple[Contact, ...]
    again: tuple[Contact, ...]  # as they would be
    stays: tuple[Stays, ...]

    @property
    def digest(self) -> str:
        seen = [[digest(one) for one in of] for of in (self.goes, self.again)]
        return sha256(canonical([self.key, seen, [(one.contact.key, one.why) for one in self.stays]]))


async def preview(key: str, who: Act) -> Plan:
    require(who.person, Role.OFFICER, "take an import back")
    entry = await _entry(who.desk.store, key)
    return await _plan(who.desk.store, entry, key)


async def take_back(key: str, who: Act) -> Plan:
    """Do what was shown; `Stale` if it would be something else by now."""
    require(who.person, Role.OFFICER, "take an import back")
    desk = who.desk
    entry = await _entry(desk.store, key)
    async with desk.store.transaction(by=who.person.key, doing="undo", about=key, at=desk.now) as tx:
        plan = await _plan(tx, entry, key)
        if who.press is None or plan.digest != who.press.digest:
            raise Stale
        await use(tx, who.press, who.person, desk.now)
        for contact in plan.goes:
            await tx.contacts.remove(contact.key)
            await asyncio.sleep(0)  # ten thousand may go: others have their turn in between
        for contact in plan.again:
            await tx.contacts.put(contact)
            await asyncio.sleep(0)
    return plan


async def _entry(store: Store, key: str) -> Entry:
    """The import in the trail: which contacts it has changed, and when."""
    found = await store.trail.find(about=key, doing=DOING, limit=1)
    if not found:
        raise Refused(
            f"There is no import {key}. The key of an import stands in its answer, and in: log. Nothing was changed."
        )
    return found[0]


async def _plan(tables: Tables, entry: Entry, key: str) -> Plan:
    keys = {change.key for change in entry.changes if change.table == "contacts"}
    book = await tables.contacts.all()
    changed = [one for one in book if one.key in keys and said_by(one, key)]
    used = await _used(tables, entry, changed)
    new = {one.key for one in changed if is_new_by(one, key)}
    later = {one.person for one in book if one.person and one.key not in new}
    reasons = _together(changed, {one.key: _why(one, key, used, later) for one in changed})
    back = [one for one in changed if not reasons[one.key]]
    again = [after for one in back if (after := taken_back(one, key))]
    return Plan(
        key,
        tuple(one for one in back if one.key in new),
        tuple(again),
        tuple(Stays(one, why) for one in changed if (why := reasons[one.key])),
    )


def _together(changed: list[Contact], reasons: dict[str, str]) -> dict[str, str]:
    """What is said of a person stands the same in each entry, so where one of them stays, all do."""
    staying = {one.whose for one in changed if reasons[one.key]}
    return {
        one.key: reasons[one.key] or ("its person has an entry that stays" if one.whose in staying else "")
        for one in changed
    }


def _why(contact: Contact, key: str, used: set[tuple[str, str]], later: set[str]) -> str:
    if (state_of(contact.party), contact.address) in used:
        return "a letter has used it"
    if is_new_by(contact, key) and contact.key in later:
        return "its person has another address since"
    return why_not(contact, key)


async def _used(tables: Tables, entry: Entry, contacts: list[Contact]) -> set[tuple[str, str]]:
    """The parties and addresses among these to which letters were queued since the import."""
    if not contacts:
        return set()
    addresses = tuple({one.address for one in contacts})
    return {
        (state_of(one.party), one.address) for one in await tables.deliveries.find(address=addresses, since=entry.at)
    }
