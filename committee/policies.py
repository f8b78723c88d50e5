"""What the rules run on, with dates: each policy has a value from a day on, and the newest that has begun counts."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from committee.announcements import Timing
from committee.errors import Refused

_LEAP = 2012  # so that 29 February is a day
LONGEST_APART = 366
LONGEST_WITHIN = 60


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
    """What a policy is about, what it is where nobody has set it, and how its value is read."""

    says: str
    default: str
    read: Callable[[str], object]


def _days(value: str) -> timedelta:
    days = int(value)
    if not 0 <= days <= LONGEST_APART:
        raise ValueError(value)
    return timedelta(days=days)


def _pause(value: str) -> tuple[tuple[int, int], tuple[int, int]]:
    first, _, last = value.partition("..")
    start, end = (date.fromisoformat(f"{_LEAP}-{one.strip()}") for one in (first, last))
    return (start.month, start.day), (end.month, end.day)


def _working_days(value: str) -> int:
    days = int(value)
    if not 1 <= days <= LONGEST_WITHIN:
        raise ValueError(value)
    return days


KINDS: Mapping[str, Kind] = {
    "answers.within": Kind("working days within which mail that asks something is answered", "5", _working_days),
    "clarifications.unanswered": Kind("days after which a question of ours without an answer is shown", "28", _days),
    "letters.close": Kind("after this hour of New York nothing goes by itself", "17:00", time.fromisoformat),
    "letters.open": Kind("the hour of New York at which letters go by themselves", "09:00", time.fromisoformat),
    "reminders.apart": Kind("days between two reminders to one party", "28", _days),
    "reminders.pause": Kind("month and day, first and last, between which no reminder goes", "12-20..01-03", _pause),
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


def in_force(policies: Iterable[Policy], day: date) -> dict[str, str]:
    """Every policy's value on `day`."""
    begun = sorted((policy for policy in policies if policy.start <= day), key=lambda policy: policy.start)
    return {name: kind.default for name, kind in KINDS.items()} | {policy.name: policy.value for policy in begun}


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
