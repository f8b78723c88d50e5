"""What one person sees, whole, and what of it has become different since."""

from typing import Any

from aiohttp import web

from bot.local_slack.errors import Failure
from bot.local_slack.event_log import Happening
from bot.local_slack.server import WORKSPACE
from bot.local_slack.snapshot import channel_seen, message_seen, view_seen
from bot.local_slack.workspace import Workspace


async def state(request: web.Request, *, suggestions: list[dict[str, Any]]) -> web.StreamResponse:
    """All that the person sees; of nobody named, the first of the workspace."""
    workspace = request.app[WORKSPACE]
    try:
        user = person(workspace, request.query.get("as") or first(workspace))
    except Failure as failure:
        return web.json_response({"ok": False, "error": failure.code}, status=404)
    return web.json_response(workspace.snapshot(user) | {"suggestions": suggestions})


def person(workspace: Workspace, user: object) -> str:
    """A person of this workspace whom one may act as. Raises user_not_found."""
    known = workspace.people.get(user) if isinstance(user, str) else None
    if known is None or known.is_bot or known.deleted:
        raise Failure("user_not_found")
    return known.id


def first(workspace: Workspace) -> str:
    return next((each.id for each in workspace.people.values() if not each.is_bot and not each.deleted), "")


def piece(workspace: Workspace, happening: Happening, user: str) -> dict[str, Any]:
    """What the page puts in the place of what it shows; `anew`: it looks at everything again.

    {"kind": "channel", "channel": CHANNEL without messages, "messages": [MESSAGE …], "gone": "ts" or ""}
    {"kind": "views", "modal": VIEW|null, "depth": 1, "home": VIEW|null}
    """
    if happening.kind in ("modal", "home"):
        return _views(workspace, user)
    channel = workspace.channels.get(happening.channel)
    if happening.kind not in ("message", "changed", "deleted", "read") or not channel or user not in channel.members:
        return {"kind": "anew"}
    changed = _changed(workspace, happening, user) if happening.ts else []
    gone = happening.ts if happening.ts and happening.ts not in workspace.messages[channel.id] else ""
    seen = channel_seen(workspace, channel, user)
    return {"kind": "channel", "channel": seen, "messages": changed, "gone": gone}


def _changed(workspace: Workspace, happening: Happening, user: str) -> list[dict[str, Any]]:
    """The message as it stands in the channel; a reply within the message that it answers."""
    messages = workspace.messages[happening.channel]
    if not (message := messages.get(happening.ts)):
        return []
    parent = messages.get(message.thread_ts)
    standing = {each.ts: each for each in (message, parent) if each and each.in_channel() and each.seen_by(user)}
    return [message_seen(workspace, each, user) for each in standing.values()]


def _views(workspace: Workspace, user: str) -> dict[str, Any]:
    stack, home = workspace.modals.stacks.get(user, []), workspace.modals.homes.get(user)
    return {
        "kind": "views", "modal": view_seen(stack[-1]) if stack else None, "depth": len(stack),
        "home": view_seen(home) if home else None,
    }  # fmt: skip
