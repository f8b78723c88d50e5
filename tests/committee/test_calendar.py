"""Working days and moments of New York."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from committee.calendar import is_working_day, working_days_after, written, written_moment

LABOUR_DAY = date(2012, 9, 3)


def test_five_working_days_after_a_tuesday_is_the_next_tuesday() -> None:
    assert working_days_after(date(2012, 9, 4), 5, {LABOUR_DAY}) == date(2012, 9, 11)


def test_a_holiday_is_not_counted() -> None:
    assert working_days_after(date(2012, 8, 31), 1, {LABOUR_DAY}) == date(2012, 9, 4)


@given(
    day=st.dates(date(2012, 1, 1), date(2013, 12, 31)),
    count=st.integers(0, 60),
    off=st.sets(st.dates(date(2012, 1, 1), date(2014, 6, 30)), max_size=20),
)
def test_counting_ends_on_a_working_day_with_exactly_so_many_between(day: date, count: int, off: set[date]) -> None:
    end = working_days_after(day, count, off)
    start = working_days_after(day, 0, off)
    between = [start + timedelta(n) for n in range(1, (end - start).days + 1)]
    assert is_working_day(end, off)
    assert sum(is_working_day(one, off) for one in between) == count


def test_days_and_moments_are_written_out() -> None:
    assert written(date(2012, 9, 4)) == "4 September 2012"
    assert written_moment(datetime(2012, 9, 4, 13, 5, tzinfo=UTC)) == "Tue 4 September 2012, 9.05 a.m. New York"
    assert written_moment(datetime(2012, 11, 5, 17, tzinfo=UTC)) == "Mon 5 November 2012, noon New York"
    assert written_moment(datetime(2012, 11, 5, 22, tzinfo=UTC)).endswith(", 5 p.m. New York")
