"""Who may do what, who has left, and when two entries of the staff register are one person."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.staff import LetIn, Person, Role, administrators, first_officer, in_chat, leaves_nobody, working

NOW = datetime(2012, 9, 4, 13, tzinfo=UTC)
ROLES = st.lists(st.sampled_from(list(Role)), unique=True).map(tuple)
STAFF = st.lists(st.builds(Person, st.sampled_from("abcd"), st.just("A"), ROLES), unique_by=lambda one: one.key)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.READER, {Role.READER}),
        (Role.OFFICER, {Role.READER, Role.OFFICER}),
        (Role.APPROVER, {Role.READER, Role.OFFICER, Role.APPROVER}),
        (Role.ADMINISTRATOR, {Role.READER, Role.OFFICER, Role.ADMINISTRATOR}),
    ],
)
def test_each_role_carries_what_it_carries_and_an_administrator_releases_nothing(role, may):
    person = Person("a", "A", (role,))
    assert {right for right in Role if person.may(right)} == may


def test_whoever_shares_an_account_or_a_place_in_chat_is_the_same_person():
    ana = Person("ana", "Ana", (Role.OFFICER,), account=1001, chat="T01DESK/U01ANA")
    for other in (
        Person("ana-2", "Ana", (Role.APPROVER,), account=1001),
        Person("ana-3", "Ana", (Role.APPROVER,), chat="T01DESK/U01ANA"),
    ):
        assert ana.identities & other.identities
    nobody, either = Person("b", "Ana", (Role.OFFICER,)), Person("c", "Ana", (Role.OFFICER,))
    assert not nobody.identities & either.identities  # what is not known is not the same
    assert not ana.identities & nobody.identities


def test_whoever_has_left_may_nothing_and_is_nobody_any_more():
    gone = Person("ana", "Ana", (Role.ADMINISTRATOR,), 1001, "T01DESK/U01ANA", "ana@desk.example").gone(NOW)
    assert gone == Person("ana", "Ana", (), left_at=NOW)
    let_in = (LetIn("kim", NOW),)  # or an entry that is ended and taken up again would have been let in by nobody
    assert Person("ana", "Ana", (Role.READER,), let_in=let_in).gone(NOW).let_in == let_in
    assert not any(gone.may(role) for role in Role)
    assert working([gone], "ana") is None
    assert in_chat([gone], "") is None
    assert first_officer([gone, Person("sam", "Sam", (Role.READER,))]).key == "sam"


@given(STAFF, st.data())
def test_a_desk_with_an_administrator_is_never_left_without_one(staff, data):
    changed = data.draw(st.sampled_from(staff)).without(Role.ADMINISTRATOR) if staff else Person("x", "X", ())
    after = [changed if one.key == changed.key else one for one in staff]
    assert leaves_nobody(staff, changed) is (bool(administrators(staff)) and not administrators(after))
