"""One letter tells the parties whose dates a closure has moved: previewed, and released by a second person where they are many."""

from dataclasses import dataclass
from datetime import date

from committee.calendar import new_york
from committee.cards import Offer
from committee.errors import Refused
from committee.letters import Draft, Letter
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

    drafts: tuple[Draft, ...]
    unreachable: tuple[str, ...]
    digest: str

    @property
    def takes_a_second_person(self) -> bool:
        return approvals.takes_a_second_person(self.drafts)


async def preview(days: Days, desk: Desk) -> Plan:
    """Who would be told, and what each would read."""
    return await _plan(days, desk.store, desk)


async def prepare(days: Days, plan: Plan, who: Act) -> None:
    """To more parties than one person may write to: a card on which a second person releases the letters."""
    require(who.person, Role.OFFICER, "tell parties of a closure")
    title = f"{len(plan.drafts)} letters about the closure {written(days)} wait for a second person"
    await approvals.ask(about(days), title, len(plan.drafts), offer(days, plan), who)


async def tell(days: Days, who: Act) -> list[Letter]:
    """Write to the parties of the preview that the press was bound to, in one commit; `Stale` if anything changed since."""
    require(who.person, Role.OFFICER, "tell parties of a closure")
    desk, press = who.desk, who.press
    if press is None:
        raise Refused("Letters go by their button alone, after a preview. Nothing was sent.")
    async with desk.store.transaction(by=who.person.key, doing="closure tell", about=about(days), at=desk.now) as tx:
        plan = await _plan(days, tx, desk)
        if plan.digest != press.digest:
            raise Stale
        if plan.takes_a_second_person:
            await approvals.check(tx, press, who.person)
        await use(tx, press, who.person, desk.now)
        await cards.decide(tx, about(days), f"released by {who.person.name}")
        release = await tx.number("R", desk.today.year)
        return await outbox.queue(tx, plan.drafts, release=release, by=who.person.key, desk=desk)


def offer(days: Days, plan: Plan) -> Offer:
    return Offer(f"Send {len(plan.drafts)} letters", f"closure tell {written(days)}", "primary", plan.digest)


def about(days: Days) -> str:
    return f"closure/{written(days)}"


def written(days: Days) -> str:
    """As the command writes it: 2012-10-29..2012-10-31, or one day."""
    start, end = days
    return start.isoformat() if start == end else f"{start.isoformat()}..{end.isoformat()}"


async def _plan(days: Days, tables: Tables, desk: Desk) -> Plan:
    closed = await calendar.closed_days(calendar.days_of(*days), tables)
    if not closed:
        raise Refused(f"Headquarters is not closed on {written(days)}; nobody was told. To see: closures")
    by_party: dict[str, list[Moved]] = {}
    for moved in await calendar.moved_by(closed, tables, desk):
        by_party.setdefault(moved.after.reminder.state, []).append(moved)
    to = {party: await correspondents.of_state(tables, party, desk) for party in by_party}
    drafts = tuple(
        letters.closure_notice(written(days), days, [_dates(one) for one in moved], to[party], desk=desk)
        for party, moved in by_party.items()
        if to[party].addressees
    )
    told = {letter.key for letter in await tables.letters.find(key=tuple(draft.key for draft in drafts))}
    drafts = tuple(draft for draft in drafts if draft.key not in told)
    unreachable = tuple(party for party, correspondent in to.items() if not correspondent.addressees)
    return Plan(drafts, unreachable, letters.digest(drafts))


def _dates(moved: Moved) -> tuple[date, date | None]:
    before, after = moved.before.at, moved.after.at
    return new_york(before).date() if before else moved.before.due, new_york(after).date() if after else None
