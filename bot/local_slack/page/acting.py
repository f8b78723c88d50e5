"""What a person does on the page becomes what they do in the workspace; the app hears of it over Socket Mode.

{"as": "U…", "act": "types", "channel": "C…", "text": "/1540 help", "thread": "ts" or ""}
{"as": "U…", "act": "presses", PLACE, "block": "block_id", "action": "action_id", "chosen": VALUE, "entries": {…}}
{"as": "U…", "act": "looks_for", PLACE, "action": "action_id", "typed": "…"}
{"as": "U…", "act": "submits", "view": "V…", "entries": {"action_id": VALUE}}
{"as": "U…", "act": "closes", "all": false}
{"as": "U…", "act": "opens_home", "tab": "home" or "messages"}
{"as": "U…", "act": "reads", "channel": "C…"}
PLACE is "channel" and "ts" of a message, or "view".
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from bot.local_slack import acts
from bot.local_slack.calls import as_object
from bot.local_slack.errors import Failure
from bot.local_slack.messages import Message
from bot.local_slack.modals import View
from bot.local_slack.page.asked import Asked
from bot.local_slack.page.seeing import person
from bot.local_slack.server import WORKSPACE
from bot.local_slack.workspace import Workspace

LARGEST: Final = 1_000_000
"""Bytes of an act; a file comes by a route of its own."""
Answer = dict[str, Any]


async def act(request: web.Request) -> web.StreamResponse:
    """200 with `ok` when it is done; 409 with Slack's word where it could not be, and then nothing was done."""
    workspace = request.app[WORKSPACE]
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    if request.content_length is None or request.content_length > LARGEST:
        raise web.HTTPRequestEntityTooLarge(LARGEST, request.content_length or 0)
    try:
        asked = Asked(as_object(await request.read()))
        user = person(workspace, asked.text("as"))
        answer = await ACTS.get(asked.text("act"), _unknown)(workspace, user, asked)
    except Failure as failure:
        return web.json_response({"ok": False, "error": failure.code}, status=HTTPStatus.CONFLICT)
    return web.json_response({"ok": True} | answer)


async def _types(workspace: Workspace, user: str, asked: Asked) -> Answer:
    """A message stands at once, whenever the app hears of it; a command is over when the app has acknowledged it."""
    channel, text, thread = asked.text("channel"), asked.text("text"), asked.text("thread")
    if not text.strip():
        raise Failure("no_text")
    if text.startswith("/") and not text.startswith("//"):
        await acts.commands(workspace, user, channel, text)
    else:
        message = acts.writes(workspace, user, channel, text, thread_ts=thread)
        workspace.link.soon(acts.tells(workspace, message))
    return {}


async def _presses(workspace: Workspace, user: str, asked: Asked) -> Answer:
    place, entries = _place(workspace, user, asked), asked.entries()
    await acts.presses(
        workspace, user, place, asked.text("action"), chosen=asked.value("chosen"), block_id=asked.text("block"),
        entries=entries,
    )  # fmt: skip
    return {}


async def _looks_for(workspace: Workspace, user: str, asked: Asked) -> Answer:
    place = _place(workspace, user, asked)
    return {"options": await acts.looks_for(workspace, user, place, asked.text("action"), asked.text("typed"))}


async def _submits(workspace: Workspace, user: str, asked: Asked) -> Answer:
    view = workspace.modals.top(user)
    if view is None or view.id != asked.text("view"):
        raise Failure("view_not_found")
    await acts.submits(workspace, user, view, asked.entries())
    return {}


async def _closes(workspace: Workspace, user: str, asked: Asked) -> Answer:
    await acts.closes(workspace, user, all_of_them=asked.flag("all"))
    return {}


async def _opens_home(workspace: Workspace, user: str, asked: Asked) -> Answer:
    tab = asked.text("tab") or "home"
    if tab not in ("home", "messages"):
        raise Failure("invalid_tab")
    workspace.link.soon(acts.opens_home(workspace, user, tab))
    return {}


async def _reads(workspace: Workspace, user: str, asked: Asked) -> Answer:
    channel = workspace.channels.get(asked.text("channel"))
    if channel is None or user not in channel.members:
        raise Failure("channel_not_found")
    workspace.reads(user, channel.id)
    return {}


async def _unknown(_workspace: Workspace, _user: str, _asked: Asked) -> Answer:
    raise Failure("unknown_act")


ACTS: Final[dict[str, Callable[[Workspace, str, Asked], Awaitable[Answer]]]] = {
    "types": _types, "presses": _presses, "looks_for": _looks_for, "submits": _submits, "closes": _closes,
    "opens_home": _opens_home, "reads": _reads,
}  # fmt: skip


def _place(workspace: Workspace, user: str, asked: Asked) -> Message | View:
    """Only what this person sees: a message of their channels, the topmost modal, their Home."""
    if name := asked.text("view"):
        standing = (workspace.modals.top(user), workspace.modals.homes.get(user))
        found: Message | View | None = next((view for view in standing if view and view.id == name), None)
    else:
        channel = workspace.channels.get(asked.text("channel"))
        mine = channel is not None and user in channel.members
        found = workspace.messages[channel.id].get(asked.text("ts")) if mine and channel else None
        found = found if found and found.seen_by(user) else None
    if found is None:
        raise Failure("message_not_found")
    return found
