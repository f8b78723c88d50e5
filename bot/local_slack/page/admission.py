"""Who is let in: whoever opened the address that the terminal printed, from a page of this server's own.

The token is exchanged for a cookie and goes out of the address; names of hosts are checked by the server before anything.
"""

import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Middleware

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
ENTRANCE: Final = "/"
ROOM: Final = "/page/"
"""Below it is what the page asks for; everything else there is Slack's own and asks for tokens of Slack's."""
OWN: Final = frozenset({"same-origin", "none"})
CLOSED: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>This page is closed</title><link rel="icon" href="data:,"></head>
<body><main><h1>This page is closed</h1>
<p>Nothing was changed. Open it with the whole address that the terminal printed when the desk was started,
with <code>?token=</code> in it. After a new start there is a new address.</p></main></body></html>
"""


@dataclass(frozen=True, slots=True)
class Admission:
    """A middleware of the server, for the page's routes; `token` stands in the address, `pass_` in the cookie."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    pass_: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    def middleware(self) -> Middleware:
        @web.middleware
        async def admitted(request: web.Request, handler: Handler) -> web.StreamResponse:
            if elsewhere(request):
                return web.json_response({"ok": False, "error": "asked_from_elsewhere"}, status=HTTPStatus.FORBIDDEN)
            if request.path == ENTRANCE and "token" in request.query:
                return self.exchanged(request)
            ours = request.path == ENTRANCE or request.path.startswith(ROOM)
            return closed() if ours and not self.known(request) else await handler(request)

        return admitted

    def exchanged(self, request: web.Request) -> web.StreamResponse:
        """The token for the cookie, and on to the page: a browser keeps no address that was redirected in its history."""
        if request.method != "GET" or not _same(request.query["token"], self.token):
            return closed()
        response = web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": ENTRANCE})
        response.set_cookie(cookie_of(request), self.pass_, httponly=True, samesite="Strict", path="/")
        return response

    def known(self, request: web.Request) -> bool:
        return _same(request.cookies.get(cookie_of(request), ""), self.pass_)


def elsewhere(request: web.Request) -> bool:
    """Whether a page of another origin asks; what changes something must say that it is from our own.

    https://www.w3.org/TR/fetch-metadata: to a browser another port of this host is the same site, so the cookie alone says nothing.
    """
    origin, own = request.headers.get("Origin"), f"{request.scheme}://{request.host}"
    if origin is not None and origin != own:
        return True
    if request.path.startswith(ROOM):
        changes = request.method not in ("GET", "HEAD")
        return (changes and origin is None) or request.headers.get("Sec-Fetch-Site", "none") not in OWN
    return False


def cookie_of(request: web.Request) -> str:
    """Its name has the port in it: cookies are a host's, and two desks may run on one."""
    return f"verbale-{request.host.rpartition(':')[2]}"


def closed() -> web.Response:
    return web.Response(status=HTTPStatus.FORBIDDEN, text=CLOSED, content_type="text/html")


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(errors="surrogatepass"), right.encode())
