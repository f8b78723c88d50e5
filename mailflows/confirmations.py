"""Each party is asked by the clock, once a year, to confirm its entry: announced before, reminded twice, then a person's task."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from committee import confirmation_schedule, schedule
from committee.announcements import DAY, Announcement, AnnouncementState
from committee.calendar import NEW_YORK, new_york, written_moment
from committee.cards import Offer
from committee.confirmation_schedule import Known
from committee.confirmations import Answer, Asking, Rung, asked_on, group_of, last_day
from committee.counting import counted
from committee.errors import Refused
from committee.letters import MOST_WITHOUT_A_SECOND_PERSON, OPEN, DeliveryState, Draft, Letter, LetterKind
from committee.policies import timing
from committee.schedule import Scheduled
from mailflows import cards, correspondents, entries, letters, outbox, page_tokens, parties, posts
from mailflows.announcements import AHEAD, KIND
from mailflows.desk import Desk
from mailflows.standing import last_reminded
from storage.port import Transaction
from storage.tables import Tables

A = AnnouncementState
RULE = "rule: entries confirmed once a year"
UNANSWERED = "confirmation-unanswered"
MOST_NAMED = 60


async def coming(tables: Tables, desk: Desk, until: date) -> list[Scheduled]:
    """The letters of this kind that fall due until `until`, and what will become of each."""
    return confirmation_schedule.schedule(await known(tables, desk, until), desk.now, until)


async def when(one: Announcement, desk: Desk) -> Scheduled | None:
    """When an announced letter goes as things stand, or why it does not; None where it is not due any more."""
    until = max(desk.today, one.due) + AHEAD
    return next((found for found in await coming(desk.store, desk, until) if found.reminder.key == one.key), None)


async def today(tables: Tables, desk: Desk) -> list[Scheduled]:
    """Those that go by themselves on this day."""
    scheduled = await coming(tables, desk, desk.today + DAY)
    return [one for one in scheduled if one.at and new_york(one.at).date() == desk.today]


async def announce_due(desk: Desk) -> list[Announcement]:
    """Announce what goes after one whole working day: a row for each letter and one card with the names, in one commit."""
    due = schedule.to_announce(await coming(desk.store, desk, desk.today + AHEAD), desk.now)
    if not due or await _announced_today(desk.store, desk) >= MOST_WITHOUT_A_SECOND_PERSON:
        return []  # nearly every minute of the year: no commit for it
    async with desk.store.transaction(by=RULE, doing="confirmations announced", about=_about(desk), at=desk.now) as tx:
        room = MOST_WITHOUT_A_SECOND_PERSON - await _announced_today(tx, desk)
        due = schedule.to_announce(await coming(tx, desk, desk.today + AHEAD), desk.now)[: max(room, 0)]
        card = cards.key_of(KIND, _about(desk)) if await posts.is_told_in_chat(tx) else ""
        kind = LetterKind.CONFIRMATION
        new = [
            Announcement(one.reminder.key, kind, one.reminder.state, desk.now, one.due, waits_for=card) for one in due
        ]
        for one in new:  # one that was dropped, and is due again after all, is announced anew
            if not await tx.announcements.add(one):
                await tx.announcements.put(one)
        if due:
            await _tell(tx, due, desk)
    return new


async def _announced_today(tables: Tables, desk: Desk) -> int:
    """What a desk that stood still makes up is spread over days as well: no more in one than a person may release alone."""
    midnight = datetime.combine(desk.today, time(), NEW_YORK)
    return await tables.announcements.count(kind=LetterKind.CONFIRMATION, since=midnight)


async def send_announced(desk: Desk) -> list[Letter]:
    """Queue the announced letters whose moment has come; what was answered meanwhile is dropped, what is held stays."""
    facts = await known(desk.store, desk, desk.today + AHEAD)
    if not facts.announcements:
        return []
    async with desk.store.transaction(by=RULE, doing="confirmations sent", about=str(desk.today), at=desk.now) as tx:
        facts = await known(tx, desk, desk.today + AHEAD)
        scheduled = confirmation_schedule.schedule(facts, desk.now, desk.today + AHEAD)
        for gone in schedule.no_longer(facts.announcements.values(), scheduled):
            await tx.announcements.put(replace(gone, state=A.DROPPED, why="it is not due any more"))
        ready = schedule.to_send(scheduled, desk.now, facts.timing)
        if not ready:
            return []
        release = await tx.number("R", desk.today.year)
        drafts = [await _draft(tx, one, facts, desk) for one in ready]
        queued = await outbox.queue(tx, drafts, release=release, by=RULE, desk=desk)
        sent = {letter.key for letter in queued}
        waiting = [facts.announcements[one.reminder.key] for one in ready if one.reminder.key in sent]
        await tx.announcements.put(*(replace(one, state=A.SENT) for one in waiting))
    return queued


async def show_unanswered(desk: Desk) -> None:
    """Whoever was reminded twice in vain is a person's task: one card for each, once a year."""
    asked = await tasks(desk.store, desk)
    shown = {card.about for card in await desk.store.cards.find(kind=UNANSWERED)} if asked else set()
    for asking in (one for one in asked if one.key not in shown):
        async with desk.store.transaction(by=RULE, doing="confirmation missing", about=asking.key, at=desk.now) as tx:
            name = await correspondents.party_name(tx, asking.party, desk)
            said = (
                f"It was asked three times to confirm its entry for {asking.year}, and nothing came. All of it stays, and "
                f"letters go on as before. Somebody asks by telephone: contacts of {asking.party}; then: "
                f"confirmation {asking.party} confirm"
            )
            await cards.post(tx, UNANSWERED, asking.key, f"{name} has not confirmed its entry", said, now=desk.now)


