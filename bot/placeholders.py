"""What stands for what in a command's pattern: how many words each placeholder takes, and what it may be."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from committee.addressing import ADDRESSED
from committee.contacts import Office
from committee.letters import LetterKind
from committee.names import fold
from committee.parties import TO_BE_ADDED, PartyKind
from committee.regional_groups import GROUPS, group_named
from committee.staff import Role
from committee.states import ReportStatus
from committee.submissions import SAID, Kind
from committee.typed_dates import day_meant

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """`words` is how many it may take at most; `fits` says whether words can be it at all (None: any may)."""

    says: str
    words: int = 1
    fits: Callable[[str], bool] | None = None
    choices: tuple[str, ...] = ()


def status_named(typed: str) -> ReportStatus | None:
    return _named(typed, {status: (status,) for status in ReportStatus})


def kind_named(typed: str) -> Kind | None:
    return _named(typed, {kind: (kind, SAID[kind]) for kind in Kind})


def role_named(typed: str) -> Role | None:
    return _named(typed, {role: (role,) for role in Role})


def office_named(typed: str) -> Office | None:
    return _named(typed, {office: (office,) for office in Office})


def offices_named(typed: str) -> tuple[Office, ...] | None:
    """Offices with commas between them, in the order in which they are typed."""
    found = [office_named(one) for one in typed.split(",")]
    return tuple(dict.fromkeys(office for office in found if office)) if all(found) else None


def party_kind_named(typed: str) -> PartyKind | None:
    return _named(typed, {kind: (kind,) for kind in TO_BE_ADDED})


def addressed_kind_named(typed: str) -> LetterKind | None:
    return _named(typed, {kind: (kind,) for kind in ADDRESSED})


def squashed(text: str) -> str:
    """Hyphens and spaces do not count: `set aside` is `set-aside`."""
    return fold(text).replace("-", "").replace(" ", "")


def _named(typed: str, names: Mapping[T, tuple[str, ...]]) -> T | None:
    """The one whose name is typed, in the singular or the plural."""
    bare = squashed(typed)
    return next(
        (one for one, known in names.items() if bare in {squashed(k) + end for k in known for end in ("", "s")}), None
    )


def _is(named: Callable[[str], object | None]) -> Callable[[str], bool]:
    return lambda typed: named(typed) is not None


def days_meant(typed: str, today: date, off: Collection[date] = ()) -> tuple[date, date] | None:
    """A first and a last day, with two dots between them; one day is both."""
    first, dots, last = typed.partition("..")
    start = day_meant(first.strip(), today, off)
    end = day_meant(last.strip(), today, off) if dots else start
    return (start, end) if start and end else None


def _whole_number(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) < LONGEST_NUMBER


LONGEST_NUMBER: Final = 7
FILES: Final = frozenset({"FILE", "F", "FILES"})
"""Those that name a file of the computer on which the desk is."""
_ANY_DAY: Final = date(2012, 1, 1)

PLACEHOLDERS: Final[Mapping[str, Placeholder]] = {
    "STATE": Placeholder("a State, by ISO code or any of its names", words=16),
    "STATES": Placeholder("States with commas between them", words=200),
    "PARTY": Placeholder("a State, an organization or another party, by code or name", words=16),
    "ADDRESSEE": Placeholder("a State, an organization or a delegation, as delegation of China", words=16),
    "MEMBER": Placeholder("an address, or a party: a State, an organization, delegation of China", words=16),
    "PERSON": Placeholder("a person of the staff, by key or name", words=6),
    "GROUP": Placeholder("a regional group", words=6, fits=_is(group_named), choices=tuple(GROUPS)),
    "KIND": Placeholder("a kind of submission", words=5, fits=_is(kind_named), choices=tuple(Kind)),
    "STATUS": Placeholder("a status", words=2, fits=_is(status_named), choices=tuple(ReportStatus)),
    "ROLE": Placeholder("a role", fits=_is(role_named), choices=tuple(Role)),
    "DATE": Placeholder(
        "a day: 2012-09-12, 12 September, tomorrow, in 5 working days", words=6,
        fits=lambda typed: day_meant(typed, _ANY_DAY, ()) is not None,
    ),
    "DAYS": Placeholder(
        "a day, or a first and a last day: 2012-10-29..2012-10-31", words=12,
        fits=lambda typed: days_meant(typed, _ANY_DAY) is not None,
    ),
    "N": Placeholder("a number", fits=_whole_number),
    "SUBMISSION": Placeholder("a submission's key, as S-2012-0017"),
    "MAIL": Placeholder("a mail's key, as inbox shows it"),
    "LETTER": Placeholder("a letter's key, as outbox shows it"),
    "OFFICE": Placeholder("an office", words=3, fits=lambda typed: office_named(typed) is not None, choices=tuple(Office)),
    "OFFICES": Placeholder(
        "offices with commas between them", words=40, fits=lambda typed: offices_named(typed) is not None, choices=tuple(Office),
    ),
    "PARTYKIND": Placeholder(
        "a kind of party", words=2, fits=lambda typed: party_kind_named(typed) is not None, choices=TO_BE_ADDED,
    ),
    "LETTERKIND": Placeholder(
        "a kind of letter", words=3, fits=lambda typed: addressed_kind_named(typed) is not None, choices=ADDRESSED,
    ),
    "CONTACT": Placeholder("a contact's key, as contacts of PARTY shows it"),
    "POST": Placeholder("a post's key, as list KEY posts shows it"),
    "KEY": Placeholder("a key"),
    "WORD": Placeholder("a word"),
    "FILE": Placeholder("a file's name, relative to the current folder"),
    "F": Placeholder("a file's name, relative to the current folder"),
    "FILES": Placeholder("a file's name, relative to the current folder; several times for several files"),
    "SUBJECT": Placeholder("a subject, in quotes"),
    "TEXT": Placeholder("words, in quotes or without"),
}  # fmt: skip
"""Every placeholder that a pattern may name."""
