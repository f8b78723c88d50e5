"""/1540 lists, list KEY …: who is on a distribution list on any day, at which address, through what, and why."""

from collections.abc import Iterable, Mapping
from datetime import date

from bot.new_files import write_new
from bot.registry import command
from committee.calendar import written
from committee.cards import Card
from committee.counting import counted
from committee.errors import Refused
from committee.exports import guarded
from committee.list_differences import Change
from committee.list_rolls import Gap, Member, Roll
from committee.lists import DistributionList
from committee.staff import Person
from mailflows import lists as flows
from mailflows.desk import Desk
from mailflows.lists import Reason
from mailflows.tables.writing import as_csv

TABLE = ("party", "name", "person", "address", "office", "through", "gap")
COLUMNS = ("name", "person", "address", "through", "gap")


@command("lists", reads=True, example="lists")
async def lists(desk: Desk, _person: Person) -> Card:
    """The distribution lists, each with its rule, how many parties are on it today, and how many of them no mail reaches."""
    found = await flows.every(desk)
    rows = tuple(_summary(one, roll) for one, roll in found)
    notes = tuple(f"{one.key}: {roll}" for one, roll in found if isinstance(roll, Refused))
    text = f"{counted(len(rows), 'list')}, as of {written(desk.today)}. One of them: list KEY"
    return Card("Distribution lists", text, rows, notes=notes, columns=("key", "rule", "parties", "addresses", "gaps"))


@command("list KEY=WORD [on DAY=DATE]", reads=True, example="list all-delegations on 2013-01-02")
async def on(desk: Desk, _person: Person, *, key: str, day: date | None = None) -> Card:
    """Who is on a list, at which address, through which part of its rule; on another day, as known now for that day."""
    found, roll = await flows.on(key, day or desk.today, desk)
    rows = (*map(_gap, roll.gaps), *map(_member, roll.members))
    return Card(
        found.name, _said(roll), rows, _fields(found, roll), notes=roll.by_hand, columns=COLUMNS, facts=("rule",)
    )


@command("list KEY=WORD since SINCE=DATE [on DAY=DATE]", reads=True, example="list all-delegations since 2012-12-31")
async def since(
    desk: Desk,
    _person: Person,
    *,
    key: str,
    since: date,
    day: date | None = None,
) -> Card:
    """Who came to a list and who left it after a day, and why each; with `on`, up to that day instead of today."""
    until = day or desk.today
    found, changed = await flows.since(key, since, until, desk)
    came = sum(one.came and not one.stays for one in changed)
    left = sum(not one.came and not one.stays for one in changed)
    others = (
        f" Of parties that stay, {counted(n, 'address', 'addresses')} changed."
        if (n := len(changed) - came - left)
        else ""
    )
    text = (
        f"From {written(since)} to {written(until)}: {counted(came, 'party', 'parties')} came and "
        f"{counted(left, 'party', 'parties')} left.{others}"
    )
    fields = {"key": found.key, "since": since, "on": until, "came": came, "left": left}
    return Card(
        f"{found.name}: what has changed", text, tuple(map(_change, changed)), fields,
        columns=("name", "change", "addresses", "why"), facts=(),
    )  # fmt: skip


@command("list KEY=WORD why WHO=MEMBER [on DAY=DATE]", reads=True, example="list grulac why pm@chile.mission.example")
async def why(
    desk: Desk,
    _person: Person,
    *,
    key: str,
    who: str,
    day: date | None = None,
) -> Card:
    """Why an address, or each address of a party, is on a list or is not, step by step in its rule."""
    asked = day or desk.today
    found, reasons = await flows.why(key, who, asked, desk)
    rows = tuple(row for reason in reasons for row in _steps(reason))
    says = " ".join(f"{_of_whom(one)}: {one.says}." for one in reasons)
    fields = {"key": found.key, "rule": found.rule, "on": asked, "listed": [one.address for one in reasons if one.on]}
    return Card(
        f"{found.name}: why {who}", f"On {written(asked)}. {says}", rows, fields,
        columns=("address", "part", "holds", "because"), facts=("rule",),
    )  # fmt: skip


