"""The page itself: one document, its look and its modules, as they lie beside this one."""

from pathlib import Path
from typing import Final

from aiohttp import web

from bot.local_slack.page.headers import POLICY

FOLDER: Final = Path(__file__).with_name("static")
KINDS: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".html": "text/html"}
NAMES: Final = frozenset(file.name for file in FOLDER.iterdir() if file.suffix in KINDS)
"""What may be asked for: no path is ever made of what was asked."""


async def index(_request: web.Request, *, head: str = "") -> web.StreamResponse:
    """`head`: what else the document loads, for rooms beside the chat; then it may hold frames of this server's own."""
    if not head:
        return _given("index.html")
    document = (FOLDER / "index.html").read_text().replace("</head>", f"{head}\n</head>", 1)
    policy = {"Content-Security-Policy": f"{POLICY}; frame-src 'self'"}
    return web.Response(text=document, content_type="text/html", headers=policy)


async def asset(request: web.Request) -> web.StreamResponse:
    name = request.match_info["name"]
    if name not in NAMES:
        raise web.HTTPNotFound
    return _given(name)


def _given(name: str) -> web.Response:
    file = FOLDER / name
    return web.Response(body=file.read_bytes(), content_type=KINDS[file.suffix], charset="utf-8")
