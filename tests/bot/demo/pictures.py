"""Takes the pictures of the demo that docs/ shows, in light, in the dark and on a phone: make screens."""

import asyncio
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import expect

from bot import logs
from bot.demo import tour
from bot.demo.playing import Player
from tests.bot.demo.browser import PHONE, VERY_WIDE, Visit, visit
from tests.bot.local_slack.page import browser as in_browser

HOW: dict[str, dict[str, Any]] = {
    "light": {"viewport": VERY_WIDE, "color_scheme": "light"}, "dark": {"viewport": VERY_WIDE, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "color_scheme": "light", "has_touch": True},
}  # fmt: skip
MOST = 300_000
"""Bytes of one picture."""
MALAWI = "contact@gov-malawi.example"


async def main(folder: Path) -> None:
    logs.configure("warning")
    async with in_browser.started() as browser:
        for name, how in HOW.items():
            with tempfile.TemporaryDirectory() as where:
                async with visit(browser, Path(where), **how) as here:
                    await _two_steps(here)
                    await _looked_at(here, phone=name == "phone")
                    picture = await here.page.screenshot(animations="disabled", caret="hide")
            assert len(picture) < MOST, (name, len(picture))
            (folder / f"demo-{name}.png").write_bytes(picture)


async def _two_steps(here: Visit) -> None:
    told = Player(here.demo).play()
    async for one in told:
        if one.title == tour.STEPS[1].title:
            break
    await told.aclose()
    await here.done(2)


async def _looked_at(here: Visit, *, phone: bool) -> None:
    """A wide page with the receipt in its mailbox; on a phone the tour."""
    if not phone:
        await here.mail.get_by_label("Mailbox of").select_option(MALAWI)
        await here.mail.get_by_role("button", name=re.compile("S-2012-0001")).click()
        await expect(here.mail.frame_locator("iframe").get_by_text("S-2012-0001").first).to_be_visible()
        await here.card("first report from Malawi").scroll_into_view_if_needed()
    await here.page.mouse.move(0, 0)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
