"""/1540 remind first-report: who would be written to and what they would read; a button does it."""

from collections.abc import Collection
from dataclasses import replace

from bot.registry import command
from committee.calendar import written
from committee.cards import Card, Offer
from committee.counting import counted
from committee.first_reports import Reason, Skipped
from committee.letters import Draft
from committee.staff import Person, Role
from mailflows import correspondents, pages, reminders, standing, titles
from mailflows.desk import Desk
from mailflows.presses import Press
from mailflows.reminders import Stale


@command("remind first-report [--to STATES]", role=Role.OFFICER, example="remind first-report --to MWI,ZMB")
async def remind(desk: Desk, person: Person, *, to: Collection[str] | None = None, press: Press | None = None) -> Card:
    """Remind the States yet to report: shows how many, the names, who is left out and why, and one whole letter."""
    if press is None:
        return await _preview(desk, person, to)
    try:
        sent = await reminders.remind(person, desk, press, to)
    except Stale:
        card = await _preview(desk, person, to)
        return stale(card)
    rows = tuple({"key": letter.key, "party": letter.party, "reference": letter.reference} for letter in sent)
    release = sent[0].release if sent else ""
    text = f"{counted(len(sent), 'letter')} queued by {person.name} as release {release}; to halt them: stop {release}."
    return Card("The States yet to report are written to", text, rows, {"key": release, "letters": len(sent)})


def stale(preview: Card) -> Card:
    """What was shown is no longer what would be done: nothing was sent, and this is what would be done now."""
    return replace(preview, ok=False, text=f"What you were shown has changed, so nothing was sent. Now: {preview.text}")


async def _preview(desk: Desk, person: Person, only: Collection[str] | None) -> Card:
    plan = await reminders.preview(person, desk, only)
    waits = await standing.waiting(desk.store, {draft.party for draft in plan.drafts})
    rows = [await _row(desk, draft, waits.get(draft.party)) for draft in plan.drafts]
    rows += [await _left_out(desk, skipped) for skipped in plan.skipped]
    text = f"{counted(len(plan.drafts), 'letter')} would go; {len(plan.skipped)} left out."
    if not plan.drafts:
        return Card(
            "Reminder of the first report: nobody to write to", text, tuple(rows), {"letters": 0}, columns=COLUMNS
        )
    line = "remind first-report" + (f" --to {','.join(sorted(only))}" if only else "")
    send = Offer(f"Send {counted(len(plan.drafts), 'letter')}", line, "primary", plan.digest)
    page, untitled = await pages.page(plan.drafts[0], desk), await titles.missing(plan.drafts, desk.store)
    fields = {"letters": len(plan.drafts), "left_out": len(plan.skipped)}
    return Card(
        "Reminder of the first report",
        text,
        tuple(rows),
        fields,
        offers=(send,),
        columns=COLUMNS,
        page=page,
        notes=untitled,
    )


COLUMNS = ("name", "goes", "to", "cc", "reason")


async def _row(desk: Desk, draft: Draft, waits: str | None) -> dict[str, object]:
    return {
        "key": draft.party,
        "name": await correspondents.party_name(desk.store, draft.party, desk),
        "goes": True,
        "to": [addressee.address for addressee in draft.addressees if not addressee.copy],
        "cc": [addressee.address for addressee in draft.addressees if addressee.copy],
        "language": draft.language,
        "reason": "it is yet to report" + (f"; look first: {waits}" if waits else ""),
    }


async def _left_out(desk: Desk, skipped: Skipped) -> dict[str, object]:
    joined = " " if skipped.reason is Reason.TOO_SOON else " until "
    until = f"{joined}{written(skipped.until)}" if skipped.until else ""
    name = await correspondents.party_name(desk.store, skipped.state, desk)
    return {
        "key": skipped.state,
        "name": name,
        "goes": False,
        "to": [],
        "cc": [],
        "language": None,
        "reason": f"{skipped.reason}{until}",
    }
