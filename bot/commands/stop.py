"""/1540 stop, resume: halting what is queued at one press, everything or one release; and who has it by then."""

from bot.registry import command
from committee.cards import Card
from committee.counting import counted
from committee.letters import Delivery, DeliveryState
from committee.proofs import has_it, served
from committee.staff import Person, Role
from mailflows import holding, unserved
from mailflows.desk import Desk
from mailflows.presses import Act, Press
from mailflows.unserved import Standing


@command("stop [KEY]", role=Role.READER, example="stop")
async def stop(desk: Desk, person: Person, *, key: str | None = None, press: Press | None = None) -> Card:
    """Halt everything queued, or one release or letter; anyone of the staff may."""
    halted = await holding.stop(key, Act(person, desk, press))
    count = counted(len(halted), "delivery", "deliveries")
    text = f"{count} halted. An officer lets them go: resume{' ' + key if key else ''}"
    fields = {"key": key or holding.ALL, "halted": len(halted)}
    if key is None:
        rows = tuple({"key": d.letter, "party": d.party, "address": d.address, "state": d.state} for d in halted)
        return Card("Stopped: everything that is queued", text, rows, fields)
    found = await unserved.standings(key, desk)
    who = _who_has_it(key, found)
    says = "".join(f" {HAS[has]}: {_named(names)}." for has, names in who.items())
    return Card(
        f"Stopped: release or letter {key}",
        f"{text}.{says}",
        tuple(_has(copy, one) for one in found for copy in _of(key, one)),
        fields | {name: len(names) for name, names in who.items()},
        columns=("name", "address", "has_it", "state", "at"),
    )


HAS = {"have_it": "Has it", "on_their_way": "Is on its way", "have_it_not": "Has it not"}


MOST_NAMED = 40
"""Parties that are named in a sentence; of more the rows and the numbers speak."""


def _named(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return f"{', '.join(names[:MOST_NAMED]) or 'nobody'}{more}"


def _who_has_it(key: str, found: list[Standing]) -> dict[str, list[str]]:
    """The parties that have it, those of whom an answer is outstanding, and those that have it not; each in one of the three."""
    who: dict[str, list[str]] = {name: [] for name in HAS}
    for one in found:
        copies = _of(key, one)
        if copies:
            underway = any(copy.state in UNDERWAY for copy in copies)
            who["have_it" if served(copies) else "on_their_way" if underway else "have_it_not"].append(one.name)
    return who


UNDERWAY = frozenset({DeliveryState.CLAIMED, DeliveryState.SENDING, DeliveryState.UNCERTAIN})


def _of(key: str, one: Standing) -> list[Delivery]:
    return [copy for copy in one.deliveries if key in {copy.release, copy.letter}]


def _has(copy: Delivery, one: Standing) -> dict[str, object]:
    return {
        "key": copy.letter, "party": copy.party, "name": one.name, "address": copy.address, "state": copy.state,
        "has_it": has_it(copy), "at": copy.since,
    }  # fmt: skip


@command("resume [KEY]", role=Role.OFFICER, example="resume")
async def resume(desk: Desk, person: Person, *, key: str | None = None, press: Press | None = None) -> Card:
    """Let what was stopped go on."""
    freed = await holding.resume(key, Act(person, desk, press))
    return Card(
        "Resumed",
        f"{counted(len(freed), 'delivery', 'deliveries')} on the way.",
        fields={"key": key or holding.ALL, "freed": len(freed)},
    )
