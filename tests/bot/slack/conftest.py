"""The desk's own Bolt app over Socket Mode against the local Slack: persons of the secretariat, a guest, and strangers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot import local_slack
from bot.local_slack.people import User
from bot.local_slack.workspace import Workspace
from bot.slack import client
from bot.slack.chat import Chat
from bot.slack.checks import identity
from bot.slack.client import Access
from bot.slack.home import Homes
from bot.slack.listeners import Listening
from bot.slack.people import People
from bot.slack.serving import Socket, socket
from bot.slack.under_way import UnderWay
from mailflows.desk import Desk
from tests.chat.clock import HandClock
from tests.chat.persons import Person
from tests.conftest import PracticeDesk

CHANNEL = "C01DESK"
TEAM = "T01DESK"
STAFF = {"officer-1": "U01ADA", "officer-2": "U02BEN", "reader-1": "U03EVE", "approver-1": "U04ROB", "guest": "U05GUS"}


@pytest.fixture(autouse=True)
def without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    """Slack's clock stands unless a test moves it, so nothing here depends on how long anything takes."""
    made = Workspace(clock=HandClock())
    made.person(User("U01ADA", "ada", "Alex Inkwell"))
    made.person(User("U02BEN", "ben", "Ben Officer"))
    made.person(User("U03EVE", "eve", "Jo Margin"))
    made.person(User("U04ROB", "rob", "Robin Seal"))
    made.person(User("U05GUS", "gus", "Gus Guest", is_restricted=True))
    made.person(User("U06SAM", "sam", "Sam Stranger"))
    made.person(User("U07KIM", "kim", "Kim Elsewhere", team_id="T02OTHER"))
    made.channel(CHANNEL, "secretariat", [made.app.bot_user, *made.people])
    async with local_slack.served(made):
        yield made
    assert not made.breaches


@dataclass(slots=True)
class InChat:
    """The desk as its people meet it in Slack."""

    desk: PracticeDesk
    workspace: Workspace
    chat: Chat
    socket: Socket
    homes: Homes
    under_way: UnderWay
    hold: asyncio.Event
    """Set: whatever is asked of the desk goes on at once; cleared, it waits."""
    asked: asyncio.Event
    """Set once something is asked of it."""

    @property
    def store(self) -> Any:
        return self.desk.desk.store

    def person(self, key: str) -> Person:
        return Person(self.workspace, STAFF.get(key, key), CHANNEL)


Serving = Callable[[], Any]


@pytest.fixture
async def staffed(desk: PracticeDesk) -> PracticeDesk:
    """Their Slack users are on the staff register, a guest's too: that is not enough for one."""
    store = desk.desk.store
    async with store.transaction(by="test", doing="staff", about="staff", at=desk.desk.now) as tx:
        officer = await tx.staff.get("officer-1")
        assert officer
        await tx.staff.put(replace(officer, key="guest", name="Gus Guest"))
        for person in await tx.staff.all():
            if user := STAFF.get(person.key):
                await tx.staff.put(replace(person, chat=f"{TEAM}/{user}"))
    return desk


@asynccontextmanager
async def served(desk: PracticeDesk, workspace: Workspace) -> AsyncIterator[InChat]:
    way = Access(workspace.app.bot_token, workspace.app.app_token, f"{workspace.url}/api/", loopback_only=True)
    hold = asyncio.Event()
    hold.set()
    asked = asyncio.Event()

    async def now() -> Desk:
        asked.set()
        await hold.wait()
        return desk.desk

    async with client.connected(way) as slack:
        me = await identity(slack)
        chat = Chat(slack, me, now, "/1540", People(slack, me.team))
        homes, under_way = Homes(chat), UnderWay(at_once_seconds=60.0)  # however busy the host is
        async with socket(Listening(chat, homes, under_way).app(), way, under_way, ping_seconds=0.5) as opened:
            await workspace.link.greeted.wait()
            yield InChat(desk, workspace, chat, opened, homes, under_way, hold, asked)


@pytest.fixture
async def chat(staffed: PracticeDesk, workspace: Workspace) -> AsyncIterator[InChat]:
    async with served(staffed, workspace) as opened:
        yield opened


@pytest.fixture
def officer(chat: InChat) -> Person:
    return chat.person("officer-1")


@pytest.fixture
def second(chat: InChat) -> Person:
    return chat.person("officer-2")
