"""Distribution lists over the address book of any day: who is on one, who came and left, and why an address is on it or not."""

import asyncio
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Self

from committee.calendar import new_york, written
from committee.errors import Refused
from committee.list_differences import Change, changes
from committee.list_entries import Entry, Listable
from committee.list_facts import Registers
from committee.list_reasons import Step, steps
from committee.list_rolls import Member, Roll, Rolls
from committee.list_words import Vocabulary, squashed
from committee.lists import ByHand, DistributionList
from committee.names import Directory
from committee.submissions import Kind, SubmissionState
from mailflows import parties
from mailflows.desk import Desk
from storage import seeding
from storage.tables import Tables


@dataclass(frozen=True, slots=True)
class Known:
    """Every list, every exception, and the registers, as they were when somebody asked: one reading answers for any day.

    What it answers is worked out beside the event loop, for a list of ten thousand takes a quarter of a second.
    """

    lists: dict[str, DistributionList]
    by_hand: list[ByHand]
    registers: Registers

    @classmethod
    async def of(cls, tables: Tables) -> Self:
        lists = [*seeding.lists(), *await tables.lists.all()]
        return cls({one.key: one for one in lists}, await tables.list_exceptions.all(), await _registers(tables))

    def on(self, day: date) -> Rolls:
        return Rolls(self.lists.values(), self.by_hand, self.registers.on(day))

    def named(self, typed: str) -> DistributionList:
        """The list with this key; `Refused`, with those that are like it, where there is none."""
        said = squashed(typed)
        if found := next((one for key, one in self.lists.items() if squashed(key) == said), None):
            return found
        like = get_close_matches(typed.casefold(), [*self.lists], n=3)
        perhaps = f" Did you mean: {', '.join(like)}?" if like else ""
        raise Refused(f"There is no list {typed!r}.{perhaps} To see them: lists. Nothing was changed.")

    def vocabulary(self, key: str) -> Vocabulary:
        """What a rule that is typed for the list `key` may name; itself too, so that it is told why it may not."""
        of = self.registers
        named = [(state.key, (state.iso2, *state.aliases)) for state in of.states]
        named += [(one.key, (one.name,)) for one in of.organizations]
        named += [(one.key, (one.name,)) for one in of.others]
        return Vocabulary(Directory(named), [*{**self.lists, key: None}])


@dataclass(frozen=True, slots=True)
class Reason:
    """One address of the book, whether it is on a list, and what decides it."""

    address: str
    name: str
    on: bool
    says: str
    steps: tuple[Step, ...]


async def on(typed: str, day: date, desk: Desk) -> tuple[DistributionList, Roll]:
    """A list as it is on a day, as known now: what was believed then stands in the deliveries."""
    known = await Known.of(desk.store)
    found = known.named(typed)
    return found, await asyncio.to_thread(lambda: known.on(day).roll(found.key))


async def every(desk: Desk) -> list[tuple[DistributionList, Roll | Refused]]:
    """Each list as it is today; one whose rule cannot be followed says why."""
    known = await Known.of(desk.store)
    return await asyncio.to_thread(_every, known, desk.today)


async def since(typed: str, day: date, until: date, desk: Desk) -> tuple[DistributionList, list[Change]]:
    """Who came and who left after `day`, up to `until`, and why each."""
    if day >= until:
        raise Refused(f"A list is compared with an earlier day; {written(day)} is not before {written(until)}.")
    known = await Known.of(desk.store)
    found = known.named(typed)
    return found, await asyncio.to_thread(lambda: changes(found.key, known.on(day), known.on(until)))


async def why(typed: str, who: str, day: date, desk: Desk) -> tuple[DistributionList, list[Reason]]:
    """Why an address, or each of a party, is on a list on a day or is not, step by step in its rule."""
    known = await Known.of(desk.store)
    found = known.named(typed)
    return found, await asyncio.to_thread(_reasons, found.key, who, day, known)


def _reasons(key: str, who: str, day: date, known: Known) -> list[Reason]:
    rolls = known.on(day)
    roll = rolls.roll(key)
    reasons = [
        _reason(one, roll, rolls)
        for one in rolls.book.entries
        if who in {one.address, one.party.key, one.party.speaks_for}
    ]
    if not reasons and "@" in who:
        return [Reason(who, "", on=False, says=_not_there(who, day, known), steps=())]
    if not reasons:
        party = next((one for one in rolls.book.parties if one.key == who), Listable(who, who, None))
        imagined = rolls.imagined(key, party)
        entry = imagined or Entry(f"imagined/{who}", party, None)
        says = (
            "it is on the list and has no address: a gap" if imagined else "it is not on the list, and has no address"
        )
        reasons = [Reason("", party.name, on=False, says=says, steps=tuple(steps(key, entry, rolls)))]
    return reasons


def _reason(entry: Entry, roll: Roll, rolls: Rolls) -> Reason:
    met = rolls.through(roll.key, entry) is not None
    there = Member(entry, rolls.through(roll.key, entry) or "") in roll.members
    if there:
        says = "it is on the list"
    elif met and entry.barred:
        says = f"it is on the list by its rule, and nothing goes there: {entry.barred}"
    elif met:
        says = "it is on the list by its rule, and an earlier address of the same person or party is used"
    else:
        says = "it is not on the list"
    name = ", ".join(filter(None, (entry.party.name, entry.person)))
    return Reason(entry.address, name, there, says, tuple(steps(roll.key, entry, rolls)))


def _not_there(address: str, day: date, known: Known) -> str:
    """Of an address that nobody has on that day: when somebody had it, or will have it."""
    found = [one for one in known.registers.contacts if one.address == address and not one.erased]
    if not found:
        return "it is not in the address book, and a list has nobody else. To add it: contact add"
    terms = [
        (f" from {written(one.start)}" if one.start else "") + (f" until {written(one.end)}" if one.end else "")
        for one in found
    ]
    return f"on {written(day)} it is not in the address book; it is{' and'.join(terms)}"


def _every(known: Known, day: date) -> list[tuple[DistributionList, Roll | Refused]]:
    rolls = known.on(day)
    return [(one, _roll_or_why(one.key, rolls)) for one in known.lists.values()]


def _roll_or_why(key: str, rolls: Rolls) -> Roll | Refused:
    try:
        return rolls.roll(key)
    except Refused as refused:
        return refused


async def _registers(tables: Tables) -> Registers:
    accepted = await tables.submissions.find(kind=Kind.FIRST_REPORT, state=SubmissionState.ACCEPTED)
    return Registers(
        states=await tables.states.all(),
        organizations=await tables.organizations.all(),
        others=await parties.others(tables),
        terms=await tables.terms.all(),
        contacts=await tables.contacts.all(),
        policies=await tables.policies.all(),
        reported={
            one.party: new_york(one.received).date()
            for one in sorted(accepted, key=lambda one: one.received, reverse=True)
        },
    )
