"""/1540 unserved: who did not get it, of a letter, of a release, or of the last 90 days, and why."""

from bot.registry import command
from committee.cards import Card
from committee.counting import counted
from committee.staff import Person
from mailflows import unserved as flows
from mailflows.desk import Desk
from mailflows.unserved import Standing


@command("unserved [KEY]", reads=True, example="unserved R-2012-0001")
async def unserved(desk: Desk, _person: Person, *, key: str | None = None) -> Card:
    """Who did not get a letter or a release, or anything of the last 90 days, each with the reason."""
    found = await flows.unserved(key, desk)
    what = key or "the last 90 days"
    if not found:
        return Card(f"Unserved: {what}", "Nobody: one address at least of every party has accepted.")
    parties = len({one.party for one in found})
    again = f" {key}" if key else ""
    return Card(
        f"Unserved: {what}",
        f"{counted(parties, 'party', 'parties')} without {counted(len(found), 'letter')}. Whom to telephone: call-list{again}",
        tuple(map(_row, found)),
        columns=("name", "reference", "kind", "state", "why"),
    )


def _row(one: Standing) -> dict[str, object]:
    letter = one.letters[-1] if one.letters else None
    return {
        "key": letter.key if letter else None, "party": one.party, "name": one.name, "kind": one.kind,
        "reference": letter.reference if letter else None, "release": letter.release if letter else None,
        "state": one.state, "why": one.why,
        "deliveries": [
            {"address": copy.address, "state": copy.state, "reply": copy.held or copy.reply, "at": copy.since}
            for copy in one.deliveries
        ],
    }  # fmt: skip
