"""/1540 cards, desk: what happened and which buttons it has; what waits for whom today."""

from datetime import timedelta

from bot.commands.buttons import buttons
from bot.registry import command
from committee.announcements import AnnouncementState
from committee.calendar import new_york, written_moment
from committee.cards import Card, EventCard
from committee.letters import Delivery, DeliveryState
from committee.mail import MailState
from committee.staff import Person
from committee.submissions import SubmissionState
from mailflows import announcements, approvals, cases
from mailflows.desk import Desk

SHOWN = 50
EXPIRED_FOR = timedelta(days=30)
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
async def desk(desk: Desk, _person: Person) -> Card:
    """What waits for whom today."""
    rows = tuple([{"count": count, "what": what, "see": see} for count, what, see in await _waits(desk)])
    stops = tuple(
        f"Stopped since {written_moment(one.at)} by {one.by}: {one.key}. To go on: resume"
        for one in await desk.store.stops.all()
    )
    fields = {"opened": desk.facts.opened, "now": desk.now, "practice": desk.facts.practice, "address": desk.address}
    notes = (*stops, *((PRACTICE,) if desk.facts.practice else ()))
    return Card("The desk today", "What waits, and for whom.", rows, fields, notes=notes)


async def _waits(desk: Desk) -> list[tuple[int, str, str]]:
    """What waits for the officers, what goes by itself today, and what did not arrive."""
    store, D, S = desk.store, DeliveryState, SubmissionState  # noqa: N806 - two closed sets, named often
    coming = await announcements.coming(store, desk, desk.today + timedelta(days=1))
    today = sum(one.at is not None and new_york(one.at).date() == desk.today for one in coming)
    later = await store.deliveries.find(state=D.LATER)
    return [
        (await store.submissions.count(state=S.WAITING), "submissions wait for an officer", "submissions waiting"),
        (
            await store.submissions.count(state=S.CLARIFYING),
            "submissions wait for an answer to us",
            "submissions waiting",
        ),
        (await store.mail.count(state=MailState.SET_ASIDE), "mails are set aside", "inbox set-aside"),
        (len(await cases.still_open(desk)), "mails wait for an answer of ours", "inbox waiting"),
        (len(await cases.overdue(desk)), "mails should have been answered by now", "inbox overdue"),
        (await approvals.waiting(store), "letters wait for a second person to release them", "approvals"),
        (today, "letters go by themselves today", "due"),
        (await store.deliveries.count(state=D.QUEUED), "deliveries wait to go", "outbox waiting"),
        (len(later), f"deliveries were put off{_because(later)}", "outbox waiting"),
        (
            await store.deliveries.count(state=D.HELD) + await store.announcements.count(state=AnnouncementState.HELD),
            "deliveries and announced letters are held",
            "outbox held",
        ),
        (
            await store.deliveries.count(state=(D.REFUSED, D.BOUNCED)),
            "deliveries were refused or bounced",
            "outbox refused",
        ),
        (await store.deliveries.count(state=D.UNCERTAIN), "deliveries are uncertain", "outbox uncertain"),
        (
            await store.deliveries.count(state=D.EXPIRED, since=desk.now - EXPIRED_FOR),
            "deliveries were given up: letter KEY again, or paper",
            "outbox expired",
        ),
        (len(await store.repairs.all()), "addresses are to be mended", "repairs"),
    ]


def _because(later: list[Delivery]) -> str:
    """The server's own words of the oldest, so that a mail server that is down is seen here."""
    oldest = min(later, key=lambda delivery: delivery.since, default=None)
    return f": {oldest.reply[:80]}" if oldest else ""
