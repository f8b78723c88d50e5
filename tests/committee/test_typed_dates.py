"""A day as people type it is the day that everybody would read; whatever two people would read as two days is none."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.calendar import MONTHS, NEW_YORK
from committee.typed_dates import day_meant, moment_meant

TUESDAY = date(2012, 9, 4)
LABOR_DAY, COLUMBUS_DAY = date(2012, 9, 3), date(2012, 10, 8)
OFF = (LABOR_DAY, COLUMBUS_DAY)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2012-09-12", date(2012, 9, 12)),
        ("2012\u201309\u201312", date(2012, 9, 12)),  # a phone's dashes
        ("12 September", date(2012, 9, 12)),
        ("12 Sept 2012", date(2012, 9, 12)),
        ("12 sep.", date(2012, 9, 12)),
        ("the 12th of September", date(2012, 9, 12)),
        ("September 12, 2012", date(2012, 9, 12)),
        ("MARCH 31", date(2013, 3, 31)),
        ("3 September", date(2013, 9, 3)),  # yesterday has been, so it is next year's
        ("4 September", TUESDAY),
        ("29 February", date(2016, 2, 29)),
        ("today", TUESDAY),
        ("Tomorrow", date(2012, 9, 5)),
        ("yesterday", date(2012, 9, 3)),
        ("Friday", date(2012, 9, 7)),
        ("on Tuesday", date(2012, 9, 11)),
        ("in 3 days", date(2012, 9, 7)),
        ("in two weeks", date(2012, 9, 18)),
        ("in a week", date(2012, 9, 11)),
        ("in 5 working days", date(2012, 9, 11)),
        ("in 24 working days", date(2012, 10, 9)),  # Columbus Day is not one
    ],
)
def test_a_day_is_the_one_that_everybody_would_read(typed, day):
    assert day_meant(typed, TUESDAY, OFF) == day


@pytest.mark.parametrize(
    "typed",
    ["", "banana", "4/5/2012", "04.05.2012", "next Friday", "31 November", "2013-02-29", "12", "September", "0012-01-01",
     "in 99999 days", "in 4 working weeks", "in -1 days", "12 September 2012 sharp"],
)  # fmt: skip
def test_what_two_people_would_read_as_two_days_is_no_day(typed):
    assert day_meant(typed, TUESDAY, OFF) is None


@pytest.mark.parametrize(
    ("typed", "day"),
    [("1 September", date(2012, 9, 1)), ("5 September", date(2011, 9, 5)), ("Monday", LABOR_DAY), ("Tuesday", TUESDAY)],
)
def test_a_day_that_has_been_is_the_latest_such(typed, day):
    assert day_meant(typed, TUESDAY, OFF, past=True) == day


@given(st.dates(date(1945, 1, 1), date(2199, 12, 31)), st.dates(date(2004, 4, 28), date(2100, 1, 1)))
def test_a_whole_date_is_the_same_day_on_every_day(day, today):
    written = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    assert day_meant(written, today, ()) == day_meant(day.isoformat(), today, ()) == day


@given(st.text(max_size=40), st.dates(date(2004, 4, 28), date(2100, 1, 1)), st.booleans())
def test_no_text_makes_it_fail(typed, today, past):
    day = day_meant(typed, today, (), past=past)
    assert day is None or day.year >= 1945
    moment_meant(typed)


@given(st.dates(date(2004, 1, 1), date(2100, 1, 1)), st.dates(date(2004, 1, 1), date(2100, 1, 1)))
def test_without_a_year_it_is_the_nearest_on_the_side_that_is_asked_for(day, today):
    typed = f"{day.day} {MONTHS[day.month - 1]}"
    ahead, behind = day_meant(typed, today, ()), day_meant(typed, today, (), past=True)
    assert ahead
    assert behind
    assert behind <= today <= ahead
    assert {(each.month, each.day) for each in (ahead, behind)} == {(day.month, day.day)}


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2012-09-04 09:00", datetime(2012, 9, 4, 13, tzinfo=UTC)),
        ("2012-09-04T9:05", datetime(2012, 9, 4, 13, 5, tzinfo=UTC)),
        ("2012-09-04", datetime(2012, 9, 4, 4, tzinfo=UTC)),
        ("2012-12-04 09:00:30", datetime(2012, 12, 4, 14, 0, 30, tzinfo=UTC)),
        ("2012-09-04T13:00Z", datetime(2012, 9, 4, 13, tzinfo=UTC)),
        ("2012-09-04 13:00 utc", datetime(2012, 9, 4, 13, tzinfo=UTC)),
        ("2012-09-04T15:00+0200", datetime(2012, 9, 4, 13, tzinfo=UTC)),
        ("2012-09-04T13:00-00:00", datetime(2012, 9, 4, 13, tzinfo=UTC)),
    ],
)
def test_a_moment_without_zone_is_new_yorks(typed, moment):
    found = moment_meant(typed)
    assert found
    assert found.astimezone(UTC) == moment


def test_a_wall_time_that_new_yorks_clocks_skip_is_no_moment():
    assert moment_meant("2012-03-11 02:30") is None
    assert moment_meant("2012-03-11 03:30") == datetime(2012, 3, 11, 3, 30, tzinfo=NEW_YORK)


@pytest.mark.parametrize("typed", ["", "now", "2012-13-01", "2012-09-04 25:00", "2012-09-04T09:00+99:00", "0001-01-01"])
def test_what_is_no_moment_is_none(typed):
    assert moment_meant(typed) is None
