"""/1540 list add, list KEY rule, also, leave-out, exception, remove: an officer changes who is on a list."""

from datetime import date

from bot.registry import command
from committee.cards import Card
from committee.counting import counted
from committee.lists import ByHand, DistributionList
from committee.staff import Person, Role
from mailflows import list_changes as flows
from mailflows import lists
from mailflows.desk import Desk
from mailflows.list_changes import Wish
from mailflows.presses import Act


@command(
    "list add KEY=WORD RULE=TEXT [--name TEXT]",
    role=Role.OFFICER,
    example='list add observers-africa "states and group africa"',
)
async def add(desk: Desk, person: Person, *, key: str, rule: str, name: str = "") -> Card:
    """Make a list by its rule: and, or, but not, over kinds of party, group, status, office, members, lists, parties."""
    made = await flows.add(key, name, rule, Act(person, desk))
    return await _stands(made, f"Made by {person.name}.", desk)


@command(
    "list KEY=WORD rule RULE=TEXT",
    role=Role.OFFICER,
    example='list observers-africa rule "states and group africa but not members"',
)
async def rule(desk: Desk, person: Person, *, key: str, rule: str) -> Card:
    """Give a list of the desk's own another rule."""
    changed = await flows.change(key, rule, Act(person, desk))
    return await _stands(changed, f"Its rule was changed by {person.name}.", desk)


@command(
    "list KEY=WORD also WHO=MEMBER REASON=TEXT until UNTIL=DATE",
    role=Role.OFFICER, example='list all-delegations also "delegation of Australia" "sits in on the review" until 2012-12-31',
)  # fmt: skip
async def also(  # noqa: PLR0913 - the words that the pattern names
    desk: Desk,
    person: Person,
    *,
    key: str,
    who: str,
    reason: str,
    until: date,
) -> Card:
    """Put a party or an address on a list by hand, until a day, with the reason."""
    made = await flows.put_by_hand(key, Wish(who, adds=True, reason=reason, until=until), Act(person, desk))
    return await _exception(who, made, desk)


@command(
    "list KEY=WORD leave-out WHO=MEMBER REASON=TEXT until UNTIL=DATE",
    role=Role.OFFICER, example='list grulac leave-out CUB "asked for paper" until 2012-12-31',
)  # fmt: skip
async def leave_out(  # noqa: PLR0913 - the words that the pattern names
    desk: Desk,
    person: Person,
    *,
    key: str,
    who: str,
    reason: str,
    until: date,
) -> Card:
    """Leave a party or an address out of a list by hand, until a day, with the reason."""
    made = await flows.put_by_hand(key, Wish(who, adds=False, reason=reason, until=until), Act(person, desk))
    return await _exception(who, made, desk)


@command("list KEY=WORD exception WHO=MEMBER end", role=Role.OFFICER, example="list grulac exception CUB end")
async def end(desk: Desk, person: Person, *, key: str, who: str) -> Card:
    """End an exception today: the rule alone says again whether that party or address is on the list."""
    ended = await flows.end_by_hand(key, who, Act(person, desk))
    text = f"Ended by {person.name}. It was {ended.says}."
    return Card(f"{ended.list}: {who} by its rule again", text, fields={"key": ended.list, "who": ended.who})


@command("list KEY=WORD remove", role=Role.OFFICER, example="list observers-africa remove")
async def remove(desk: Desk, person: Person, *, key: str) -> Card:
    """Remove a list of the desk's own; letters that went to it stay as they are."""
    gone = await flows.remove(key, Act(person, desk))
    return Card(f"{gone.key}: removed", f"By {person.name}. Its rule was: {gone.rule}", fields={"key": gone.key})


async def _stands(one: DistributionList, text: str, desk: Desk) -> Card:
    """The rule as it was understood, and how many it makes today."""
    _, roll = await lists.on(one.key, desk.today, desk)
    parties, addresses = (
        counted(len(roll.parties), "party", "parties"),
        counted(len(roll.members), "address", "addresses"),
    )
    fields = {
        "key": one.key,
        "rule": one.rule,
        "parties": len(roll.parties),
        "addresses": len(roll.members),
        "gaps": len(roll.gaps),
    }
    return Card(
        f"{one.name}", f"{text} Today: {parties}, {addresses}; no mail reaches {len(roll.gaps)} of them. "
        f"To see who: list {one.key}", fields=fields, facts=("rule",),
    )  # fmt: skip


async def _exception(who: str, made: ByHand, desk: Desk) -> Card:
    _, roll = await lists.on(made.list, desk.today, desk)
    text = (
        f"{who} is {made.says}. Today: {counted(len(roll.parties), 'party', 'parties')}, "
        f"{counted(len(roll.members), 'address', 'addresses')}. To end it before: list {made.list} exception {who} end"
    )
    fields = {"key": made.list, "who": made.who, "from": made.start, "until": made.end, "parties": len(roll.parties)}
    return Card(f"{made.list}: {who} by hand", text, fields=fields, facts=())
