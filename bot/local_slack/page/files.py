"""Files: given out to whoever sees them, to be saved and never to be run; taken in for a field of a modal."""

from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from aiohttp import web

from bot.local_slack.errors import Failure
from bot.local_slack.page.headers import INERT
from bot.local_slack.page.seeing import person
from bot.local_slack.server import WORKSPACE
from bot.local_slack.shelf import File
from bot.local_slack.snapshot import file_seen
from bot.local_slack.workspace import Workspace

PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What a message may show as a picture; everything else is bytes to a browser."""
NAME: Final = 255


async def download(request: web.Request) -> web.StreamResponse:
    workspace = request.app[WORKSPACE]
    try:
        user = person(workspace, request.query.get("as"))
        file = workspace.shelf.get(request.match_info["file"])
        _hold_seen(workspace, file, user)
    except Failure as failure:
        return web.json_response({"ok": False, "error": failure.code}, status=HTTPStatus.NOT_FOUND)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='', errors='replace')}",
        "Content-Security-Policy": INERT,
    }
    kind = file.mimetype if file.mimetype in PICTURES else "application/octet-stream"
    return web.Response(body=file.data, content_type=kind, headers=headers)


async def upload(request: web.Request) -> web.StreamResponse:
    """The bytes as they are, with the name in the query; answered with the file, whose id goes into a field's entries."""
    workspace = request.app[WORKSPACE]
    try:
        user = person(workspace, request.query.get("as"))
        name = _named(request.query.get("name", ""))
    except Failure as failure:
        return web.json_response({"ok": False, "error": failure.code}, status=HTTPStatus.BAD_REQUEST)
    file = workspace.shelf.add(user, name, await request.read())
    return web.json_response({"ok": True, "file": file_seen(workspace, file.id)})


def _named(name: str) -> str:
    if not name or len(name) > NAME or not name.isprintable():
        raise Failure("invalid_name")
    return name


def _hold_seen(workspace: Workspace, file: File, user: str) -> None:
    """Their own, one of a message that they see, or one that a message or a view of theirs shows as a picture."""
    if file.user == user:
        return
    for channel in workspace.channels.values():
        if user in channel.members:
            for message in workspace.messages[channel.id].values():
                if message.seen_by(user) and (file.id in message.files or _shows(message.blocks, file.id)):
                    return
    views = [*workspace.modals.stacks.get(user, []), *filter(None, [workspace.modals.homes.get(user)])]
    if not any(_shows(view.body.get("blocks", []), file.id) for view in views):
        raise Failure("file_not_found")


def _shows(part: object, file_id: str) -> bool:
    """docs.slack.dev/reference/block-kit/composition-objects/slack-file-object: by id, or by url_private."""
    if isinstance(part, dict):
        shown = part.get("slack_file")
        if isinstance(shown, dict) and file_id in (shown.get("id"), str(shown.get("url", "")).rpartition("/")[2]):
            return True
        return any(_shows(each, file_id) for each in part.values())
    return isinstance(part, list | tuple) and any(_shows(each, file_id) for each in part)
