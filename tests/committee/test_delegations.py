"""Who may stand for an absent approver, and on which days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from committee.delegations import delegation, running, stands_for, why_not
from committee.staff import Person, Role

TODAY = date(2012, 9, 4)
DAYS = st.dates(TODAY - timedelta(days=10), TODAY + timedelta(days=40))
STAFF = {
    one.key: one
    for one in (
        Person("alex", "Alex", (Role.OFFICER,)),
        Person("robin", "Robin", (Role.APPROVER,)),
        Person("sam", "Sam", (Role.OFFICER,)),
        Person("toni", "Toni", (Role.APPROVER,)),
        Person("kim", "Kim", (Role.ADMINISTRATOR,)),
        Person("jo", "Jo", (Role.READER,)),
    )
}
KEYS = st.sampled_from(sorted(STAFF))
DELEGATIONS = st.builds(delegation, KEYS, KEYS, DAYS, DAYS, st.just("kim"))


def from_to(start: int, end: int, approver: str = "robin", delegate: str = "alex"):
    return delegation(approver, delegate, TODAY + timedelta(days=start), TODAY + timedelta(days=end), "kim")


def taken(asked):
    """Those of the delegations that are granted, one after the other."""
    granted = []
    for one in asked:
        if not why_not(one, granted, STAFF, TODAY):
            granted.append(one)
    return granted


def test_an_officer_stands_for_an_approver_from_today_on():
    assert why_not(from_to(0, 0), [], STAFF, TODAY) == ""
    assert why_not(from_to(0, 14, delegate="kim"), [], STAFF, TODAY) == ""


def test_each_mistake_has_its_sentence():
    said = {
        "their own delegate": from_to(0, 1, delegate="robin"),
        "alex is no approver": from_to(0, 1, "alex", "sam"),
        "toni is an approver already": from_to(0, 1, delegate="toni"),
        "jo is no officer": from_to(0, 1, delegate="jo"),
        "cannot end on": from_to(3, 2),
        "is past": from_to(-1, 2),
        "longer than a year": from_to(0, 366),
    }
    for words, one in said.items():
        assert words in why_not(one, [], STAFF, TODAY).casefold()


def test_an_approver_has_one_delegate_at_a_time_and_the_next_from_the_day_after():
    first = from_to(0, 5)
    assert "has a delegate" in why_not(from_to(5, 8, delegate="sam"), [first], STAFF, TODAY)
    assert why_not(from_to(6, 8, delegate="sam"), [first], STAFF, TODAY) == ""


def test_a_delegate_has_no_delegate_whatever_they_became_meanwhile():
    promoted = STAFF | {"alex": STAFF["alex"].given(Role.APPROVER)}
    assert "a delegate has no delegate" in why_not(from_to(3, 8, "alex", "sam"), [from_to(0, 5)], promoted, TODAY)
    assert "stands for nobody" in why_not(from_to(0, 2, "toni", "alex"), [from_to(0, 2, "alex", "sam")], STAFF, TODAY)


def test_two_entries_of_one_person_are_no_two_people():
    twice = STAFF | {
        "alex": Person("alex", "Alex", (Role.OFFICER,), 7),
        "robin": Person("robin", "Robin", (Role.APPROVER,), 7),
    }
    assert "own delegate" in why_not(from_to(0, 1), [], twice, TODAY)


def test_it_holds_only_while_one_is_an_approver_and_the_other_an_officer():
    one = from_to(0, 5)
    assert running([one], STAFF, TODAY) == [one]
    for changed in (
        STAFF | {"robin": STAFF["robin"].without(Role.APPROVER)},
        STAFF | {"alex": STAFF["alex"].without(Role.OFFICER)},
        {key: person for key, person in STAFF.items() if key != "alex"},
    ):
        assert running([one], changed, TODAY) == []


@given(DELEGATIONS, DAYS)
def test_it_holds_on_its_first_day_its_last_day_and_the_days_between_alone(one, day):
    assert one.covers(day) is (one.start <= day <= one.end)
    holds = running([one], STAFF, day) == [one]
    assert holds <= one.covers(day)


@given(st.lists(DELEGATIONS, max_size=25), DAYS)
def test_whatever_is_asked_for_nobody_stands_for_two_steps_nor_an_approver_in_two_places(asked, day):
    today = [one for one in taken(asked) if one.covers(day)]
    approvers = [one.approver for one in today]
    assert len(approvers) == len({*approvers})
    assert not {*approvers} & {one.delegate for one in today}
    assert all(one.start >= TODAY and one.start <= one.end for one in today)


@given(st.lists(DELEGATIONS, max_size=25), DAYS, KEYS)
def test_whoever_stands_for_somebody_was_named_for_that_day(asked, day, key):
    granted = taken(asked)
    named = {one.approver for one in granted if one.delegate == key and one.covers(day)}
    assert {one.key for one in stands_for(STAFF[key], running(granted, STAFF, day), STAFF)} == named
