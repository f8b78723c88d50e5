"""An officer changes who is on a list: a list of one's own by its rule, or somebody by hand, with a reason and an end."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from committee.calendar import written as written_day
from committee.errors import Refused
from committee.list_reading import RuleFault, read
from committee.list_rules import Rule, lists_in, written
from committee.lists import LONGEST_KEY, ByHand, DistributionList, circle, named_by
from committee.staff import Role
from mailflows.lengths import whole
from mailflows.lists import Known
from mailflows.markdown import one_line
from mailflows.permissions import require
from mailflows.presses import Act
from storage.port import Transaction

LONGEST_NAME: Final = 120
LONGEST_REASON: Final = 500
_KEY: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_RESERVED: Final = frozenset({"add", "start", "schedule", "post", "publish", "report", "to", "of"})


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody to be put on a list, or left out of it: a party's key or an address, why, and the last day of it."""

    whom: str
    adds: bool
    reason: str
    until: date


async def add(typed: str, name: str, rule: str, who: Act) -> DistributionList:
    """A list of this desk's own; its key is small letters, digits and hyphens."""
    key = typed.casefold()
    if not _KEY.fullmatch(key) or len(key) > LONGEST_KEY or key in _RESERVED:
        raise Refused(
            f"{typed[:LONGEST_KEY]!r} cannot be a list's key: small letters, digits and hyphens, at most {LONGEST_KEY}, and no "
            "word of this language; for example coordinators-2013. Nothing was changed."
        )
    async with _changing("add", key, who) as (tx, known):
        if key in known.lists:
            raise Refused(f"There is a list {key} already. To see it: list {key}. Nothing was changed.")
        made = DistributionList(
            key, whole("name", one_line(name), LONGEST_NAME) or key, written(_understood(key, rule, known))
        )
        await tx.lists.put(made)
        _told(tx, "add", key, rule=made.rule)
    return made


async def change(typed: str, rule: str, who: Act) -> DistributionList:
    """Another rule for a list of this desk's own; those that are shipped stay what everybody takes them for."""
    async with _changing("rule", typed, who) as (tx, known):
        found = _own(known.named(typed), "keeps its rule", "For another rule: list add KEY RULE")
        changed = replace(found, rule=written(_understood(found.key, rule, known)))
        if changed.rule == found.rule:
            raise Refused(f"That is the rule of {found.key} already; nothing was changed.")
        await tx.lists.put(changed)
        _told(tx, "rule", found.key, rule=changed.rule)
    return changed


async def remove(typed: str, who: Act) -> DistributionList:
    """A list of this desk's own, with its exceptions, unless another list names it."""
    async with _changing("remove", typed, who) as (tx, known):
        found = _own(known.named(typed), "stays", "To leave somebody out: list KEY leave-out PARTY")
        if named := named_by(found.key, known.lists.values()):
            raise Refused(
                f"{', '.join(named)} {'names' if len(named) == 1 else 'name'} the list {found.key}; change that first. "
                "Nothing was changed."
            )
        await tx.lists.remove(found.key)
        _told(tx, "remove", found.key, rule=found.rule)
        for one in await tx.list_exceptions.find(list=found.key):
            await tx.list_exceptions.remove(one.key)
    return found


async def put_by_hand(typed: str, wish: Wish, who: Act) -> ByHand:
    """From today until a day, that day included, a party or an address of the book is on the list, or is left out of it."""
    desk, reason = who.desk, whole("reason", one_line(wish.reason), LONGEST_REASON)
    if not reason:
        raise Refused("An exception has a reason: those who come after you will ask. Nothing was changed.")
    if wish.until < desk.today:
        raise Refused(f"{written_day(wish.until)} has passed: an exception ends on a day to come. Nothing was changed.")
    async with _changing("also" if wish.adds else "leave-out", typed, who) as (tx, known):
        found = known.named(typed)
        meant = _meant(wish.whom, known, desk.today)
        running = [one for one in await tx.list_exceptions.find(list=found.key) if one.end >= desk.today]
        if there := next((one for one in running if one.who in meant), None):
            raise Refused(
                f"{wish.whom} is {there.says} already. To end that first: list {found.key} exception {wish.whom} end. "
                "Nothing was changed."
            )
        day, by = desk.today, who.person.name
        made = [
            ByHand(
                f"{found.key}/{one}/{day.isoformat()}", found.key, one, wish.adds, reason, day, wish.until, by, party
            )
            for one, party in meant.items()
        ]
        await tx.list_exceptions.put(*made)
        _told(tx, "also" if wish.adds else "leave-out", found.key, who=", ".join(meant))
    return made[0]


async def end_by_hand(typed: str, whom: str, who: Act) -> ByHand:
    """The exception holds no longer, from today; what it was before stays true of the days before."""
    today = who.desk.today
    async with _changing("exception end", typed, who) as (tx, known):
        found = known.named(typed)
        meant = {whom, *(one.key for one in known.registers.contacts if one.address == whom)}
        mine = await tx.list_exceptions.find(list=found.key, who=tuple(meant))
        running = [one for one in mine if one.end >= today]
        if not running:
            raise Refused(f"{whom} is neither put on {found.key} nor left out by hand today. Nothing was changed.")
        for one in running:
            if one.start == today:
                await tx.list_exceptions.remove(one.key)
            else:
                await tx.list_exceptions.put(replace(one, end=today - timedelta(days=1)))
        _told(tx, "exception end", found.key, who=", ".join(one.who for one in running))
    return running[0]


def _understood(key: str, typed: str, known: Known) -> Rule:
    """The rule, which leads to lists that are there and never back to its own."""
    rule = read(typed, known.vocabulary(key))
    if key in lists_in(rule):
        raise RuleFault(f"The list {key} would refer to itself: {key} → {key}. Nothing was changed.")
    rules = {one.key: one.asks for one in known.lists.values()} | {key: rule}
    if way := circle(key, rules):
        raise RuleFault(f"The list {key} would lead back to itself: {' → '.join(way)}. Nothing was changed.")
    return rule


def _own(found: DistributionList, does: str, instead: str) -> DistributionList:
    if found.shipped:
        raise Refused(f"{found.key} is a list that every desk has; it {does}. {instead}. Nothing was changed.")
    return found


def _meant(whom: str, known: Known, today: date) -> dict[str, str]:
    """The party, or every contact that has this address or key today, each with its party."""
    if "@" not in whom and whom.count("/") <= 1:
        return {whom: whom}
    contacts = (one for one in known.registers.contacts if whom in {one.address, one.key} and one.speaks_on(today))
    found = {one.key: one.party for one in contacts}
    if not found:
        raise Refused(
            f"{whom} is not in the address book today, and a list has nobody else. To add it: contact add. "
            "Nothing was changed."
        )
    return found


def _told(tx: Transaction, what: str, key: str, **words: str) -> None:
    """What the trail says of it: the list by its key, however it was typed."""
    tx.occasion(doing=f"list {what}", about=key, words=words)


@asynccontextmanager
async def _changing(what: str, typed: str, who: Act) -> AsyncIterator[tuple[Transaction, Known]]:
    require(who.person, Role.OFFICER, "change a list")
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing=f"list {what}", about=typed, at=desk.now) as tx:
        yield tx, await Known.of(tx)
