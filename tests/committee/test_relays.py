"""A relay that fails is left alone, for longer each time, and never for ever."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from committee.relays import LONGEST_WAIT, REFUSED_WAIT, Relay, failed

NOW = datetime(2012, 9, 4, 13, tzinfo=UTC)


@given(times=st.integers(1, 60))
def test_the_wait_grows_and_stays_below_its_limit(times: int) -> None:
    relay: Relay | None = None
    waits = []
    for _ in range(times):
        relay = failed(relay, "mx.example:25", "no answer", NOW)
        waits.append(relay.until - NOW)
    assert relay
    assert waits == sorted(waits)
    assert (waits[0], waits[-1] <= LONGEST_WAIT) == (timedelta(minutes=1), True)
    assert (relay.failures, relay.since) == (times, NOW)


def test_one_that_does_not_let_us_in_is_not_asked_again_at_once() -> None:
    relay = failed(None, "mx.example:25", "535 no", NOW, refuses_us=True)
    assert not relay.lets(NOW + REFUSED_WAIT - timedelta(seconds=1))
    assert relay.lets(NOW + REFUSED_WAIT)


def test_a_clock_that_was_set_back_does_not_lock_it() -> None:
    assert failed(None, "mx.example:25", "no answer", NOW).lets(NOW - timedelta(days=1))


def test_one_that_is_not_tried_any_more_is_no_news() -> None:
    relay = failed(None, "mx.example:25", "no answer", NOW)
    assert relay.is_news(relay.until + timedelta(minutes=15))
    assert not relay.is_news(relay.until + timedelta(hours=2))
