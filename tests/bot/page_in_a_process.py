"""A process that serves the page behind links, and dies between the commit of an answer and telling of it."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bot import building
from bot.pages import serving
from bot.settings import without_environment
from mailflows import entry_page
from mailflows.desk import Desk
from mailflows.entry_page import View

confirmed = entry_page.confirm


async def confirm_and_die(token: str, given: Mapping[str, str], desk: Desk) -> View:
    await confirmed(token, given, desk)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


async def serve(folder: Path) -> None:
    entry_page.confirm = confirm_and_die
    async with building.open_desk(folder, without_environment()) as opened:
        desk = opened

        async def now() -> Desk:
            return desk

        async with serving.served(("127.0.0.1", 0), now) as port:
            desk = replace(opened, public_url=f"http://127.0.0.1:{port}")
            print(port, flush=True)  # noqa: T201 - to the test that has started it
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
