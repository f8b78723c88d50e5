"""Never one person alone: who releases what somebody else prepared, whatever roles, entries and delegations there are."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.approvals import Preparer, Staff, has_the_right, may_release, released, said, why_not
from committee.delegations import delegation, running
from committee.staff import SETTLES_AFTER, LetIn, Person, Role

TODAY = date(2012, 9, 4)
NOW = datetime(2012, 9, 4, 13, tzinfo=UTC)
KEYS = "abcdef"
PEOPLE = st.builds(
    Person,
    st.sampled_from(KEYS),
    st.just("A. Person"),
    st.lists(st.sampled_from(list(Role)), min_size=1, unique=True).map(tuple),
    st.none() | st.integers(1, 3),
    st.sampled_from(["", "T1/U1", "T1/U2"]),
)
STAFFS = st.lists(PEOPLE, min_size=2, unique_by=lambda one: one.key).map(
    lambda people: {one.key: one for one in people}
)
DAYS = st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=3))
DELEGATIONS = st.lists(st.builds(delegation, st.sampled_from(KEYS), st.sampled_from(KEYS), DAYS, DAYS, st.just("k")))


def person(key: str, *roles: Role, account: int | None = None) -> Person:
    return Person(key, key.title(), roles, account)


def preparer(one: Person) -> Preparer:
    return Preparer(one.key, one.name, one.identities)


ALEX, SAM = person("alex", Role.OFFICER), person("sam", Role.OFFICER)
ROBIN, TONI = person("robin", Role.APPROVER), person("toni", Role.APPROVER)


def staff(*delegations: tuple[str, str]) -> Staff:
    people = {one.key: one for one in (ALEX, SAM, ROBIN, TONI)}
    named = [delegation(approver, delegate, TODAY, TODAY, "k") for approver, delegate in delegations]
    return Staff(people, NOW, running(named, people, TODAY))


def test_an_approver_releases_what_an_officer_prepared():
    assert has_the_right(ROBIN, staff())
    assert why_not(ROBIN, preparer(ALEX), staff()) == ""
    assert not has_the_right(SAM, staff())


def test_a_delegate_releases_what_the_approver_might_and_the_record_says_for_whom():
    today = staff(("robin", "sam"))
    assert has_the_right(SAM, today)
    assert why_not(SAM, preparer(ALEX), today) == ""
    assert released(SAM, preparer(ALEX), today).delegate_of == "robin"
    assert released(ROBIN, preparer(ALEX), today).delegate_of == ""


def test_a_delegate_releases_nothing_that_either_of_the_two_prepared():
    today = staff(("robin", "sam"))
    assert "Nobody releases" in why_not(SAM, preparer(SAM), today)
    assert "Sam is the delegate of Robin" in why_not(SAM, preparer(ROBIN), today)
    both = staff(("robin", "sam"), ("toni", "sam"))
    assert "Sam is the delegate of Robin" in why_not(SAM, preparer(ROBIN), both)  # not for Toni either


def test_the_approver_releases_what_their_delegate_prepared():
    assert why_not(ROBIN, preparer(SAM), staff(("robin", "sam"))) == ""


def test_two_entries_of_one_person_do_not_make_two_people():
    first, second = person("alex", Role.OFFICER, account=7), person("alex-2", Role.APPROVER, account=7)
    people = Staff({"alex": first, "alex-2": second}, NOW)
    assert "Nobody releases" in why_not(second, preparer(first), people)
    assert may_release(preparer(first), people) == []


@pytest.mark.parametrize("by", ["entry", "another entry of theirs", "nobody's entry"])
def test_whoever_was_let_in_and_whoever_let_them_in_are_not_two_people_for_three_days(by):
    kim, second = (person(key, Role.APPROVER, Role.OFFICER, account=7) for key in ("kim", "kim-2"))
    hand = {"entry": "kim", "another entry of theirs": "kim-2", "nobody's entry": "gone"}[by]
    let_in = ROBIN.recognized("T1/U9", LetIn(hand, NOW))
    people = {one.key: one for one in (kim, second, let_in, TONI)}

    def refused(after: timedelta) -> list[bool]:
        then = Staff(people, NOW + after)
        return [bool(why_not(let_in, preparer(kim), then)), bool(why_not(kim, preparer(let_in), then))]

    one_hand = by != "nobody's entry"
    assert refused(timedelta(0)) == refused(SETTLES_AFTER - timedelta(seconds=1)) == [one_hand, one_hand]
    assert refused(-timedelta(days=30)) == [one_hand, one_hand]  # the clock was set back
    assert refused(SETTLES_AFTER) == [False, False]
    assert why_not(TONI, preparer(kim), Staff(people, NOW)) == ""


def test_whoever_joined_by_a_code_of_their_own_was_let_in_by_nobody_else():
    alex = ALEX.recognized("T1/U1", LetIn("alex", NOW))
    assert why_not(ROBIN, preparer(alex), Staff({"alex": alex, "robin": ROBIN}, NOW)) == ""


@given(STAFFS, DELEGATIONS, st.data())
def test_whoever_may_release_is_somebody_else_with_the_right(people, delegations, data):
    today = Staff(people, NOW, running(delegations, people, TODAY))
    prepared = data.draw(st.sampled_from(sorted(people)))
    for one in may_release(preparer(people[prepared]), today):
        assert not one.identities & people[prepared].identities
        stood_for = today.standing_for(one)
        assert Role.APPROVER in one.roles or any(Role.APPROVER in other.roles for other in stood_for)
        assert not any(other.identities & people[prepared].identities for other in stood_for)
        record = released(one, preparer(people[prepared]), today)
        assert record.released_by != record.prepared_by
        assert (record.delegate_of == "") is (Role.APPROVER in one.roles)


@given(STAFFS, DELEGATIONS, DAYS, st.sampled_from(KEYS))
def test_out_of_its_days_a_delegation_gives_no_right(people, delegations, day, key):
    today = Staff(people, NOW, running(delegations, people, day))
    if key in people and Role.APPROVER not in people[key].roles:
        mine = [
            one
            for one in delegations
            if one.delegate in people and people[one.delegate].identities & people[key].identities and one.covers(day)
        ]
        assert has_the_right(people[key], today) <= bool(mine)


def test_it_is_said_on_whose_word_letters_left():
    names = {"alex": "Alex", "robin": "Robin", "sam": "Sam"}.__getitem__
    alex = preparer(ALEX)
    assert (
        said(released(ROBIN, alex, staff()), names) == "Two people let it go: Alex prepared it, and Robin released it."
    )
    stood = said(released(SAM, alex, staff(("robin", "sam"))), names)
    assert stood == "Two people let it go: Alex prepared it, and Sam released it, as the delegate of Robin."
    emergency = said(released(ROBIN, alex, staff(), "The closure is today."), names)
    assert "released it in an emergency, in the place of an approver: “The closure is today”." in emergency
