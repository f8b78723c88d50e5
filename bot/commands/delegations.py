"""/1540 staff PERSON delegate …: who releases for an absent approver, from a day to a day."""

from datetime import date

from bot.registry import command
from committee.calendar import written
from committee.cards import Card
from committee.staff import Person, Role
from mailflows import delegations as flows
from mailflows.desk import Desk
from mailflows.presses import Act


@command(
    "staff PERSON delegate TO=PERSON from START=DATE to END=DATE",
    role=Role.ADMINISTRATOR,
    example="staff robin-seal delegate sam-ledger from 2012-09-10 to 2012-09-21",
)
async def delegate(  # noqa: PLR0913 - the words that the pattern names
    desk: Desk, person: Person, *, who: str, to: str, start: date, end: date
) -> Card:
    """An absent approver's delegate, on these days and the days between: releases what the approver might."""
    new = await flows.delegate(who, to, start, end, Act(person, desk))
    text = (
        f"From {written(start)} to {written(end)}, both included, {to} releases what {who} might, and nothing that either of "
        f"them prepared. To end it before: staff {who} delegate end"
    )
    fields = {"key": new.key, "approver": who, "delegate": to, "from": start, "to": end}
    return Card(f"{to} stands for {who}", text, fields=fields)


@command("staff PERSON delegate end", role=Role.ADMINISTRATOR, example="staff robin-seal delegate end")
async def back(desk: Desk, person: Person, *, who: str) -> Card:
    """The approver is back: what was delegated from today on holds no longer."""
    ended = await flows.end(who, Act(person, desk))
    rows = tuple({"key": one.key, "delegate": one.delegate, "from": one.start, "to": one.end} for one in ended)
    return Card(f"{who} has no delegate any more", f"Ended by {person.name}.", rows, {"key": who})
