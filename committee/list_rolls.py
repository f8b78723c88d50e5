"""Who is on a list on one day: members with the part of the rule that brought them, and gaps with their reason."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from committee.errors import Refused
from committee.list_answers import Answers
from committee.list_entries import EXPECTED, Entry, Listable
from committee.lists import circle


@dataclass(frozen=True, slots=True)
class Member:
    """One address that is written to; `through` is the part of the rule by which it is on the list."""

    entry: Entry
    through: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A party that is on the list and that no mail reaches."""

    party: Listable
    person: str
    why: str
    through: str


@dataclass(frozen=True, slots=True)
class Roll:
    """A list on one day; it depends on that day's facts alone."""

    key: str
    day: date
    members: tuple[Member, ...]
    gaps: tuple[Gap, ...]
    by_hand: tuple[str, ...]  # a sentence for each exception that holds on that day

    @property
    def parties(self) -> dict[str, Listable]:
        """Every party on the list, reached or not, by its key."""
        found = [*(one.entry.party for one in self.members), *(one.party for one in self.gaps)]
        return {party.key: party for party in found}


class Rolls(Answers):
    """Who is on each list over the address book of one day."""

    def roll(self, key: str) -> Roll:
        """`Refused` where the list's rule leads back to itself, or to a list that is not there."""
        self._check(key)
        met = [Member(one, through) for one in self.book.entries if (through := self.through(key, one)) is not None]
        return Roll(key, self.book.day, _each_once(met), (*self._gaps(key, met),), self._said(key))

    def imagined(self, key: str, party: Listable) -> Entry | None:
        """Somebody of the party who should be on the list: in the first office that the rule asks for, if it asks for any."""
        if party.kind is None:
            return None
        offices = [office for office in self.offices(key) if office in EXPECTED[party.kind]]
        would_be = (Entry(f"imagined/{party.key}/{office}", party, office) for office in (None, *offices))
        return next((one for one in would_be if self.through(key, one) is not None), None)

    def _gaps(self, key: str, met: list[Member]) -> Iterator[Gap]:
        """Who is on the list and is not reached, each party, or each of its people where they are written to alone, once."""
        reached = {one.entry.addressee for one in met if not one.entry.barred}
        barred = defaultdict[str, list[Member]](list)
        for one in met:
            if one.entry.addressee not in reached:
                barred[one.entry.addressee].append(one)
        for several in barred.values():
            said = "; ".join(f"{one.entry.address}: {one.entry.barred}" for one in several)
            yield Gap(several[0].entry.party, several[0].entry.person, said, several[0].through)
        there = {one.entry.party.key for one in met}
        for party in self.book.parties:
            if party.key not in there and (expected := self.imagined(key, party)):
                yield Gap(party, "", self._why_nobody(key, party, expected), self.through(key, expected) or "")
        yield from self._gaps_by_hand(key, there)

    def _why_nobody(self, key: str, party: Listable, expected: Entry) -> str:
        left_out = [
            f"{self.called(one)} is {one.says}"
            for one in self.by_hand(key)
            if not one.adds and one.is_one_address and one.party == party.key
        ]
        if left_out:
            return "; ".join(left_out)
        return f"no address as {expected.office} is on record" if expected.office else "no address is on record"

    def _gaps_by_hand(self, key: str, there: set[str]) -> Iterator[Gap]:
        """Who was put on the list and is not in the address book any more."""
        parties = {party.key: party for party in self.book.parties}
        for one in self.by_hand(key):
            known = one.who in (self._addresses if one.is_one_address else parties)
            if one.adds and not known and one.party not in there:
                party = parties.get(one.party) or Listable(one.party, one.party, None)
                yield Gap(party, "", f"{one.who} is not in the address book on that day", one.says)

    def _said(self, key: str) -> tuple[str, ...]:
        return tuple(f"{self.called(one)}: {one.says}." for one in self.by_hand(key))

    def _check(self, key: str) -> None:
        rules = {one: self.rule(one) for one in self.reached(key)}
        for one in rules:
            if way := circle(one, rules):
                raise Refused(f"The list {one} leads back to itself: {' → '.join(way)}. Change one of these rules.")


def _each_once(met: Iterable[Member]) -> tuple[Member, ...]:
    """Of each person the first address that works; an address that two of a party share, once."""
    people, addresses, members = set[str](), set[tuple[str, str]](), list[Member]()
    for one in met:
        entry = one.entry
        if entry.barred or entry.person_key in people or (entry.party.key, entry.address) in addresses:
            continue
        people.add(entry.person_key)
        addresses.add((entry.party.key, entry.address))
        members.append(one)
    return tuple(members)
