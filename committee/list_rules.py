"""A list's rule as a value: and, or, but not, nested, over what can be asked of an entry; and how it is written."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from committee.contacts import DELEGATION, Office
from committee.list_entries import Kind, Membership
from committee.names import fold
from committee.states import ReportStatus


class What(StrEnum):
    """What is asked; the word that stands before its value, where the value does not stand alone."""

    KIND = "kind"
    MEMBERSHIP = "membership"
    GROUP = "group"
    STATUS = "status"
    OFFICE = "office"
    WITH = "with"  # the party has a working address in that office, whichever of its entries is asked
    LIST = "list"
    PARTY = "party"


ALONE: Final = frozenset({What.KIND, What.MEMBERSHIP})
"""Their values are words of their own."""


@dataclass(frozen=True, slots=True)
class Is:
    what: What
    value: str


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class ButNot:
    those: "Rule"
    without: "Rule"


Rule = Is | And | Or | ButNot

REGIONS: Final[Mapping[str, str]] = {
    "African Group": "africa",
    "Asia-Pacific Group": "asia-pacific",
    "Eastern European Group": "eastern-europe",
    "GRULAC": "grulac",
    "WEOG": "weog",
}
"""The regional groups of the register, in a rule's words."""
WORDS: Final[Mapping[str, Is]] = {
    **{kind.value: Is(What.KIND, kind) for kind in Kind},
    **{one.value: Is(What.MEMBERSHIP, one) for one in Membership},
    "subscribers": Is(What.OFFICE, Office.SUBSCRIBER),
}
"""What stands alone."""
VALUES: Final[Mapping[What, tuple[str, ...]]] = {
    What.GROUP: tuple(REGIONS.values()),
    What.STATUS: tuple(ReportStatus),
    What.OFFICE: tuple(Office),
    What.WITH: tuple(Office),
}
"""What may stand behind a word that takes one of a closed set."""
TAKE_A_VALUE: Final = {what.value: what for what in What if what not in ALONE}
OPERATORS: Final = ("and", "or", "but", "not")
_TAKEN: Final = {*OPERATORS, *WORDS, *TAKE_A_VALUE}
_BARE: Final = re.compile(rf"(?:{DELEGATION})?[A-Z0-9][A-Z0-9-]*")


def written(rule: Rule) -> str:
    """The rule as an officer types it; reading it gives the same rule again."""
    match rule:
        case Is():
            return _question(rule)
        case And(parts):
            return " and ".join(map(_within, parts))
        case Or(parts):
            return " or ".join(map(_within, parts))
        case ButNot(those, without):
            return f"{_within(those)} but not {_within(without)}"


def questions(rule: Rule) -> Iterator[Is]:
    """Everything that the rule asks, in the order in which it stands there."""
    match rule:
        case Is():
            yield rule
        case And(parts) | Or(parts):
            for part in parts:
                yield from questions(part)
        case ButNot(those, without):
            yield from questions(those)
            yield from questions(without)


def depth(rule: Rule) -> int:
    """How many parts stand within each other; a question alone is one."""
    match rule:
        case Is():
            return 1
        case And(parts) | Or(parts):
            return 1 + max(map(depth, parts))
        case ButNot(those, without):
            return 1 + max(depth(those), depth(without))


def lists_in(rule: Rule) -> list[str]:
    """The other lists that it names, each once."""
    return list(dict.fromkeys(one.value for one in questions(rule) if one.what is What.LIST))


def bare(key: str) -> bool:
    """Whether a party's key can stand in a rule without a word that says that it is one: CHN, BWC-ISU, delegation/CHN."""
    return _BARE.fullmatch(key) is not None and fold(key) not in _TAKEN


def _within(rule: Rule) -> str:
    return written(rule) if isinstance(rule, Is) else f"({written(rule)})"


def _question(asked: Is) -> str:
    if asked.what in ALONE:
        return str(asked.value)
    if asked.what is What.PARTY:
        return asked.value if bare(asked.value) else f'party "{asked.value}"'
    return f"{asked.what} {REGIONS.get(asked.value, asked.value)}"
