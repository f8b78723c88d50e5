"""Every commit tells whoever listens: a connection of its own, made when somebody first waits, and made anew when it was lost."""

import asyncio
from contextlib import suppress
from typing import Any

from committee.errors import Unavailable
from storage.postgres.pool import Connection, Pool
from storage.postgres.trail import CHANNEL

AGAIN_SECONDS = 1.0


class Listening:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._connection: Connection | None = None
        self._told = asyncio.Event()

    async def changed(self, timeout: float) -> bool:  # noqa: ASYNC109 - how long one look lasts is what it is asked
        """What was committed while nobody listened counts as one change."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while self._connection is None or self._connection.is_closed():
                    await self._listen()
                await self._told.wait()
        told = self._told.is_set()
        self._told.clear()
        return told

    async def close(self) -> None:
        if self._connection is not None:
            self._connection.terminate()

    async def _listen(self) -> None:
        self._pool.must_be_open()
        try:
            connection = await self._pool.connect()
        except Unavailable:
            await asyncio.sleep(AGAIN_SECONDS)
            return
        await connection.add_listener(CHANNEL, self._hear)
        connection.add_termination_listener(self._hear)
        self._connection = connection
        self._told.set()

    def _hear(self, *_: Any) -> None:
        self._told.set()
