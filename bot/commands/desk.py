"""/1540 cards, desk: what happened and which buttons it has; what waits for whom today."""

from bot.registry import command
from committee.cards import Action, Card, EventCard
from committee.letters import DeliveryState
from committee.mail import MailState
from committee.staff import Person
from committee.submissions import SubmissionState
from mailflows.desk import Desk

SHOWN = 50
PRACTICE = "This is a practice desk: what it holds is illustrative, and its letters go no further than this computer."


@command("cards [--all]", reads=True, example="cards")
async def cards(desk: Desk, _person: Person, *, all: bool = False) -> Card:
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
    store, D, S = desk.store, DeliveryState, SubmissionState  # noqa: N806 - two closed sets, named often
    waits = (
        (
            "submissions wait for an officer",
            store.submissions.count(state=(S.WAITING, S.CLARIFYING)),
            "submissions waiting",
        ),
        ("mails are set aside", store.mail.count(state=MailState.SET_ASIDE), "inbox set-aside"),
        ("deliveries wait to go", store.deliveries.count(state=(D.QUEUED, D.LATER)), "outbox waiting"),
        ("deliveries are held", store.deliveries.count(state=D.HELD), "outbox held"),
        ("deliveries were refused", store.deliveries.count(state=D.REFUSED), "outbox refused"),
        ("deliveries are uncertain", store.deliveries.count(state=D.UNCERTAIN), "outbox uncertain"),
    )
    rows = tuple([{"count": await count, "what": what, "see": see} for what, count, see in waits])
    fields = {"opened": desk.facts.opened, "now": desk.now, "practice": desk.facts.practice, "address": desk.address}
    notes = (PRACTICE,) if desk.facts.practice else ()
    return Card("The desk today", "What waits, and for whom.", rows, fields, notes=notes)
