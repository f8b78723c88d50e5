"""To whom one letter goes: a party by its name of the day, and its people in To and Cc."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from committee.contacts import Contact, Office, of_office
from committee.letters import Addressee
from committee.organizations import Organization
from committee.states import State

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Correspondent:
    """One party as a letter speaks to it, in the letter's language."""

    party: str
    language: str
    short: str  # "the Gambia"
    formal: str
    mission: (
        str  # "the Permanent Mission of the Gambia to the United Nations"; empty: it gets a letter, no note verbale
    )
    addressees: tuple[Addressee, ...]

    @property
    def is_state(self) -> bool:
        return bool(self.mission)


def language_for(state: State, signed: Iterable[str]) -> str:
    """What the mission has indicated, where a person has signed that language; English else."""
    return state.language if state.language and state.language in {*signed} else ENGLISH


def to_state(state: State, contacts: Iterable[Contact], day: date, signed: Iterable[str]) -> Correspondent:
    """A letter to a State: its Permanent Mission first, its national contact points in copy."""
    known = [contact for contact in contacts if contact.confirmed]
    missions = of_office(known, Office.PERMANENT_MISSION, day)[:1]
    capitals = of_office(known, Office.NATIONAL_CONTACT_POINT, day)
    return _state(state, day, signed, _addressed(missions or capitals[:1], capitals if missions else capitals[1:]))


def back_to_writer(
    state: State, writer: Contact, contacts: Iterable[Contact], day: date, signed: Iterable[str]
) -> Correspondent:
    """An answer: to the registered address that wrote, in copy the Permanent Mission where a capital wrote."""
    missions = of_office([contact for contact in contacts if contact.confirmed], Office.PERMANENT_MISSION, day)[:1]
    copies = missions if writer.office is Office.NATIONAL_CONTACT_POINT else []
    return _state(state, day, signed, _addressed([writer], copies))


def to_organization(organization: Organization, *people: Contact) -> Correspondent:
    """Organizations get letters, never notes verbales, in English until another language is on record."""
    name = organization.name
    return Correspondent(organization.key, ENGLISH, name, name, "", _addressed(people, []))


def _state(state: State, day: date, signed: Iterable[str], addressees: tuple[Addressee, ...]) -> Correspondent:
    language = language_for(state, signed)
    named = state.named_on(day).words[language]
    return Correspondent(state.key, language, named.short, named.formal, named.mission, addressees)


def _addressed(to: Iterable[Contact], copies: Iterable[Contact]) -> tuple[Addressee, ...]:
    """Each address once: whoever stands in To does not stand in Cc."""
    people = {contact.address: Addressee(contact.address, contact.name, copy=True) for contact in copies}
    people |= {contact.address: Addressee(contact.address, contact.name) for contact in to}
    return tuple(sorted(people.values(), key=lambda addressee: addressee.copy))
