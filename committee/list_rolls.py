"""Who is on a list on one day: members with the part of the rule that brought them, and gaps with their reason."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from committee.contacts import NOT_BY_ITSELF, Office
from committee.errors import Refused
from committee.list_entries import EXPECTED, Book, Entry, Listable
from committee.list_rules import And, ButNot, Is, Or, Rule, What, lists_in, questions, written
from committee.lists import ByHand, DistributionList, circle


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


class Found(NamedTuple):
    """By which part of a rule an entry is on a list; `named`: its office is one that the rule asks for."""

    through: str
    named: bool


class Rolls:
    """Every list over the address book of one day; each question of a list and an entry is answered once."""

    def __init__(self, lists: Iterable[DistributionList], by_hand: Iterable[ByHand], book: Book) -> None:
        self.book = book
        self._addresses = {one.key: one.address for one in book.entries}
        self.lists = {one.key: one for one in lists}
        self._rules: dict[str, Rule] = {}
        self._by_hand = defaultdict[str, list[ByHand]](list)
        self._known: dict[tuple[str | None, ...], str | None] = {}
        self._exceptional: dict[str, bool] = {}
        self._asked_for: dict[str, list[Office]] = {}
        for one in sorted(by_hand, key=lambda one: (one.adds, one.key)):
            if one.holds_on(book.day):
                self._by_hand[one.list].append(one)

    def roll(self, key: str) -> Roll:
        """`Refused` where the list's rule leads back to itself, or to a list that is not there."""
        self._check(key)
        met = [Member(one, through) for one in self.book.entries if (through := self.through(key, one)) is not None]
        return Roll(key, self.book.day, _each_once(met), (*self._gaps(key, met),), self._said(key))

    def by_hand(self, key: str) -> tuple[ByHand, ...]:
        """The exceptions that hold on that day; who is left out stands first, since leaving out counts more."""
        return tuple(self._by_hand.get(key, ()))

    def called(self, one: ByHand) -> str:
        """Whom an exception is about, as a person knows them: the address, as long as it stands in the book."""
        return self._addresses.get(one.who, one.who) if one.is_one_address else one.who

    def rule(self, key: str) -> Rule:
        if key not in self._rules:
            if key not in self.lists:
                raise Refused(f"There is no list {key}. To see them: lists.")
            self._rules[key] = self.lists[key].asks
        return self._rules[key]

    def through(self, key: str, entry: Entry) -> str | None:
        """By which part of the rule, or by whose hand, the entry is on the list; None where it is not."""
        # A rule asks for party and office alone: addresses differ where somebody was put there or left out by hand.
        asked = (key, entry.key) if self._by_address(key) else (key, entry.party.key, entry.office)
        if asked not in self._known:
            self._known[asked] = self._through(key, entry)
        return self._known[asked]

    def found(self, rule: Rule, entry: Entry) -> Found | None:
        """By which part of this rule alone."""
        match rule:
            case Is():
                return self._answer(rule, entry)
            case And(parts):
                return _joined([self.found(part, entry) for part in parts])
            case Or(parts):
                holding = [found for part in parts if (found := self.found(part, entry))]
                return next((found for found in holding if found.named), holding[0] if holding else None)
            case ButNot(those, without):
                found = self.found(those, entry)
                return None if found is None or self.found(without, entry) else found

    def imagined(self, key: str, party: Listable) -> Entry | None:
        """Somebody of the party who should be on the list: in the first office that the rule asks for, if it asks for any."""
        if party.kind is None:
            return None
        offices = [office for office in self._offices(key) if office in EXPECTED[party.kind]]
        would_be = (Entry(f"imagined/{party.key}/{office}", party, office) for office in (None, *offices))
        return next((one for one in would_be if self.through(key, one) is not None), None)

    def _through(self, key: str, entry: Entry) -> str | None:
        if exception := next((one for one in self._by_hand.get(key, ()) if one.is_about(entry)), None):
            return exception.says if exception.adds else None
        found = self.found(self.rule(key), entry)
        return found.through if found and (found.named or entry.office not in NOT_BY_ITSELF) else None

    def _answer(self, asked: Is, entry: Entry) -> Found | None:  # noqa: PLR0911 - one line for each question
        party, value = entry.party, asked.value
        match asked.what:
            case What.KIND:
                return _if(party.kind == value, asked)
            case What.MEMBERSHIP:
                return _if(value in party.membership, asked)
            case What.GROUP:
                return _if(party.group == value, asked)
            case What.STATUS:
                return _if(party.status == value, asked)
            case What.OFFICE:
                return _if(entry.office == value, asked, named=True)
            case What.WITH:
                return _if((party.key, value) in self.book.served, asked)
            case What.PARTY:
                return _if(value in {party.key, party.speaks_for}, asked)
            case What.LIST:
                through = self.through(value, entry)
                return None if through is None else Found(f"{written(asked)}: {through}", named=True)

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

    def _by_address(self, key: str) -> bool:
        """Whether an exception holds on that day for the list, or for one to which its rule leads."""
        if key not in self._exceptional:
            self._exceptional[key] = any(one in self._by_hand for one in self.reached(key))
        return self._exceptional[key]

    def _offices(self, key: str) -> list[Office]:
        """Those for which the rule, or a list that it names, asks."""
        if key not in self._asked_for:
            asked = (one for named in self.reached(key) for one in questions(self.rule(named)))
            offices = (Office(one.value) for one in asked if one.what is What.OFFICE)
            self._asked_for[key] = [*dict.fromkeys(offices)]
        return self._asked_for[key]

    def reached(self, key: str) -> list[str]:
        """The list, and every list that its rule leads to."""
        found, waiting = {key: None}, [key]
        while waiting:
            new = [named for named in lists_in(self.rule(waiting.pop())) if named not in found]
            found |= dict.fromkeys(new)
            waiting += new
        return [*found]

    def _check(self, key: str) -> None:
        rules = {one: self.rule(one) for one in self.reached(key)}
        for one in rules:
            if way := circle(one, rules):
                raise Refused(f"The list {one} leads back to itself: {' → '.join(way)}. Change one of these rules.")


def _if(holds: bool, asked: Is, *, named: bool = False) -> Found | None:  # noqa: FBT001 - the answer itself
    return Found(written(asked), named) if holds else None


def _joined(found: list[Found | None]) -> Found | None:
    holding = [one for one in found if one]
    if len(holding) < len(found):
        return None
    return Found(" and ".join(one.through for one in holding), any(one.named for one in holding))


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
