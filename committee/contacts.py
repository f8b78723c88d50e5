"""Who stands behind a party: its people and addresses, in the order in which they are written to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Office(StrEnum):
    """In what capacity a contact stands in the address book."""

    PERMANENT_MISSION = "permanent-mission"
    NATIONAL_CONTACT_POINT = "national-contact-point"
    DELEGATION = "delegation"  # of a member of the Council
    OFFICE = "office"  # of an organization
    CORRESPONDENT = (
        "correspondent"  # its address speaks for the party and is answered; no letter is sent to it by itself
    )
    POINT_OF_CONTACT = "point-of-contact"  # an organization's, S/2012/663 3 (c)


@dataclass(frozen=True, slots=True)
class Contact:
    """One address of a party (a State's or an organization's key, or `delegation/KEY`) from a day until a day."""

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

    def serves_on(self, day: date) -> bool:
        return not self.held and self.speaks_on(day)

    def speaks_on(self, day: date) -> bool:
        """Whether its word is its party's on `day`: a held contact's is, since only what is sent to it is held."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    @property
    def state(self) -> str:
        """The party for whom this contact speaks: a delegation speaks for its State."""
        return state_of(self.party)


DELEGATION = "delegation/"


def delegation(state: str) -> str:
    return f"{DELEGATION}{state}"


def state_of(party: str) -> str:
    """The State for which a party speaks: a delegation's, else the party itself."""
    return party.removeprefix(DELEGATION)


def is_delegation(party: str) -> bool:
    return party.startswith(DELEGATION)


def of_office(contacts: Iterable[Contact], office: Office, day: date) -> list[Contact]:
    """The contacts of one office that serve on `day`, in the order in which they are written to."""
    return sorted((c for c in contacts if c.office is office and c.serves_on(day)), key=lambda c: (c.order, c.key))
