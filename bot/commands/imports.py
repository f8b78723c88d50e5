"""/1540 import FILE, undo KEY: a table of contacts, previewed row by row; a button takes it in, another one takes it back."""

import asyncio
from pathlib import Path

from bot.commands.contacts import contact_row
from bot.commands.registers import preview as of_registers
from bot.registry import command
from committee.cards import Card, Offer
from committee.counting import counted
from committee.errors import Refused
from committee.imports import Line, Standing, difference
from committee.staff import Person, Role
from mailflows import imports, registers, undoing
from mailflows.desk import Desk
from mailflows.imports import Choice, Imported, Plan
from mailflows.presses import Act, Press
from mailflows.reminders import Stale

File = tuple[str, bytes]
"""A file that a form of chat has brought: its name and its bytes."""
COLUMNS = ("place", "standing", "party", "contact", "said")
SHOWN = (Standing.WRONG, Standing.DOUBTFUL, Standing.NEW, Standing.CHANGED, Standing.GONE)
"""In this order: what asks for somebody comes first; what stays as it is is only counted."""


@command("import FILE=FILES", role=Role.OFFICER, example="import contacts.xlsx")
async def import_file(desk: Desk, person: Person, *, file: tuple[str | File, ...]) -> Card:
    """Take in contacts (CSV, XLSX) or an export of registers: shows what is new, changed, gone or doubtful; a button does it."""
    if len(file) != 1:
        raise Refused("One file at a time. Nothing was changed.")
    [only] = file
    raw = only[1] if isinstance(only, tuple) else await asyncio.to_thread(_bytes, only)
    if registers.is_export(raw):
        return of_registers(await registers.preview(raw, Act(person, desk)))
    return _preview(await imports.preview(raw, Act(person, desk)))


@command(
    "import kept FILE=WORD [--doubtful] [--gone]",
    role=Role.OFFICER,
    example=f"import kept {'0123456789abcdef' * 4} --doubtful",
)
async def import_kept(  # noqa: PLR0913 - the words that the pattern names
    desk: Desk, person: Person, *, file: str, doubtful: bool = False, gone: bool = False, press: Press | None = None
) -> Card:
    """What the buttons of an import do: take in the table that was shown; --gone also ends whoever stands in it no longer."""
    who, choice = Act(person, desk, press), Choice(doubtful, gone)
    try:
        done = await imports.take_in(file, choice, who)
    except Stale:
        card = _preview(await imports.preview_again(file, choice, who))
        return Card(
            card.title, f"What you were shown has changed, so nothing was imported. Now: {card.text}", card.rows,
            card.fields, card.offers, notes=card.notes, columns=card.columns, ok=False,
        )  # fmt: skip
    return _done(done, person)


@command("undo KEY", role=Role.OFFICER, example="undo I-2012-0001")
async def undo(desk: Desk, person: Person, *, key: str, press: Press | None = None) -> Card:
    """Take a whole import back: shows what goes and what stays since it was used or changed, then a button does it."""
    who = Act(person, desk, press)
    if press is None:
        return _to_take_back(await undoing.preview(key, who))
    try:
        plan = await undoing.take_back(key, who)
    except Stale:
        card = _to_take_back(await undoing.preview(key, who))
        said = f"What you were shown has changed, so nothing was taken back. Now: {card.text}"
        return Card(card.title, said, card.rows, card.fields, card.offers, columns=card.columns, ok=False)
    text = f"{_counts(plan)}, by {person.name}. What was used or changed since stays as it is."
    return Card(f"{key}: taken back", text, _rows_of(plan), {"key": key, "stays": len(plan.stays)}, columns=UNDONE)