async def tasks(tables: Tables, desk: Desk) -> list[Asking]:
    """The askings that were reminded in vain."""
    return confirmation_schedule.unanswered(await known(tables, desk, desk.today), desk.now)


async def known(tables: Tables, desk: Desk, until: date) -> Known:
    """Everything that the clock looks at, from registers and ledgers."""
    asked = {one.key: group_of(one.groups) for one in await parties.all_on(tables, desk)}
    days_off = await tables.days_off.all()
    confirmed = {day.day.year for day in days_off if day.kind == "holiday" and day.confirmed}
    hours = timing(await tables.policies.all(), [day.day for day in days_off], desk.today)
    answered = {one.key for one in await tables.confirmations.all()}
    near = {party for party, group in asked.items() if _near(party, group, answered, desk.today, until)}
    waiting = await tables.announcements.find(kind=LetterKind.CONFIRMATION, state=(A.ANNOUNCED, A.HELD))
    facts = Known(
        groups={party: group for party, group in asked.items() if party in near},
        timing=hours,
        opened=desk.facts.begins.astimezone(NEW_YORK).date(),
        answered=answered,
        sent=await _sent(tables, near),
        last_reminded=await last_reminded(tables, sorted(near)),
        announcements={one.key: one for one in waiting},
        unconfirmed_years={year for year in range(desk.today.year, until.year + 1) if year not in confirmed},
    )
    asks_of = confirmation_schedule.to_be_looked_for(facts, desk.now, until)
    return replace(facts, addressed={party for party in asks_of if await _reached(tables, party, desk)})


def _near(party: str, group: str, answered: Collection[str], today: date, until: date) -> bool:
    """Whether something of an asking of it may be open: all that follows has an end some months after its day."""
    return any(
        Asking(party, year).key not in answered
        and asked_on(party, group, year) - AHEAD <= until
        and today <= last_day(asked_on(party, group, year)) + AHEAD
        for year in range(today.year - 1, until.year + 1)
    )


async def _reached(tables: Tables, party: str, desk: Desk) -> bool:
    to = await correspondents.of_party(tables, party, desk, LetterKind.CONFIRMATION)
    return bool(to.addressees) and bool(await entries.of_party(tables, party, desk))


async def _sent(tables: Tables, near: set[str]) -> dict[str, date]:
    """The day on which each letter left, or was queued and may still leave; withdrawn ones are not written a second time."""
    found = await tables.deliveries.find(kind=LetterKind.CONFIRMATION, party=tuple(near)) if near else []
    gone = {*OPEN, DeliveryState.SENT, DeliveryState.BOUNCED, DeliveryState.REFUSED, *_ENDED}
    return {one.letter: new_york(one.since).date() for one in found if one.state in gone}


