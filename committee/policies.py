"""What the rules run on, with dates: each policy has a value from a day on, and the newest that has begun counts."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from committee.announcements import Timing
from committee.errors import Refused
from committee.parties import TO_BE_ADDED, PartyKind

_LEAP = 2012  # so that 29 February is a day
LONGEST_APART = 366
LONGEST_WITHIN = 60
LONGEST_KEPT = 100  # years


@dataclass(frozen=True, slots=True)
class Policy:
    """The value of a policy from `start` on, until the next one begins."""

    key: str  # "reminders.apart/2012-09-04"
    name: str
    value: str
    start: date
    set_by: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a policy is about, what it is where nobody has set it, and how its value is read.

    `since` are defaults of later days, each with the first of them: what the Council has decided meanwhile.
    """

    says: str
    default: str
    read: Callable[[str], object]
    since: tuple[tuple[date, str], ...] = ()

    def default_on(self, day: date) -> str:
        return next((value for start, value in reversed(self.since) if start <= day), self.default)


def _days(value: str) -> timedelta:
    days = int(value)
    if not 0 <= days <= LONGEST_APART:
        raise ValueError(value)
    return timedelta(days=days)


def _pause(value: str) -> tuple[tuple[int, int], tuple[int, int]]:
    first, _, last = value.partition("..")
    start, end = (date.fromisoformat(f"{_LEAP}-{one.strip()}") for one in (first, last))
    return (start.month, start.day), (end.month, end.day)


def _month_and_day(value: str) -> tuple[int, int]:
    day = date.fromisoformat(f"{_LEAP + 1}-{value.strip()}")
    return day.month, day.day


def _years(value: str) -> int:
    years = int(value)
    if not 0 <= years <= LONGEST_KEPT:
        raise ValueError(value)
    return years


def _working_days(value: str) -> int:
    days = int(value)
    if not 1 <= days <= LONGEST_WITHIN:
        raise ValueError(value)
    return days


NEW_MEMBERS_INVITED = date(2016, 7, 15)
"""The date of S/2016/619: newly elected members observe from 1 October of the year before their term."""
_LONG, _SHORT = "10", "2"
"""Years: whoever only subscribed is forgotten sooner than whoever spoke for a party."""
RETAINED: Mapping[PartyKind, str] = {kind: _SHORT if kind in TO_BE_ADDED else _LONG for kind in PartyKind}

KINDS: Mapping[str, Kind] = {
    "answers.within": Kind("working days within which mail that asks something is answered", "5", _working_days),
    "clarifications.unanswered": Kind("days after which a question of ours without an answer is shown", "28", _days),
    "letters.close": Kind("after this hour of New York nothing goes by itself", "17:00", time.fromisoformat),
    "letters.open": Kind("the hour of New York at which letters go by themselves", "09:00", time.fromisoformat),
    "members.observe": Kind(
        "month and day from which a member that comes observes, the year before its term",
        "11-15",
        _month_and_day,
        since=((NEW_MEMBERS_INVITED, "10-01"),),
    ),
    "reminders.apart": Kind("days between two reminders to one party", "28", _days),
    "reminders.pause": Kind("month and day, first and last, between which no reminder goes", "12-20..01-03", _pause),
    **{
        f"retain.{kind}": Kind(
            f"years after its end that a contact of the kind {kind} is kept; 0: for ever", years, _years
        )
        for kind, years in RETAINED.items()
    },
}


def read(name: str, value: str) -> object:
    """The value as the rules use it; `Refused`, with an example, where it cannot be one."""
    kind = KINDS.get(name)
    if kind is None:
        raise Refused(f"There is no policy {name!r}; there are: {', '.join(KINDS)}.")
    try:
        return kind.read(value.strip())
    except ValueError as error:
        raise Refused(
            f"{name} cannot be {value!r}: {kind.says}, for example {kind.default}. Nothing was changed."
        ) from error


def observing(policies: Iterable[Policy], day: date) -> tuple[int, int]:
    """Month and day from which an incoming member of the Council observes, as it stands on `day`."""
    return _month_and_day(in_force(policies, day)["members.observe"])


def years_kept(kind: PartyKind, policies: Iterable[Policy], day: date) -> int:
    """How many years after the end of a term the data of its person are kept, by the kind of the party; 0: for ever."""
    return _years(in_force(policies, day)[f"retain.{kind}"])


def in_force(policies: Iterable[Policy], day: date) -> dict[str, str]:
    """Every policy's value on `day`."""
    begun = sorted((policy for policy in policies if policy.start <= day), key=lambda policy: policy.start)
    return {name: kind.default_on(day) for name, kind in KINDS.items()} | {
        policy.name: policy.value for policy in begun
    }


def timing(policies: Iterable[Policy], off: Collection[date], day: date) -> Timing:
    """What the clock runs on, on `day`."""
    values = {name: read(name, value) for name, value in in_force(policies, day).items()}
    return Timing(
        off=frozenset(off),
        apart=values["reminders.apart"],  # type: ignore[arg-type]  # each kind reads its own type
        pause=values["reminders.pause"],  # type: ignore[arg-type]  # each kind reads its own type
        opens=values["letters.open"],  # type: ignore[arg-type]  # each kind reads its own type
        closes=values["letters.close"],  # type: ignore[arg-type]  # each kind reads its own type
    )
