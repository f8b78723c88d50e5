"""One letter tells the parties whose dates a closure has moved, and corrects what they were told before; many take two people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from committee.calendar import is_working_day, new_york
from committee.cards import Offer
from committee.counting import counted
from committee.errors import Refused
from committee.letters import MOST_WITHOUT_A_SECOND_PERSON, DeliveryState, Draft, Letter, LetterKind
from committee.staff import Role
from mailflows import approvals, calendar, cards, correspondents, letters, outbox
from mailflows.calendar import Moved
from mailflows.desk import Desk
from mailflows.permissions import require
from mailflows.presses import Act, use
from mailflows.reminders import Stale
from storage.tables import Tables

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Plan:
    """The letters, the parties that cannot be written to, and the digest of it all."""

    days: Days
    drafts: tuple[Draft, ...]
    unreachable: tuple[str, ...]
    digest: str
    had: int = 0  # parties that have had a notice about these days

    @property
    def takes_a_second_person(self) -> bool:
        """By all whom the closure concerns: one person must not write to twenty today and to the rest tomorrow."""
        return len(self.drafts) + len(self.unreachable) + self.had > MOST_WITHOUT_A_SECOND_PERSON


async def preview(days: Days, desk: Desk) -> Plan:
    """Who would be told, and what each would read."""
    return await _plan(days, desk.store, desk)


async def tell(days: Days, who: Act) -> list[Letter]:
    """Write to the parties of the preview that the press was bound to, in one commit; `Stale` if anything changed since.

    To more parties than one person may write to, the first press puts the letters on a card, on which a second person
    releases them; then nothing has been sent, and the list is empty.
    """
    require(who.person, Role.OFFICER, "tell parties of a closure")
    desk, press = who.desk, who.press
    if press is None:
        raise Refused("Letters go by their button alone, after a preview. Nothing was sent.")
    named = await about(days, desk.store)
    async with desk.store.transaction(by=who.person.key, doing="closure tell", about=named, at=desk.now) as tx:
        plan = await _plan(days, tx, desk)
        if plan.digest != press.digest:
            raise Stale
        if plan.takes_a_second_person and not await approvals.is_on_a_card(tx, press):
            await use(tx, press, who.person, desk.now)
            await approvals.ask(tx, named, _waits(plan), len(plan.drafts), offer(plan), who)
            return []
        if plan.takes_a_second_person:
            await approvals.check(tx, press, who.person)
        await use(tx, press, who.person, desk.now)
        await cards.decide(tx, named, f"released by {who.person.name}")
        release = await tx.number("R", desk.today.year)
        return await outbox.queue(tx, plan.drafts, release=release, by=who.person.key, desk=desk)


async def told(days: Days, tables: Tables) -> list[Letter]:
    """The notices, sent or still to go, that speak of one of these days."""
    keys = {*calendar.days_of(*days)}
    notices = await tables.letters.find(kind=LetterKind.CLOSURE_NOTICE)
    withdrawn = {one.letter for one in await tables.deliveries.find(kind=LetterKind.CLOSURE_NOTICE, state=UNSENT)}
    return [notice for notice in notices if keys & {*notice.words["about"]} and notice.key not in withdrawn]


UNSENT = (DeliveryState.WITHDRAWN, DeliveryState.EXPIRED)


def offer(plan: Plan) -> Offer:
    """The button of whoever may send them, or of whoever asks a second person to."""
    count = counted(len(plan.drafts), "letter")
    return Offer(f"Send {count}", f"closure tell {written(plan.days)}", "primary", plan.digest)


def asking(plan: Plan) -> Offer:
    label = f"Prepare {len(plan.drafts)} letters for a second person to release"
    return Offer(label, f"closure tell {written(plan.days)}", "primary", plan.digest)


def _waits(plan: Plan) -> str:
    return f"{len(plan.drafts)} letters about the closure {written(plan.days)} wait for a second person"


async def about(days: Days, tables: Tables) -> str:
    """One closure by its first day, however its days are typed: `closure/2012-10-29`."""
    closed = await calendar.closed_days(calendar.days_of(*days), tables)
    spoken_of = [day for notice in await told(days, tables) for day in notice.words["about"]]
    return f"closure/{min((*closed, *spoken_of), default=days[0].isoformat())}"


def written(days: Days) -> str:
    """As the command writes it: 2012-10-29..2012-10-31, or one day."""
    start, end = days
    return start.isoformat() if start == end else f"{start.isoformat()}..{end.isoformat()}"


async def _plan(days: Days, tables: Tables, desk: Desk) -> Plan:
    closed = await calendar.closed_days(calendar.days_of(*days), tables)
    earlier = _by_party(await told(days, tables))
    if not closed and not earlier:
        raise Refused(f"Headquarters is not closed on {written(days)}; nobody was told. To see: closures")
    await _in_one_piece(closed, tables)
    moved: dict[str, list[tuple[date, date | None]]] = {}
    for one in await calendar.moved_by(closed, tables, desk, reachable_or_not=True):
        moved.setdefault(one.after.reminder.state, []).append(_dates(one))
    drafts, unreachable = [], []
    for party in dict.fromkeys([*moved, *earlier]):
        to = await correspondents.of_state(tables, party, desk)
        draft = letters.closure_notice(closed, moved.get(party, []), to, earlier=earlier.get(party, []), desk=desk)
        if not to.addressees:
            unreachable.append(party)
        elif not _was_told(draft, earlier.get(party, [])):
            drafts.append(draft)
    had = len({*earlier} - {draft.party for draft in drafts})
    return Plan(days, tuple(drafts), tuple(unreachable), letters.digest(drafts), had)


async def _in_one_piece(closed: Sequence[str], tables: Tables) -> None:
    """A notice says from when until when: what lies between may be days off, and no working day."""
    off = {day.day for day in await tables.days_off.all()}
    for day, following in pairwise(date.fromisoformat(one) for one in closed):
        between = (day + timedelta(days=n) for n in range(1, (following - day).days))
        if any(is_working_day(one, off) for one in between):
            raise Refused(
                f"These are several closures: Headquarters is open between {day} and {following}. Tell of each by itself."
            )


def _by_party(notices: Sequence[Letter]) -> dict[str, list[Letter]]:
    found: dict[str, list[Letter]] = {}
    for notice in notices:
        found.setdefault(notice.party, []).append(notice)
    return found


def _was_told(draft: Draft, earlier: Sequence[Letter]) -> bool:
    """Whether the last notice says the same days and dates."""
    last = earlier[-1].words if earlier else {}
    return all(last.get(name) == draft.words[name] for name in ("days", "dates"))


def _dates(moved: Moved) -> tuple[date, date | None]:
    before, after = moved.before.at, moved.after.at
    return new_york(before).date() if before else moved.before.due, new_york(after).date() if after else None
