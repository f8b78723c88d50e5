"""/1540 chairs, chair of …: who is in which chair, from when."""

from datetime import date

from bot.registry import command
from committee.calendar import written
from committee.cards import Card
from committee.chairs import COMMITTEE
from committee.counting import counted
from committee.staff import Person, Role
from mailflows import chairs as flows
from mailflows.desk import Desk
from mailflows.presses import Act


@command("chairs", reads=True, example="chairs")
async def chairs(desk: Desk, _person: Person) -> Card:
    """Who is in the Committee's chair and in those of its working groups, today and from when."""
    found = [one for one in await desk.store.chairings.all() if one.end is None or one.end >= desk.today]
    rows = tuple(
        {
            "key": one.key,
            "body": one.body,
            "name": one.name,
            "delegation": one.delegation,
            "from": one.start,
            "until": one.end,
        }
        for one in sorted(found, key=lambda one: (one.body, one.start))
    )
    return Card(
        "Chairs", f"{counted(len(rows), 'chair')}.", rows, columns=("body", "name", "delegation", "from", "until")
    )


@command(
    "chair of BODY=WORD is NAME=TEXT from START=DATE [--delegation STATE]",
    role=Role.OFFICER,
    example='chair of committee is "Noor Gavel" from 2013-01-01 --delegation ZAF',
)
async def chair(  # noqa: PLR0913 - the words that the pattern names
    desk: Desk, person: Person, *, body: str, name: str, start: date, delegation: str = ""
) -> Card:
    """Note who is in a chair from a day on: of committee, or of a working group by its key."""
    key = COMMITTEE if body.casefold() == COMMITTEE else body.upper()
    seated = await flows.seat(key, name, start, delegation, Act(person, desk))
    return Card(
        f"{seated.body}: {seated.name} from {written(seated.start)}",
        f"Noted by {person.name}. No name stands in a letter: what its owner has not seen is not signed in it.",
        fields={"key": seated.key, "body": seated.body},
    )
