"""What waits for one person: to be released, decided, answered, mended; and what they prepared that waits for others."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from committee.announcements import AnnouncementState
from committee.calendar import new_york, written
from committee.cards import Action, EventCard
from committee.letters import Delivery, DeliveryState
from committee.mail import MailState
from committee.schedule import Scheduled
from committee.staff import Person, Role
from committee.submissions import SubmissionState
from mailflows import announcements, approvals, cases, confirmations, correspondents, mending, posts
from mailflows.approvals import Waiting
from mailflows.desk import Desk

MOST: Final = 10
"""Of one section that are named; `count` says how many there are."""
WEEK: Final = timedelta(days=7)
EXPIRED_FOR: Final = timedelta(days=30)
D, S = DeliveryState, SubmissionState


@dataclass(frozen=True, slots=True)
class Item:
    """One thing, in words that quote nothing that anybody wrote; `see` is the command that shows it."""

    key: str
    what: str
    see: str
    since: datetime | None = None
    due: date | None = None
    actions: tuple[Action, ...] = ()  # of its card, for whoever may press one


@dataclass(frozen=True, slots=True)
class Section:
    """Things of one sort, the first that should be looked at first; `count` is of all of them."""

    name: str  # stable, as a field of JSON
    title: str
    see: str
    items: tuple[Item, ...]
    count: int


async def of(person: Person, desk: Desk) -> tuple[Section, ...]:
    """Every section in its order, empty ones too; what a person may not act on is not in `waits_for_me`."""
    return tuple([await section(person, desk) for section in SECTIONS])


async def counts(desk: Desk) -> list[tuple[int, str, str]]:
    """How much of each there is, in words, and the command that shows it: of the desk as a whole, whoever asks."""
    store = desk.store
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
        (
            len(await announcements.today(store, desk)) + len(await confirmations.today(store, desk)),
            "letters go by themselves today",
            "due",
        ),
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
        (len(await mending.still_open(store, desk)), "addresses are to be mended", "repairs"),
    ]


def _because(later: list[Delivery]) -> str:
    """The server's own words of the oldest, so that a mail server that is down is seen here."""
    oldest = min(later, key=lambda delivery: delivery.since, default=None)
    return f": {oldest.reply[:80]}" if oldest else ""


async def _waits_for_me(person: Person, desk: Desk) -> Section:
    """What this person may release, and for an officer the submissions that nobody has decided about."""
    store = desk.store
    theirs = [
        one for one in await approvals.all_waiting(store, desk) if person.key in {may.key for may in one.may_release}
    ]
    items = [await _approval(one, person, desk) for one in theirs]
    count = len(items)
    if person.may(Role.OFFICER):
        count += await store.submissions.count(state=S.WAITING)
        for one in await store.submissions.find(state=S.WAITING, limit=MOST):
            name = await correspondents.party_name(store, one.party, desk)
            card = next(iter(await store.cards.find(about=one.key, newest_first=True, limit=1)), None)
            actions = await _buttons(card, person, desk)
            what = f"{one.kind.words} from {name}"
            items.append(Item(one.key, what, f"submission {one.key}", one.received, actions=actions))
    return _section("waits_for_me", "Waits for me", "submissions waiting", items, count)


async def _prepared_by_me(person: Person, desk: Desk) -> Section:
    mine = [one for one in await approvals.all_waiting(desk.store, desk) if one.preparer.key == person.key]
    items = [await _approval(one, person, desk) for one in mine]
    return _section("prepared_by_me", "Prepared by me, waits for others", "approvals", items, len(items))


async def _my_cases(person: Person, desk: Desk) -> Section:
    """The mails that this person has to answer, the most urgent first."""
    mine, items = await cases.of(person, desk), []
    for one in mine[:MOST]:
        mail = await desk.store.mail.get(one.case.key)
        whose = await correspondents.party_name(desk.store, mail.party, desk) if mail and mail.party else "somebody"
        what = f"{'overdue: ' if one.overdue else ''}an answer to {whose}"
        items.append(Item(one.case.key, what, f"mail {one.case.key}", one.case.taken, one.by))
    return _section("my_cases", "My cases", "inbox mine", items, len(mine))


