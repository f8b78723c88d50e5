"""A local Slack with three people, a clock that the test sets, and the app's end of the wire without any library of Slack's."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from bot import local_slack
from bot.local_slack.channels import Kind
from bot.local_slack.people import User
from bot.local_slack.workspace import Workspace
from tests.chat.clock import HandClock
from tests.chat.persons import Person

CHANNEL, PRIVATE, ELSEWHERE = "C01DESK", "G01CHAIR", "C02PARTY"
Answering = Callable[[dict[str, Any]], Any]


@dataclass(slots=True)
class Caller:
    """Calls methods as the app does, over HTTP, and hands back what was answered."""

    session: aiohttp.ClientSession
    workspace: Workspace
    wires: list["Wire"] = field(default_factory=list)

    async def call(self, method: str, token: str | None = None, **given: Any) -> dict[str, Any]:
        async with await self.raw(method, token, **given) as answer:
            body: dict[str, Any] = await answer.json()
            return body

    async def raw(self, method: str, token: str | None = None, **given: Any) -> aiohttp.ClientResponse:
        headers = {"Authorization": f"Bearer {self.workspace.app.bot_token if token is None else token}"}
        return await self.session.post(f"{self.workspace.url}/api/{method}", json=given, headers=headers)

    async def connects(self) -> "Wire":
        opened = await self.call("apps.connections.open", self.workspace.app.app_token)
        wire = Wire(await self.session.ws_connect(opened["url"]))
        self.wires.append(wire)
        wire.hello = await wire.next()
        return wire


@dataclass(slots=True)
class Wire:
    """The app's end of one connection: reads envelopes one by one, and acknowledges what it is told to."""

    socket: aiohttp.ClientWebSocketResponse
    hello: dict[str, Any] = field(default_factory=dict)

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(10):
            body: dict[str, Any] = json.loads(await self.socket.receive_str())
            return body

    async def acknowledges(self, envelope: dict[str, Any], payload: Any = None) -> None:
        body = {"envelope_id": envelope["envelope_id"]}
        await self.socket.send_json(body if payload is None else body | {"payload": payload})

    @asynccontextmanager
    async def serving(self, answer: Answering = lambda _: None) -> AsyncIterator[list[dict[str, Any]]]:
        """Acknowledges everything with what `answer` gives; the list holds the envelopes."""
        seen: list[dict[str, Any]] = []

        async def serve() -> None:
            while True:
                envelope = json.loads(await self.socket.receive_str())
                seen.append(envelope)
                await self.acknowledges(envelope, answer(envelope))

        task = asyncio.create_task(serve())
        try:
            yield seen
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def workspace(clock: HandClock) -> AsyncIterator[Workspace]:
    made = Workspace(clock=clock)
    for key, name, real in (
        ("U01ADA", "ada", "Ada Officer"),
        ("U02BEN", "ben", "Ben Approver"),
        ("U03EVE", "eve", "Eve Reader"),
    ):
        made.person(User(key, name, real))
    made.channel(CHANNEL, "secretariat", [made.app.bot_user, "U01ADA", "U02BEN"])
    made.channel(PRIVATE, "chair", [made.app.bot_user, "U02BEN"], Kind.PRIVATE)
    made.channel(ELSEWHERE, "party", ["U01ADA"])
    async with local_slack.served(made):
        yield made


@pytest.fixture
async def caller(workspace: Workspace) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        made = Caller(session, workspace)
        yield made
        for (
            wire
        ) in made.wires:  # one that was cut stays open in aiohttp, and the collector would say so in some later test
            wire.socket._response.close()


@pytest.fixture
def ada(workspace: Workspace) -> Person:
    return Person(workspace, "U01ADA", CHANNEL)


@pytest.fixture
def ben(workspace: Workspace) -> Person:
    return Person(workspace, "U02BEN", CHANNEL)
