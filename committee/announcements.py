"""When a first-report reminder goes by itself, and when it is announced: one whole working day before."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from committee.calendar import NEW_YORK, is_working_day, new_york
from committee.programme import Programme

DAY = timedelta(days=1)


class AnnouncementState(StrEnum):
    ANNOUNCED = "announced"
    HELD = "held"
    SENT = "sent"
    DROPPED = "dropped"  # it is not due any more: the report has come, or the State has asked for time


@dataclass(frozen=True, slots=True)
class Announcement:
    """A letter that will go by itself, shown before it does; its key is the letter's."""

    key: str
    kind: str
    party: str
    announced_at: datetime
    due: date
    state: AnnouncementState = AnnouncementState.ANNOUNCED
    why: str = ""  # who holds it and why, or why it was dropped
    released_at: datetime | None = None
    waits_for: str = ""  # the card that tells of it, until that stands in chat
    told_at: datetime | None = None  # when it came to stand there

    @property
    def counts_from(self) -> datetime:
        """From when on people could know of it."""
        return self.told_at or self.announced_at

    @property
    def stays(self) -> str:
        """Why it does not go as it stands, or nothing."""
        if self.state is not AnnouncementState.ANNOUNCED:
            return f"{self.state}: {self.why}" if self.why else str(self.state)
        return "it waits to be announced in chat" if self.waits_for else ""


@dataclass(frozen=True, slots=True)
class Timing:
    """The policies that the clock runs on; days off are New York's holidays and closures."""

    off: Container[date] = ()
    apart: timedelta = timedelta(days=28)  # between two reminders to one party
    pause: tuple[tuple[int, int], tuple[int, int]] = ((12, 20), (1, 3))  # month and day, from and to, both included
    opens: time = time(9)
    closes: time = time(17)

    def allows(self, day: date) -> bool:
        """Whether a letter may go by itself on `day`: a working day outside the pause."""
        return is_working_day(day, self.off) and not self._pauses(day)

    def first_allowed(self, day: date, until: date) -> date | None:
        """The first day from `day` to `until`, both included, on which a letter may go by itself."""
        while day <= until:
            if self.allows(day):
                return day
            day += DAY
        return None

    def _pauses(self, day: date) -> bool:
        start, end = self.pause
        here = (day.month, day.day)
        return start <= here <= end if start <= end else here >= start or here <= end


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides the day of one State's reminder: its promise, and when a reminder last went to it."""

    promised_until: date | None = None
    last_reminded: date | None = None


def due_day(programme: Programme, cycle: int, standing: Standing, timing: Timing) -> date | None:
    """The day on which the reminder of `cycle` goes by itself: the first working day that the rules allow.

    After a promise it is the first working day after its date, inside 28 days of another letter it waits until they are
    over, and always in the same cycle; None where the cycle has no such day left.
    """
    opens, ends = programme.cycle_days(cycle)
    earliest = [opens]
    if standing.promised_until:
        earliest.append(standing.promised_until + DAY)
    if standing.last_reminded:
        earliest.append(standing.last_reminded + timing.apart)
    return timing.first_allowed(max(earliest), ends)


def announce_day(day: date, timing: Timing) -> date:
    """The day on which what goes on `day` is announced, so that one whole working day lies between: Tuesday for Thursday."""
    return _working_day_before(_working_day_before(day, timing), timing)


def announcing(day: date, timing: Timing) -> datetime:
    """The moment at which what goes on `day` is announced."""
    return datetime.combine(announce_day(day, timing), timing.opens, NEW_YORK)


def goes_at(due: date, announced: datetime, timing: Timing, until: date) -> datetime | None:
    """The moment at which an announced letter goes: at nine on its day, never before a whole working day has passed since.

    An announcement counts whatever is closed afterwards; None where no day is left until `until`.
    """
    whole_day = _working_day_after(new_york(announced).date(), timing)
    day = timing.first_allowed(max(due, whole_day + DAY), until)
    return datetime.combine(day, timing.opens, NEW_YORK) if day else None


def released_at(moment: datetime, timing: Timing, until: date) -> datetime | None:
    """When what is released from a hold goes: at once on a working day between nine and five, else at the next nine."""
    local = new_york(moment)
    if timing.allows(local.date()) and timing.opens <= local.time() < timing.closes:
        return moment
    early = local.time() < timing.opens
    day = timing.first_allowed(local.date() if early else local.date() + DAY, until)
    return datetime.combine(day, timing.opens, NEW_YORK) if day else None


def _working_day_before(day: date, timing: Timing) -> date:
    day -= DAY
    while not is_working_day(day, timing.off):
        day -= DAY
    return day


def _working_day_after(day: date, timing: Timing) -> date:
    day += DAY
    while not is_working_day(day, timing.off):
        day += DAY
    return day
