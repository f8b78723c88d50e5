"""An absent approver has a named delegate from a day to a day: who may stand for whom, and when."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from committee.calendar import written
from committee.staff import Person, Role

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Delegation:
    """From `start` to `end`, both included, New York's days, `delegate` releases what `approver` might."""

    key: str  # approver-1/2012-09-05
    approver: str
    delegate: str
    start: date
    end: date
    by: str

    def covers(self, day: date) -> bool:
        return self.start <= day <= self.end

    def overlaps(self, other: "Delegation") -> bool:
        return self.start <= other.end and other.start <= self.end


def delegation(approver: str, delegate: str, start: date, end: date, by: str) -> Delegation:
    return Delegation(f"{approver}/{start.isoformat()}", approver, delegate, start, end, by)


def why_not(  # noqa: PLR0911 - one line for each reason
    new: Delegation, existing: Iterable[Delegation], staff: Mapping[str, Person], today: date
) -> str:
    """Why this delegation cannot be, in a sentence; empty where it can."""
    approver, delegate = staff[new.approver], staff[new.delegate]
    if approver.identities & delegate.identities:
        return f"{approver.name} cannot be their own delegate"
    if not approver.may(Role.APPROVER):
        return (
            f"{approver.name} is no approver, and only an approver has a delegate; a delegate names none of their own"
        )
    if delegate.may(Role.APPROVER):
        return f"{delegate.name} is an approver already and needs no delegation"
    if not delegate.may(Role.OFFICER):
        return f"{delegate.name} is no officer; a delegate is one"
    if new.end < new.start:
        return f"a delegation cannot end on {written(new.end)} and begin on {written(new.start)}"
    if new.start < today:
        return f"{written(new.start)} is past; a delegation begins today ({written(today)}) or later"
    if new.end - new.start >= LONGEST:
        return f"from {written(new.start)} to {written(new.end)} is longer than a year; an approver so long away is replaced"
    meeting = [one for one in existing if one.overlaps(new)]
    return next((why for one in meeting if (why := _meets(new, one, staff))), "")


def running(delegations: Iterable[Delegation], staff: Mapping[str, Person], day: date) -> list[Delegation]:
    """Those that hold on `day`: the approver is one still, and the delegate an officer."""
    return [
        one
        for one in delegations
        if one.covers(day)
        and one.approver in staff
        and one.delegate in staff
        and staff[one.approver].may(Role.APPROVER)
        and staff[one.delegate].may(Role.OFFICER)
    ]


def stands_for(person: Person, running: Collection[Delegation], staff: Mapping[str, Person]) -> list[Person]:
    """The approvers whose delegate this person is, under whichever entry it was written down."""
    return [staff[one.approver] for one in running if staff[one.delegate].identities & person.identities]


def _meets(new: Delegation, other: Delegation, staff: Mapping[str, Person]) -> str:
    """What is wrong with two delegations of the same days: one approver twice, or a delegate of a delegate."""
    approver, delegate = _called(new.approver, staff), _called(new.delegate, staff)
    days = f"from {written(other.start)} to {written(other.end)}"
    if other.approver == new.approver:
        return f"{approver} has a delegate {days} already, {_called(other.delegate, staff)}; end that one first"
    if other.delegate == new.approver:
        return f"{approver} is the delegate of {_called(other.approver, staff)} {days}, and a delegate has no delegate"
    if other.approver == new.delegate:
        return f"{delegate} has a delegate {days}, and whoever has one stands for nobody"
    return ""


def _called(key: str, staff: Mapping[str, Person]) -> str:
    return staff[key].name if key in staff else key
