"""What a practice desk is given that no real desk has: all of it invented or illustrative, and saying so."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime

from committee.contacts import Contact, Office, delegation
from committee.council import Term
from committee.desk import Language
from committee.names import fold
from committee.organizations import Organization
from committee.parties import EXPERTS
from committee.staff import Person, Role
from committee.states import Note, ReportStatus, State
from committee.working_groups import Chairing

INVENTED = "invented for practice"
WRITES_FRENCH = "CAF"
"""The one State whose mission has indicated French here."""

STAFF = (
    Person("officer-1", "Alex Inkwell", (Role.OFFICER,)),
    Person("officer-2", "Sam Ledger", (Role.OFFICER,)),
    Person("approver-1", "Robin Seal", (Role.APPROVER,)),
    Person("administrator-1", "Kim Quire", (Role.ADMINISTRATOR,)),
    Person("reader-1", "Jo Margin", (Role.READER,)),
)
SIGNS_FRENCH = STAFF[2]

_CHAIRS = (
    ("committee", "ZAF", "Noor Gavel"),
    ("committee", "KOR", "Dana Lectern"),
    ("WG1", "GTM", "Ariel Docket"),
    ("WG2", "DEU", "Sasha Rostrum"),
    ("WG2", "AUS", "Toni Folio"),
    ("WG3", "PAK", "Remy Quorum"),
    ("WG4", "PRT", "Lee Placard"),
    ("WG4", "LUX", "Max Motion"),
)
"""Which delegation chairs which body, for as long as it sits on the Council; each person's name is invented."""

_EXPERTS = ("Pat Binder", "Chris Lectern", "Vic Folder")

_AREA_CODES = ("212", "646", "917")
_FICTION = 100
"""The numbers 555-0100 to 555-0199 of each area code are set aside for fiction."""


def states(seeded: Iterable[State], non_reporting: Collection[str], at: datetime) -> list[State]:
    """The Member States with the statuses of 2012, and one whose mission has indicated French."""
    return [
        _indicating_french(_illustrated(state, non_reporting), at) if state.is_member else state for state in seeded
    ]


def contacts(
    states: Iterable[State], terms: Iterable[Term], organizations: Iterable[Organization], day: date
) -> list[Contact]:
    """Two people for each Member State and each Council delegation, an office for each organization, three experts."""
    members = {state.key: state for state in states if state.is_member}
    sitting = sorted({term.state for term in terms})
    parties = [
        *(_of_state(state, day) for state in members.values()),
        *(_of_delegation(members[key], day) for key in sitting),
        *([_of_organization(organization)] for organization in organizations),
        _of_experts(),
    ]
    return [_invented(contact, place) for place, party in enumerate(parties) for contact in party]


def chairings(terms: Iterable[Term]) -> list[Chairing]:
    """Every chair, held from the first to the last day of its delegation's term."""
    term_of = {term.state: term for term in terms}
    return [_chairing(body, name, term_of[state]) for body, state, name in _CHAIRS]


def languages(seeded: Iterable[Language], day: date) -> list[Language]:
    """French is signed, by a person of the practice staff."""
    signed = {"signed_by": SIGNS_FRENCH.name, "signed_on": day.isoformat()}
    return [replace(language, **signed) if language.key == "fr" else language for language in seeded]


def _illustrated(state: State, non_reporting: Collection[str]) -> State:
    status = ReportStatus.NON_REPORTING if state.key in non_reporting else ReportStatus.REPORTED
    return replace(state, status=status, illustrative=True)


def _indicating_french(state: State, at: datetime) -> State:
    if state.key != WRITES_FRENCH:
        return state
    return replace(state, language="fr").noting(Note(f"Its mission has indicated French ({INVENTED}).", INVENTED, at))


def _chairing(body: str, name: str, term: Term) -> Chairing:
    start = term.start or date.min  # no permanent member is in a chair here
    return Chairing(f"{body}/{term.state}", body, name, term.state, start, term.end, illustrative=True)


def _of_state(state: State, day: date) -> list[Contact]:
    name, label = state.named_on(day).words["en"], _label(state, day)
    mission = name.mission.removeprefix("the ").removesuffix(" to the United Nations")
    return [
        _contact(state.key, Office.PERMANENT_MISSION, mission, f"pm@{label}.mission.example"),
        _contact(
            state.key,
            Office.NATIONAL_CONTACT_POINT,
            _contact_point(state, day),
            f"contact@gov-{label}.example",
        ),
    ]


def _contact_point(state: State, day: date) -> str:
    """Its title, in the language in which it is written to."""
    if state.key == WRITES_FRENCH:
        return f"Point de contact national, {state.named_on(day).words['fr'].formal.partition(' ')[2]}"
    return f"National contact point of {state.named_on(day).words['en'].short}"


def _of_delegation(state: State, day: date) -> list[Contact]:
    short, label, party = (state.named_on(day).words["en"].short, _label(state, day), delegation(state.key))
    return [
        _contact(
            party, Office.DELEGATION, f"Delegation of {short}, coordinator", f"coordinator@{label}.council.example"
        ),
        _contact(
            party, Office.DELEGATION, f"Delegation of {short}, expert", f"expert@{label}.council.example", order=2
        ),
    ]


def _of_organization(organization: Organization) -> Contact:
    return _contact(
        organization.key, Office.OFFICE, organization.name, f"office@{organization.key.lower()}.organization.example"
    )


def _of_experts() -> list[Contact]:
    return [
        _contact(EXPERTS, Office.MEMBER, name, f"expert-{place}@experts.example", order=place)
        for place, name in enumerate(_EXPERTS, 1)
    ]


def _contact(party: str, office: Office, name: str, address: str, order: int = 1) -> Contact:
    return Contact(f"{party}/{office}/{order}", party, office, name, address, order)


def _invented(contact: Contact, place: int) -> Contact:
    """Confirmed, and marked; the `place` of its party gives it a telephone number, the same for all of the party."""
    telephone = f"+1 {_AREA_CODES[place // _FICTION]} 555 01{place % _FICTION:02}"
    return replace(contact, telephone=telephone, confirmed=True, provenance=INVENTED, illustrative=True)


def _label(state: State, day: date) -> str:
    """The State's name as a part of a domain: cote-d-ivoire, iran."""
    listed, _, _ = state.named_on(day).listed.partition(" (")
    return re.sub(r"[^a-z0-9]+", "-", fold(listed)).strip("-")
