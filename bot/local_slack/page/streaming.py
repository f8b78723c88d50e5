"""Server-sent events: what changes for one person, from where the page has been told so far.

https://html.spec.whatwg.org/multipage/server-sent-events.html: a browser that comes back says which id it saw last.
"""

import json
from contextlib import aclosing
from typing import Final

from aiohttp import web

from bot.local_slack.errors import Failure
from bot.local_slack.event_log import Happening
from bot.local_slack.page.seeing import person, piece
from bot.local_slack.server import WORKSPACE
from bot.local_slack.workspace import Workspace

DIGITS: Final = 15
RETRY: Final = 1000
"""Milliseconds after which a browser comes back."""


async def stream(request: web.Request) -> web.StreamResponse:
    """From `Last-Event-ID`, or from `after`: a number that this server never gave means that everything is to be looked at anew."""
    workspace = request.app[WORKSPACE]
    try:
        user = person(workspace, request.query.get("as"))
        after = _number(request.headers.get("Last-Event-ID") or request.query.get("after", "0"))
    except Failure as failure:
        return web.json_response({"ok": False, "error": failure.code}, status=404)
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
    await response.prepare(request)
    try:
        await response.write(f"retry: {RETRY}\n\n".encode())
        async with aclosing(workspace.subscribe(after, user)) as happenings:  # type: ignore[type-var] # a generator, which its annotation does not say
            async for happening in happenings:
                await response.write(_event(workspace, happening, user))
    except ConnectionError:
        pass  # the page has been closed
    return response


def _event(workspace: Workspace, happening: Happening, user: str) -> bytes:
    """One line of JSON: it has no line break in it, whatever was written."""
    data = json.dumps(piece(workspace, happening, user), ensure_ascii=True)
    return f"id: {happening.seq}\ndata: {data}\n\n".encode()


def _number(written: str) -> int:
    if not (written.isascii() and written.isdecimal() and len(written) <= DIGITS):
        raise Failure("invalid_event_id")
    return int(written)
