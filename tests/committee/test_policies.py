"""What the rules run on, with dates."""

from datetime import date, time, timedelta

import pytest

from committee.errors import Refused
from committee.policies import KINDS, Policy, in_force, read, timing

TODAY = date(2012, 9, 4)


def policy(name: str, value: str, start: date) -> Policy:
    return Policy(f"{name}/{start}", name, value, start)


def test_every_default_can_be_read() -> None:
    assert {name: read(name, kind.default) for name, kind in KINDS.items()}
    assert timing((), (), TODAY).apart == timedelta(days=28)


def test_the_newest_that_has_begun_counts() -> None:
    known = [
        policy("reminders.apart", str(days), start)
        for days, start in ((30, date(2012, 9, 1)), (40, date(2012, 6, 1)), (50, date(2013, 1, 1)))
    ]
    assert in_force(known, TODAY)["reminders.apart"] == "30"
    assert timing(known, (), date(2013, 1, 1)).apart == timedelta(days=50)


def test_a_pause_over_new_year_holds_on_both_sides() -> None:
    paused = timing([policy("reminders.pause", "12-24..01-05", TODAY)], (), TODAY)
    assert not paused.allows(date(2012, 12, 31))
    assert not paused.allows(date(2013, 1, 4))
    assert paused.allows(date(2013, 1, 7))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("reminders.apart", "many"),
        ("reminders.apart", "-1"),
        ("reminders.pause", "Christmas"),
        ("letters.open", "25:00"),
        ("nothing", "1"),
    ],
)
def test_a_value_that_cannot_be_one_is_a_sentence(name: str, value: str) -> None:
    with pytest.raises(Refused):
        read(name, value)


def test_hours_are_wall_time() -> None:
    assert timing([policy("letters.open", "10:30", TODAY)], (), TODAY).opens == time(10, 30)
