"""What a table of contacts would change in the address book: new, changed, gone, doubtful, each row with its place."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from committee.book_rules import doubts, in_time, why_no_term
from committee.contacts import Contact, Office, state_of
from committee.entries import Entry, Fault
from committee.names import fold
from committee.provenance import as_read
from committee.sheets import Place

OF_A_PERSON = ("name", "style", "title", "pronoun", "telephone", "languages")


class Standing(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    GONE = "gone"  # it stands in the address book, and not in the table
    DOUBTFUL = "doubtful"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Line:
    """One row, or a contact that no row speaks of, and what would become of it.

    `takeable`: a doubtful row that may be taken in all the same, if an officer says so.
    """

    standing: Standing
    party: str
    place: Place | None = None
    before: Contact | None = None
    after: Contact | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)  # those that differ
    says: tuple[Fault, ...] = ()
    takeable: bool = False

    @property
    def writes(self) -> bool:
        return self.standing in {Standing.NEW, Standing.CHANGED}


@dataclass(frozen=True, slots=True)
class Ours:
    """Addresses that cannot be a party's: the desk's own, and the staff's; and the domains that many parties share."""

    addresses: frozenset[str]
    shared_domains: Collection[str]


def planned(entries: Iterable[Entry], book: Iterable[Contact], ours: Ours, today: date) -> list[Line]:
    """Every row in order, then who is gone: of a party and an office that the table has, in office, and in no row."""
    plan = _Plan([*book], [*entries], ours, today)
    lines = plan.lines()
    looked_at = _doubted(lines, plan.book, ours, today)
    return [*looked_at, *_gone(lines, plan.book, today)]


def _gone(lines: Iterable[Line], book: Mapping[str, Contact], today: date) -> Iterator[Line]:
    named = [line for line in lines if line.after]
    offices = {(line.after.party, line.after.office) for line in named if line.after}
    spoken_of = {line.before.key for line in lines if line.before}
    for one in book.values():
        if (one.party, one.office) in offices and one.key not in spoken_of and in_time(one, today) and one.end != today:
            yield Line(Standing.GONE, one.party, before=one, after=replace(one, end=today), facts={"end": today})


def _doubted(lines: Iterable[Line], book: Mapping[str, Contact], ours: Ours, today: date) -> list[Line]:
    """What the rules of the address book say of each that is new, or of which address or name change."""
    lines = [*lines]
    asked = [line.after for line in lines if line.after and line.writes and {"address", "name"} & line.facts.keys()]
    after = {**book, **{line.after.key: line.after for line in lines if line.after and line.writes}}
    said = defaultdict[str, list[str]](list)
    for doubt in doubts(asked, after.values(), ours.shared_domains, today):
        said[doubt.key].append(doubt.said)
    return [_looked_at(line, said.get(line.after.key, ()) if line.after and line.writes else ()) for line in lines]


def _looked_at(line: Line, said: Collection[str]) -> Line:
    if not said or line.place is None:
        return line
    faults = tuple(Fault(line.place, one) for one in said)
    return replace(line, standing=Standing.DOUBTFUL, says=faults, takeable=True)


