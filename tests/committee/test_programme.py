"""Programmes of work follow one another without a gap, each with four cycles of reminders."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.programme import Programme, programme_on

DAYS = st.dates(date(2004, 6, 1), date(2040, 5, 31))


@given(DAYS)
def test_each_day_belongs_to_the_programme_that_covers_it(day: date) -> None:
    programme = programme_on(day)
    assert programme.start <= day <= programme.end
    assert programme.start == date(programme.start.year, 6, 1)


@given(DAYS)
def test_the_next_programme_begins_on_the_day_after_the_end(day: date) -> None:
    programme = programme_on(day)
    following = programme_on(programme.end + timedelta(days=1))
    assert following == Programme(programme.number + 1, programme.end + timedelta(days=1))


@given(DAYS)
def test_a_day_lies_in_one_of_four_cycles_and_cycles_do_not_go_back(day: date) -> None:
    programme, tomorrow = programme_on(day), day + timedelta(days=1)
    cycle = programme.cycle_on(day)
    assert 1 <= cycle <= 4
    if tomorrow <= programme.end:
        assert programme.cycle_on(tomorrow) - cycle in {0, 1}
    else:
        assert cycle == 4


def test_the_eleventh_programme_runs_from_june_2012_to_may_2013() -> None:
    eleventh = programme_on(date(2012, 9, 4))
    assert (eleventh.number, eleventh.start, eleventh.end) == (11, date(2012, 6, 1), date(2013, 5, 31))
    assert programme_on(date(2012, 5, 31)).number == 10


@pytest.mark.parametrize(
    ("day", "cycle"),
    [
        (date(2012, 6, 1), 1), (date(2012, 8, 31), 1), (date(2012, 9, 1), 2), (date(2012, 11, 30), 2),
        (date(2012, 12, 1), 3), (date(2013, 2, 28), 3), (date(2013, 3, 1), 4), (date(2013, 5, 31), 4),
    ],
)  # fmt: skip
def test_cycles_open_in_june_september_december_and_march(day: date, cycle: int) -> None:
    assert programme_on(day).cycle_on(day) == cycle


def test_a_cycle_ends_the_day_before_the_next_one_opens() -> None:
    eleventh = programme_on(date(2012, 9, 4))
    assert eleventh.cycle_ends_on(date(2012, 9, 4)) == date(2012, 11, 30)
    assert eleventh.cycle_ends_on(date(2013, 3, 1)) == date(2013, 5, 31)
