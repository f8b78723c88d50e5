"""A code as it is typed, and how many wrong ones count."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.joining import LENGTH, LETTERS, WITHIN, WRONG_TRIES, Tries, grouped, is_identity, tidied

NOW = datetime(2012, 9, 4, 13, tzinfo=UTC)
CODES = st.text(LETTERS, min_size=LENGTH, max_size=LENGTH)


@given(CODES, st.sampled_from(["-", " ", "–", "", " - "]))
def test_a_code_is_the_same_however_a_phone_writes_it(code, between):
    assert tidied(between.join(grouped(code).split("-")).lower()) == code


@given(st.text())
def test_whatever_else_is_typed_is_a_code_of_its_form_or_nothing(typed):
    bare = tidied(typed)
    assert bare == "" or (len(bare) == LENGTH and {*bare} <= {*LETTERS})


def test_no_letter_is_read_as_another():
    assert len({*LETTERS}) == 32
    assert not {*"01OI"} & {*LETTERS}


@pytest.mark.parametrize("written", ["T01DESK/U01ADA", "E01/W0AB9"])
def test_an_identity_is_a_workspace_and_a_user(written):
    assert is_identity(written)


@pytest.mark.parametrize(
    "written", ["", "U01ADA", "t01desk/u01ada", "T01DESK/U01/ADA", "T01DESK/U01ADA\n", "T/" + "U" * 40]
)
def test_what_is_no_identity_is_none(written):
    assert not is_identity(written)


@given(st.lists(st.integers(0, 7200), max_size=30).map(sorted))
def test_after_so_many_wrong_tries_within_an_hour_no_more_are_looked_at(seconds):
    tries = Tries("T01DESK/U01ADA", ())
    for at in (NOW + timedelta(seconds=second) for second in seconds):
        lately = [moment for moment in tries.wrong if moment > at - WITHIN]
        assert tries.too_many(at) is (len(lately) >= WRONG_TRIES)
        if tries.too_many(at):
            again = tries.again_at(at)
            assert at < again <= at + WITHIN
            assert not tries.too_many(again)
        else:
            tries = tries.and_one(at)
    assert len(tries.wrong) <= WRONG_TRIES