_ENDED = (DeliveryState.WITHDRAWN, DeliveryState.EXPIRED)


async def _draft(tx: Transaction, one: Scheduled, facts: Known, desk: Desk) -> Draft:
    rung = one.reminder
    if not isinstance(rung, Rung):  # the two schedules have one type of line
        raise TypeError(rung.key)
    asking = rung.asking
    day = last_day(asked_on(asking.party, facts.groups[asking.party], asking.year))
    link = f"{desk.public_url}/t/{page_tokens.made(asking, day, desk.store.keys[0])}" if desk.public_url else ""
    return letters.confirmation(
        rung,
        await correspondents.of_party(tx, asking.party, desk, LetterKind.CONFIRMATION),
        entry=await entries.of_party(tx, asking.party, desk),
        link=link,
        last_day=day,
        desk=desk,
        not_after=datetime.combine(one.until, time.max, NEW_YORK),
    )


async def _tell(tx: Transaction, due: Sequence[Scheduled], desk: Desk) -> None:
    names = [await correspondents.party_name(tx, one.reminder.state, desk) for one in due]
    moments = " and ".join(written_moment(moment) for moment in sorted({one.at for one in due if one.at}))
    named = ", ".join(names[:MOST_NAMED]) + (f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "")
    title = f"{counted(len(due), 'letter')} by the clock that asks a party to confirm its entry: {moments}"
    text = f"To hold one, until it goes: letter {due[0].reminder.key} hold WHY. To {named}."
    whole = "Hold it" if len(due) == 1 else f"Hold all {len(due)}"
    line = f"announced {_about(desk).removeprefix('announced/')} hold"
    await cards.post(
        tx, KIND, _about(desk), title, text, now=desk.now, fields={"letters": [one.reminder.key for one in due]},
        offers=(Offer(whole, line, "danger", asks="text"),), thread=f"confirmations/{desk.today.year}",
    )  # fmt: skip


def _about(desk: Desk) -> str:
    return f"announced/confirmations/{desk.now.isoformat()}"


async def newest_asking(tables: Tables, party: str) -> Asking | None:
    """The newest asking of which a letter has left or waits; None where the party was not asked."""
    asked = await tables.letters.find(kind=LetterKind.CONFIRMATION, party=party, newest_first=True, limit=1)
    return Asking.named(asked[0].conversation) if asked else None


async def asking_meant(tables: Tables, party: str, desk: Desk) -> Asking:
    """The newest asking, else this year's: a party may be confirmed by telephone before it is asked."""
    newest = await newest_asking(tables, party)
    meant = newest if newest and newest.year == desk.today.year else Asking(party, desk.today.year)
    if await tables.confirmations.get(meant.key):
        raise Refused(f"{party} has answered for {meant.year} already: confirmation {party}. Nothing was changed.")
    return meant


@dataclass(frozen=True, slots=True)
class Stands:
    """How far one asking of this year is."""

    asking: Asking
    state: str  # asked | unanswered | unchanged | proposed | made | declined
    letters: int
    since: datetime


async def standing(tables: Tables, desk: Desk) -> list[Stands]:
    """Every asking of this year that has a letter or an answer, by key; one that was reminded in vain is marked."""
    year = desk.today.year
    found: dict[str, list[Letter]] = {}
    for letter in await tables.letters.find(kind=LetterKind.CONFIRMATION, since=desk.now - LOOKED_BACK):
        found.setdefault(letter.conversation, []).append(letter)
    answers = {one.key: one for one in await tables.confirmations.all()}
    in_vain = {asking.key for asking in await tasks(tables, desk)}
    askings = [one for key in sorted({*found, *answers}) if (one := Asking.named(key)) and one.year == year]
    return [_stands(one, found.get(one.key, []), answers.get(one.key), one.key in in_vain) for one in askings]


LOOKED_BACK = timedelta(days=366)


def _stands(asking: Asking, asked: Sequence[Letter], answer: Answer | None, in_vain: bool) -> Stands:  # noqa: FBT001 - whether it is marked
    if answer:
        return Stands(asking, answer.state, len(asked), answer.source.at)
    return Stands(asking, "unanswered" if in_vain else "asked", len(asked), max(one.queued_at for one in asked))
