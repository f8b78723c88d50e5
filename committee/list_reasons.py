"""Why an address is on a list, or is not: step by step in the rule; and why a list has changed between two days."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from committee.contacts import NOT_BY_ITSELF, is_delegation
from committee.list_entries import Entry, Kind, Listable
from committee.list_rolls import Rolls
from committee.list_rules import And, ButNot, Is, Or, Rule, What, written

_NOT_BY_ITSELF: Final = "whoever stands there as that is written to only where a rule names it"
_OF_THE_COUNCIL: Final = frozenset({Kind.DELEGATIONS, Kind.INCOMING_DELEGATIONS, Kind.FORMER_DELEGATIONS})


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a rule, whether it holds of an entry, and because of what; `depth` is how far within other parts it stands."""

    depth: int
    part: str
    holds: bool
    because: str


def steps(key: str, entry: Entry, rolls: Rolls) -> Iterator[Step]:
    """What decides whether an entry is on a list, in the order in which it counts; the last word is `Rolls.roll`'s."""
    for one in rolls.by_hand(key):
        if one.is_about(entry):
            yield Step(0, f"{rolls.called(one)} by hand", one.adds, one.says)
            return
    yield from _steps(rolls.rule(key), entry, rolls, 0)
    found = rolls.found(rolls.rule(key), entry)
    if found and not found.named and entry.office in NOT_BY_ITSELF:
        yield Step(0, f"office {entry.office}", holds=False, because=_NOT_BY_ITSELF)


def because(asked: Is, party: Listable, entry: Entry | None, rolls: Rolls) -> str:  # noqa: PLR0911 - one line for each question
    """What the answer rests on, as a fact of that day."""
    match asked.what:
        case What.KIND if asked.value in _OF_THE_COUNCIL and is_delegation(party.key):
            return party.seat
        case What.MEMBERSHIP:
            return party.seat or _kind(party)
        case What.KIND:
            return _kind(party)
        case What.GROUP:
            return party.group or "it is in no regional group"
        case What.STATUS:
            return f"its first report: {party.status}" if party.status else "no first report is asked of it"
        case What.OFFICE:
            return f"it stands there as {entry.office}" if entry and entry.office else "nobody stands there"
        case What.WITH:
            works = (party.key, asked.value) in rolls.book.served
            return f"it has {'an' if works else 'no'} address as {asked.value} that takes mail"
        case What.PARTY:
            return f"it is {party.key}"
        case What.LIST:
            through = entry and rolls.through(asked.value, entry)
            return through or "not on it"


def _steps(rule: Rule, entry: Entry, rolls: Rolls, depth: int) -> Iterator[Step]:
    holds = rolls.found(rule, entry) is not None
    match rule:
        case Is(What.LIST, named):
            yield Step(depth, written(rule), holds, because(rule, entry.party, entry, rolls))
            for one in steps(named, entry, rolls):
                yield Step(one.depth + depth + 1, one.part, one.holds, one.because)
        case Is():
            yield Step(depth, written(rule), holds, because(rule, entry.party, entry, rolls))
        case And(parts):
            yield Step(depth, written(rule), holds, "all of:")
            for part in parts:
                yield from _steps(part, entry, rolls, depth + 1)
        case Or(parts):
            yield Step(depth, written(rule), holds, "any of:")
            for part in parts:
                yield from _steps(part, entry, rolls, depth + 1)
        case ButNot(those, without):
            yield Step(depth, written(rule), holds, "the first and not the second:")
            yield from _steps(those, entry, rolls, depth + 1)
            yield from _steps(without, entry, rolls, depth + 1)


def _kind(party: Listable) -> str:
    return f"it is one of the {party.kind}" if party.kind else "no register says what it is on that day"
