"""When something stands still: how late letters are under a rate, and when an alarm begins and is over."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.alarms import LIMITS, AlarmKind, Lateness, Limit, due_since
from committee.letters import Delivery, DeliveryState, LetterKind

NOW = datetime(2012, 9, 4, 13, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=3)
rates = st.floats(1, 100_000) | st.none()
handled = st.integers(0, 10_000)
seconds = st.floats(0, 100_000)


def after(start: float, minutes: int, each_minute: int, rate: float | None, oldest: datetime = LONG_AGO) -> float:
    """How late it is after so many looks, a minute apart, with so many handed over in each."""
    late = Lateness("outbox", NOW, start)
    for minute in range(1, minutes + 1):
        now = NOW + timedelta(minutes=minute)
        late = Lateness("outbox", now, late.later(now, each_minute, rate, oldest))
    return late.seconds


@given(
    seconds,
    handled,
    rates,
    st.timedeltas(timedelta(), timedelta(days=5)),
    st.timedeltas(timedelta(), timedelta(days=9)),
)
def test_nothing_is_later_than_it_has_been_due_or_earlier_than_now(
    start: float, count: int, rate: float | None, passed: timedelta, age: timedelta
) -> None:
    now = NOW + passed
    late = Lateness("outbox", NOW, start).later(now, count, rate, now - age)
    assert 0 <= late <= age.total_seconds()


@given(st.integers(1, 600), st.integers(1, 300))
def test_at_its_full_rate_nothing_is_late_however_much_waits(minutes: int, rate: int) -> None:
    assert after(0, minutes, rate, float(rate)) == pytest.approx(0, abs=1e-3)


@given(st.integers(1, 600), rates)
def test_what_stands_still_is_late_by_as_long_as_it_stands_still(minutes: int, rate: float | None) -> None:
    assert after(0, minutes, 0, rate) == pytest.approx(60 * minutes)


@given(seconds, handled, handled, st.floats(1, 1000))
def test_what_several_processes_hand_over_counts_together(start: float, ours: int, theirs: int, rate: float) -> None:
    now, late = NOW + timedelta(hours=2), Lateness("outbox", NOW, start)
    together = late.later(now, ours + theirs, rate, LONG_AGO)
    one = Lateness("outbox", now, late.later(now, ours, rate, LONG_AGO)).later(now, theirs, rate, LONG_AGO)
    assert one == pytest.approx(together, abs=1e-3)


def test_without_a_rate_each_is_late_from_when_it_could_go() -> None:
    assert after(0, 20, 500, None, oldest=NOW + timedelta(minutes=19, seconds=30)) == 30


def test_a_clock_that_is_set_back_makes_nothing_late() -> None:
    before = NOW - timedelta(hours=1)
    assert Lateness("outbox", NOW, 0).later(before, 0, 30, LONG_AGO) == 0


@given(st.sampled_from(list(LIMITS.values())), st.booleans())
def test_what_is_not_known_changes_nothing(limit: Limit, stood: bool) -> None:
    assert limit.stands(None, stood=stood) is stood


@pytest.mark.parametrize(
    ("kind", "begins", "between", "over"),
    [
        (AlarmKind.LETTERS, 901, 600, 299),
        (AlarmKind.DISK, 0.9e9, 1.1e9, 1.3e9),
        (AlarmKind.BACKUP, 93_601, None, 93_600),
    ],
)
def test_it_begins_beyond_its_limit_and_is_over_well_below(
    kind: AlarmKind, begins: float, between: float | None, over: float
) -> None:
    limit = LIMITS[kind]
    assert limit.stands(begins, stood=False)
    assert not limit.stands(over, stood=True)
    for stood in (True, False):
        assert limit.stands(between, stood=stood) is stood


def test_it_is_due_when_it_was_queued_or_when_what_put_it_off_has_passed() -> None:
    one = Delivery(
        "r/1#1", "r/1", LetterKind.RECEIPT, "MWI", "r/1", "a@mission.test", DeliveryState.QUEUED, NOW, 0,
        turn="2012-09-04T12:00:00.000000+00:00/1a2b3c4d",
    )  # fmt: skip
    assert due_since(one) == NOW - timedelta(hours=1)
    assert due_since(one.waiting_until(NOW)) == NOW
