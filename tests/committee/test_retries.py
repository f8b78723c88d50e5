"""When a delivery that was put off is tried again."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from committee.retries import FIRST_WAIT, GIVE_UP_AFTER, LONGEST_WAIT, given_up, next_try

NOW = datetime(2012, 9, 4, 13, tzinfo=UTC)


@given(tries=st.integers(0, 10_000))
def test_a_wait_lies_between_a_minute_and_four_hours_and_never_shrinks(tries: int) -> None:
    wait, after = next_try(NOW, tries) - NOW, next_try(NOW, tries + 1) - NOW
    assert FIRST_WAIT <= wait <= after <= LONGEST_WAIT


def test_a_server_that_says_when_is_honoured() -> None:
    assert next_try(NOW, 1, timedelta(seconds=300)) == NOW + timedelta(seconds=300)
    assert next_try(NOW, 1, timedelta(days=400)) == NOW + GIVE_UP_AFTER


def test_after_five_days_it_is_given_up() -> None:
    assert not given_up(NOW, NOW + timedelta(days=4, hours=23))
    assert given_up(NOW, NOW + timedelta(days=5))
