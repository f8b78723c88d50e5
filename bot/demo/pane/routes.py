"""The routes of the rooms beside the chat; below the page's own, so that whoever may not open the page finds none of them."""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.demo.at_work import AtWork
from bot.demo.missions import Missions
from bot.demo.pane import acting, letters, seeing
from bot.local_slack.page import Page
from bot.local_slack.page.assets import KINDS

FOLDER: Final = Path(__file__).with_name("static")
NAMES: Final = frozenset(file.name for file in FOLDER.iterdir() if file.suffix in KINDS)
HEAD: Final = """<link rel="stylesheet" href="/page/demo/look/beside.css">
<script type="module" src="/page/demo/look/beside.js"></script>"""


@dataclass(slots=True)
class Panes:
    """Added to the server before the desk is at work, since that needs the server's address; until then they are 503."""

    missions: Missions
    head: str = HEAD
    _working: list[AtWork] = field(default_factory=list)

    def opens(self, working: AtWork) -> None:
        self._working.append(working)

    def add_to(self, app: web.Application, page: Page) -> None:
        """Beside the page's own routes: its admission, headers and checks of Host and Origin hold for all of them."""
        page.add_to(app)
        app.router.add_get("/page/demo/look/{name}", _look)
        app.router.add_get("/page/demo/state", partial(self._with, seeing.state))
        app.router.add_get("/page/demo/mailboxes", partial(self._with, seeing.mailboxes))
        app.router.add_get("/page/demo/stream", partial(self._with, seeing.stream), allow_head=False)
        app.router.add_get("/page/demo/letters/{number}", partial(self._with, letters.letter))
        app.router.add_post("/page/demo/acts", partial(self._with, acting.act))

    async def _with(self, handler: "seeing.Handler", request: web.Request) -> web.StreamResponse:
        if not self._working:
            raise web.HTTPServiceUnavailable(text="The desk is not at work yet. Try again in a moment.")
        return await handler(request, self._working[0], self.missions)


async def _look(request: web.Request) -> web.StreamResponse:
    """A module or a sheet of styles; no path is ever made of what was asked."""
    name = request.match_info["name"]
    if name not in NAMES:
        raise web.HTTPNotFound
    return web.Response(body=(FOLDER / name).read_bytes(), content_type=KINDS[Path(name).suffix], charset="utf-8")
