"""What `import FILE` answers where the file is an export of registers, and what its button does."""

from bot.registry import command
from committee.cards import Card, Offer
from committee.counting import counted
from committee.staff import Person, Role
from mailflows import registers
from mailflows.desk import Desk
from mailflows.presses import Act, Press
from mailflows.registers import Plan
from mailflows.reminders import Stale


@command("import registers FILE=WORD", role=Role.ADMINISTRATOR, example=f"import registers {'0123456789abcdef' * 4}")
async def import_registers(desk: Desk, person: Person, *, file: str, press: Press | None = None) -> Card:
    """What the button of a previewed export does: make the registers of a new desk exactly what the export has."""
    try:
        plan = await registers.take_in(file, Act(person, desk, press))
    except Stale:
        return Card(
            "Registers not imported",
            "What you were shown has changed: import FILE once more. Nothing was changed.",
            ok=False,
        )
    return Card("Registers imported", f"{_said(plan)}, by {person.name}.", _rows(plan), _counts(plan))


def preview(plan: Plan) -> Card:
    count = sum(len(one.new) + len(one.changed) + len(one.gone) for one in plan.changes)
    if not count:
        return Card("An import of registers", "Nothing differs from what this desk has.", fields=_counts(plan))
    take = Offer(f"Import {counted(count, 'change')}", f"import registers {plan.file}", "primary", plan.digest)
    text = f"{_said(plan)}. Nothing was changed yet; the press makes the registers exactly what the export has."
    return Card("An import of registers", text, _rows(plan), _counts(plan), offers=(take,))


def _rows(plan: Plan) -> tuple[dict[str, object], ...]:
    return tuple(
        {"register": one.register, "new": list(one.new), "changed": list(one.changed), "gone": list(one.gone)}
        for one in plan.changes
        if one
    )


def _counts(plan: Plan) -> dict[str, object]:
    return {name: sum(len(getattr(one, name)) for one in plan.changes) for name in ("new", "changed", "gone")}


def _said(plan: Plan) -> str:
    return ", ".join(f"{count} {name}" for name, count in _counts(plan).items())
