"""Who is on a list: through which part of its rule, who is missing, and that a day's facts alone decide."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.contacts import Contact, Office
from committee.council import Term
from committee.errors import Refused
from committee.list_differences import changes
from committee.list_reasons import steps
from committee.list_rolls import Roll, Rolls
from committee.list_rules import Rule, written
from committee.lists import ByHand, DistributionList, circle, named_by
from committee.states import ReportStatus
from tests.committee.lists import (
    CONTACTS,
    DAY,
    DAYS,
    EXCEPTIONS,
    LISTS,
    STATES,
    TERMS,
    contact,
    listed,
    registers,
    rules,
)  # fmt: skip

MISSION = contact("MWI", Office.PERMANENT_MISSION, "pm@malawi.mission.example")
POINT = contact("MWI", Office.NATIONAL_CONTACT_POINT, "contact@gov-malawi.example")
SITS = Term("FRA/permanent", "FRA", "permanent", None, None)
COORDINATOR = contact("delegation/FRA", Office.DELEGATION, "coordinator@france.council.example")


def roll(
    rule: str, *contacts: Contact, by_hand: Sequence[ByHand] = (), day: date = DAY, terms: Sequence[Term] = (SITS,)
) -> Roll:
    return Rolls([listed("a", rule)], by_hand, registers(contacts, terms).on(day)).roll("a")


def exception(who: str, *, adds: bool, days: int = 0, party: str = "") -> ByHand:
    return ByHand(f"a/{who}", "a", who, adds, "asked for it", DAY, DAY + timedelta(days=days), "Alex", party or who)


def addresses(found: Roll) -> list[str]:
    return [one.entry.address for one in found.members]


def test_each_address_says_through_which_part_of_the_rule_it_is_there() -> None:
    found = roll("delegations or (states and office permanent-mission)", MISSION, COORDINATOR)
    assert {one.entry.address: one.through for one in found.members} == {
        MISSION.address: "states and office permanent-mission", COORDINATOR.address: "delegations",
    }  # fmt: skip


def test_a_party_that_no_mail_reaches_is_a_gap_with_its_reason() -> None:
    held = replace(MISSION, held="its server refused mail")
    gaps = {one.party.key: one.why for one in roll("states and office permanent-mission", held, COORDINATOR).gaps}
    assert gaps["MWI"] == f"{MISSION.address}: held: its server refused mail"
    assert gaps["FRA"] == "no address as permanent-mission is on record"
    assert len(gaps) == len(STATES)


def test_a_party_with_another_address_that_works_is_no_gap() -> None:
    found = roll("MWI", replace(MISSION, held="dead"), POINT)
    assert (addresses(found), found.gaps) == ([POINT.address], ())


def test_an_address_that_nobody_has_confirmed_is_not_written_to() -> None:
    [gap] = roll("MWI", replace(MISSION, confirmed=False)).gaps
    assert gap.why == f"{MISSION.address}: nobody has confirmed it"


def test_of_one_person_the_first_address_that_works_is_written_to() -> None:
    first = contact("MWI", Office.MINISTRY, "first@gov-malawi.example")
    second = contact("MWI", Office.MINISTRY, "second@gov-malawi.example", person=first.key, order=2)
    assert addresses(roll("MWI", second, first)) == [first.address]
    assert addresses(roll("MWI", second, replace(first, held="dead"))) == [second.address]


def test_experts_are_written_to_alone_so_each_without_an_address_is_a_gap() -> None:
    one = contact("group-of-experts", Office.MEMBER, "one@experts.example")
    other = contact("group-of-experts", Office.MEMBER, "other@experts.example", held="dead")
    found = roll("experts", one, other)
    assert addresses(found) == [one.address]
    assert [gap.why for gap in found.gaps] == [f"{other.address}: held: dead"]
    assert [gap.party.key for gap in roll("experts").gaps] == ["group-of-experts"]


@pytest.mark.parametrize("office", [Office.CORRESPONDENT, Office.FORMER_MEMBER, Office.SUBSCRIBER])
def test_whoever_is_only_answered_is_on_a_list_that_names_the_office(office: Office) -> None:
    one = contact("OPCW", office, "one@opcw.example")
    assert addresses(roll("organizations", one)) == []
    assert addresses(roll(f"organizations and office {office}", one)) == [one.address]
    assert addresses(roll(f"organizations or office {office}", one)) == [one.address]


def test_a_list_has_who_is_on_a_list_that_it_names_with_its_exceptions() -> None:
    lists = [listed("a", "list b and group weog"), listed("b", "delegations or MWI")]
    left_out = replace(exception("FRA", adds=False), list="b")
    book = registers([COORDINATOR, MISSION], [SITS]).on(DAY)
    assert addresses(Rolls(lists, [], book).roll("a")) == [COORDINATOR.address]
    assert addresses(Rolls(lists, [left_out], book).roll("a")) == []
    assert Rolls(lists, [], book).roll("a").members[0].through == "list b: delegations and group weog"


def test_who_is_left_out_by_hand_is_no_gap_and_stands_beside_the_list() -> None:
    found = roll("MWI", MISSION, POINT, by_hand=[exception("MWI", adds=False)])
    assert (found.members, found.gaps) == ((), ())
    assert found.by_hand == ("MWI: left out by hand until 4 September 2012 (Alex: asked for it).",)


def test_a_party_whose_only_address_is_left_out_is_a_gap() -> None:
    found = roll("MWI", MISSION, by_hand=[exception(MISSION.key, adds=False, party="MWI")])
    assert found.members == ()
    assert [gap.why for gap in found.gaps] == [
        f"{MISSION.address} is left out by hand until 4 September 2012 (Alex: asked for it)"
    ]


def test_who_is_put_on_a_list_by_hand_is_on_it_until_that_day() -> None:
    by_hand = [exception("MWI", adds=True, days=1)]
    for after, there in ((0, True), (1, True), (2, False)):
        found = roll("delegations", MISSION, COORDINATOR, by_hand=by_hand, day=DAY + timedelta(days=after))
        assert (MISSION.address in addresses(found)) is there


def test_a_party_put_on_a_list_gets_it_where_it_gets_letters_and_a_correspondent_only_by_its_address() -> None:
    answered = contact("MWI", Office.CORRESPONDENT, "desk@gov-malawi.example")
    by_hand = [exception("MWI", adds=True)]
    assert addresses(roll("delegations", MISSION, answered, by_hand=by_hand)) == [MISSION.address]
    by_hand = [exception(answered.key, adds=True, party="MWI")]
    assert addresses(roll("delegations", MISSION, answered, by_hand=by_hand)) == [answered.address]


def test_an_address_put_on_a_list_that_has_left_the_book_is_a_gap() -> None:
    gone = replace(POINT, end=DAY - timedelta(days=1))
    [gap] = roll("delegations", COORDINATOR, gone, by_hand=[exception(POINT.key, adds=True, party="MWI")]).gaps
    assert (gap.party.key, gap.why) == ("MWI", f"{POINT.key} is not in the address book on that day")


def test_a_delegation_is_another_thing_before_in_and_after_its_term() -> None:
    term = Term("RWA/2013", "RWA", "elected", date(2013, 1, 1), date(2014, 12, 31))
    coordinator = contact("delegation/RWA", Office.DELEGATION, "coordinator@rwanda.council.example")

    def on(rule: str, day: date) -> bool:
        return bool(roll(rule, coordinator, day=day, terms=[term]).members)

    days = (
        date(2012, 11, 14),
        date(2012, 11, 15),
        date(2012, 12, 31),
        date(2013, 1, 1),
        date(2014, 12, 31),
        date(2015, 1, 1),
    )
    assert [on("incoming-delegations", day) for day in days] == [False, True, True, False, False, False]
    assert [on("delegations", day) for day in days] == [False, False, False, True, True, False]
    assert [on("former-delegations", day) for day in days] == [False, False, False, False, False, True]


def test_before_its_first_report_came_a_state_was_yet_to_report() -> None:
    reported = [state.reported(DAY) for state in STATES if state.key == "MWI"]
    known = replace(registers([MISSION], states=reported), reported={"MWI": DAY})
    lists = [listed("a", "status non-reporting")]
    assert [bool(Rolls(lists, [], known.on(day)).roll("a").members) for day in (DAY - timedelta(days=1), DAY)] == [
        True,
        False,
    ]
    unknown = replace(known, reported={})
    statuses = {party.key: party.status for party in unknown.on(DAY - timedelta(days=1)).parties}
    assert statuses["MWI"] is ReportStatus.REPORTED


@pytest.mark.parametrize(("named", "way"), [
    ({"a": "list a"}, ["a", "a"]),
    ({"a": "list b", "b": "states or list a"}, ["a", "b", "a"]),
    ({"a": "list b or list c", "b": "list c", "c": "experts but not list a"}, ["a", "c", "a"]),
])  # fmt: skip
def test_a_list_that_leads_back_to_itself_names_the_circle(named: dict[str, str], way: list[str]) -> None:
    lists = [listed(key, rule) for key, rule in named.items()]
    assert circle("a", {one.key: one.asks for one in lists}) == way
    with pytest.raises(Refused, match=" → "):
        Rolls(lists, [], registers().on(DAY)).roll("a")


def test_a_list_that_names_one_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refused, match="no list b"):
        roll("list b")
    assert named_by("b", [listed("a", "list b"), listed("c", "experts")]) == ["a"]


def test_lists_that_name_two_others_each_twenty_deep_are_asked_once_each() -> None:
    lists = [
        listed("l0", "experts"),
        *(listed(f"l{n}", f"list l{n - 1} or list l{n - 1} and states") for n in range(1, 30)),
    ]
    assert Rolls(lists, [], registers([MISSION]).on(DAY)).roll("l29").members == ()


def with_lists(drawn: Sequence[Rule]) -> list[DistributionList]:
    """Three lists, each of which may name those behind it."""
    return [listed(key, written(rule)) for key, rule in zip(LISTS, drawn, strict=True)]


THREE = st.tuples(rules(("b", "c")), rules(("c",)), rules()).map(with_lists)


@given(THREE, CONTACTS, TERMS, EXCEPTIONS, DAYS, st.data())
def test_a_list_on_a_day_depends_on_that_days_facts_alone(  # noqa: PLR0913, PLR0917 - what is drawn
    lists: list[DistributionList], contacts: list[Contact], terms: list[Term], by_hand: list[ByHand], day: date,
    data: st.DataObject,
) -> None:  # fmt: skip
    """Whatever began later, or is over, may be another or not be there at all; only whether a term has been counts of it."""
    found = Rolls(lists, by_hand, registers(contacts, terms).on(day)).roll("a")
    on_the_day = [one for one in contacts if one.speaks_on(day)]
    others = [
        one for one in data.draw(CONTACTS) if not one.speaks_on(day) and one.key not in {o.key for o in on_the_day}
    ]
    later = [one for one in data.draw(EXCEPTIONS) if not one.holds_on(day)]
    holding = [one for one in by_hand if one.holds_on(day)]
    longer = [replace(term, end=term.end and max(term.end, day)) if term.covers(day) else term for term in terms]
    again = Rolls(lists, [*later, *holding], registers([*others, *on_the_day], longer).on(day))
    assert plain(again.roll("a")) == plain(found)


@given(THREE, CONTACTS, TERMS, EXCEPTIONS, DAYS)
def test_why_agrees_with_the_list(
    lists: list[DistributionList], contacts: list[Contact], terms: list[Term], by_hand: list[ByHand], day: date
) -> None:
    rolls = Rolls(lists, by_hand, registers(contacts, terms).on(day))
    for entry in rolls.book.entries:
        said = [*steps("a", entry, rolls)]
        decided = said[-1].holds if said[-1].depth == 0 and len(said) > 1 else said[0].holds
        assert decided is (rolls.through("a", entry) is not None)


@given(THREE, CONTACTS, TERMS, EXCEPTIONS, DAYS)
def test_nobody_is_lost_whoever_is_on_a_list_is_written_to_or_a_gap(
    lists: list[DistributionList], contacts: list[Contact], terms: list[Term], by_hand: list[ByHand], day: date
) -> None:
    rolls = Rolls(lists, by_hand, registers(contacts, terms).on(day))
    found = rolls.roll("a")
    reached = {one.entry.addressee for one in found.members}
    for entry in rolls.book.entries:
        if rolls.through("a", entry) is not None:
            assert entry.addressee in reached or entry.party.key in {gap.party.key for gap in found.gaps}
    assert all(not one.entry.barred for one in found.members)
    assert len({(one.entry.party.key, one.entry.address) for one in found.members}) == len(found.members)


@given(THREE, CONTACTS, TERMS, EXCEPTIONS, DAYS, DAYS)
def test_what_has_changed_takes_one_day_to_the_other_and_says_why(  # noqa: PLR0913, PLR0917 - what is drawn
    lists: list[DistributionList],
    contacts: list[Contact],
    terms: list[Term],
    by_hand: list[ByHand],
    one: date,
    other: date,
) -> None:
    known = registers(contacts, terms)
    before, after = (Rolls(lists, by_hand, known.on(day)) for day in (one, other))
    was, now = before.roll("a"), after.roll("a")
    changed = changes("a", before, after)
    came = {c.party.key for c in changed if c.came and not c.stays}
    left = {c.party.key for c in changed if not c.came and not c.stays}
    assert was.parties.keys() - left | came == now.parties.keys()
    assert (came & was.parties.keys(), left - was.parties.keys()) == (set(), set())
    gone = {a for c in changed if not c.came for a in c.addresses}
    new = {a for c in changed if c.came for a in c.addresses}
    assert {*addresses(was)} - gone | new == {*addresses(now)}
    assert all(c.why for c in changed)


def test_a_party_that_was_put_on_a_list_and_is_in_no_register_leaves_it_with_its_exception() -> None:
    by_hand = [exception("delegation/CHN", adds=True)]
    before, after = (Rolls([listed("a", "experts")], by_hand, registers().on(DAY + timedelta(days=n))) for n in (0, 1))
    [change] = changes("a", before, after)
    assert (change.party.key, change.came) == ("delegation/CHN", False)
    assert change.why == "no longer put on it by hand until 4 September 2012 (Alex: asked for it)"


def plain(found: Roll) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Who is on it and who is missing, without what is only said of a party."""
    return (
        [(one.entry.address, one.through) for one in found.members], [(one.party.key, one.why) for one in found.gaps],
    )  # fmt: skip
