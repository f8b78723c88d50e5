"""Which States yet to report are due a reminder of their first report (S/2012/663, part 1 (b))."""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from committee.programme import Programme
from committee.states import ReportStatus, State, alphabetical, yet_to_report


class Reason(StrEnum):
    """Why a State that has not reported gets no reminder on this occasion."""

    IN_PREPARATION = "it has told us that its report is in preparation"
    REPORT_ARRIVED = "its report has arrived and waits for an officer"
    REMINDED = "it was reminded in this cycle"
    TOO_SOON = "another reminder went to it less than 28 days ago; it may have one from"
    NO_ADDRESS = "no confirmed address of its Permanent Mission takes mail"
    HAS_REPORTED = "it has reported"
    UNCONFIRMED = "its status is unconfirmed: an officer confirms it first"


@dataclass(frozen=True, slots=True)
class Reminder:
    """The how-manieth reminder of a programme to one State; a date in the key would change with a closure."""

    state: str
    programme: int
    cycle: int

    @property
    def key(self) -> str:
        return f"first-report/{self.state}/programme-{self.programme}/{self.cycle}"


@dataclass(frozen=True, slots=True)
class Skipped:
    state: str
    reason: Reason
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the rule must know beside the States: whose report has come, who was reminded, who can be written to."""

    arrived: Container[str]
    sent: Container[str]
    addressed: Container[str]
    last_reminded: Mapping[str, date] = field(default_factory=dict)  # when a reminder last left for it
    apart: timedelta = timedelta(days=28)


def due(
    states: Iterable[State], programme: Programme, today: date, known: Known
) -> tuple[list[Reminder], list[Skipped]]:
    """Split the States yet to report into those to remind in today's cycle and those not, with the reason of each.

    Operative paragraph 4 of resolution 1540 (2004) calls upon all States to report; nothing obliges them to do so by a
    date, so a reminder is an encouragement and a promise ("in preparation until …") puts it off until after its date.
    """
    reminders, skipped = [], []
    for state in sorted(yet_to_report(states), key=listed_on(today)):
        reminder = Reminder(state.key, programme.number, programme.cycle_on(today))
        if reason := _reason_not_to(reminder, state, today, known):
            skipped.append(Skipped(state.key, reason, _until(reason, state, today, known)))
        else:
            reminders.append(reminder)
    return reminders, skipped


def named_in_vain(states: Iterable[State]) -> list[Skipped]:
    """The States of a list that are not yet to report, each with the reason why it gets no reminder."""
    reasons = {ReportStatus.REPORTED: Reason.HAS_REPORTED, ReportStatus.UNCONFIRMED: Reason.UNCONFIRMED}
    return [Skipped(state.key, reasons[state.status]) for state in states if state.status in reasons]


def listed_on(day: date) -> Callable[[State], str]:
    """The alphabetical order of the States by their names of `day`: never a ranking."""
    return lambda state: alphabetical(state.named_on(day).listed)


def _reason_not_to(reminder: Reminder, state: State, today: date, known: Known) -> Reason | None:
    if state.key in known.arrived:
        return Reason.REPORT_ARRIVED
    if _promised(state, today):
        return Reason.IN_PREPARATION
    if reminder.key in known.sent:
        return Reason.REMINDED
    if _next_allowed(state, known) > today:
        return Reason.TOO_SOON
    return None if state.key in known.addressed else Reason.NO_ADDRESS


def _next_allowed(state: State, known: Known) -> date:
    last = known.last_reminded.get(state.key)
    return last + known.apart if last else date.min


def _until(reason: Reason, state: State, today: date, known: Known) -> date | None:
    """The day that belongs to the reason: of the promise, or from which another reminder may go."""
    if reason is Reason.IN_PREPARATION:
        return _promised(state, today)
    return _next_allowed(state, known) if reason is Reason.TOO_SOON else None


def _promised(state: State, today: date) -> date | None:
    """The date until which the State has asked for time, if that is not over: its own day still belongs to it."""
    promise = state.promise
    return promise.until if promise and promise.until and promise.until >= today else None
