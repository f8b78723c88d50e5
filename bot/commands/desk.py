"""/1540 cards, desk: what happened and which buttons it has; what waits for whom today."""

from bot.commands.buttons import buttons
from bot.registry import command
from committee.calendar import written_moment
from committee.cards import Action, Card, EventCard
from committee.staff import Person
from mailflows import work_queue
from mailflows.desk import Desk
from mailflows.work_queue import Item

SHOWN = 50
PRACTICE = "This is a practice desk: what it holds is illustrative, and its letters go no further than this computer."


@command("cards [--all]", reads=True, example="cards")
async def cards(desk: Desk, person: Person, *, all: bool = False) -> Card:
    """What has happened, the newest first, each with its buttons or with who decided."""
    events = await desk.store.cards.find(newest_first=True, limit=None if all else SHOWN)
    rows = tuple([await _row(event, desk, person) for event in events])
    undecided = sum(bool(row["actions"]) for row in rows)
    return Card(
        "Cards",
        f"{len(rows)} shown, the newest first; {undecided} have buttons.",
        rows,
        columns=("at", "title", "text", "decided", "actions"),
    )


async def _row(event: EventCard, desk: Desk, person: Person) -> dict[str, object]:
    """With the buttons that this person may press."""
    return {
        "key": event.key, "kind": event.kind, "at": event.at, "about": event.about, "title": event.title,
        "text": event.text, "decided": event.decided or None, "actions": await buttons(event, desk, person),
    }  # fmt: skip


@command("desk", reads=True, example="desk")
async def desk(desk: Desk, person: Person) -> Card:
    """What waits for whom today: first what waits for you."""
    queue = await work_queue.of(person, desk)
    mine = [(one.count, MINE[one.name], one.see) for one in queue if one.name in MINE]
    counts = [*mine, *await work_queue.counts(desk)]
    rows = tuple([{"count": count, "what": what, "see": see} for count, what, see in counts])
    stops = tuple(
        f"Stopped since {written_moment(one.at)} by {one.by}: {one.key}. To go on: resume"
        for one in await desk.store.stops.all()
    )
    fields = {"opened": desk.facts.opened, "now": desk.now, "practice": desk.facts.practice, "address": desk.address}
    notes = (*stops, *((PRACTICE,) if desk.facts.practice else ()))
    facts = (*fields, *(one.name for one in queue if one.items))
    fields |= {one.name: [_item(item) for item in one.items] for one in queue}
    return Card("The desk today", "What waits, and for whom.", rows, fields, notes=notes, facts=facts)


MINE = {"waits_for_me": "things wait for you", "prepared_by_me": "things that you prepared wait for others"}


def _item(item: Item) -> dict[str, object]:
    return {
        "key": item.key, "what": item.what, "see": item.see, "since": item.since, "due": item.due,
        "actions": [_action(action) for action in item.actions],
    }  # fmt: skip


def _action(action: Action) -> dict[str, str]:
    asks = {"asks": action.asks} if action.asks else {}
    return {"id": action.key, "label": action.label, "style": action.style, **asks}
