"""What cannot stand in the address book, and what is shown of it: one person twice, an address twice, a domain that deceives."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from committee.calendar import written
from committee.contacts import ONE_AT_A_TIME, Contact, overlaps
from committee.look_alikes import at_a_glance, domain_of
from committee.names import fold
from committee.provenance import Fact

JUST_NOW = timedelta(minutes=15)
"""Within this, what another officer has changed may not have been seen by whoever changes it again."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to look at; nothing was refused for it."""

    key: str  # of the contact
    party: str
    said: str


def why_no_term(contact: Contact, others: Iterable[Contact]) -> str:
    """Why its term cannot be, in a sentence; empty where it can. `others` are contacts of the same party."""
    if contact.start and contact.end and contact.end < contact.start:
        return f"a term cannot end on {written(contact.end)} and begin on {written(contact.start)}"
    if contact.office not in ONE_AT_A_TIME:
        return ""
    held = (one for one in others if one.office is contact.office and one.whose != contact.whose and not one.erased)
    return next((_held_by(one) for one in held if overlaps(contact, one)), "")


def _held_by(other: Contact) -> str:
    since = f" from {written(other.start)}" if other.start else ""
    until = f" until {written(other.end)}" if other.end else ""
    return f"{other.name} holds that office{since}{until} ({other.key}), and one person holds it at a time; end that term first"


def told_by_another(contact: Contact, names: Collection[str], by: str, now: datetime) -> list[Fact]:
    """What somebody else has just changed of these fields, the newest last."""
    since = now - JUST_NOW
    return [
        fact for fact in contact.history
        if fact.what in names and fact.source.by != by and fact.source.at >= since
    ]  # fmt: skip


def doubts(asked: Iterable[Contact], book: Iterable[Contact], shared: Collection[str], day: date) -> Iterator[Doubt]:
    """What to look at of each that is asked for, beside all who are in office on `day` or later; each pair from both sides."""
    known = _Known.of(one for one in book if in_time(one, day))
    for contact in asked:
        yield from (Doubt(contact.key, contact.party, said) for said in _said_of(contact, known, shared))


def in_time(contact: Contact, day: date) -> bool:
    """Whether it counts on `day` or will."""
    return not contact.erased and (contact.end is None or day <= contact.end)


@dataclass(frozen=True, slots=True)
class _Known:
    """The book by address, by party, and by what a domain looks like, so that asking of everybody is one walk."""

    by_address: Mapping[str, list[Contact]]
    by_party: Mapping[str, list[Contact]]
    owners: Mapping[str, set[str]]  # of a domain: the parties
    alike: Mapping[str, set[str]]  # the domains that look like this

    @classmethod
    def of(cls, book: Iterable[Contact]) -> "_Known":
        by_address, by_party = defaultdict[str, list[Contact]](list), defaultdict[str, list[Contact]](list)
        owners, alike = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
        for one in book:
            by_address[one.address].append(one)
            by_party[one.party].append(one)
            owners[domain_of(one.address)].add(one.state)
        for domain in owners:
            alike[at_a_glance(domain)].add(domain)
        return cls(by_address, by_party, owners, alike)


def _said_of(contact: Contact, known: _Known, shared: Collection[str]) -> Iterator[str]:
    for one in known.by_address.get(contact.address, ()):
        if one.key != contact.key:
            where = f"under {one.party} too" if one.state != contact.state else "there twice"
            yield f"{contact.address} stands {where} ({one.key})"
    for one in known.by_party.get(contact.party, ()):
        if one.whose != contact.whose and one.address != contact.address and _same_person(one, contact):
            yield f"{contact.name} stands there twice ({one.key})"
    domain = domain_of(contact.address)
    if domain in shared:
        yield f"{domain} is a domain that many parties share: mail from other addresses of it names nobody"
    for other in sorted(known.alike.get(at_a_glance(domain), set()) - {domain}):
        if theirs := sorted(known.owners[other] - {contact.state}):
            yield f"{domain} looks like {other}, the domain of {', '.join(theirs)}, and is another one"


def _same_person(one: Contact, other: Contact) -> bool:
    return bool(one.name) and fold(one.name) == fold(other.name) and one.office is other.office
