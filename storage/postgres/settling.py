"""A commit whose answer was lost: whether it was done is asked of the server, once whatever was under way has ended."""

import asyncio
import time
from typing import Final
from uuid import UUID

from committee.errors import Refused, Unavailable
from storage.postgres.errors import CutOff, InDoubt, said_in_our_words
from storage.postgres.pool import Pool
from storage.postgres.schema import WRITING

PATIENCE: Final = 60.0
"""Seconds in which a server that restarts is there again."""
PAUSE: Final = 0.25


async def was_committed(pool: Pool, token: UUID, error: CutOff) -> None:
    """Return if it was; CutOff if it was not, and nothing was changed; InDoubt if nobody can say."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            done = await _is_there(pool, token)
            break
        except (Unavailable, Refused) as trouble:
            if time.monotonic() > until:
                raise InDoubt(
                    "the desk's database was lost while it committed, and has not answered since: what was asked may have been "
                    "done. Look before you do it again"
                ) from trouble
        await asyncio.sleep(PAUSE)
    if not done:
        raise CutOff("the desk's database was lost before it had committed; nothing was changed") from error


async def _is_there(pool: Pool, token: UUID) -> bool:
    """The writers' lock is had only when the transaction in question has ended, one way or the other."""
    connection = await pool.connect()
    try:
        with said_in_our_words():
            async with connection.transaction():
                await connection.execute("SELECT pg_advisory_xact_lock($1)", WRITING)
                return bool(await connection.fetchval(_THERE, token))
    finally:
        connection.terminate()


# Its entry is among the last: nobody has waited longer than the patience of all.
_THERE = (
    "SELECT EXISTS (SELECT 1 FROM (SELECT token FROM trail ORDER BY seq DESC LIMIT 10000) AS last WHERE token = $1)"
)
