"""What a running desk does not wait a minute for: a mailbox with something new in it, and what somebody has committed."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from bot.building import Mailbox
from mailflows.logs import log
from storage.port import Store

LOOK_SECONDS: Final = 60.0
"""How long one look waits for something new."""
PAUSE_SECONDS: Final = 10.0
"""After something could not be looked at."""


async def mailbox(box: Mailbox | None, then: Callable[[], None]) -> None:
    """Call `then` whenever something new has come; what is wrong with a mailbox is said by whoever reads it."""

    async def look() -> None:
        if box and await box.changed(LOOK_SECONDS):
            then()

    if box:
        await _for_ever(look, "mailbox")


async def commits(store: Store, then: Callable[[], None]) -> None:
    """Call `then` whenever anything was committed, here or by `do`, `press` and `ingest`."""

    async def look() -> None:
        if await store.changed(LOOK_SECONDS):
            then()

    await _for_ever(look, "store")


async def _for_ever(look: Callable[[], Awaitable[None]], what: str) -> None:
    said = ""
    while True:
        try:
            await look()
        except Exception as error:  # noqa: BLE001 - without it the desk still ticks each minute
            if said != (said := type(error).__name__):  # once for each outage, not at each look
                log.warning("not watched", kind=what, error=said)
            await asyncio.sleep(PAUSE_SECONDS)
        else:
            said = ""
