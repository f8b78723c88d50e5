"""As fast as it may be and no faster, more urgent before less, and nobody without a turn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.pacing import EASES_AFTER, Pace, shared_out


@given(rate=st.floats(1, 6000), steps=st.lists(st.floats(0, 30), min_size=1, max_size=60), most=st.integers(1, 100))
def test_in_no_minute_more_leave_than_the_rate_allows(rate: float, steps: list[float], most: int) -> None:
    pace, at, left = Pace(rate, 3), 1000.0, list[float]()
    for step in steps:
        at += step
        count = pace.places(at, most)
        pace.take(count, at)
        left += [at] * count
    a_seconds_worth = max(1.0, rate / 60)
    for first in left:
        assert sum(first <= other < first + 60 for other in left) <= rate + a_seconds_worth + 1


@given(rate=st.floats(1, 6000))
def test_what_is_waited_for_is_there_when_the_wait_is_over(rate: float) -> None:
    pace = Pace(rate, 3)
    pace.take(pace.places(0.0, 1000), 0.0)
    assert pace.places(0.0, 1000) == 0
    assert pace.places(pace.wait(0.0) + 1e-6, 1000) >= 1


def test_without_a_rate_as_many_go_as_are_asked_for() -> None:
    pace = Pace(None, 16)
    assert pace.places(0.0, 64) == 64
    assert (pace.wait(0.0), pace.width) == (0.0, 16)


def test_a_server_that_complains_is_given_half_after_a_pause_and_the_rest_back_in_time() -> None:
    pace = Pace(None, 16)
    for _ in range(3):  # three connections hear the same
        pace.too_much(100.0)
    assert (pace.width, pace.places(100.0, 64)) == (8, 0)
    assert pace.places(100.0 + pace.wait(100.0), 64) > 0
    pace.places(110.0 + EASES_AFTER, 64)
    assert pace.width == 16


def test_the_time_that_a_server_asks_for_is_kept() -> None:
    pace = Pace(30, 3)
    pace.too_much(0.0, after=300.0)
    assert pace.places(299.0, 5) == 0
    assert pace.places(301.0, 5) == 1


@given(
    waiting=st.dictionaries(st.integers(0, 2), st.integers(0, 100)), places=st.integers(1, 64), nth=st.integers(0, 99)
)
def test_no_place_is_left_empty_while_something_waits_and_none_is_given_twice(
    waiting: dict[int, int], places: int, nth: int
) -> None:
    going = shared_out(waiting, places, nth)
    assert sum(going.values()) == min(places, sum(waiting.values()))
    assert all(0 <= count <= waiting[priority] for priority, count in going.items())


@pytest.mark.parametrize("places", [1, 3, 8, 64])
def test_bulk_has_its_turn_behind_any_number_of_receipts(places: int) -> None:
    given_to_bulk = sum(shared_out({0: 1000, 2: 1000}, places, nth)[2] for nth in range(1, 81))
    assert 0 < given_to_bulk <= 80 * places / 8


def test_receipts_go_first() -> None:
    assert shared_out({0: 3, 2: 1000}, 8, 1) == {0: 3, 2: 5}
    assert shared_out({0: 1, 1: 1, 2: 1000}, 1, 1) == {0: 1, 1: 0, 2: 0}
