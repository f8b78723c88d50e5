"""/1540 cards, desk: what happened and which buttons it has; what waits for whom today."""

from bot.registry import command
from committee.cards import Action, Card, EventCard
from committee.letters import DeliveryState
from committee.mail import MailState
from committee.staff import Person
from committee.submissions import SubmissionState
from mailflows.desk import Desk

SHOWN = 50


@command("cards [--all]", reads=True, example="cards")
async def cards(desk: Desk, _person: Person, *, all: bool = False) -> Card:  # noqa: A002 - the option's name
    """What has happened, the newest first, each with its buttons or with who decided."""
    events = await desk.store.cards.find(newest_first=True, limit=None if all else SHOWN)
    rows = tuple([await _row(event, desk) for event in events])
    undecided = sum(bool(row["actions"]) for row in rows)
    return Card(
        "Cards",
        f"{len(rows)} shown, the newest first; {undecided} have buttons.",
        rows,
        columns=("at", "title", "text", "decided", "actions"),
    )


async def _row(event: EventCard, desk: Desk) -> dict[str, object]:
    actions = (
        []
        if event.decided
        else [a for key in event.actions if (a := await desk.store.actions.get(key)) and not a.used_at]
    )
    return {
        "key": event.key, "kind": event.kind, "at": event.at, "about": event.about, "title": event.title,
        "text": event.text, "decided": event.decided or None, "actions": [_action(action) for action in actions],
    }  # fmt: skip


def _action(action: Action) -> dict[str, str]:
    return {
        "id": action.key,
        "label": action.label,
        "style": action.style,
        **({"asks": action.asks} if action.asks else {}),
    }


@command("desk", reads=True, example="desk")
async def desk(desk: Desk, _person: Person) -> Card:
    """What waits for whom today."""
    store = desk.store
    rows = (
        {"what": "submissions wait for an officer", "count": await store.submissions.count(state=(SubmissionState.WAITING, SubmissionState.CLARIFYING)), "see": "submissions waiting"},
        {"what": "mails are set aside", "count": await store.mail.count(state=MailState.SET_ASIDE), "see": "inbox set-aside"},
        {"what": "deliveries wait to go", "count": await store.deliveries.count(state=(DeliveryState.QUEUED, DeliveryState.LATER)), "see": "outbox waiting"},
        {"what": "deliveries are held", "count": await store.deliveries.count(state=DeliveryState.HELD), "see": "outbox held"},
        {"what": "deliveries were refused", "count": await store.deliveries.count(state=DeliveryState.REFUSED), "see": "outbox refused"},
        {"what": "deliveries are uncertain", "count": await store.deliveries.count(state=DeliveryState.UNCERTAIN), "see": "outbox uncertain"},
    )  # fmt: skip
    fields = {"opened": desk.facts.opened, "now": desk.now, "practice": desk.facts.practice, "address": desk.address}
    notes = (
        ("This is a practice desk: what it holds is illustrative, and its letters go nowhere else.",)
        if desk.facts.practice
        else ()
    )
    return Card("The desk today", "What waits, and for whom.", rows, fields, notes=notes)
