"""One letter tells the parties whose dates a closure has moved, and corrects what they were told before; many take two people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from committee.calendar import is_working_day, new_york, written_moment
from committee.cards import Offer
from committee.counting import counted
from committee.differences import Difference
from committee.errors import Refused
from committee.letters import MOST_WITHOUT_A_SECOND_PERSON, DeliveryState, Draft, Letter, LetterKind
from committee.staff import Role
from mailflows import approvals, calendar, cards, correspondents, differences, letters, outbox
from mailflows.approvals import Prepared, Released
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
    concerned: int  # parties whose dates have moved, or who were told of these days

    @property
    def takes_a_second_person(self) -> bool:
        """By all whom the closure concerns: one person must not write to twenty today and to the rest tomorrow."""
        return self.concerned > MOST_WITHOUT_A_SECOND_PERSON


async def preview(days: Days, who: Act) -> Plan:
    """Who would be told, and what each would read; the letter is shown to officers alone."""
    require(who.person, Role.OFFICER, "tell parties of a closure")
    return await planned(days, who.desk)


async def planned(days: Days, desk: Desk) -> Plan:
    """Who would be told, for those who only count them."""
    return await _plan(days, desk.store, desk)


async def since_last(plan: Plan, desk: Desk) -> Difference | None:
    """What differs from the last letters about a closure, whichever it was."""
    now = [letters.release(draft, reference="", release="", by="", desk=desk) for draft in plan.drafts]
    last = await differences.last_run(LetterKind.CLOSURE_NOTICE, desk.store)
    return await differences.difference(now, last, desk)


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
        second = await approvals.given(tx, who)
        await use(tx, press, who.person, desk.now)
        if plan.takes_a_second_person and second is None:
            await approvals.ask(tx, _prepared(named, plan), offer(plan), who)
            return []
        release = await tx.number("R", desk.today.year)
        approval = await approvals.settle(tx, second, Released(named, release, len(plan.drafts)), who)
        await cards.decide(tx, named, f"released by {who.person.name}, {written_moment(desk.now)}")
        return await outbox.queue(tx, plan.drafts, release=release, by=who.person.key, desk=desk, approval=approval)


async def told(days: Days, tables: Tables) -> list[Letter]:
    """The notices that speak of one of these days, and of which a copy has left or still may."""
    copies = await tables.deliveries.find(kind=LetterKind.CLOSURE_NOTICE)
    left = {copy.letter for copy in copies if copy.state not in UNSENT}
    return [notice for notice in await _notices(days, tables) if notice.key in left]


async def _notices(days: Days, tables: Tables) -> list[Letter]:
    """All of them, those that were withdrawn too: their keys are taken."""
    keys = {*calendar.days_of(*days)}
    notices = await tables.letters.find(kind=LetterKind.CLOSURE_NOTICE)
    return [notice for notice in notices if keys & {*notice.words["about"]}]


UNSENT = frozenset({DeliveryState.WITHDRAWN, DeliveryState.EXPIRED})


def offer(plan: Plan) -> Offer:
    """The button that sends them: of a preview to few parties, and of the card on which a second person releases them."""
    count = counted(len(plan.drafts), "letter")
    return Offer(f"Send {count}", f"closure tell {written(plan.days)}", "primary", plan.digest)


def asking(plan: Plan) -> Offer:
    """The button of a preview to many."""
    label = f"Prepare {len(plan.drafts)} letters for a second person to release"
    return Offer(label, f"closure tell {written(plan.days)}", "primary", plan.digest)


def _prepared(named: str, plan: Plan) -> Prepared:
    title = f"{len(plan.drafts)} letters about the closure {written(plan.days)} wait for a second person"
    parties = len({draft.party for draft in plan.drafts})
    return Prepared(named, title, LetterKind.CLOSURE_NOTICE, len(plan.drafts), parties)


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
    earlier, written_before = _by_party(await told(days, tables)), _by_party(await _notices(days, tables))
    if not closed and not earlier:
        raise Refused(f"Headquarters is not closed on {written(days)}; nobody was told. To see: closures")
    await _in_one_piece(closed, tables)
    moved: dict[str, list[tuple[date, date | None]]] = {}
    for one in await calendar.moved_by(closed, tables, desk, reachable_or_not=True):
        moved.setdefault(one.after.reminder.state, []).append(_dates(one))
    drafts, unreachable = [], []
    concerned = dict.fromkeys([*moved, *earlier])
    for party in concerned:
        to = await correspondents.of_state(tables, party, desk, LetterKind.CLOSURE_NOTICE)
        last = next(reversed(earlier.get(party, [])), None)
        key = _key(party, closed, written_before.get(party, []))
        draft = letters.closure_notice(key, closed, moved.get(party, []), to, replaces=last, desk=desk)
        if not to.addressees:
            unreachable.append(party)
        elif last is None or not _says_the_same(draft, last):
            drafts.append(draft)
    return Plan(days, tuple(drafts), tuple(unreachable), letters.digest(drafts), len(concerned))


def _key(party: str, closed: Sequence[str], before: Sequence[Letter]) -> str:
    """By the first day of the closure that the party was told of first, and the how-manieth notice it is."""
    return f"{before[0].key}/{len(before) + 1}" if before else f"closure-notice/{closed[0]}/{party}"


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


def _says_the_same(draft: Draft, last: Letter) -> bool:
    return all(last.words[name] == draft.words[name] for name in ("days", "dates"))


def _dates(moved: Moved) -> tuple[date, date | None]:
    before, after = moved.before.at, moved.after.at
    return new_york(before).date() if before else moved.before.due, new_york(after).date() if after else None
