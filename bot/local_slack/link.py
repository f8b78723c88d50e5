"""Socket Mode: connections, envelopes and their acknowledgements.

docs.slack.dev/apis/events-api/using-socket-mode: a hello greets each connection, every envelope goes to one of them and is
acknowledged by its id, and a connection is told to go before it is closed. docs.slack.dev/apis/events-api: events that are
not acknowledged in three seconds are repeated; nothing else ever is.
"""

import asyncio
import json
import secrets
import uuid
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import WSMsgType, web

from bot.local_slack.clock import Clock
from bot.local_slack.faults import Cut, Faults
from bot.local_slack.forgetting import forget_oldest

SECONDS: Final = 3.0
"""How long an acknowledgement may take (docs.slack.dev/interactivity/handling-user-interaction)."""
RETRIES: Final = (0.0, 60.0, 300.0)
"""docs.slack.dev/apis/events-api: nearly at once, after one minute, after five."""
TICKET_SECONDS: Final = 30.0
"""assumed: the address of a connection may be called for thirty seconds; Slack says only that it is used once."""
MOST: Final = 10
"""docs.slack.dev/apis/events-api/using-socket-mode: up to ten connections at a time."""
GOODBYE_SECONDS: Final = 10.0
"""assumed: ten seconds after `disconnect` the connection is closed; until then it may finish what it is at."""
Payload = dict[str, Any]


class Unreachable(Exception):
    """No connection of the app is open."""


@dataclass(slots=True, eq=False)
class Connection:
    socket: web.WebSocketResponse
    transport: asyncio.Transport
    leaving: bool = False

    async def send(self, body: Payload, cut: Cut | None = None) -> None:
        text = json.dumps(body)
        if cut is Cut.HALFWAY:
            self.transport.write(_half_a_frame(text.encode()))
        else:
            await self.socket.send_str(text)
        if cut:
            self.transport.close()


@dataclass(slots=True)
class Link:
    clock: Clock
    app_id: str
    faults: Faults
    tickets: dict[str, float] = field(default_factory=dict)
    connections: list[Connection] = field(default_factory=list)
    waiting: dict[str, asyncio.Future[Payload | None]] = field(default_factory=dict)
    tasks: set[asyncio.Task[object]] = field(default_factory=set)
    greeted: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while a connection is open."""
    lost: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a connection has ended."""
    _turn: int = 0

    def ticket(self) -> str:
        name = secrets.token_urlsafe(24)
        self.tickets[name] = self.clock.now()
        forget_oldest(self.tickets)
        return name

    def admits(self, ticket: str) -> bool:
        """Once."""
        given = self.tickets.pop(ticket, None)
        return given is not None and self.clock.now() - given <= TICKET_SECONDS

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection from its hello to its end."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if request.transport is None:
            return socket
        connection = Connection(socket, request.transport)
        if len(self.connections) >= MOST:
            await connection.send({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self.connections.append(connection)
        try:
            await connection.send(self._hello())
            self.greeted.set()
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledged(message.data)
        finally:
            self._gone(connection)
        return socket

    async def ask(
        self, kind: str, payload: Payload, *, accepts: bool = False, retry: int | None = None
    ) -> Payload | None:
        """What the acknowledgement carries (`{}`: nothing); None when three seconds have passed without one.

        Raises Unreachable where no connection is open. Sent once: who wants it repeated asks again.
        """
        name = str(uuid.uuid4())
        envelope: Payload = {
            "envelope_id": name,
            "payload": payload,
            "type": kind,
            "accepts_response_payload": accepts,
        }
        if retry is not None:
            envelope |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
        answer: asyncio.Future[Payload | None] = asyncio.get_running_loop().create_future()
        self.waiting[name] = answer
        timer = self.clock.after(SECONDS, lambda: None if answer.done() else answer.set_result(None))
        try:
            await self._sent(envelope, self.faults.cuts(kind))
            return await answer
        finally:
            timer.cancel()
            del self.waiting[name]

    async def deliver(self, payload: Payload) -> bool:
        """An event, repeated until it is acknowledged or its retries are used up."""
        for attempt in range(len(RETRIES) + 1):
            if attempt:
                await self._pause(RETRIES[attempt - 1])
            try:
                if await self.ask("events_api", payload, retry=attempt) is not None:
                    return True
            except Unreachable:
                continue  # assumed: to Slack an app that is not there is one that does not answer.
        return False

    def soon(self, doing: Coroutine[Any, Any, object]) -> None:
        """What goes to the app without anybody waiting for it; it ends with the server."""
        task = asyncio.get_running_loop().create_task(doing)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Every connection is told to go; it gets nothing new where another is open, and is closed ten seconds later."""
        for connection in list(self.connections):
            connection.leaving = True
            self.clock.after(GOODBYE_SECONDS, lambda leaving=connection: self.soon(leaving.socket.close()))  # type: ignore[misc] # a default in a lambda has no type
            await connection.send({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-local"}})

    async def close(self) -> None:
        for task in list(self.tasks):
            task.cancel()
        for connection in list(self.connections):
            await connection.socket.close(code=1001)

    def _hello(self) -> Payload:
        about = {"host": "applink-local", "build_number": 1, "approximate_connection_time": 18060}
        return {
            "type": "hello", "num_connections": len(self.connections), "debug_info": about,
            "connection_info": {"app_id": self.app_id},
        }  # fmt: skip

    def _acknowledged(self, text: str) -> None:
        """assumed: an acknowledgement counts by whichever connection it comes, and one that nobody waits for is passed over."""
        try:
            body = json.loads(text)
        except ValueError:
            return
        waiting = self.waiting.get(body.get("envelope_id", "")) if isinstance(body, dict) else None
        if waiting and not waiting.done():
            payload = body.get("payload")
            waiting.set_result(payload if isinstance(payload, dict) else {})

    async def _sent(self, envelope: Payload, cut: Cut | None) -> None:
        """assumed: connections take turns; Slack chooses one at random (github.com/slackapi/bolt-python/issues/448)."""
        while open_ones := [each for each in self.connections if not each.socket.closed]:
            choice = [each for each in open_ones if not each.leaving] or open_ones
            self._turn += 1
            chosen = choice[self._turn % len(choice)]
            try:
                return await chosen.send(envelope, cut)
            except ConnectionError:
                self._gone(chosen)
        raise Unreachable

    def _gone(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
            self.lost.set()
        if not self.connections:
            self.greeted.clear()

    async def _pause(self, seconds: float) -> None:
        passed = asyncio.get_running_loop().create_future()
        timer = self.clock.after(seconds, lambda: None if passed.done() else passed.set_result(None))
        try:
            await passed
        finally:
            timer.cancel()


def _half_a_frame(text: bytes) -> bytes:
    """A text frame (RFC 6455 5.2) that announces all of it and carries half."""
    return b"\x81\x7f" + len(text).to_bytes(8) + text[: len(text) // 2]
