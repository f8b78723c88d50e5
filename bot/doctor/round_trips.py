"""The test letter: sent to ourselves with a token in the address, and waited for in the mailbox, where it stays."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot import building
from bot.building import Mailbox
from bot.settings import Settings
from committee.desk import RoundTrip
from committee.errors import Refused, Unavailable
from mailflows import round_trip
from mailflows.desk import Desk
from mailflows.envelopes import ROUND_TRIP
from mailflows.reading import read

SECONDS: Final = 20
"""How long the doctor waits; one that comes later is noted when the desk takes it in."""
LOOKS_EVERY: Final = 0.5
LARGEST: Final = 100_000
"""A test letter has some 600 bytes, and what servers write above it."""


async def send_and_wait(folder: Path, desk: Desk, settings: Settings) -> timedelta | None:
    """How long it was on its way, or None where it is not back yet; raises what sending it raises.

    Beside a running desk, that one takes it in and notes it; without one, the doctor reads what is new and moves nothing.
    """
    async with building.mailboxes(folder, desk, settings) as boxes:
        there = {label: frozenset(await box.waiting()) for label, box in boxes.items()}
        async with asyncio.timeout(SECONDS), building.post(folder, desk, settings) as post:
            await round_trip.send(desk, post)
        with suppress(TimeoutError):
            async with asyncio.timeout(SECONDS):
                while not await _is_back(desk, boxes, there):  # noqa: ASYNC110 - a server is asked, nothing here tells
                    await asyncio.sleep(LOOKS_EVERY)
    trip = await _trip(desk)
    return trip.came_at - trip.sent_at if trip.came_at and trip.came_at >= trip.sent_at else None


async def _is_back(desk: Desk, boxes: dict[str, Mailbox], there: dict[str, frozenset[str]]) -> bool:
    trip = await _trip(desk)
    if trip.came_at and trip.came_at >= trip.sent_at:
        return True
    return any([await _has_it(box, label, there, trip, desk) for label, box in boxes.items()])


async def _has_it(box: Mailbox, label: str, there: dict[str, frozenset[str]], trip: RoundTrip, desk: Desk) -> bool:
    """Whether one of the messages that were not there the last time is the test letter."""
    with suppress(Refused, Unavailable):  # in the middle of being moved, or a server that was just asked a lot
        new = [name for name in await box.waiting() if name not in there[label]]
        there[label] |= {*new}
        return any([await _is_it(name, box, trip, desk) for name in new])
    return False


async def _is_it(name: str, box: Mailbox, trip: RoundTrip, desk: Desk) -> bool:
    raw = await box.read(name)
    if not isinstance(raw, bytes) or len(raw) > LARGEST:
        return False
    reading = read(raw)
    if not round_trip.is_it(reading, trip, desk):
        return False
    now = datetime.now(UTC)
    async with desk.store.transaction(by="rule: doctor", doing="test letter back", about=ROUND_TRIP, at=now) as tx:
        return await round_trip.came_back(reading, tx, desk)


async def _trip(desk: Desk) -> RoundTrip:
    trip = await desk.store.round_trips.get(ROUND_TRIP)
    assert trip, "it was noted before it was sent"  # noqa: S101 - by send
    return trip
