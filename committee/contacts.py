"""Who stands behind a party: its people and addresses, in the order in which they are written to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from committee.provenance import Fact, Source, told
from committee.repairs import Trouble
from committee.states import Note


class Office(StrEnum):
    """In what capacity a contact stands in the address book, in the order in which a party's people are written to."""

    PERMANENT_MISSION = "permanent-mission"
    PERMANENT_REPRESENTATIVE = "permanent-representative"
    DEPUTY = "deputy"  # of the Permanent Representative
    EXPERT = "expert"  # of a mission or of a delegation
    NATIONAL_CONTACT_POINT = "national-contact-point"
    MINISTRY = "ministry"
    DELEGATION = "delegation"  # of a member of the Council
    OFFICE = "office"  # of an organization
    CORRESPONDENT = (
        "correspondent"  # its address speaks for the party and is answered; no letter is sent to it by itself
    )
    POINT_OF_CONTACT = "point-of-contact"  # an organization's, S/2012/663 3 (c)
    MEMBER = "member"  # of the group of experts
    FORMER_MEMBER = "former-member"  # of the group of experts, 4 (h), or of a delegation that has left, 5 (e)
    SECRETARIAT = "secretariat"  # of another Committee of the Council
    SUBSCRIBER = "subscriber"  # to what is published


ONE_AT_A_TIME: Final = frozenset({Office.PERMANENT_REPRESENTATIVE})
"""Offices that one person of a party holds at a time."""
PEOPLE: Final = frozenset({
    Office.PERMANENT_REPRESENTATIVE, Office.DEPUTY, Office.EXPERT, Office.MEMBER, Office.FORMER_MEMBER,
})  # fmt: skip
"""Offices that only a person holds; behind the others there may be a mailbox alone."""
NOT_BY_ITSELF: Final = frozenset({Office.CORRESPONDENT, Office.FORMER_MEMBER, Office.SUBSCRIBER})
"""Nobody in these gets a party's letters by itself: they are answered, or written to as a list says."""

FOR_THEMSELVES: Final = frozenset({Office.FORMER_MEMBER, Office.SUBSCRIBER})
"""What these write is not their party's word."""


class Pronoun(StrEnum):
    UNKNOWN = ""
    HIS = "his"
    HER = "her"


@dataclass(frozen=True, slots=True)
class Contact:
    """One address of a party (a State's, an organization's or another party's key, or `delegation/KEY`) from a day until a day.

    A person with several addresses has an entry for each: `person` is the key of the first one's, and what is said of the
    person stands the same in all of them. `order` is that within the office; a key is never given a second time.
    """

    key: str
    party: str
    office: Office
    name: str
    address: str
    order: int = 1
    telephone: str = ""
    start: date | None = None
    end: date | None = None
    confirmed: bool = False
    held: str = ""  # why nothing is sent to it
    automatic_reply: str = ""  # the newest that its address gave: the day, and in which mail
    provenance: str = ""
    illustrative: bool = False
    person: str = ""  # empty: its own first address
    style: str = ""  # what stands before the name: "H.E. Mr.", "Dr."
    title: str = ""  # "Ambassador", "Chargé d’affaires a.i."
    pronoun: Pronoun = Pronoun.UNKNOWN
    languages: tuple[str, ...] = ()  # the one that is wanted most first
    notes: tuple[Note, ...] = ()
    confirmed_on: date | None = None  # when somebody last said that all of it is right
    history: tuple[Fact, ...] = ()  # every fact with its source, the newest last
    trouble: Trouble | None = None  # the newest that its server said of it, where it is not dead
    erased: str = ""  # when and why its person's data were taken out; nothing but key and terms is left

    def serves_on(self, day: date) -> bool:
        return not self.held and self.speaks_on(day)

    def serves_from(self, day: date) -> bool:
        """Whether its term is not over on `day`: only then is there something to mend."""
        return not self.erased and (self.end is None or day <= self.end)

    def speaks_on(self, day: date) -> bool:
        """Whether its word is its party's on `day`: a held contact's is, since only what is sent to it is held."""
        return not self.erased and (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    @property
    def state(self) -> str:
        """The party for whom this contact speaks: a delegation speaks for its State."""
        return state_of(self.party)

    @property
    def whose(self) -> str:
        """The key that all addresses of one person share."""
        return self.person or self.key

    @property
    def is_person(self) -> bool:
        """Whether a person is addressed, and so by a title; else an office, or a mailbox of which no more is known."""
        return self.office in PEOPLE or bool(self.style or self.pronoun)

    @property
    def called(self) -> str:
        """As an address line has it: H.E. Ms. Ada Quill, Ambassador."""
        return ", ".join(filter(None, (" ".join(filter(None, (self.style, self.name))), self.title)))

    def changed(self, source: Source, **facts: Any) -> "Contact":
        """With these values, each that differs in its history; itself where none does."""
        new: Mapping[str, Any] = {name: value for name, value in facts.items() if value != getattr(self, name)}
        told_now = [told(name, getattr(self, name), value, source) for name, value in new.items()]
        return replace(self, **new, history=(*self.history, *told_now)) if new else self

    def told_last(self, name: str) -> Fact | None:
        """From whom the value of a field is; None where it is as old as the entry."""
        return next((fact for fact in reversed(self.history) if fact.what == name), None)


DELEGATION = "delegation/"


def delegation(state: str) -> str:
    return f"{DELEGATION}{state}"


def state_of(party: str) -> str:
    """The State for which a party speaks: a delegation's, else the party itself."""
    return party.removeprefix(DELEGATION)


def is_delegation(party: str) -> bool:
    return party.startswith(DELEGATION)


def of_office(contacts: Iterable[Contact], office: Office, day: date) -> list[Contact]:
    """The contacts of one office that serve on `day`, in the order in which they are written to, each person once."""
    serving = sorted((c for c in contacts if c.office is office and c.serves_on(day)), key=lambda c: (c.order, c.key))
    return each_once(serving)


def each_once(contacts: Iterable[Contact]) -> list[Contact]:
    """The first address of each person that is among them: the next one is for when that fails."""
    people: dict[str, Contact] = {}
    for contact in contacts:
        people.setdefault(contact.whose, contact)
    return [*people.values()]


def new_place(contacts: Iterable[Contact], party: str, office: Office) -> tuple[str, int]:
    """The key of a new contact of the office, which none had before it, and its place at the end of the order."""
    known = [one for one in contacts if one.party == party and one.office is office]
    number = max((int(one.key.rpartition("/")[2]) for one in known), default=0) + 1
    return f"{party}/{office}/{number}", max((one.order for one in known), default=0) + 1


def overlaps(one: Contact, other: Contact) -> bool:
    """Whether there is a day that lies in both terms."""
    return not (_before(one, other) or _before(other, one))


def _before(one: Contact, other: Contact) -> bool:
    return one.end is not None and other.start is not None and one.end < other.start