class _Plan:
    """The rows held against the book, one after the other."""

    def __init__(self, book: list[Contact], entries: list[Entry], ours: Ours, today: date) -> None:
        self._entries, self._ours, self._today = entries, ours, today
        self.book = {one.key: one for one in book if not one.erased}
        self._erased = {one.key for one in book if one.erased}
        self._by_party = defaultdict[str, list[Contact]](list)
        self._by_address = defaultdict[str, list[Contact]](list)
        for one in self.book.values():
            self._by_party[one.party].append(one)
            self._by_address[one.address].append(one)
        self._in_file = {(entry.party, entry.facts.get("address")) for entry in entries}
        self._rows: dict[object, Place] = {}
        self._told: dict[tuple[str, str], Any] = {}

    def lines(self) -> list[Line]:
        return [self._line(entry) for entry in self._entries]

    def _line(self, entry: Entry) -> Line:
        if entry.faults:
            asks = all(fault.asks for fault in entry.faults)
            return Line(Standing.DOUBTFUL if asks else Standing.WRONG, entry.party, entry.place, says=entry.faults)
        if why := self._why_wrong(entry):
            return self._not(entry, Standing.WRONG, why)
        before = self._meant(entry)
        if why := self._why_doubtful(entry, before):
            return self._not(entry, Standing.DOUBTFUL, why, before)
        facts = self._facts(entry, before)
        after = replace(before or self._new(entry), **facts)
        if why := why_no_term(after, self._by_party[entry.party]):
            return self._not(entry, Standing.WRONG, why, before)
        if not before:
            self._by_party[entry.party].append(after)
        standing = Standing.CHANGED if facts else Standing.UNCHANGED
        return Line(standing if before else Standing.NEW, entry.party, entry.place, before, after, facts)

    @staticmethod
    def _not(entry: Entry, standing: Standing, why: str, before: Contact | None = None) -> Line:
        return Line(standing, entry.party, entry.place, before, says=(Fault(entry.place, why),))

    def _why_wrong(self, entry: Entry) -> str:
        address = entry.facts.get("address")
        if address in self._ours.addresses:
            return f"{address} is our own address, or somebody's of the staff, and cannot be a party's"
        return ""

    def _meant(self, entry: Entry) -> Contact | None:
        """The contact that a row speaks of: by its key, else by its address, else by the name in the office."""
        if entry.key in self.book:
            return self.book[entry.key]
        here = [one for one in self._by_party[entry.party] if one.key in self.book]
        mine = [one for one in here if one.address == entry.facts.get("address") and entry.office in {None, one.office}]
        if mine or entry.key:
            return next(iter(mine), None)
        alike = self._of_this_name(entry, here)
        moved = [one for one in alike if (one.party, one.address) not in self._in_file and in_time(one, self._today)]
        return moved[0] if len(alike) == len(moved) == 1 else None

    @staticmethod
    def _of_this_name(entry: Entry, contacts: Iterable[Contact]) -> list[Contact]:
        name = fold(entry.facts.get("name", ""))
        return [one for one in contacts if name and one.office is entry.office and fold(one.name) == name]

    def _why_doubtful(self, entry: Entry, before: Contact | None) -> str:
        """Why nobody can say what this row means, or why it cannot stand beside what is there."""
        address, office = entry.facts.get("address"), before.office if before else entry.office
        own = before.key if before else (entry.party, address, entry.office)
        if self._rows.setdefault(own, entry.place) != entry.place:
            return f"{self._rows[own]} speaks of the same contact already"
        if why := self._why_not_this_key(entry, before):
            return why
        if office is None:
            return "which office this is does not stand there, and nobody of this party has this address"
        if not before and not entry.facts.get("name"):
            return "it would be new, and no name stands there"
        others = [one for one in self._by_address.get(address or "", ()) if one.state != state_of(entry.party)]
        if parties := sorted({one.party for one in others if in_time(one, self._today)}):
            return f"{address} stands under {', '.join(parties)} already; an address belongs to one party"
        return self._why_not_of_one_mind(entry, before)

    def _why_not_this_key(self, entry: Entry, before: Contact | None) -> str:
        if not entry.key:
            return ""
        if before is None:
            number = entry.key.removeprefix(f"{entry.party}/{entry.office}/")
            fits = number.isascii() and number.isdigit() and entry.key not in self._erased  # no key is given twice
            return "" if fits else f"there is no contact {entry.key}; leave the key empty"
        if before.key != entry.key:
            return f"there is no contact {entry.key}, and this address is that of {before.key}"
        if before.party != entry.party:
            return f"{entry.key} is a contact of {before.party}, not of {entry.party}"
        if entry.office not in {None, before.office}:
            return f"{entry.key} is no {entry.office}; end it there, and write a row without a key"
        return ""

    def _why_not_of_one_mind(self, entry: Entry, before: Contact | None) -> str:
        """A person with two addresses has two rows, in which what is said of the person is the same."""
        if before is None:
            return ""
        for name in OF_A_PERSON:
            said = entry.facts.get(name, getattr(before, name))
            if self._told.setdefault((before.whose, name), said) != said:
                return f"another row says another {name} of the same person"
        return ""

    def _facts(self, entry: Entry, before: Contact | None) -> dict[str, Any]:
        facts = {name: value for name, value in entry.facts.items() if name != "person"}
        if before:
            return {name: value for name, value in facts.items() if value != getattr(before, name)}
        return facts | {"person": self._person(entry)}

    def _person(self, entry: Entry) -> str:
        """Of a new contact, the key of its person's first address, where the row or its name says that there is one."""
        if said := entry.facts.get("person", ""):
            return "" if said == entry.key else str(said)
        alike = self._of_this_name(entry, self._by_party[entry.party])
        return alike[0].whose if len({one.whose for one in alike}) == 1 and not entry.key else ""

    @staticmethod
    def _new(entry: Entry) -> Contact:
        key = entry.key or f"{entry.party}/{entry.office}/{entry.place}"
        return Contact(key, entry.party, entry.office or Office.CORRESPONDENT, "", "", confirmed=True)


def difference(line: Line) -> str:
    """What a line would change, field by field: telephone: 1 23 → 1 24; of a new contact nothing."""
    if line.before is None:
        return ""
    return "; ".join(
        f"{name}: {as_read(getattr(line.before, name)) or 'nothing'} → {as_read(value) or 'nothing'}"
        for name, value in line.facts.items()
    )
