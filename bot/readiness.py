"""Whether a running desk can do its work, and a sentence for each thing that keeps it from doing so."""

import asyncio
from datetime import datetime
from typing import Final

from bot.pulse import UNREAD, Pulse
from committee.calendar import written_moment
from committee.errors import Refused, Unavailable
from mailflows import holding
from storage.port import Store

STORE_SECONDS: Final = 2.0
"""How long the store may take to answer."""


async def what_is_wrong(store: Store, pulse: Pulse, now: datetime) -> list[str]:
    """Nobody's name, and no server's words: those are for `verbale doctor`."""
    return [*filter(None, (pulse.still(now), *pulse.troubles.values(), _unread(pulse, now))), *await _stored(store)]


def _unread(pulse: Pulse, now: datetime) -> str:
    unread = pulse.unread(now)
    if unread is None or unread <= UNREAD or pulse.troubles.get("in"):
        return ""
    return f"mail in: not every mailbox was read to its end for {int(unread.total_seconds())} seconds"


async def _stored(store: Store) -> list[str]:
    try:
        async with asyncio.timeout(STORE_SECONDS):
            stop, relays = await store.stops.get(holding.ALL), await store.relays.all()
    except (TimeoutError, Refused, Unavailable):
        return ["the store does not answer"]
    said = [
        f"mail out: {one.key} {'does not let us in' if one.refuses_us else 'has failed'} since {written_moment(one.since)}"
        for one in relays
    ]
    if stop and stop.restored:
        return [*said, "everything is stopped since it was restored from a backup; an administrator lets it go: resume"]
    if stop:
        return [*said, f"everything is stopped since {written_moment(stop.at)}; an officer lets it go: resume"]
    return said
