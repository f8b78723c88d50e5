"""What one process at a time does, and `verbale run --only`: whoever leads in a part does it, the others stand by."""

from collections.abc import Collection
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from mailflows.logs import log
from storage.errors import Busy
from storage.leading import Lead  # noqa: TC001 - no type is imported in another way than all else here
from storage.port import Store

MAIL_IN: Final = "mail in"
CLOCK: Final = "clock"
CHAT: Final = "chat"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a process does of a desk's work: whether it delivers and serves chat, and what it does where no other leads in it."""

    delivers: bool
    leads_in: frozenset[str]
    chats: bool = False


EVERYTHING: Final = Parts(delivers=True, leads_in=frozenset({MAIL_IN, CLOCK}), chats=True)
ONLY: Final = {
    "mail": Parts(delivers=True, leads_in=frozenset({MAIL_IN})),
    "clock": Parts(delivers=False, leads_in=frozenset({CLOCK, MAIL_IN})),
    "chat": Parts(delivers=False, leads_in=frozenset(), chats=True),
}
"""Mailboxes are read by one process, of whichever kind: what is due goes only after all of them were read to their end."""


class Leads:
    """The leases of one process; to be entered, and left so that another process can lead at once."""

    def __init__(self, store: Store, parts: Collection[str], who: str) -> None:
        self._store, self._parts, self._who = store, sorted(parts), who
        self._held: dict[str, tuple[Lead, AsyncExitStack]] = {}
        self._standing_by = set[str]()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        for part in [*self._held]:
            await self._leave(part)

    async def now(self) -> frozenset[str]:
        """The parts that are ours at this moment: what others have left is taken, what was lost is not kept."""
        for part in self._parts:
            if part in self._held and not self._held[part][0].held:
                log.warning("lead lost", kind=part)
                await self._leave(part)
            if part not in self._held:
                await self._take(part)
        return frozenset(self._held)

    async def _take(self, part: str) -> None:
        stack = AsyncExitStack()
        try:
            lead = await stack.enter_async_context(self._store.lead(part, self._who))
        except Busy:
            if part not in self._standing_by:
                log.info("standing by", kind=part)
            self._standing_by.add(part)
            return
        self._standing_by.discard(part)
        self._held[part] = lead, stack

    async def _leave(self, part: str) -> None:
        _, stack = self._held.pop(part)
        await stack.aclose()
