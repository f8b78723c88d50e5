"""Parties: their kinds, and what a list's rule can ask of each."""

from dataclasses import replace
from datetime import date

from committee import parties
from committee.parties import PartyKind
from storage import seeding

OBSERVE = (11, 15)


def of(day: date) -> dict[str, parties.Party]:
    return {one.key: one for one in parties.of_delegations(seeding.states(), seeding.terms(), day, OBSERVE)}


def test_five_delegations_observe_from_the_middle_of_november() -> None:
    assert len(of(date(2012, 11, 14))) == 15
    found = of(date(2012, 11, 15))
    coming = [one for one in found.values() if parties.INCOMING in one.groups]
    assert (len(found), len(coming)) == (20, 5)


def test_five_delegations_leave_when_the_year_turns() -> None:
    last, first = of(date(2012, 12, 31)), of(date(2013, 1, 2))
    assert len(first) == 15
    assert len(last.keys() - first.keys()) == 5
    assert all(parties.SITTING in one.groups for one in first.values())


def test_only_states_and_delegations_get_notes_verbales() -> None:
    state = parties.of_state(seeding.states()[0], date(2012, 9, 4))
    [*organizations] = map(parties.of_organization, seeding.organizations())
    assert state.gets_notes
    assert not any(one.gets_notes for one in (*organizations, *parties.STANDING))


def test_the_other_committees_are_known_by_their_kind() -> None:
    kinds = {one.key: parties.of_organization(one).kind for one in seeding.organizations()}
    assert {key for key, kind in kinds.items() if kind is PartyKind.COMMITTEE} == {"1267", "1373"}


def test_the_groups_of_an_organization_are_its_type_and_its_fields() -> None:
    organization = replace(seeding.organizations()[0], type="regional", field="donor/all")
    assert parties.of_organization(organization).groups == ("regional", "donor", "all")
