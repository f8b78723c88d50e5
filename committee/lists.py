"""Distribution lists: a rule over the address book, exceptions made by hand, and no list that leads back to itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from committee.calendar import written as written_day
from committee.contacts import NOT_BY_ITSELF
from committee.list_entries import Entry
from committee.list_reading import reread
from committee.list_rules import Rule, lists_in

LONGEST_KEY: Final = 60


@dataclass(frozen=True, slots=True)
class DistributionList:
    """A list by its rule, as `list_rules.written` writes it; a shipped one comes with the program and stays as it is."""

    key: str
    name: str
    rule: str
    shipped: bool = False
    source: str = ""

    @property
    def asks(self) -> Rule:
        return reread(self.rule)


@dataclass(frozen=True, slots=True)
class ByHand:
    """Somebody whom an officer has put on a list, or left out of it, from `start` to `end`, both included, New York's days."""

    key: str  # all-delegations/CHN/2012-09-04
    list: str
    who: str  # a party's key, or a contact's: who was erased is named by nothing else
    adds: bool
    reason: str
    start: date
    end: date
    by: str
    party: str  # of a contact; else itself

    def holds_on(self, day: date) -> bool:
        return self.start <= day <= self.end

    def is_about(self, entry: Entry) -> bool:
        """Who is left out is left out with the delegation; who is put on a list is that party alone, where it gets letters."""
        if self.is_one_address:
            return self.who == entry.key
        if self.adds:
            return self.who == entry.party.key and entry.office not in NOT_BY_ITSELF
        return self.who in {entry.party.key, entry.party.speaks_for}

    @property
    def is_one_address(self) -> bool:
        return self.who != self.party

    @property
    def says(self) -> str:
        done = "put on it" if self.adds else "left out"
        return f"{done} by hand until {written_day(self.end)} ({self.by}: {self.reason})"


def circle(key: str, rules: Mapping[str, Rule]) -> list[str]:
    """The lists from `key` back to itself, through whatever lists, with `key` at both ends; empty where there is no way."""
    before: dict[str, str] = {}
    waiting = [key]
    while waiting:
        one = waiting.pop()
        for named in lists_in(rules[one]) if one in rules else []:
            if named == key:
                return _way(before, key, one)
            if named not in before:
                before[named] = one
                waiting.append(named)
    return []


def named_by(key: str, lists: Iterable[DistributionList]) -> list[str]:
    """The lists whose rules name this one."""
    return [one.key for one in lists if key in lists_in(one.asks)]


def _way(before: Mapping[str, str], key: str, last: str) -> list[str]:
    """From `key` to `last` by what was named before, and back to `key`."""
    way = [key, last]
    while way[-1] != key:
        way.append(before[way[-1]])
    return way[::-1]
