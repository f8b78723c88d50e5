"""What the clock would do about first reports: a pure function of registers, ledgers and the moment (S/2012/663, 1 (b))."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from committee.announcements import (
    DAY,
    Announcement,
    AnnouncementState,
    Standing,
    Timing,
    announcing,
    due_day,
    goes_at,
    released_at,
)
from committee.calendar import new_york
from committee.confirmations import Rung
from committee.first_reports import Reason, Reminder, listed_on
from committee.programme import Programme, programme_on
from committee.states import State, yet_to_report


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that the clock looks at."""

    states: Collection[State]
    timing: Timing
    opened: date  # the desk's opening day: what fell due by then is listed, not sent
    arrived: Collection[str] = ()  # States whose first report waits for an officer
    addressed: Collection[str] = ()  # States that a letter can reach
    sent: Collection[str] = ()  # keys of reminders that have gone, by hand or by the clock
    last_reminded: Mapping[str, date] | None = None
    announcements: Mapping[str, Announcement] | None = None
    unconfirmed_years: Collection[int] = ()  # whose holidays nobody has confirmed


@dataclass(frozen=True, slots=True)
class Scheduled:
    """One letter by the clock: when it is announced and when it goes, or why it does not go by itself."""

    reminder: Reminder | Rung
    due: date
    until: date  # the last day on which it may go, such as that of its cycle
    announce_at: datetime
    at: datetime | None = None
    why_not: str = ""
    announced: bool = False


def schedule(known: Known, now: datetime, until: date) -> list[Scheduled]:
    """Every reminder that falls due from the opening of this cycle until `until`, by day and then by name.

    A reminder that has gone is not listed; one that will not go by itself is, with the reason.
    """
    listed = [
        _timed(one, known, now)
        for state in sorted(yet_to_report(known.states), key=listed_on(new_york(now).date()))
        for one in _of(state, known, now, until)
    ]
    return sorted(listed, key=lambda one: one.due)


def to_announce(scheduled: Collection[Scheduled], now: datetime) -> list[Scheduled]:
    return [one for one in scheduled if one.at and not one.announced and one.announce_at <= now]


def to_send(scheduled: Collection[Scheduled], now: datetime, timing: Timing) -> list[Scheduled]:
    """What was announced and whose moment has come, in office hours only: a desk that wakes at night waits for nine."""
    if released_at(now, timing, new_york(now).date()) != now:
        return []
    return [one for one in scheduled if one.announced and one.at and one.at <= now]


def no_longer(announcements: Collection[Announcement], scheduled: Collection[Scheduled]) -> list[Announcement]:
    """The announcements that nothing stands behind any more: reported, reminded by hand, or out of days in the cycle."""
    keys = {one.reminder.key for one in scheduled}
    open_ones = {AnnouncementState.ANNOUNCED, AnnouncementState.HELD}
    return [one for one in announcements if one.state in open_ones and one.key not in keys]


def next_moment(scheduled: Collection[Scheduled], now: datetime) -> datetime | None:
    """The next moment after `now` at which something is announced or goes."""
    moments = [one.at if one.announced else one.announce_at for one in scheduled if one.at]
    return min((moment for moment in moments if moment and moment > now), default=None)


def _of(state: State, known: Known, now: datetime, until: date) -> Iterator[Scheduled]:
    promise = state.promise.until if state.promise else None
    standing = Standing(promise, (known.last_reminded or {}).get(state.key))
    for programme, cycle in _cycles(new_york(now).date(), until):
        reminder = Reminder(state.key, programme.number, cycle)
        due = None if reminder.key in known.sent else due_day(programme, cycle, standing, known.timing)
        if due and due <= until:
            yield Scheduled(reminder, due, programme.cycle_days(cycle)[1], announcing(due, known.timing))


def _cycles(today: date, until: date) -> Iterator[tuple[Programme, int]]:
    """This cycle, and those that open until `until`."""
    day = today
    while day <= until:
        programme = programme_on(day)
        cycle = programme.cycle_on(day)
        yield programme, cycle
        day = programme.cycle_days(cycle)[1] + DAY


def _timed(one: Scheduled, known: Known, now: datetime) -> Scheduled:
    announcement = (known.announcements or {}).get(one.reminder.key)
    if why_not := _why_not(one, known, announcement):
        return replace(one, why_not=why_not, announced=announcement is not None)
    if announcement is None:
        at = goes_at(one.due, max(now, one.announce_at), known.timing, one.until)
        return replace(one, at=at, why_not="" if at else "its cycle has no day left")
    at = goes_at(one.due, announcement.counts_from, known.timing, one.until)
    if at and announcement.released_at:
        at = released_at(max(at, announcement.released_at), known.timing, one.until)
    return replace(one, at=at, announced=True, why_not="" if at else "its cycle has no day left")


def _why_not(one: Scheduled, known: Known, announcement: Announcement | None) -> str:
    if one.due <= known.opened:
        return "it fell due before this desk opened or was restored; by hand: remind first-report"
    if announcement and announcement.stays:
        return announcement.stays
    if one.reminder.state in known.arrived:
        return "its report has arrived and waits for an officer"
    if one.reminder.state not in known.addressed:
        return str(Reason.NO_ADDRESS)
    if one.due.year in known.unconfirmed_years:
        return f"nobody has confirmed the holidays of {one.due.year}: holidays {one.due.year} confirm"
    return ""