@command(
    "list KEY=WORD export [on DAY=DATE] [--csv FILE]",
    reads=True,
    example="list organizations export --csv organizations.csv",
)
async def export(
    desk: Desk,
    _person: Person,
    *,
    key: str,
    day: date | None = None,
    csv: str = "",
) -> Card:
    """Write a list as a table (CSV, UTF-8) to a file, its gaps too; without a name it has the list's and the day's."""
    if desk.in_chat:
        raise Refused(f"A list is written to a file of the desk's computer: at its terminal. In chat: list {key}")
    found, roll = await flows.on(key, day or desk.today, desk)
    rows = [*map(_gap, roll.gaps), *map(_member, roll.members)]
    path = await write_new(
        csv or f"{found.key}-{roll.day.isoformat()}.csv", as_csv([TABLE, *(_cells(row) for row in rows)])
    )
    return Card(
        f"{found.name}: written", f"{_said(roll)} Written: {path}",
        fields=_fields(found, roll) | {"file": str(path)}, notes=roll.by_hand, facts=(),
    )  # fmt: skip


def _summary(one: DistributionList, roll: Roll | Refused) -> dict[str, object]:
    counts: dict[str, object] = dict.fromkeys(("parties", "addresses", "gaps"))
    if isinstance(roll, Roll):
        counts = {"parties": len(roll.parties), "addresses": len(roll.members), "gaps": len(roll.gaps)}
    return {"key": one.key, "name": one.name, "rule": one.rule, "shipped": one.shipped, **counts}


def _member(one: Member) -> dict[str, object]:
    entry = one.entry
    return {
        "party": entry.party.key, "name": entry.party.name, "person": entry.person, "address": entry.address,
        "office": entry.office, "through": one.through, "gap": None,
    }  # fmt: skip


def _gap(one: Gap) -> dict[str, object]:
    return {
        "party": one.party.key, "name": one.party.name, "person": one.person or None, "address": None, "office": None,
        "through": one.through, "gap": one.why,
    }  # fmt: skip


def _change(one: Change) -> dict[str, object]:
    what = ("address came" if one.came else "address left") if one.stays else "came" if one.came else "left"
    return {
        "party": one.party.key, "name": one.party.name, "change": what, "addresses": [*one.addresses], "why": one.why,
    }  # fmt: skip


def _steps(reason: Reason) -> Iterable[dict[str, object]]:
    for one in reason.steps:
        yield {
            "address": reason.address or None, "name": reason.name, "depth": one.depth,
            "part": f"{'· ' * one.depth}{one.part}", "holds": one.holds, "because": one.because,
        }  # fmt: skip


def _of_whom(reason: Reason) -> str:
    return f"{reason.address} ({reason.name})" if reason.address and reason.name else reason.address or reason.name


def _said(roll: Roll) -> str:
    parties = counted(len(roll.parties), "party", "parties")
    text = f"On {written(roll.day)}: {parties}, {counted(len(roll.members), 'address', 'addresses')}."
    if not roll.gaps:
        return text
    one = len(roll.gaps) == 1
    gaps = "1 gap stands" if one else f"{counted(len(roll.gaps), 'gap')} stand"
    return f"{text} {gaps} first: on the list, and no mail reaches {'it' if one else 'them'}."


def _fields(found: DistributionList, roll: Roll) -> dict[str, object]:
    return {
        "key": found.key, "rule": found.rule, "on": roll.day, "parties": len(roll.parties),
        "addresses": len(roll.members), "gaps": len(roll.gaps), "shipped": found.shipped, "source": found.source or None,
    }  # fmt: skip


def _cells(row: Mapping[str, object]) -> list[str]:
    return [guarded("" if row[name] is None else str(row[name])) for name in TABLE]
