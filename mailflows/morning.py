"""At nine in the morning, New York, on each working day, a card says what the day brings; it comes whatever else fails."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from committee.announcements import AnnouncementState
from committee.calendar import NEW_YORK, is_working_day, new_york, written, written_moment
from committee.counting import counted
from committee.errors import Unavailable
from committee.letters import DeliveryState
from mailflows import announcements, approvals, cards, confirmations, correspondents, holding, unserved, work_queue
from mailflows.desk import Desk
from mailflows.logs import log
from storage.tables import Tables

KIND: Final = "morning"
OPENS: Final = time(9)
MOST_NAMED: Final = 12
D = DeliveryState


async def tell(desk: Desk) -> bool:
    """Post today's card if it is time and it has not come yet, also after an outage: one key a day, so never two."""
    key = cards.key_of(KIND, str(desk.today))
    off = await _off(desk.store)
    if not is_working_day(desk.today, off) or new_york(desk.now).time() < OPENS or await desk.store.cards.get(key):
        return False
    lines = [await _said(what, work, desk) for what, work in _LINES.items()]
    fields = await _fields(desk)
    async with desk.store.transaction(by="rule: morning", doing="morning card", about=key, at=desk.now) as tx:
        title = f"{desk.today:%A} {written(desk.today)}"
        return await cards.post(tx, KIND, str(desk.today), title, "\n".join(lines), now=desk.now, fields=fields)


async def next_moment(desk: Desk) -> datetime:
    """When the next card comes."""
    off, day = await _off(desk.store), desk.today
    while not is_working_day(day, off) or datetime.combine(day, OPENS, NEW_YORK) <= desk.now:
        day += timedelta(days=1)
    return datetime.combine(day, OPENS, NEW_YORK)


async def _off(tables: Tables) -> set[date]:
    return {day.day for day in await tables.days_off.all()}


async def _said(what: str, work: Callable[[Desk], Awaitable[str]], desk: Desk) -> str:
    """One line; where it cannot be told today it says so, and the card comes all the same."""
    try:
        return await work(desk)
    except Unavailable:
        raise  # the store is away: the next tick tells it
    except Exception as error:  # noqa: BLE001 - the card always comes
        log.error("morning line not told", kind=what, error=type(error).__name__)
        return (
            f"{what}: this could not be told today ({type(error).__name__}); nothing was changed by it. To look: desk"
        )


async def _fields(desk: Desk) -> dict[str, int]:
    try:
        return {what: count for count, what, _ in await work_queue.counts(desk) if count}
    except Unavailable:
        raise
    except Exception as error:  # noqa: BLE001 - as above: its line says so
        log.error("morning counts not told", error=type(error).__name__)
        return {}


async def _by_itself(desk: Desk) -> str:
    """What the clock sends today, and what is queued already."""
    going = await announcements.today(desk.store, desk)
    asked = await confirmations.today(desk.store, desk)
    names = [await correspondents.party_name(desk.store, one.reminder.state, desk) for one in (*going, *asked)]
    queued = await desk.store.deliveries.count(state=(D.QUEUED, D.LATER))
    waiting = f" {counted(queued, 'delivery', 'deliveries')} wait to go." if queued else ""
    if not names:
        return f"By itself today: nothing.{waiting}"
    when = " and ".join(written_moment(moment) for moment in sorted({one.at for one in (*going, *asked) if one.at}))
    kinds = (
        (counted(len(going), "reminder"), going),
        (counted(len(asked), "question about an entry", "questions about entries"), asked),
    )
    what = " and ".join(said for said, some in kinds if some)
    return f"By itself today: {what} ({when}), to {_named(names)}.{waiting}"


async def _waits(desk: Desk) -> str:
    """For whom what waits: officers, approvers, and the parties that we asked."""
    store = desk.store
    numbers = {what: count for count, what, _ in await work_queue.counts(desk)}
    officers = [
        counted(numbers["submissions wait for an officer"], "submission"),
        counted(numbers["mails are set aside"], "mail set aside", "mails set aside"),
        counted(numbers["addresses are to be mended"], "address to mend", "addresses to mend"),
        counted(numbers["deliveries are uncertain"], "uncertain delivery", "uncertain deliveries"),
    ]
    asked = numbers["submissions wait for an answer to us"]
    approver = counted(await approvals.waiting(store), "letter")
    parties = f"; for an answer to us: {counted(asked, 'submission')}" if asked else ""
    return f"Waits for officers: {', '.join(officers)}; for an approver: {approver}{parties}. To see yours: desk"


async def _not_served(desk: Desk) -> str:
    names = [*dict.fromkeys(one.name for one in await unserved.unserved(None, desk) if not _may_yet(one))]
    return f"Not served: {_named(names)}. Why, and what to do: unserved" if names else "Not served: nobody."


def _may_yet(one: unserved.Standing) -> bool:
    """What waits in its turn, or is on its way, is not that."""
    return one.state in {D.QUEUED, D.CLAIMED, D.SENDING, D.LATER, D.HELD}


async def _held(desk: Desk) -> str:
    store = desk.store
    letters = {one.letter for one in await store.deliveries.find(state=D.HELD)}
    announced = await store.announcements.find(state=AnnouncementState.HELD)
    names = [await correspondents.party_name(store, one.party, desk) for one in announced]
    stops = await store.stops.all()
    everything = next((f"everything, since {written_moment(one.at)}" for one in stops if one.key == holding.ALL), "")
    held = [
        everything,
        counted(len(letters), "letter") if letters else "",
        f"{counted(len(announced), 'announced reminder')}, to {_named(names)}" if announced else "",
        counted(sum(one.key != holding.ALL for one in stops), "stopped release")
        if len(stops) > bool(everything)
        else "",
    ]
    said = "; ".join(filter(None, held))
    return f"Still held: {said}. To see them: outbox held" if said else "Still held: nothing."


def _named(names: Sequence[str]) -> str:
    """In their order, which is alphabetical wherever they are parties."""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{', '.join(names[:MOST_NAMED])}{more}"


_LINES: Final[dict[str, Callable[[Desk], Awaitable[str]]]] = {
    "By itself today": _by_itself,
    "Waits": _waits,
    "Not served": _not_served,
    "Still held": _held,
}
