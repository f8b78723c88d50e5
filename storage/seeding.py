"""The register of the year as the wheel carries it: the files of storage/seed, read into values.

What each file is from stands in its own column or in `storage/seed/SOURCES.md`.
"""

import csv
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from committee.calendar import DayOff
from committee.council import Term
from committee.desk import Language
from committee.lists import DistributionList
from committee.names import fold
from committee.organizations import Organization
from committee.programme import Item
from committee.states import NameIn, Names, State
from committee.working_groups import WorkingGroup

LETTERS_IN = ("en", "fr")
"""The languages in which a State's name stands ready for a letter; the others are known as ways to type it."""


def states() -> list[State]:
    """193 Member States and two observers, with their names of 2012 and today's; each status unconfirmed."""
    names, aliases = _names(), _aliases()
    return [
        State(
            key=row["key"],
            iso2=row["iso2"],
            m49=row["m49"],
            names=tuple(names[row["key"]]),
            group=row["group"],
            member_since=int(row["member_since"]) if row["member_since"] else None,
            aliases=_typed_as(names[row["key"]], aliases[row["key"]]),
        )
        for row in _rows("states.csv")
    ]


def non_reporting_2012() -> frozenset[str]:
    """The 24 States that had probably not reported in 2012: for practice desks only, nine of them without a source."""
    return frozenset(row["key"] for row in _rows("non_reporting_2012.csv"))


def terms() -> list[Term]:
    """The Council of 2012 and of 2013."""
    return [
        Term(row["key"], row["state"], row["seat"], _day(row["start"]), _day(row["end"]), row["source"])
        for row in _rows("council_terms.csv")
    ]


def groups() -> list[WorkingGroup]:
    """The four working groups, and the three subcommittees that do not meet in this programme."""
    text = files("storage").joinpath("seed", "working_groups.toml").read_text(encoding="utf-8")
    return [WorkingGroup(**(group | {"tasks": tuple(group["tasks"])})) for group in tomllib.loads(text)["group"]]


@cache
def lists() -> tuple[DistributionList, ...]:
    """The distribution lists that every desk has, whichever year it was founded in: they stand in no register."""
    text = files("storage").joinpath("seed", "lists.toml").read_text(encoding="utf-8")
    return tuple(DistributionList(**one, shipped=True) for one in tomllib.loads(text)["list"])


def programme() -> list[Item]:
    """What the eleventh programme of work promises; `due` is the date that its text names, if it names one."""
    return [
        Item(row["key"], row["what"], row["rule"], row["kind"], row["responsible"], row["where"], _day(row["due"]))
        for row in _rows("programme.csv")
    ]


def organizations() -> list[Organization]:
    return [
        Organization(row["key"], row["name"], row["type"], row["field"], row["source"])
        for row in _rows("organizations.csv")
    ]


def days_off() -> list[DayOff]:
    """The duty station's holidays of 2012 and 2013, computed and so unconfirmed; closures are for officers to add."""
    return [
        DayOff(row["day"], row["holiday"], "holiday", confirmed=False, source=row["source"])
        for row in _rows("holidays.csv")
    ]


def languages() -> list[Language]:
    """The six official languages, none signed: English needs no signature."""
    return [Language(row["key"], row["name"]) for row in _rows("languages.csv")]


def _names() -> Mapping[str, list[Names]]:
    """Each State's names, former ones first."""
    names = defaultdict[str, list[Names]](list)
    for row in _rows("state_names.csv"):
        words = {
            code: NameIn(*(row[f"{what}_{code}"] for what in ("short", "formal", "mission"))) for code in LETTERS_IN
        }
        names[row["key"]].append(Names(row["listed"], words, _day(row["until"])))
    return names


def _aliases() -> Mapping[str, list[str]]:
    aliases = defaultdict[str, list[str]](list)
    for row in _rows("state_names_other_languages.csv"):
        aliases[row["key"]] += [row["short"], row["formal"]]
    for row in _rows("state_aliases.csv"):
        aliases[row["key"]].append(row["alias"])
    return aliases


def _typed_as(names: list[Names], others: list[str]) -> tuple[str, ...]:
    """Every name by which a State is typed, each once, case and accents apart."""
    known = [name for of_a_time in names for name in (of_a_time.listed, *_written(of_a_time))]
    firsts: dict[str, str] = {}
    for name in (*known, *others):
        firsts.setdefault(fold(name), name)
    return tuple(firsts.values())


def _written(names: Names) -> Iterator[str]:
    for name in names.words.values():
        yield from (name.short, name.formal)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _rows(name: str) -> list[dict[str, str]]:
    text = files("storage").joinpath("seed", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
