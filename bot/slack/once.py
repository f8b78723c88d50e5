"""What chat sends twice is done once: its id is added in the very commit of what it does."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

from committee.chat import Heard
from committee.staff import Person
from mailflows.desk import Desk
from storage.port import Store, Transaction

KEPT_FOR: Final = timedelta(days=2)
"""Slack repeats an event for some minutes, and after an outage of its own for hours; a form stays open for a day."""


class AlreadyDone(Exception):
    """This was done in a commit of before: nothing was done now."""

    def __init__(self, heard: Heard) -> None:
        super().__init__(heard.key)
        self.heard = heard


@dataclass(slots=True)
class Once:
    """A store whose first commit also holds the id `key`, and takes away the draft of the form that was sent.

    It is the store in all else; only its first transaction is another, which raises `AlreadyDone` where the id is there.
    """

    store: Store
    key: str
    person: Person
    draft: str = ""
    done: bool = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    @asynccontextmanager
    async def transaction(
        self, *, by: str, doing: str, at: datetime, about: str = "", words: Mapping[str, Any] | None = None
    ) -> AsyncIterator[Transaction]:
        async with self.store.transaction(by=by, doing=doing, at=at, about=about, words=words) as tx:
            if not self.done:
                await self._added(tx)
            yield tx
        self.done = True

    async def remember(self, at: datetime) -> None:
        """In a commit of its own, where nothing was changed: what only reads is answered once too."""
        if not self.done:
            async with self.transaction(by=self.person.key, doing="heard in chat", at=at, about=self.key):
                pass

    async def _added(self, tx: Transaction) -> None:
        if heard := await tx.heard.get(self.key):
            raise AlreadyDone(heard)
        now = datetime.now(UTC)  # chat repeats by the world's clock, whatever the desk's
        for old in await tx.heard.all():
            if old.at < now - KEPT_FOR:
                await tx.heard.remove(old.key)
        await tx.heard.put(Heard(self.key, now, self.person.key))
        if self.draft:
            await tx.form_drafts.remove(self.draft)


def once(desk: Desk, key: str, person: Person, draft: str = "") -> tuple[Desk, Once]:
    """The desk whose first commit holds the id."""
    store = Once(desk.store, key, person, draft)
    return replace(desk, store=cast("Store", store)), store
