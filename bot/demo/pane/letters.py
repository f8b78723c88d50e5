"""One letter as its reader sees it, in a document of its own that can do nothing: for a frame without scripts."""

from http import HTTPStatus
from typing import Final

from aiohttp import web

from bot.demo import reading
from bot.demo.at_work import AtWork
from bot.demo.missions import Missions

INERT: Final = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'; "
    "form-action 'none'"
)
"""Nothing runs, nothing is fetched, nothing is sent; the letter's own styles are drawn."""
GONE: Final = "<!doctype html><html lang=en><title>No such letter</title><p>No such letter stands here.</p></html>"
DIGITS: Final = 9


async def letter(request: web.Request, _working: AtWork, missions: Missions) -> web.StreamResponse:
    number = request.match_info["number"]
    known = number.isascii() and number.isdecimal() and len(number) <= DIGITS
    found = missions.office.letter(int(number)) if known else None
    headers = {"Content-Security-Policy": INERT}
    if found is None:
        return web.Response(text=GONE, content_type="text/html", status=HTTPStatus.NOT_FOUND, headers=headers)
    return web.Response(text=reading.document(found), content_type="text/html", headers=headers)
