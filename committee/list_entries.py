"""What a list's rule can ask: the parties and the entries of the address book, as they are on one day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from committee.contacts import Office, state_of
from committee.states import ReportStatus


class Kind(StrEnum):
    """What a party is on a day, in the words of a rule; a delegation is another thing before, in and after its term."""

    STATES = "states"  # Member States
    OBSERVERS = "observers"
    DELEGATIONS = "delegations"  # of those who sit on the Council
    INCOMING_DELEGATIONS = "incoming-delegations"
    FORMER_DELEGATIONS = "former-delegations"
    ORGANIZATIONS = "organizations"
    EXPERTS = "experts"
    COMMITTEES = "committees"  # other Committees of the Council, by their secretariats
    CIVIL_SOCIETY = "civil-society"
    ACADEMIA = "academia"
    INDUSTRY = "industry"
    PARLIAMENT = "parliament"
    PRESS = "press"


class Membership(StrEnum):
    """How a State stands to the Council; whoever comes back is former and member, or former and incoming, at once."""

    MEMBER = "members"
    INCOMING = "incoming-members"
    FORMER = "former-members"


_OF_A_STATE = (
    Office.PERMANENT_MISSION, Office.PERMANENT_REPRESENTATIVE, Office.DEPUTY, Office.EXPERT,
    Office.NATIONAL_CONTACT_POINT, Office.MINISTRY,
)  # fmt: skip
_OF_A_DELEGATION = (Office.DELEGATION, Office.EXPERT)
_OF_OTHERS = (Office.OFFICE, Office.POINT_OF_CONTACT)
EXPECTED: Final[Mapping[Kind, tuple[Office, ...]]] = {
    **dict.fromkeys(Kind, _OF_OTHERS),
    **dict.fromkeys((Kind.STATES, Kind.OBSERVERS), _OF_A_STATE),
    **dict.fromkeys((Kind.DELEGATIONS, Kind.INCOMING_DELEGATIONS, Kind.FORMER_DELEGATIONS), _OF_A_DELEGATION),
    Kind.EXPERTS: (Office.MEMBER,),
    Kind.COMMITTEES: (Office.OFFICE, Office.SECRETARIAT),
}
"""The offices that somebody of a party should hold: whom a list asks for and who is not there is a gap."""


@dataclass(frozen=True, slots=True)
class Listable:
    """A party on one day; what is said of a State holds for its delegation too, except where its first report stands."""

    key: str
    name: str
    kind: Kind | None  # None: no register knows what it is on that day
    group: str = ""  # as the register has it: "African Group"
    membership: frozenset[Membership] = frozenset()
    seat: str = ""  # how it stands to the Council, in words: "its term on the Council ended on 31 December 2012"
    status: ReportStatus | None = None

    @property
    def speaks_for(self) -> str:
        """The State whose delegation it is; else itself."""
        return state_of(self.key)


@dataclass(frozen=True, slots=True)
class Entry:
    """One address of a party on one day; `barred` says why nothing goes there, and is empty where mail may."""

    key: str
    party: Listable
    office: Office | None
    person: str = ""
    address: str = ""
    barred: str = ""
    whose: str = ""  # the key that all addresses of one person share; empty: its own
    alone: bool = False  # whether each person of the party is written to alone, as experts are
    start: date | None = None
    end: date | None = None

    @property
    def person_key(self) -> str:
        return self.whose or self.key

    @property
    def addressee(self) -> str:
        """Who must have one working address: the party, or one person of it."""
        return self.person_key if self.alone else self.party.key


@dataclass(frozen=True, slots=True)
class Book:
    """The address book of one day: every party, and its entries in the order in which they are written to."""

    day: date
    parties: tuple[Listable, ...]
    entries: tuple[Entry, ...]
    served: frozenset[tuple[str, Office]]  # party and office in which an address works

    @classmethod
    def of(cls, day: date, parties: Iterable[Listable], entries: Iterable[Entry]) -> "Book":
        known = tuple(entries)
        served = frozenset((one.party.key, one.office) for one in known if one.office and not one.barred)
        return cls(day, tuple(parties), known, served)
