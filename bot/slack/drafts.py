"""What stood in a form when it was closed is kept for the person, and is there when they open it again."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from committee.chat import FormDraft
from committee.staff import Person
from mailflows.desk import Desk

MOST: Final = 20
"""Drafts of one person: of more the oldest goes."""


def draft_key(person: Person, form: str, about: str) -> str:
    """By what it was opened for: the answer to one mail takes nothing away from the answer to another."""
    return f"{person.key}/{form}/{about}"


async def drafted(desk: Desk, person: Person, form: str, about: str) -> FormDraft | None:
    """What this person had filled in when they closed the form, if it was about the same."""
    return await desk.store.form_drafts.get(draft_key(person, form, about))


async def keep_draft(desk: Desk, person: Person, form: str, about: str, values: Mapping[str, str]) -> None:
    """Closed by mistake or not: what stood there is there again the next time."""
    key = draft_key(person, form, about)
    async with desk.store.transaction(by=person.key, doing="form closed", about=form, at=desk.now) as tx:
        await tx.form_drafts.remove(key)
        if not values:
            return
        theirs = [one for one in await tx.form_drafts.all() if one.key.startswith(f"{person.key}/")]
        for old in sorted(theirs, key=lambda one: one.at, reverse=True)[MOST - 1 :]:
            await tx.form_drafts.remove(old.key)
        await tx.form_drafts.put(FormDraft(key, datetime.now(UTC), dict(values), about))
