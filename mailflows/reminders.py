"""The States yet to report are reminded of their first report: planned, previewed, and written to in one commit."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, time

from committee.calendar import NEW_YORK
from committee.first_reports import Known, Skipped, due, named_in_vain
from committee.letters import Draft, Letter, LetterKind
from committee.programme import programme_on
from committee.staff import Person, Role
from committee.states import ReportStatus
from mailflows import correspondents, letters, outbox, standing
from mailflows.desk import Desk
from mailflows.permissions import require
from mailflows.presses import Press, use
from storage.tables import Tables

DOING = "remind the States yet to report"


class Stale(Exception):
    """What was shown has changed meanwhile: the new preview is the answer, and nothing was sent."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a reminder would do: the letters, the States left out with the reason of each, and the digest of it all."""

    drafts: tuple[Draft, ...]
    skipped: tuple[Skipped, ...]
    digest: str


async def preview(person: Person, desk: Desk, only: Collection[str] | None = None) -> Plan:
    """Which States yet to report would be written to now, `only` those named, and what each would read."""
    require(person, Role.OFFICER, DOING)
    return await plan(desk.store, desk, only)


async def remind(person: Person, desk: Desk, press: Press, only: Collection[str] | None = None) -> list[Letter]:
    """Write to the States of the preview that `press` was bound to, in one commit; `Stale` if anything changed since.

    What a person previews and presses has thereby been announced, and goes at once under the key of the automatic one.
    """
    require(person, Role.OFFICER, DOING)
    about = f"first-report/programme-{programme_on(desk.today).number}"
    async with desk.store.transaction(by=person.key, doing="remind first-report", about=about, at=desk.now) as tx:
        planned = await plan(tx, desk, only)
        if planned.digest != press.digest:
            raise Stale
        await use(tx, press, person, desk.now)
        release = await tx.number("R", desk.today.year)
        return await outbox.queue(tx, planned.drafts, release=release, by=person.key, desk=desk)


async def plan(tables: Tables, desk: Desk, only: Collection[str] | None) -> Plan:
    states = [state for state in await tables.states.all() if only is None or state.key in only]
    to = {
        state.key: await correspondents.of_state(tables, state.key, desk, LetterKind.FIRST_REPORT_REMINDER)
        for state in states
        if state.status is ReportStatus.NON_REPORTING
    }
    programme = programme_on(desk.today)
    known = Known(
        arrived=await standing.arrived(tables),
        sent=await standing.reminded(tables, [*to]),
        addressed={key for key, correspondent in to.items() if correspondent.addressees},
        last_reminded=await standing.last_reminded(tables, [*to]),
    )
    reminders, skipped = due(states, programme, desk.today, known)
    drafts: tuple[Draft, ...] = ()
    if reminders:
        chair = await letters.chair(tables, desk)
        until = datetime.combine(programme.cycle_ends_on(desk.today), time.max, NEW_YORK)
        written = [
            letters.first_report_reminder(one, to[one.state], chair=chair, desk=desk, not_after=until)
            for one in reminders
        ]
        withdrawn = {letter.key for letter in await tables.letters.find(key=tuple(one.key for one in written))}
        drafts = tuple(replace(one, key=one.key + standing.AGAIN) if one.key in withdrawn else one for one in written)
    vain = named_in_vain(states) if only is not None else []
    return Plan(drafts, (*skipped, *vain), letters.digest(drafts))
