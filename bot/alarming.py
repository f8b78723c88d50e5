"""A running desk looks at itself once a minute, beside its work: what stands still cannot say so itself."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.pulse import Pulse
from committee.alarms import MINUTE_SECONDS
from committee.pacing import Pace
from mailflows.alarms import Measured, Watch
from mailflows.desk import Desk
from mailflows.logs import log

EVERY_SECONDS: Final = 60.0


async def watch(
    desk_now: Callable[[], Awaitable[Desk]], pulse: Pulse, pace: Pace, *, every_seconds: float = EVERY_SECONDS
) -> None:
    """Look for ever; one look that fails is logged, and the next one comes."""
    alarms, before = Watch(pulse.figures), set[str]()
    while True:
        await asyncio.sleep(every_seconds)
        try:
            desk = await desk_now()
            now = datetime.now(UTC)
            unread, silent = pulse.unread(now), pulse.silent(now)
            standing = await alarms.look(desk, measured(desk.store.folder, pace, unread=unread, silent=silent))
        except Exception as error:  # noqa: BLE001 - whoever watches must not end because of what it watches
            log.error("alarms not looked at", error=type(error).__name__)
        else:
            if (stand := {alarm.key for alarm in standing}) != before:
                log.warning("alarms", count=len(stand), kind=", ".join(sorted(stand)))
                before = stand


def measured(folder: Path, pace: Pace, *, unread: timedelta | None = None, silent: timedelta | None = None) -> Measured:
    """What the host and the process say now; `unread` since every mailbox was read to its end, `silent` since the last tick."""
    return Measured(
        rate=MINUTE_SECONDS / pace.interval if pace.interval else None,
        unread_seconds=unread.total_seconds() if unread is not None else None,
        tick_seconds=silent.total_seconds() if silent is not None else None,
        free_bytes=_free(folder),
    )


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
