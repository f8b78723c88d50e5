"""With whom the desk corresponds: States and delegations, organizations, experts, other Committees, and the public."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from committee.contacts import delegation
from committee.council import Term, incoming_on
from committee.organizations import Organization
from committee.states import State


class PartyKind(StrEnum):
    STATE = "state"
    DELEGATION = "delegation"  # of a member of the Council, or of one that comes
    ORGANIZATION = "organization"
    EXPERTS = "experts"
    COMMITTEE = "committee"  # another Committee of the Council, by its secretariat
    CIVIL_SOCIETY = "civil-society"
    ACADEMIA = "academia"
    INDUSTRY = "industry"
    PARLIAMENT = "parliament"
    PRESS = "press"


NOTES_VERBALES: Final = frozenset({PartyKind.STATE, PartyKind.DELEGATION})
"""Who is written to in the third person by notes verbales; all others get letters (ST/DCS/4/Rev.1)."""
TO_BE_ADDED: Final = (
    PartyKind.CIVIL_SOCIETY, PartyKind.ACADEMIA, PartyKind.INDUSTRY, PartyKind.PARLIAMENT, PartyKind.PRESS,
)  # fmt: skip
"""Kinds whose parties an officer adds; the others have registers of their own, or are there from the beginning."""
MEMBER, OBSERVER, SITTING, INCOMING = "member-state", "observer", "sitting", "incoming"


@dataclass(frozen=True, slots=True)
class Party:
    """One correspondent; `groups` are what a list's rule may ask for beside its kind: a regional group, a status, a field."""

    key: str
    kind: PartyKind
    name: str
    groups: tuple[str, ...] = ()
    source: str = ""

    @property
    def gets_notes(self) -> bool:
        return self.kind in NOTES_VERBALES


EXPERTS: Final = "group-of-experts"
STANDING: Final = (Party(EXPERTS, PartyKind.EXPERTS, "Group of Experts", source="resolution 1977 (2011), paragraph 5"),)
"""Parties that every desk has, whichever year it was founded in."""
_OF_THE_COUNCIL: Final = "UN Council body"
"""The type by which the register of organizations knows the other Committees."""


def of_state(state: State, day: date) -> Party:
    groups = (state.group, MEMBER if state.is_member else OBSERVER, state.status.value)
    return Party(state.key, PartyKind.STATE, state.named_on(day).listed, groups)


def of_organization(organization: Organization) -> Party:
    kind = PartyKind.COMMITTEE if organization.type == _OF_THE_COUNCIL else PartyKind.ORGANIZATION
    groups = tuple(group for group in (organization.type, *organization.field.split("/")) if group.strip("-"))
    return Party(organization.key, kind, organization.name, groups, organization.source)


def of_delegations(states: Iterable[State], terms: Iterable[Term], day: date, observe: tuple[int, int]) -> list[Party]:
    """The delegations that sit on `day`, and those that observe before their term, in the order of their keys.

    `observe` is the month and day of the year before its term from which a new member observes.
    """
    known, terms = {state.key: state for state in states}, [*terms]
    sitting = {term.state: term.seat for term in terms if term.covers(day)}
    coming = {term.state: term.seat for term in incoming_on(day, terms, observe)}
    return [
        Party(
            delegation(key), PartyKind.DELEGATION, f"{known[key].named_on(day).listed} (delegation)",
            (SITTING if key in sitting else INCOMING, sitting.get(key) or coming[key], known[key].group),
        )
        for key in sorted({*sitting, *coming} & known.keys())
    ]  # fmt: skip
