"""/1540 handling KEY …: who may see what came."""

from bot.registry import command
from committee.cards import Card
from committee.handling import Handling
from committee.staff import Person, Role
from mailflows import handling as flows
from mailflows.desk import Desk
from mailflows.presses import Act, Press


@command("handling KEY open|members|restricted=HANDLING", role=Role.OFFICER, example="handling S-2012-0017 restricted")
async def handling(desk: Desk, person: Person, *, key: str, handling: str, press: Press | None = None) -> Card:
    """Say who may see a submission or a mail: open, members or restricted; it counts from now on."""
    done = await flows.handle(key, Handling(handling), Act(person, desk, press))
    notes = tuple(
        f"{letter.reference} has not left and carries the marking of before, {letter.handling}: letter {letter.key} hold WHY"
        for letter in done.waiting
        if letter.handling is not done.now
    )
    of = "" if done.key == key else f" {key} is a mail of it."
    return Card(
        f"{done.key}: {done.now}",
        f"It was {done.before}; set by {person.name}.{of} {done.now.follows} What was sent stays as it is.",
        fields={"key": done.key, "handling": done.now, "before": done.before},
        notes=notes,
    )
