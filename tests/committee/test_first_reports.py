"""Which States are reminded, and which are not, with the reason of each."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from committee.first_reports import Known, Reason, due, named_in_vain
from committee.programme import programme_on
from committee.states import NameIn, Names, Note, ReportStatus, State

TODAY = date(2012, 9, 4)
PROGRAMME = programme_on(TODAY)
NOBODY: frozenset[str] = frozenset()


def state(key: str, status: ReportStatus = ReportStatus.NON_REPORTING, promise: date | None = None) -> State:
    names = Names(key.title(), {"en": NameIn(key, key, key)})
    notes = (Note("in preparation", "mission", datetime(2012, 9, 1, tzinfo=UTC), promise),) if promise else ()
    return State(key, key[:2], "000", (names,), "African Group", 1964, status, notes=notes)


def known(*addressed: str, arrived: frozenset[str] = NOBODY, sent: frozenset[str] = NOBODY) -> Known:
    return Known(arrived=arrived, sent=sent, addressed=frozenset(addressed))


def test_a_state_yet_to_report_is_reminded_under_a_key_that_holds_no_date() -> None:
    reminders, skipped = due([state("MWI")], PROGRAMME, TODAY, known("MWI"))
    assert [reminder.key for reminder in reminders] == ["first-report/MWI/programme-11/2"]
    assert skipped == []


def test_neither_a_state_that_has_reported_nor_one_that_is_unconfirmed_is_reminded() -> None:
    states = [state("GHA", ReportStatus.REPORTED), state("TCD", ReportStatus.UNCONFIRMED)]
    assert due(states, PROGRAMME, TODAY, known("GHA", "TCD")) == ([], [])
    assert [one.reason for one in named_in_vain(states)] == [Reason.HAS_REPORTED, Reason.UNCONFIRMED]


def test_a_report_stops_the_reminder_from_its_arrival() -> None:
    _, skipped = due([state("MWI")], PROGRAMME, TODAY, known("MWI", arrived=frozenset({"MWI"})))
    assert [one.reason for one in skipped] == [Reason.REPORT_ARRIVED]


def test_nobody_is_reminded_twice_in_a_cycle() -> None:
    sent = frozenset({"first-report/MWI/programme-11/2"})
    _, skipped = due([state("MWI")], PROGRAMME, TODAY, known("MWI", sent=sent))
    assert [one.reason for one in skipped] == [Reason.REMINDED]


def test_a_state_without_a_confirmed_address_is_left_out_with_the_reason() -> None:
    _, skipped = due([state("MWI")], PROGRAMME, TODAY, known())
    assert [one.reason for one in skipped] == [Reason.NO_ADDRESS]


def test_states_come_in_alphabetical_order_whatever_their_codes() -> None:
    reminders, _ = due([state("ZWE"), state("GMB"), state("MWI")], PROGRAMME, TODAY, known("ZWE", "GMB", "MWI"))
    assert [reminder.state for reminder in reminders] == ["GMB", "MWI", "ZWE"]


@given(promise=st.dates(date(2012, 6, 1), date(2013, 5, 31)), today=st.dates(date(2012, 6, 1), date(2013, 5, 31)))
def test_no_state_is_reminded_before_the_day_after_its_promise(promise: date, today: date) -> None:
    reminders, skipped = due([state("MWI", promise=promise)], programme_on(today), today, known("MWI"))
    assert bool(reminders) == (today > promise)
    assert [one.until for one in skipped] == ([promise] if today <= promise else [])


def test_what_was_promised_last_is_what_counts() -> None:
    first = state("MWI", promise=date(2012, 12, 15))
    again = first.noting(Note("sooner", "mission", datetime(2012, 9, 2, tzinfo=UTC), date(2012, 9, 3)))
    assert due([again], PROGRAMME, TODAY, known("MWI"))[0]


@given(statuses=st.lists(st.sampled_from(ReportStatus), max_size=30))
def test_every_state_yet_to_report_is_either_reminded_or_left_out_with_a_reason(statuses: list[ReportStatus]) -> None:
    states = [replace(state(f"S{n:02}"), status=status) for n, status in enumerate(statuses)]
    reminders, skipped = due(states, PROGRAMME, TODAY, known(*(one.key for one in states[::2])))
    assert {r.state for r in reminders} | {s.state for s in skipped} == {
        one.key for one in states if one.status is ReportStatus.NON_REPORTING
    }
    assert len(reminders) + len(skipped) == statuses.count(ReportStatus.NON_REPORTING)