def _bytes(name: str) -> bytes:
    try:
        with Path(name).open("rb") as file:
            return file.read(registers.MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise Refused(
            f"{name} cannot be read ({getattr(error, 'strerror', None) or 'no such name'}). Nothing was changed."
        ) from error


def _preview(plan: Plan) -> Card:
    counts = {standing.value: len(plan.of(standing)) for standing in Standing}
    said = ", ".join(f"{count} {standing}" for standing, count in counts.items() if count)
    rows = tuple(_row(line) for standing in SHOWN for line in plan.of(standing))
    offers = tuple(_offers(plan))
    nothing = "" if offers else " There is nothing to take in."
    mend = (
        " Mend the rows that are wrong or doubtful and import the file again."
        if counts["wrong"] or counts["doubtful"]
        else ""
    )
    return Card(
        "An import of contacts", f"{said or 'no rows'}; nothing was changed yet.{nothing}{mend}", rows, counts,
        offers=offers, notes=plan.notes, columns=COLUMNS,
    )  # fmt: skip


def _offers(plan: Plan) -> list[Offer]:
    """Each does what its label says, and is bound to it."""
    certain = len(plan.choosing(Choice()).chosen)
    doubtful = [line for line in plan.of(Standing.DOUBTFUL) if line.takeable]
    gone = plan.of(Standing.GONE) if plan.is_whole else []
    ways = [
        (certain, f"Import {counted(certain, 'row')}", Choice()),
        (len(doubtful), f"Import {certain + len(doubtful)}, the doubtful too", Choice(doubtful=True)),
        (len(gone), f"Import {certain}, and end {len(gone)} gone", Choice(gone=True)),
    ]
    return [_offer(plan.choosing(choice), label) for count, label, choice in ways if count]


def _offer(plan: Plan, label: str) -> Offer:
    flags = (" --doubtful" if plan.choice.doubtful else "") + (" --gone" if plan.choice.gone else "")
    style = "primary" if plan.choice == Choice() else "default"
    return Offer(label, f"import kept {plan.file}{flags}", style, plan.digest)


def _row(line: Line) -> dict[str, object]:
    contact = line.before or (line.after if line.standing is Standing.GONE else None)
    said = "; ".join(fault.why if fault.place == line.place else f"{fault.place}: {fault.why}" for fault in line.says)
    return {
        "place": str(line.place) if line.place else None, "standing": line.standing, "party": line.party or None,
        "contact": contact.key if contact else None, "address": line.after.address if line.after else None,
        "said": said or difference(line) or _new(line),
    }  # fmt: skip


def _new(line: Line) -> str:
    return f"{line.after.office}: {line.after.called}, {line.after.address}" if line.after else ""


def _done(done: Imported, person: Person) -> Card:
    rows = tuple(contact_row(one) for one in done.contacts)
    text = f"{counted(len(rows), 'contact')} written by {person.name}; to take all of it back: undo {done.key}"
    fields = {"key": done.key, "contacts": len(rows)}
    return Card(f"{done.key}: imported", text, rows, fields, columns=("key", "called", "address"))


UNDONE = ("contact", "becomes", "said")


def _to_take_back(plan: undoing.Plan) -> Card:
    count = len(plan.goes) + len(plan.again)
    title, fields = f"{plan.key}: to take it back", {"key": plan.key, "stays": len(plan.stays)}
    if not count:
        text = (
            f"Nothing of it can be taken back; {counted(len(plan.stays), 'contact')} would stay. Nothing was changed."
        )
        return Card(title, text, _rows_of(plan), fields, columns=UNDONE)
    take = Offer(f"Take back {counted(count, 'contact')}", f"undo {plan.key}", "danger", plan.digest)
    text = f"{_counts(plan)}. Nothing was changed yet."
    return Card(title, text, _rows_of(plan), fields, offers=(take,), columns=UNDONE)


def _counts(plan: undoing.Plan) -> str:
    again, stays = counted(len(plan.again), "contact"), counted(len(plan.stays), "contact")
    return f"{counted(len(plan.goes), 'contact')} taken out, {again} again as before, {stays} left as now"


def _rows_of(plan: undoing.Plan) -> tuple[dict[str, object], ...]:
    ends = [*((one, "taken out", "") for one in plan.goes), *((one, "as before", "") for one in plan.again)]
    stays = [(one.contact, "stays", one.why) for one in plan.stays]
    return tuple(
        {"contact": one.key, "party": one.party, "becomes": what, "said": why} for one, what, why in [*stays, *ends]
    )
