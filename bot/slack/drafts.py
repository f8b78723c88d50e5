"""What stood in a form when it was closed is kept for the person, and is there when they open it again."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from committee.chat import FormDraft
from committee.staff import Person
from mailflows.desk import Desk

MOST: Final = 50
"""Drafts of one person that are kept; a form that was begun with other words is another one."""


def draft_key(person: Person, form: str, about: str) -> str:
    return "/".join(filter(None, (person.key, form, about)))


async def drafted(desk: Desk, person: Person, form: str, about: str) -> FormDraft | None:
    """What this person had filled in when they closed the form, if it was about the same."""
    draft = await desk.store.form_drafts.get(draft_key(person, form, about))
    return draft if draft and draft.about == about else None


async def keep_draft(desk: Desk, person: Person, form: str, about: str, values: Mapping[str, str]) -> None:
    """Closed by mistake or not: what stood there is there again the next time."""
    key = draft_key(person, form, about)
    async with desk.store.transaction(by=person.key, doing="form closed", about=form, at=desk.now) as tx:
        if not values:
            await tx.form_drafts.remove(key)
            return
        await tx.form_drafts.put(FormDraft(key, datetime.now(UTC), dict(values), about))
        mine = [draft for draft in await tx.form_drafts.all() if draft.key.startswith(f"{person.key}/")]
        for oldest in sorted(mine, key=lambda draft: draft.at)[:-MOST]:
            await tx.form_drafts.remove(oldest.key)
