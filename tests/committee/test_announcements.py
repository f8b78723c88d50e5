"""When a reminder goes by itself, and when it is announced."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from committee.announcements import Standing, Timing, announce_day, due_day, goes_at, released_at
from committee.calendar import NEW_YORK
from committee.programme import programme_on

LABOUR_DAY, THANKSGIVING, CHRISTMAS, NEW_YEAR = (
    date(2012, 9, 3),
    date(2012, 11, 22),
    date(2012, 12, 25),
    date(2013, 1, 1),
)
HOLIDAYS = frozenset({LABOUR_DAY, THANKSGIVING, CHRISTMAS, NEW_YEAR})
TIMING = Timing(off=HOLIDAYS)
ELEVENTH = programme_on(date(2012, 9, 4))
DAYS = st.dates(date(2012, 6, 1), date(2013, 5, 31))
DAYS_OFF = st.frozensets(st.dates(date(2012, 5, 1), date(2013, 7, 31)), max_size=40)
END = date(2013, 12, 31)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=NEW_YORK)  # type: ignore[misc, arg-type]  # year to minute


def test_a_cycle_that_opens_on_a_saturday_before_labour_day_begins_on_tuesday() -> None:
    assert due_day(ELEVENTH, 2, Standing(), TIMING) == date(2012, 9, 4)


def test_after_a_promise_it_goes_on_the_first_working_day_after_its_date() -> None:
    assert due_day(ELEVENTH, 3, Standing(promised_until=date(2012, 12, 15)), TIMING) == date(2012, 12, 17)


def test_inside_28_days_of_another_letter_it_waits_until_they_are_over() -> None:
    assert due_day(ELEVENTH, 3, Standing(last_reminded=date(2012, 11, 20)), TIMING) == date(2012, 12, 18)


def test_what_would_fall_into_the_pause_goes_after_it() -> None:
    assert due_day(ELEVENTH, 3, Standing(promised_until=date(2012, 12, 21)), TIMING) == date(2013, 1, 4)


def test_a_promise_beyond_the_cycle_leaves_the_cycle_without_a_letter() -> None:
    assert due_day(ELEVENTH, 2, Standing(promised_until=date(2012, 12, 15)), TIMING) is None


def test_tuesday_announces_thursday() -> None:
    assert announce_day(date(2012, 9, 13), TIMING) == date(2012, 9, 11)
    assert announce_day(date(2012, 12, 3), TIMING) == date(2012, 11, 29)
    assert goes_at(date(2012, 9, 13), at(2012, 9, 11, 9), TIMING, END) == at(2012, 9, 13, 9)


def test_what_is_announced_late_goes_after_one_whole_working_day() -> None:
    assert goes_at(date(2012, 9, 13), at(2012, 9, 12, 9), TIMING, END) == at(2012, 9, 14, 9)
    assert goes_at(date(2012, 9, 13), at(2012, 9, 14, 9), TIMING, END) == at(2012, 9, 18, 9)


def test_a_closure_moves_the_day_and_the_announcement_still_counts() -> None:
    closed = Timing(off=HOLIDAYS | {date(2012, 9, 13)})
    assert goes_at(date(2012, 9, 13), at(2012, 9, 11, 9), closed, END) == at(2012, 9, 14, 9)


def test_a_release_goes_at_once_in_office_hours_and_else_at_the_next_nine() -> None:
    assert released_at(at(2012, 9, 11, 10, 30), TIMING, END) == at(2012, 9, 11, 10, 30)
    assert released_at(at(2012, 9, 11, 17), TIMING, END) == at(2012, 9, 12, 9)
    assert released_at(at(2012, 9, 11, 8, 59), TIMING, END) == at(2012, 9, 11, 9)
    assert released_at(at(2012, 9, 14, 18), TIMING, END) == at(2012, 9, 17, 9)


@given(day=DAYS, off=DAYS_OFF, promise=st.none() | DAYS, last=st.none() | DAYS)
def test_a_letter_goes_on_an_allowed_day_of_its_cycle_after_promise_and_28_days(
    day: date, off: frozenset[date], promise: date | None, last: date | None
) -> None:
    programme, timing = programme_on(day), Timing(off=off)
    cycle = programme.cycle_on(day)
    due = due_day(programme, cycle, Standing(promise, last), timing)
    opens, ends = programme.cycle_days(cycle)
    if due:
        assert opens <= due <= ends
        assert timing.allows(due)
        assert promise is None or due > promise
        assert last is None or due - last >= timing.apart
    else:
        latest = max(opens, (promise or opens) + timedelta(days=1), (last or opens) + timing.apart if last else opens)
        assert not any(timing.allows(latest + timedelta(n)) for n in range((ends - latest).days + 1))


MOMENTS = st.datetimes(datetime(2012, 6, 1), datetime(2013, 5, 31))  # noqa: DTZ001 - New York's below


@given(due=DAYS, announced=MOMENTS, off=DAYS_OFF)
def test_one_whole_working_day_always_lies_between(due: date, announced: datetime, off: frozenset[date]) -> None:
    timing, said = Timing(off=off), announced.replace(tzinfo=NEW_YORK)
    goes = goes_at(due, said, timing, END)
    assert goes
    between = [said.date() + timedelta(n) for n in range(1, (goes.date() - said.date()).days)]
    assert any(timing.allows(one) or (one.weekday() < 5 and one not in off) for one in between)
    assert goes.date() >= due
    assert (goes.hour, goes.minute) == (9, 0)


@given(due=DAYS, off=DAYS_OFF)
def test_what_is_announced_on_its_day_goes_on_its_day(due: date, off: frozenset[date]) -> None:
    timing = Timing(off=off)
    day = timing.first_allowed(due, END)
    assert day
    announced = datetime.combine(announce_day(day, timing), timing.opens, NEW_YORK)
    assert goes_at(day, announced, timing, END) == datetime.combine(day, timing.opens, NEW_YORK)
