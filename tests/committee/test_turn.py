"""The turn of a year by terms alone: who leaves and comes, who chairs what, what is missing, whose briefing is open."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.briefings import key_of, observes_from, owed
from committee.calendar import DayOff
from committee.chairs import COMMITTEE, in_the_chair
from committee.contacts import Contact, Office
from committee.council import Term, left_between, members_on
from committee.policies import Policy
from committee.turn import Known, Turn, leaving_chairs, missing, near, turn_into
from committee.working_groups import Chairing
from storage import seeding

TERMS = seeding.terms()
LAST, FIRST = date(2012, 12, 31), date(2013, 1, 1)
COMING, LEAVING = ["ARG", "AUS", "KOR", "LUX", "RWA"], ["COL", "DEU", "IND", "PRT", "ZAF"]
HOLIDAYS = [DayOff("2013-01-01", "New Year", "holiday", confirmed=True)]


def known(**facts: object) -> Known:
    groups = [group for group in seeding.groups() if group.key == "WG2" or group.suspended]
    chairings = [chairing(COMMITTEE, "KOR", FIRST), chairing("WG2", "AUS", FIRST)]
    contacts = [expert(state) for state in COMING]
    return replace(Known(contacts, groups, chairings, TERMS, HOLIDAYS), **facts)  # type: ignore[arg-type]  # by name


def chairing(body: str, state: str, start: date, end: date | None = None) -> Chairing:
    return Chairing(f"{body}/{start}", body, "Noor Gavel", state, start, end)


def expert(state: str, office: Office = Office.EXPERT) -> Contact:
    party = f"delegation/{state}"
    return Contact(f"{party}/{office}/1", party, office, "E", f"e@{state.lower()}.example", confirmed=True)


def what(turn: Turn, there: Known) -> list[str]:
    return [one.what for one in missing(turn, there)]


def test_five_leave_and_five_come_with_2013() -> None:
    turn = turn_into(2013, TERMS)
    assert (turn.leaving_states, turn.coming_states) == (LEAVING, COMING)
    assert {*members_on(LAST, TERMS)} - {*LEAVING} | {*COMING} == {*members_on(FIRST, TERMS)}


def test_whoever_follows_itself_neither_leaves_nor_comes() -> None:
    again = Term("ZAF/2013", "ZAF", "elected", FIRST, date(2014, 12, 31))
    turn = turn_into(2013, [*TERMS, again])
    assert "ZAF" not in turn.leaving_states + turn.coming_states
    assert left_between("ZAF", LAST, FIRST, [*TERMS, again]) is None


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2012, 11, 30), None),
        (date(2012, 12, 1), 2013),
        (LAST, 2013),
        (FIRST, 2013),
        (date(2013, 1, 31), 2013),
        (date(2013, 2, 1), None),
    ],
)
def test_the_turn_is_near_from_a_month_before_until_a_month_after(day: date, year: int | None) -> None:
    assert near(day) == year


def test_nothing_is_missing_where_everything_is_there() -> None:
    assert what(turn_into(2013, TERMS), known()) == []


def test_each_thing_that_is_missing_is_named_with_the_command_that_mends_it() -> None:
    turn = turn_into(2013, TERMS)
    there = known(contacts=[expert("ARG"), expert("AUS", Office.DELEGATION)], chairings=[], days_off=[])
    found = missing(turn, there)
    assert [(one.about, one.what) for one in found] == [
        ("committee", "no chair of the Committee from 1 January 2013"),
        ("WG2", "no chair of WG2 from 1 January 2013"),
        ("delegation/AUS", "no expert's address of the new delegation"),
        *((f"delegation/{state}", "no address at all of the new delegation") for state in ("KOR", "LUX", "RWA")),
        ("holidays", "no holiday of 2013 is in the register"),
    ]
    assert all(one.do for one in found)


@pytest.mark.parametrize("facts", [{"held": "dead"}, {"confirmed": False}, {"end": LAST}, {"start": date(2013, 1, 2)}])
def test_an_expert_to_whom_nothing_may_go_on_the_first_day_is_none(facts: dict[str, object]) -> None:
    contacts = [replace(expert(state), **facts) if state == "RWA" else expert(state) for state in COMING]  # type: ignore[arg-type]  # by name
    assert [one.about for one in missing(turn_into(2013, TERMS), known(contacts=contacts))] == ["delegation/RWA"]


def test_holidays_that_nobody_has_confirmed_are_missing() -> None:
    days = [replace(HOLIDAYS[0], confirmed=False)]
    assert what(turn_into(2013, TERMS), known(days_off=days)) == ["nobody has confirmed the holidays of 2013"]


def test_members_that_leave_and_nobody_who_comes_is_said() -> None:
    turn = turn_into(2014, TERMS)
    [said] = [one for one in what(turn, known()) if "leave" in one]
    assert said == "5 leave and 0 come: the terms of new members are not in the register"


def test_a_chair_leaves_with_its_delegation_though_nobody_has_noted_an_end() -> None:
    chairs = [chairing(COMMITTEE, "ZAF", date(2012, 1, 1)), chairing("WG1", "GTM", date(2012, 1, 1))]
    serving = in_the_chair(COMMITTEE, LAST, chairs, TERMS)
    assert serving
    assert serving.delegation == "ZAF"
    assert in_the_chair(COMMITTEE, FIRST, chairs, TERMS) is None
    turn = turn_into(2013, TERMS)
    assert leaving_chairs(turn, known(chairings=chairs)) == chairs[:1]


def test_who_is_in_the_chair_of_a_delegation_without_a_term_is_decided_by_the_chairings_own_days() -> None:
    unknown = chairing(COMMITTEE, "", date(2012, 1, 1))
    assert in_the_chair(COMMITTEE, FIRST, [unknown], TERMS) == unknown
    assert in_the_chair(COMMITTEE, FIRST, [replace(unknown, end=LAST)], TERMS) is None


@given(st.dates(date(2011, 1, 1), date(2015, 1, 1)), st.dates(date(2011, 1, 1), date(2015, 1, 1)))
def test_whoever_has_left_between_two_days_sat_on_the_first_and_does_not_on_the_second(one: date, other: date) -> None:
    before, day = sorted((one, other))
    sat, sits = {*members_on(before, TERMS)}, {*members_on(day, TERMS)}
    left = {term.state for term in TERMS if left_between(term.state, before, day, TERMS)}
    assert sat - sits <= left
    assert not left & sits


def test_a_briefing_is_open_from_the_observing_date_until_it_is_held_or_the_term_ends() -> None:
    opened, begins = date(2012, 9, 4), date(2012, 11, 15)
    assert owed(TERMS, (), begins - timedelta(days=1), opened, ()) == []
    assert [one.term.state for one in owed(TERMS, (), begins, opened, ())] == COMING
    assert {one.since for one in owed(TERMS, (), date(2014, 12, 31), opened, ())} == {begins}
    held = {key_of(term) for term in TERMS if term.state == "LUX"}
    assert "LUX" not in [one.term.state for one in owed(TERMS, held, begins, opened, ())]
    assert owed(TERMS, (), date(2015, 1, 1), opened, ()) == []


def test_who_sat_when_the_desk_opened_is_owed_nothing_by_it() -> None:
    assert owed(TERMS, (), date(2013, 6, 1), date(2013, 3, 1), ()) == []


@pytest.mark.parametrize(
    ("year", "day"),
    [(2013, date(2012, 11, 15)), (2016, date(2015, 11, 15)), (2017, date(2016, 10, 1)), (2024, date(2023, 10, 1))],
)
def test_new_members_observe_from_15_november_and_since_2016_from_1_october(year: int, day: date) -> None:
    assert observes_from(date(year, 1, 1), ()) == day


def test_what_an_officer_has_set_stands_whatever_the_council_has_decided_later() -> None:
    policy = Policy("members.observe/2012-01-01", "members.observe", "12-01", date(2012, 1, 1))
    assert observes_from(date(2018, 1, 1), [policy]) == date(2017, 12, 1)
