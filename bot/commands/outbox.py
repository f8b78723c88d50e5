"""/1540 outbox, letter …: every letter with its state and proof; held, let go, withdrawn, sent again."""

from collections import Counter, defaultdict
from dataclasses import asdict
from datetime import date, timedelta

from bot.commands.since import start_of
from bot.registry import command
from committee.announcements import Announcement, AnnouncementState
from committee.calendar import written_moment
from committee.cards import Card
from committee.counting import counted
from committee.errors import Refused
from committee.letters import OPEN, Delivery, DeliveryState, Letter, LetterKind, Stop, record_of, state_of
from committee.relays import Relay
from committee.schedule import Scheduled
from committee.staff import Person, Role
from mailflows import announcements, confirmations, handling, holding, pages
from mailflows.desk import Desk
from mailflows.presses import Act, Press

SHOWN_FOR = timedelta(days=90)
AT_THE_TERMINAL = " at the terminal, not in chat"
SHOWN_AS = {
    "waiting": (DeliveryState.QUEUED, DeliveryState.CLAIMED, DeliveryState.LATER, DeliveryState.SENDING),
    "held": (DeliveryState.HELD,),
    "refused": (DeliveryState.REFUSED, DeliveryState.BOUNCED),
    "expired": (DeliveryState.EXPIRED,),
    "uncertain": (DeliveryState.UNCERTAIN,),
}


@command(
    "outbox [waiting|held|refused|expired|uncertain=WHICH] [--since DATE] [--all]", reads=True, example="outbox waiting"
)
async def outbox(
    desk: Desk, _person: Person, *, which: str | None = None, since: date | None = None, all: bool = False
) -> Card:
    """Every letter with its state, and each delivery with the server's own words."""
    shown = await _shown(desk, which, None if all else (since or desk.today - SHOWN_FOR))
    held = await desk.store.announcements.find(state=AnnouncementState.HELD) if which in {None, "held"} else []
    rows = (*(_row(letter, deliveries) for letter, deliveries in shown), *map(_held, held))
    counted = Counter(str(row["state"]) for row in rows)
    said = ", ".join(f"{count} {state}" for state, count in sorted(counted.items())) or "nothing"
    stops = tuple(_stopped(stop) for stop in await desk.store.stops.all())
    stops += tuple(_left_alone(relay, desk) for relay in await desk.store.relays.all())
    return Card(f"Outbox: {which}" if which else "Outbox", f"{said}.", rows, notes=stops, columns=COLUMNS, parts=PARTS)


COLUMNS = ("key", "reference", "party", "state", "why", "deliveries")
PARTS = ("address", "state", "at", "next_try", "reply")


def _stopped(stop: Stop) -> str:
    what, how = ("everything", "resume") if stop.key == holding.ALL else (stop.key, f"resume {stop.key}")
    who = " (an administrator: it was restored from a backup)" if stop.restored else ""
    return f"Stopped since {written_moment(stop.at)} by {stop.by}: {what}. To go on: {how}{who}"


def _left_alone(relay: Relay, desk: Desk) -> str:
    """The breaker: which server is not tried at the moment, since when, and when it is tried again."""
    what = "does not let us in" if relay.refuses_us else "takes nothing"
    again = "now, with one letter" if relay.lets(desk.now) else written_moment(relay.until)
    tried = counted(relay.failures, "try", "tries")
    return f"{relay.key} {what} since {written_moment(relay.since)} ({tried}): {relay.why}. It is tried again: {again}"


async def _shown(desk: Desk, which: str | None, first: date | None) -> list[tuple[Letter, list[Delivery]]]:
    """The letters with a delivery in the wanted states; without a wish what is open, and what was queued since `first`."""
    recent = [] if which else await desk.store.letters.find(since=start_of(first))
    letters = {letter.key: letter for letter in recent}
    for delivery in await desk.store.deliveries.find(state=SHOWN_AS[which] if which else tuple(OPEN)):
        if delivery.letter not in letters and (letter := await desk.store.letters.get(delivery.letter)):
            letters[letter.key] = letter
    by_letter: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in await desk.store.deliveries.find(letter=tuple(letters)) if letters else ():
        by_letter[delivery.letter].append(delivery)
    return [(letter, by_letter[key]) for key, letter in letters.items()]


def _row(letter: Letter, deliveries: list[Delivery]) -> dict[str, object]:
    copies = sorted(deliveries, key=lambda delivery: delivery.key)
    return {
        "key": letter.key, "kind": letter.kind, "party": letter.party, "state": state_of(deliveries),
        "reference": letter.reference, "release": letter.release, "rungs": list(letter.rungs),
        "deliveries": [_copy(delivery) for delivery in copies], "why": None,
    }  # fmt: skip


def _held(one: Announcement) -> dict[str, object]:
    """A letter that was announced and is held: it is not written yet, so it has no number and no copies."""
    return {
        "key": one.key, "kind": one.kind, "party": one.party, "state": DeliveryState.HELD, "reference": None,
        "release": None, "rungs": [one.key], "deliveries": [], "why": one.why,
    }  # fmt: skip


def _copy(delivery: Delivery) -> dict[str, object]:
    return {
        "key": delivery.key, "address": delivery.address, "state": delivery.state, "reply": delivery.held or delivery.reply,
        "at": delivery.since, "tries": delivery.tries, "next_try": delivery.next_try, "tls": delivery.tls,
        "sha256": delivery.sha256,
    }  # fmt: skip


