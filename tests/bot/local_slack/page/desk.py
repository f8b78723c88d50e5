"""A workspace of five people with the page, and an app that is a script at the other end of Socket Mode."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot import local_slack
from bot.local_slack.channels import Kind
from bot.local_slack.page import Page
from bot.local_slack.people import User
from bot.local_slack.workspace import Workspace
from tests.bot.local_slack.conftest import Caller, Wire
from tests.bot.local_slack.page import shown
from tests.chat.clock import HandClock

ADA, OLU, BEN, EVE, MAX = "U01ADA", "U02OLU", "U03BEN", "U04EVE", "U05MAX"
PEOPLE = (
    User(ADA, "ada", "Ada Lind", title="Officer"),
    User(OLU, "olu", "Olu Ade", title="Second officer"),
    User(BEN, "ben", "Ben Cole", title="Approver"),
    User(EVE, "eve", "Eve Moss", title="Reader"),
    User(MAX, "max", "Max Roth", title="Administrator"),
)
INTAKE, OUTGOING, CHAIR = "C01INTAKE", "C02OUTGOING", "G01CHAIR"
MANIFEST = {
    "features": {
        "slash_commands": [
            {"command": "/1540", "description": "Work at the correspondence desk", "usage_hint": "help | due | mail | letter | …"}
        ]
    }
}  # fmt: skip


@dataclass(slots=True)
class Served:
    """The workspace, its page's address, and what the app has heard."""

    workspace: Workspace
    page: Page
    caller: Caller
    heard: list[dict[str, Any]] = field(default_factory=list)
    silent: set[str] = field(default_factory=set)
    """Types of envelopes that the app does not acknowledge."""
    told_as_typed: bool = False
    """Whether the form's fields dispatch each thing that is entered."""
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return self.workspace.url

    @property
    def clock(self) -> HandClock:
        clock = self.workspace.clock
        assert isinstance(clock, HandClock)
        return clock

    async def posts(self, channel: str = INTAKE, **body: Any) -> str:
        """A message of the app's; its ts."""
        answer = await self.caller.call("chat.postMessage", channel=channel, **body)
        assert answer["ok"], answer
        return str(answer["ts"])

    async def calls(self, method: str, **given: Any) -> dict[str, Any]:
        answer = await self.caller.call(method, **given)
        assert answer["ok"], answer
        return answer

    async def hears(self, kind: str, nth: int = 0) -> dict[str, Any]:
        """The payload of the nth envelope of this type, of an interaction of this type, or of an event of this type."""
        async with asyncio.timeout(10):
            while True:
                found = [each["payload"] for each in self.heard if kind in _kinds(each)]
                if len(found) > nth:
                    return dict(found[nth])
                self.arrived.clear()
                await self.arrived.wait()


@asynccontextmanager
async def served() -> AsyncIterator[Served]:
    """Nobody is connected yet: `with_app` is the script."""
    workspace, page = Workspace(clock=HandClock()), Page(MANIFEST)
    for person in PEOPLE:
        workspace.person(person)
    bot = workspace.app.bot_user
    workspace.channel(INTAKE, "intake", [bot, ADA, OLU, BEN, EVE, MAX])
    workspace.channel(OUTGOING, "outgoing", [bot, ADA, OLU, BEN, MAX])
    workspace.channel(CHAIR, "chair", [bot, BEN], Kind.PRIVATE)
    async with local_slack.served(workspace, pages=page.add_to), aiohttp.ClientSession() as session:
        yield Served(workspace, page, Caller(session, workspace))


@asynccontextmanager
async def with_app() -> AsyncIterator[Served]:
    """The app acknowledges what it hears and does what `_answer` says; nothing that it sends may break a rule of Slack's."""
    async with served() as desk:
        wire = await desk.caller.connects()
        task = asyncio.create_task(_script(desk, wire))
        try:
            yield desk
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await wire.socket.close()
        assert not desk.workspace.breaches


async def _script(desk: Served, wire: Wire) -> None:
    while True:
        envelope = await _next(wire)
        desk.heard.append(envelope)
        desk.arrived.set()
        payload = envelope["payload"]
        if _kinds(envelope) & desk.silent:
            continue
        await wire.acknowledges(envelope, await _answer(desk, envelope["type"], payload))


def _kinds(envelope: dict[str, Any]) -> set[str]:
    payload = envelope["payload"]
    return {envelope["type"], payload.get("type", ""), payload.get("event", {}).get("type", "")}


async def _next(wire: Wire) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(await wire.socket.receive_str())
    return body


async def _answer(desk: Served, kind: str, payload: dict[str, Any]) -> Any:
    if kind == "slash_commands":
        return await _typed(desk, payload)
    if kind == "events_api":
        return await _happened(desk, payload["event"])
    if payload["type"] == "block_suggestion":
        return {"options": [shown.option(f"{payload['value']}-{nth}") for nth in (1, 2)]}
    if payload["type"] == "block_actions":
        await _pressed(desk, payload)
    if payload["type"] == "view_submission" and payload["view"]["callback_id"] == "reason":
        reason = payload["view"]["state"]["values"]["why"]["words"]["value"]
        if reason == "because":
            return {"response_action": "errors", "errors": {"why": "Say more than that."}}
        await desk.posts(text=f"Held: {reason}")
    return None


async def _typed(desk: Served, payload: dict[str, Any]) -> Any:
    words = payload["text"]
    if words == "form":
        await desk.calls("views.open", trigger_id=payload["trigger_id"], view=shown.FORM)
        return None
    if words == "remind":
        return {"text": "Reminder of first reports: 22 letters", "blocks": shown.REMINDER}
    return {"text": f"You typed {words}"}


async def _happened(desk: Served, event: dict[str, Any]) -> None:
    if event["type"] == "app_home_opened" and event["tab"] == "home":
        await desk.calls("views.publish", user_id=event["user"], view=shown.HOME)
    if event["type"] == "app_mention":
        await desk.posts(text=f"Heard: {event['text']}", thread_ts=event["ts"])


async def _pressed(desk: Served, payload: dict[str, Any]) -> None:
    [action] = payload["actions"]
    if action["action_id"] == "hold":
        await desk.calls(
            "views.open", trigger_id=payload["trigger_id"], view=shown.reason(told_as_typed=desk.told_as_typed)
        )
    elif action["action_id"] == "deeper":
        await desk.calls("views.push", trigger_id=payload["trigger_id"], view=shown.DEEPER)
    elif action["action_id"] == "release":
        name = desk.workspace.people[payload["user"]["id"]].real_name
        body = {
            "text": f"Released by {name}",
            "blocks": [shown.words(f"Released by *{name}*")],
            "replace_original": True,
        }
        async with desk.caller.session.post(payload["response_url"], json=body) as answer:
            assert answer.status == 200
