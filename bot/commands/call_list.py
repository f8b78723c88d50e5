"""/1540 call-list: whom to telephone on the day on which mail is down, and what they should have had."""

from bot.new_files import write_new
from bot.registry import command
from committee.calendar import written_moment
from committee.cards import Card
from committee.counting import counted
from committee.staff import Person
from mailflows import call_list as flows
from mailflows.call_list import Call, Callee, Missed
from mailflows.desk import Desk


@command("call-list [KEY] [--pdf FILE]", reads=True, example="call-list R-2012-0001 --pdf calls.pdf")
async def call_list(desk: Desk, person: Person, *, key: str | None = None, pdf: str = "") -> Card:
    """Whom to telephone: the people of each party that was not served, with what it should have had; also as a PDF."""
    calls = await flows.call_list(key, person, desk)
    what = key or "the last 90 days"
    text = f"As of {written_moment(desk.now)}: {counted(len(calls), 'party', 'parties')} to telephone."
    notes: tuple[str, ...] = ()
    if pdf:
        drawn = await flows.sheet(calls, key, desk)
        path = await write_new(pdf, drawn.pdf)
        text += f" Written: {path}"
        notes = not_drawn(drawn.not_drawn)
    return Card(
        f"Call list: {what}", text, tuple(map(_row, calls)), {"as_of": desk.now}, notes=notes, parts=PARTS, facts=()
    )


PARTS = ("person", "title", "telephone", "reference", "what", "why")


def not_drawn(signs: tuple[str, ...]) -> tuple[str, ...]:
    """What a sheet could not show, and what to do."""
    said = (
        f"{counted(len(signs), 'character')} could not be drawn with the fonts of this host and stand as numbers: "
        "for Chinese, install fonts-noto-cjk."
    )
    return (said,) if signs else ()


def _row(call: Call) -> dict[str, object]:
    return {
        "party": call.party, "name": call.name,
        "people": [_person(one) for one in call.people],
        "letters": [_letter(one) for one in call.missed],
    }  # fmt: skip


def _person(one: Callee) -> dict[str, object]:
    return {"person": one.name, "title": one.title, "telephone": one.telephone or None}


def _letter(one: Missed) -> dict[str, object]:
    return {
        "key": one.key or None, "reference": one.reference, "kind": one.kind, "what": one.what, "at": one.queued_at,
        "why": one.why,
    }  # fmt: skip
