"""/1540 policies, policy … set: what the rules run on, with dates."""

from datetime import date

from bot.registry import command
from committee.calendar import written
from committee.cards import Card
from committee.policies import KINDS, in_force
from committee.staff import Person, Role
from mailflows import policies as flows
from mailflows.desk import Desk
from mailflows.presses import Act


@command("policies", reads=True, example="policies")
async def policies(desk: Desk, _person: Person) -> Card:
    """What the rules run on today, and what begins later."""
    known = await desk.store.policies.all()
    today = in_force(known, desk.today)
    later = {
        name: [f"{one.value} from {one.start}" for one in known if one.name == name and one.start > desk.today]
        for name in KINDS
    }
    rows = tuple(
        {"key": name, "value": today[name], "later": "; ".join(later[name]) or None, "says": kind.says}
        for name, kind in KINDS.items()
    )
    return Card("Policies", "As they are today.", rows)


@command(
    "policy NAME=WORD set VALUE=WORD from START=DATE",
    role=Role.OFFICER,
    example="policy reminders.apart set 30 from 2013-01-01",
)
async def set_from(desk: Desk, person: Person, *, name: str, value: str, start: date) -> Card:
    """Set a policy from a day on."""
    policy = await flows.set_from(name.casefold(), value, start, Act(person, desk))
    return Card(
        f"{policy.name}: {policy.value} from {written(policy.start)}",
        f"Set by {person.name}.",
        fields={"key": policy.key},
    )
