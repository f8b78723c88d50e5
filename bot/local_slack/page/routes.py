"""The page's own routes beside Slack's, and the address that opens them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from aiohttp import web

from bot.local_slack.page import acting, assets, files, headers, seeing, streaming
from bot.local_slack.page.admission import Admission
from bot.local_slack.page.suggesting import suggestions


@dataclass(frozen=True, slots=True)
class Page:
    """`served(workspace, pages=page.add_to)` serves it too; `page.address(url)` opens it.

    `manifest` is the app's (docs.slack.dev/reference/app-manifest): what the box below a channel suggests is from its commands.
    """

    manifest: Mapping[str, Any] = field(default_factory=dict)
    head: str = ""
    """What else the document loads: rooms beside the chat (`assets.index`)."""
    admission: Admission = field(default_factory=Admission)

    def address(self, url: str) -> str:
        """What the terminal prints, once: whoever has it acts as anybody in this workspace."""
        return f"{url}/?token={self.admission.token}"

    def add_to(self, app: web.Application) -> None:
        app.middlewares.append(self.admission.middleware())
        app.on_response_prepare.append(headers.put_on)
        app.router.add_get("/", partial(assets.index, head=self.head))
        app.router.add_get("/page/state", partial(seeing.state, suggestions=suggestions(self.manifest)))
        app.router.add_get("/page/stream", streaming.stream, allow_head=False)
        app.router.add_get("/page/files/{file}", files.download)
        app.router.add_get("/page/look/{name}", assets.asset)
        app.router.add_post("/page/files", files.upload)
        app.router.add_post("/page/acts", acting.act)
