"""The pages behind links over HTTP, for the host's TLS proxy: /t/TOKEN alone, without a log of it, on the address of the setting."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from bot.pages.drawing import POLICY, drawn
from bot.pages.pace import Pace
from bot.pages.words import WORDS
from bot.settings import WrongSetting
from committee.errors import Refused, Unavailable
from mailflows import entry_page
from mailflows.desk import Desk
from mailflows.entry_page import How, View
from mailflows.logs import log

LARGEST: Final = 64_000
FORM: Final = "application/x-www-form-urlencoded"
HEADERS: Final = {
    "Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}  # fmt: skip
STATUS: Final = {
    How.UNKNOWN: 404,
    How.EXPIRED: 410,
    How.USED: 410,
    How.ANOTHER: 409,
    How.EMPTY: 422,
    How.WRONG_ADDRESS: 422,
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Now = Callable[[], Awaitable[Desk]]


@asynccontextmanager
async def served(listen: tuple[str, int], now: Now) -> AsyncIterator[int]:
    """Serve until it ends; gives the port. `WrongSetting` where that address cannot be listened on."""
    host, port = listen
    runner = web.AppRunner(application(now), access_log=None, shutdown_timeout=1)  # a token is in each address
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        raise WrongSetting(
            f'VERBALE_LISTEN is "{host}:{port}" and that cannot be listened on ({error.strerror or error}): choose another, '
            "for example VERBALE_LISTEN=127.0.0.1:8542"
        ) from error
    try:
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def application(now: Now, pace: Pace | None = None) -> web.Application:
    app = web.Application(middlewares=[_careful], client_max_size=LARGEST)
    app[NOW], app[PACE] = now, pace or Pace()
    app.router.add_get("/t/{token}", _look)
    app.router.add_post("/t/{token}", _answer)
    return app


NOW: Final[web.AppKey[Now]] = web.AppKey("now")
PACE: Final = web.AppKey("pace", Pace)


@web.middleware
async def _careful(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The public name alone is answered; whatever goes wrong, the headers are strict and the words are ours."""
    desk = await request.app[NOW]()
    if request.host.casefold() != urlsplit(desk.public_url).netloc.casefold():
        return _plain(421, "This address is not served here.")
    try:
        return await handler(request)
    except web.HTTPException as error:
        return _plain(
            error.status, WORDS["en"]["unknown"] if error.status == web.HTTPNotFound.status_code else error.reason
        )
    except (Refused, Unavailable) as error:
        log.error("page not served", error=type(error).__name__)
        return _plain(503, "Nothing was changed. Please try again later, or answer the letter by e-mail.")


async def _look(request: web.Request) -> web.StreamResponse:
    desk = await request.app[NOW]()
    return _page(await entry_page.look(request.match_info["token"], desk), desk)


async def _answer(request: web.Request) -> web.StreamResponse:
    if not request.app[PACE].takes(asyncio.get_running_loop().time()):
        return _plain(429, WORDS["en"]["busy"])
    if request.content_type != FORM:
        return _plain(415, "This page takes its own form alone. Nothing was changed.")
    desk, form = await request.app[NOW](), await request.post()
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    does = {"unchanged": entry_page.confirm, "changed": entry_page.correct}.get(given.get("answer", ""))
    if does is None:
        return _plain(400, "Nothing was changed.")
    return _page(await does(request.match_info["token"], given, desk), desk)


def _page(view: View, desk: Desk) -> web.Response:
    text = drawn(view, practice=desk.facts.practice)
    return web.Response(status=STATUS.get(view.how, 200), text=text, content_type="text/html", headers=HEADERS)


def _plain(status: int, text: str) -> web.Response:
    return web.Response(status=status, text=text, headers=HEADERS)
