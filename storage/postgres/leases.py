"""Whoever leads in a part of the desk's work holds a row of it until a moment by the store's clock, and renews it."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID, uuid4

from committee.errors import Refused, Unavailable
from storage.errors import Busy
from storage.leading import Lead
from storage.postgres.pool import Pool

RENEWALS = 3
"""How often a lease is renewed in its time: one that failed is made good by the next."""


@asynccontextmanager
async def lead(pool: Pool, part: str, who: str, seconds: float) -> AsyncIterator[Lead]:
    """Take the lease, by comparing and setting in one statement; Busy, with its holder, while another process has it."""
    token, asked_at = uuid4(), time.monotonic()
    holder = f"{who}, process {os.getpid()} on {os.uname().nodename}"
    if not await pool.fetch(_TAKE, part, token, holder, seconds):
        there = await pool.fetch("SELECT holder FROM leases WHERE part = $1", part)
        raise Busy(there[0][0] if there else "another process")
    held = Lead(part, seconds)
    held.renewed(asked_at)
    renewing = asyncio.create_task(_renew(pool, held, token, seconds))
    try:
        yield held
    finally:
        renewing.cancel()
        await asyncio.gather(renewing, return_exceptions=True)
        held.lose()
        with suppress(Unavailable):  # it runs out by itself
            await pool.fetch("DELETE FROM leases WHERE part = $1 AND token = $2", part, token)


async def _renew(pool: Pool, held: Lead, token: UUID, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds / RENEWALS)
        asked_at = time.monotonic()
        try:
            renewed = await pool.fetch(_RENEW, held.part, token, seconds)
        except (Unavailable, Refused):
            continue  # `held` turns false by itself when its time is over
        if not renewed:
            held.lose()
            return
        held.renewed(asked_at)


_TAKE = """
INSERT INTO leases (part, token, holder, until) VALUES ($1, $2, $3, verbale_now() + make_interval(secs => $4))
ON CONFLICT (part) DO UPDATE SET token = excluded.token, holder = excluded.holder, until = excluded.until
WHERE leases.until < verbale_now() OR leases.token = excluded.token RETURNING token
"""
_RENEW = (
    "UPDATE leases SET until = verbale_now() + make_interval(secs => $3) WHERE part = $1 AND token = $2 RETURNING token"
)