async def _set_aside(person: Person, desk: Desk) -> Section:
    store, items = desk.store, []
    for mail in await store.mail.find(state=MailState.SET_ASIDE, limit=MOST):
        whose = await correspondents.party_name(store, mail.proposed, desk) if mail.proposed else ""
        what = "mail set aside" + (f", perhaps {whose}'s" if whose else "")
        card = next(iter(await store.cards.find(about=mail.key, kind="mail-set-aside")), None)
        actions = await _buttons(card, person, desk)
        items.append(Item(mail.key, what, f"mail {mail.key}", mail.kept_at, actions=actions))
    count = await store.mail.count(state=MailState.SET_ASIDE)
    return _section("set_aside", "Set aside", "inbox set-aside", items, count)


async def _due_this_week(_person: Person, desk: Desk) -> Section:
    """Reminders that the clock sends, or would, and what the programme of work has a date for."""
    until = desk.today + WEEK
    together: dict[tuple[date, str], list[Scheduled]] = {}
    for one in await announcements.coming(desk.store, desk, until):
        together.setdefault((new_york(one.at).date() if one.at else one.due, one.why_not), []).append(one)
    items = [
        Item(several[0].reminder.key, await _reminders(several, why_not, desk), "due 7 days", due=day)
        for (day, why_not), several in together.items()
    ]
    dated = [one for one in await desk.store.programme.all() if one.due and desk.today <= one.due <= until]
    items += [Item(one.key, one.what, "due 7 days", due=one.due) for one in dated]
    items.sort(key=lambda item: item.due or until)
    return _section("due_this_week", f"Due until {written(until)}", "due 7 days", items, len(items))


async def _reminders(several: list[Scheduled], why_not: str, desk: Desk) -> str:
    """Those that go together, or stay for one reason, in one line."""
    if len(several) == 1:
        what = f"a reminder to {await correspondents.party_name(desk.store, several[0].reminder.state, desk)}"
    else:
        what = f"{len(several)} reminders of the first report"
    return f"{what}, which stay: {why_not}" if why_not else what


async def _repairs(_person: Person, desk: Desk) -> Section:
    repairs, items = await mending.still_open(desk.store, desk), []
    for one in repairs[:MOST]:
        name = await correspondents.party_name(desk.store, one.party, desk)
        items.append(Item(one.key, f"an address of {name} takes no mail", "repairs", one.since))
    return _section("repairs", "Contacts to mend", "repairs", items, len(repairs))


async def _letters(_person: Person, desk: Desk) -> Section:
    """Copies of which nobody knows whether they arrived come first; then those of the last month that did not."""
    store, since = desk.store, desk.now - EXPIRED_FOR
    uncertain = await store.deliveries.find(state=D.UNCERTAIN)
    refused = await store.deliveries.find(state=(D.REFUSED, D.BOUNCED, D.EXPIRED), since=since, newest_first=True)
    items = []
    for one in [*uncertain, *refused][:MOST]:
        name = await correspondents.party_name(store, one.party.removeprefix("delegation/"), desk)
        items.append(Item(one.key, f"{one.state}: a copy to {name}", f"letter {one.letter}", one.since))
    return _section("letters", "Refused and uncertain letters", "outbox refused", items, len(uncertain) + len(refused))


SECTIONS: Final[tuple[Callable[[Person, Desk], Awaitable[Section]], ...]] = (
    _waits_for_me,
    _prepared_by_me,
    _my_cases,
    _set_aside,
    _due_this_week,
    _repairs,
    _letters,
)


def _section(name: str, title: str, see: str, items: Iterable[Item], count: int) -> Section:
    return Section(name, title, see, tuple(items)[:MOST], count)


async def _approval(one: Waiting, person: Person, desk: Desk) -> Item:
    actions = await _buttons(one.card, person, desk)
    return Item(one.number, one.card.title, f"approval {one.number}", one.card.at, actions=actions)


async def _buttons(card: EventCard | None, person: Person, desk: Desk) -> tuple[Action, ...]:
    if card is None or not person.may(Role.OFFICER):
        return ()
    return (await posts.shown(card, desk.store)).actions
