"""What stood in a form when it was closed is kept for the person, and is there when they open it again."""

from collections.abc import Mapping
from datetime import UTC, datetime

from committee.chat import FormDraft
from committee.staff import Person
from mailflows.desk import Desk


def draft_key(person: Person, form: str) -> str:
    return f"{person.key}/{form}"


async def drafted(desk: Desk, person: Person, form: str, about: str) -> FormDraft | None:
    """What this person had filled in when they closed the form, if it was about the same."""
    draft = await desk.store.form_drafts.get(draft_key(person, form))
    return draft if draft and draft.about == about else None


async def keep_draft(desk: Desk, person: Person, form: str, about: str, values: Mapping[str, str]) -> None:
    """Closed by mistake or not: what stood there is there again the next time."""
    key = draft_key(person, form)
    async with desk.store.transaction(by=person.key, doing="form closed", about=form, at=desk.now) as tx:
        if values:
            await tx.form_drafts.put(FormDraft(key, datetime.now(UTC), dict(values), about))
        else:
            await tx.form_drafts.remove(key)
