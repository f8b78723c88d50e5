"""Connections to the desk's database: made when they are needed, made anew when they were lost, given back without a word."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg

from committee.errors import Refused, Unavailable
from storage.addresses import Address
from storage.postgres.errors import CutOff, in_our_words, is_gone, said_in_our_words

SCHEMA = "verbale"
MOST = 10
CONNECT_SECONDS, COMMAND_SECONDS = 10.0, 60.0
SERVER_SETTINGS = {
    "application_name": "verbale",
    "search_path": SCHEMA,
    "timezone": "UTC",
    "jit": "off",
    "standard_conforming_strings": "on",
    # How long a transaction waits for those of others; and how long a frozen process may keep them waiting.
    "lock_timeout": "30s",
    "idle_in_transaction_session_timeout": "15s",
    # What was acknowledged is on the disk, whatever the server's own default.
    "synchronous_commit": "on",
}
R = TypeVar("R")
Connection = Any  # asyncpg's, which has no types of its own


class _Connection(asyncpg.Connection):  # type: ignore[misc] # asyncpg has no types
    def get_reset_query(self) -> str:
        """Nothing of ours outlives its transaction: giving one back asks the server nothing."""
        return ""


class Pool:
    """Belongs to the event loop in which it was made."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._pool: Any = None
        self.closed = False

    async def open(self) -> None:
        self._pool = await asyncpg.create_pool(
            self.address.url, min_size=0, max_size=MOST, timeout=CONNECT_SECONDS, command_timeout=COMMAND_SECONDS,
            connection_class=_Connection, server_settings=SERVER_SETTINGS, statement_cache_size=500,
        )  # fmt: skip

    async def connect(self) -> Connection:
        """One that is not of the pool, for whoever keeps it long; CutOff and Refused say why there is none."""
        return await connect(self.address)

    async def acquire(self) -> Connection:
        self.must_be_open()
        with said_in_our_words():
            return await self._pool.acquire()

    async def release(self, connection: Connection) -> None:
        """Give it back; one that was cut off, or is in the middle of something, is ended instead."""
        if not is_gone(connection) and connection.is_in_transaction():
            connection.terminate()
        await self._pool.release(connection)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        connection = await self.acquire()
        try:
            yield connection
        finally:
            await self.release(connection)

    async def fetch(self, statement: str, *values: Any) -> list[Any]:
        """Rows, by whatever connection is free; asked once more where the one that was free had been cut off long ago."""
        try:
            return await self._fetch(statement, values)
        except CutOff:
            await self.expire()
            return await self._fetch(statement, values)

    async def expire(self) -> None:
        """Every connection of before is made anew when it is next asked for."""
        self.must_be_open()
        await self._pool.expire_connections()

    async def close(self) -> None:
        self.closed = True
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._pool.close()
        except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self._pool.terminate()

    def must_be_open(self) -> None:
        if self.closed:
            raise RuntimeError("the store is closed")

    async def _fetch(self, statement: str, values: tuple[Any, ...]) -> list[Any]:
        async with self.connection() as connection:
            with said_in_our_words():
                rows: list[Any] = await connection.fetch(statement, *values)
                return rows


async def connect(address: Address) -> Connection:
    try:
        return await asyncpg.connect(
            address.url, timeout=CONNECT_SECONDS, command_timeout=None, server_settings=SERVER_SETTINGS,
            connection_class=_Connection,
        )  # fmt: skip
    except Exception as error:
        ours = in_our_words(error)
        if isinstance(ours, Unavailable):
            raise CutOff(f"{address} cannot be reached ({ours.__cause__}); nothing was changed") from error
        if isinstance(ours, Refused):
            raise ours from error
        raise Refused(f"{address} cannot be used ({type(error).__name__}): put DATABASE_URL right") from error


async def to_its_end(work: Coroutine[Any, Any, R]) -> R:
    """Do it whatever becomes of the caller, who is told of its own cancelling only when it is done."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
        except Exception:  # noqa: BLE001 - it is the task's, and raised below
            break
    if cancelled and not task.cancelled():
        task.exception()  # read, so that the loop does not report it as lost
        raise cancelled
    return task.result()
