"""To whom one letter goes: a party by its name of the day, and its people in To and Cc."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from committee.addressing import CAPITAL, MISSION, Addressing, placed
from committee.contacts import Contact, Office, delegation, each_once, of_office
from committee.letters import Addressee
from committee.organizations import Organization
from committee.parties import Party
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


def to_state(
    state: State, contacts: Iterable[Contact], day: date, signed: Iterable[str], rule: Addressing
) -> Correspondent:
    """A letter to a State: its people in To and Cc as the rule places them; nobody where its mission has no address."""
    return _state(state, day, signed, *placed(contacts, rule, day))


def back_to_writer(
    state: State, writer: Contact, contacts: Iterable[Contact], day: date, signed: Iterable[str]
) -> Correspondent:
    """An answer: to the registered address that wrote, in copy the Permanent Mission where a capital wrote."""
    known = [contact for contact in contacts if contact.confirmed]
    missions = [one for office in MISSION for one in of_office(known, office, day)][:1]
    return _state(state, day, signed, [writer], missions if writer.office in CAPITAL else [])


def to_delegation(state: State, people: Iterable[Contact], day: date, signed: Iterable[str]) -> Correspondent:
    """A note to a State as a member of the Council: its delegation's people, the first in To and the others in copy."""
    known = each_once(people)
    return replace(_state(state, day, signed, known[:1], known[1:]), party=delegation(state.key))


def to_people(  # noqa: PLR0913 - a party and its people, each by its name
    state: State, day: date, signed: Iterable[str], *, to: Iterable[Contact], copies: Iterable[Contact], party: str
) -> Correspondent:
    """A note to a State, or to its delegation (`party`), whose people somebody else has picked."""
    return replace(_state(state, day, signed, to, copies), party=party)


def to_organization(
    organization: Organization | Party,
    people: Sequence[Contact],
    signed: Iterable[str],
    *,
    copies: Iterable[Contact] = (),
) -> Correspondent:
    """Organizations, and whoever else is no State, get letters, never notes verbales.

    In the first language of whoever stands in To that a person has signed; English else.
    """
    name, known = organization.name, {*signed}
    wanted = people[0].languages if people else ()
    language = next((code for code in wanted if code == ENGLISH or code in known), ENGLISH)
    return Correspondent(organization.key, language, name, name, "", _addressed(people, copies, {}))


def _state(
    state: State, day: date, signed: Iterable[str], to: Iterable[Contact], copies: Iterable[Contact]
) -> Correspondent:
    language = language_for(state, signed)
    named = state.named_on(day).words[language]
    mission = _typographic(named.mission, language)
    titles = {} if language == ENGLISH else {Office.PERMANENT_MISSION: title_of(mission)}
    return Correspondent(state.key, language, named.short, named.formal, mission, _addressed(to, copies, titles))


def _addressed(to: Iterable[Contact], copies: Iterable[Contact], titles: Mapping[Office, str]) -> tuple[Addressee, ...]:
    """Each address once: whoever stands in To does not stand in Cc; `titles` name an office in the letter's language."""
    people = {one.address: Addressee(one.address, titles.get(one.office, one.called), copy=True) for one in copies}
    people |= {one.address: Addressee(one.address, titles.get(one.office, one.called)) for one in to}
    return tuple(sorted(people.values(), key=lambda addressee: addressee.copy))


def _typographic(words: str, language: str) -> str:
    return words if language == ENGLISH else words.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")


def title_of(mission: str) -> str:
    """As it stands in an address: without its article, and without the Organization to which it is accredited."""
    bare = (
        mission.removeprefix("la ")
        .removeprefix("the ")
        .partition(" auprès de")[0]
        .removesuffix(" to the United Nations")
    )
    return bare[:1].upper() + bare[1:]