@command("letter LETTER", reads=True, example="letter first-report/MWI/programme-11/2")
async def letter(desk: Desk, person: Person, *, letter: str) -> Card:
    """One letter as its reader sees it, with what became of each copy; its words to officers, unless it is open."""
    found = await desk.store.letters.get(letter)
    if found is None:
        return await _announced(await desk.store.announcements.get(letter), letter, desk)
    deliveries = await desk.store.deliveries.find(letter=letter)
    row = _row(found, deliveries)
    fields = {
        "key": found.key, "kind": found.kind, "party": found.party, "state": row["state"], "reference": found.reference,
        "release": found.release, "message_id": found.message_id, "queued_at": found.queued_at, "released_by": found.by,
        "not_after": found.not_after, "language": found.language, "handling": found.handling,
        "automatic_replies": list(found.automatic_replies), "record": record_of(deliveries) or None,
        "approval": asdict(found.approval) if found.approval else None,
    }  # fmt: skip
    copies = row["deliveries"]
    shown = handling.reads_closed(person, desk) or await handling.letter_is_open(found, desk.store)
    page, said = (
        await pages.page_as_sent(found, deliveries, desk)
        if shown
        else (None, f"Its words are shown to officers{AT_THE_TERMINAL if desk.in_chat else ''}.")
    )
    return Card(
        f"{found.reference}: {found.kind}, {row['state']}",
        said,
        tuple(copies) if isinstance(copies, list) else (),
        fields,
        columns=("address", "state", "reply", "at"),
        notes=_once_more(found, row["state"]),
        page=page,
    )


def _once_more(letter: Letter, state: object) -> tuple[str, ...]:
    """How it goes a second time on purpose, or again; what still waits goes by itself."""
    key = letter.second_copy_of or letter.key
    if state is DeliveryState.UNCERTAIN:
        again = f"The same letter, with the same Message-ID: letter {letter.key} again"
        return again, f"As a letter of its own, marked as a second copy: letter {key} second-copy"
    ended = state in {DeliveryState.SENT, DeliveryState.BOUNCED, DeliveryState.REFUSED, DeliveryState.EXPIRED}
    return (f"Who accepted it: proof {key}. Once more on purpose: letter {key} second-copy",) if ended else ()


async def _announced(one: Announcement | None, key: str, desk: Desk) -> Card:
    """What is only announced: when it goes, and how it is held, or let go again."""
    if one is None:
        raise Refused(f"There is no letter {key}. To see them: outbox; what goes by itself: due.")
    asks = one.kind == LetterKind.CONFIRMATION
    stands = await (confirmations.when(one, desk) if asks else announcements.when(one, desk))
    goes = stands.at if stands else None
    text = f"It was announced on {written_moment(one.announced_at)} and is not written yet. {_when(one, stands)}"
    fields = {
        "key": one.key, "kind": one.kind, "party": one.party, "state": one.state, "due": one.due, "goes_at": goes,
        "why": one.why,
    }  # fmt: skip
    return Card(f"{one.key}: {one.state}", text, fields=fields)


def _when(one: Announcement, stands: Scheduled | None) -> str:
    if one.state is AnnouncementState.HELD:
        return f"It stays until an officer lets it go: letter {one.key} release"
    if stands is None or stands.at is None:
        return f"It does not go by itself: {stands.why_not if stands else 'it is not due any more'}."
    return f"It goes by itself {written_moment(stands.at)}. To hold it until then: letter {one.key} hold WHY"


@command(
    "letter LETTER hold WHY=TEXT",
    role=Role.READER,
    example='letter first-report/MWI/programme-11/2 hold "the Deputy has telephoned"',
)
async def hold(desk: Desk, person: Person, *, letter: str, why: str, press: Press | None = None) -> Card:
    """Hold what has not left of a letter; anyone of the staff may, an officer releases it."""
    return _moved(
        await holding.hold(letter, why, Act(person, desk, press)),
        f"Held by {person.name}; to let it go: letter {letter} release",
    )


@command("letter LETTER release", role=Role.OFFICER, example="letter first-report/MWI/programme-11/2 release")
async def release(desk: Desk, person: Person, *, letter: str, press: Press | None = None) -> Card:
    """Let a held letter go, nothing else."""
    released = await holding.release(letter, Act(person, desk, press))
    queued = isinstance(released, Letter)
    return _moved(released, "It is queued again." if queued else "It goes by itself as soon as the rules allow: due")


@command("letter LETTER withdraw", role=Role.OFFICER, example="letter first-report/MWI/programme-11/2 withdraw")
async def withdraw(desk: Desk, person: Person, *, letter: str, press: Press | None = None) -> Card:
    """Withdraw what has not left of a letter, for good."""
    return _moved(await holding.withdraw(letter, Act(person, desk, press)), "What had not left does not leave.")


@command("letter LETTER again", role=Role.OFFICER, example="letter clarification/S-2012-0017/1 again")
async def again(desk: Desk, person: Person, *, letter: str, press: Press | None = None) -> Card:
    """Send a letter again that is uncertain, or was given up, with the same Message-ID."""
    return _moved(
        await holding.again(letter, Act(person, desk, press)), "It is queued again, with the same Message-ID."
    )


def _moved(letter: Letter | Announcement, text: str) -> Card:
    return Card(letter.key, text, fields={"key": letter.key, "kind": letter.kind, "party": letter.party})
