"""The registers as a list asks them: whatever they say of one day becomes that day's parties and entries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from committee.calendar import written
from committee.contacts import Contact, Office, delegation
from committee.council import Term, incoming_on
from committee.list_entries import Book, Entry, Kind, Listable, Membership
from committee.organizations import Organization
from committee.parties import Party, PartyKind, of_organization
from committee.policies import Policy, observing
from committee.states import ReportStatus, State, alphabetical

_KINDS: Final[Mapping[PartyKind, Kind]] = {
    PartyKind.ORGANIZATION: Kind.ORGANIZATIONS,
    PartyKind.EXPERTS: Kind.EXPERTS,
    PartyKind.COMMITTEE: Kind.COMMITTEES,
    PartyKind.CIVIL_SOCIETY: Kind.CIVIL_SOCIETY,
    PartyKind.ACADEMIA: Kind.ACADEMIA,
    PartyKind.INDUSTRY: Kind.INDUSTRY,
    PartyKind.PARLIAMENT: Kind.PARLIAMENT,
    PartyKind.PRESS: Kind.PRESS,
}
_SITS: Final = {
    Membership.MEMBER: Kind.DELEGATIONS,
    Membership.INCOMING: Kind.INCOMING_DELEGATIONS,
    Membership.FORMER: Kind.FORMER_DELEGATIONS,
}
"""What a delegation is, by the first of these that its State is."""
_OFFICES: Final = {office: place for place, office in enumerate(Office)}


@dataclass(frozen=True, slots=True)
class Registers:
    """What the registers hold by now; any day, past or coming, can be asked of them.

    `reported` has the day on which a State's first report came, where it came to this desk: before it, the State had not.
    """

    states: Sequence[State]
    organizations: Sequence[Organization]
    others: Sequence[Party]  # neither States, delegations nor organizations
    terms: Sequence[Term]
    contacts: Sequence[Contact]
    policies: Sequence[Policy] = ()
    reported: Mapping[str, date] = field(default_factory=dict)

    def on(self, day: date) -> Book:
        contacts = [one for one in self.contacts if one.speaks_on(day)]
        unknown = {one.party: Listable(one.party, one.party, None) for one in contacts}
        every = {**unknown, **{party.key: party for party in self._parties(day)}}
        # A delegation that is none on that day is a party only where somebody stands in the book for it all the same.
        known = {party.key: party for party in every.values() if party.kind or party.key in unknown}
        parties = sorted(known.values(), key=_alphabetical)
        place = {party.key: number for number, party in enumerate(parties)}
        contacts.sort(key=lambda one: (place[one.party], _OFFICES[one.office], one.order, one.key))
        return Book.of(day, parties, [_entry(one, known[one.party]) for one in contacts])

    def _parties(self, day: date) -> list[Listable]:
        terms = defaultdict[str, list[Term]](list)
        for term in self.terms:
            terms[term.state].append(term)
        observe = observing(self.policies, day)
        coming = {term.state for term in incoming_on(day, self.terms, observe)}
        found = list[Listable]()
        for state in self.states:
            council = _membership(terms[state.key], day, coming=state.key in coming)
            seat = _seat(terms[state.key], day, observe)
            found.append(self._state(state, day, council, seat))
            if terms[state.key]:
                found.append(_delegation(found[-1], council))
        found += [_other(of_organization(one)) for one in self.organizations]
        found += [_other(one) for one in self.others]
        return found

    def _state(self, state: State, day: date, council: frozenset[Membership], seat: str) -> Listable:
        came = self.reported.get(state.key)
        before = came is not None and day < came
        status = ReportStatus.NON_REPORTING if before and state.status is ReportStatus.REPORTED else state.status
        kind = Kind.STATES if state.is_member else Kind.OBSERVERS
        return Listable(state.key, state.named_on(day).listed, kind, state.group, council, seat, status)


def _alphabetical(party: Listable) -> tuple[str, str]:
    """As the Council's lists are: no party stands first for any other reason."""
    return alphabetical(party.name), party.key


def _delegation(state: Listable, council: frozenset[Membership]) -> Listable:
    """Of a State that has, had or will have a term; before it observes it is of no kind."""
    kind = next((kind for membership, kind in _SITS.items() if membership in council), None)
    return replace(state, key=delegation(state.key), name=f"{state.name} (delegation)", kind=kind, status=None)


def _other(party: Party) -> Listable:
    return Listable(party.key, party.name, _KINDS.get(party.kind))


def _entry(contact: Contact, party: Listable) -> Entry:
    barred = f"held: {contact.held}" if contact.held else "" if contact.confirmed else "nobody has confirmed it"
    return Entry(
        contact.key, party, contact.office, contact.called, contact.address, barred, contact.whose,
        party.kind is Kind.EXPERTS, contact.start, contact.end,
    )  # fmt: skip


def _membership(terms: Iterable[Term], day: date, *, coming: bool) -> frozenset[Membership]:
    found = {Membership.INCOMING} if coming else set[Membership]()
    for term in terms:
        if term.covers(day):
            found.add(Membership.MEMBER)
        elif term.end and term.end < day:
            found.add(Membership.FORMER)
    return frozenset(found)


def _seat(terms: Sequence[Term], day: date, observe: tuple[int, int]) -> str:
    """How a State stands to the Council on a day, as one says it of the State or of its delegation."""
    if sitting := next((term for term in terms if term.covers(day)), None):
        if sitting.start is None or sitting.end is None:
            return "a permanent member of the Council"
        return f"its term on the Council is from {written(sitting.start)} to {written(sitting.end)}"
    said = [f"its term on the Council ended on {written(end)}" for term in terms if (end := term.end) and end < day][
        -1:
    ]
    for start in sorted(term.start for term in terms if term.start and term.start > day)[:1]:
        observes = date(start.year - 1, *observe)
        said.append(f"its term on the Council begins on {written(start)}, and it observes from {written(observes)}")
    return "; ".join(said) or "no term of it on the Council is in the register"
