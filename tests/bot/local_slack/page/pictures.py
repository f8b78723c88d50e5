"""Takes the pictures of the page that docs/ shows, in light, in the dark and on a phone: make screens."""

import asyncio
import sys
from pathlib import Path
from typing import Any

from playwright.async_api import expect

from tests.bot.local_slack.page import browser as in_browser
from tests.bot.local_slack.page import desk, shown
from tests.bot.local_slack.page.browser import PHONE, Screen
from tests.bot.local_slack.page.desk import ADA, INTAKE, OUTGOING, Served

HOW: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"}, "dark": {"color_scheme": "dark"}, "phone": {"viewport": PHONE, "has_touch": True},
}  # fmt: skip
MOST = 200_000
"""Bytes of one picture."""


def facts(**pairs: str) -> shown.Block:
    return {"type": "section", "fields": [shown.mrkdwn(f"*{name}*\n{value}") for name, value in pairs.items()]}


SUBMISSION: list[shown.Block] = [
    {"type": "header", "text": shown.plain("First report from Malawi")},
    facts(From="Permanent Mission of Malawi", Handling="Members", Received="8:40 a.m. New York", Enclosures="1 file, PDF, 412 kB"),
    {"type": "actions", "elements": [
        shown.button("accept", "Accept", style="primary"), shown.button("reclassify", "Reclassify…"), shown.button("clarify", "Ask…"),
    ]},
    {"type": "context", "elements": [shown.plain("Receipt queued to the Mission, copy to the national point of contact · S-2012-0017")]},
]  # fmt: skip


async def main(folder: Path) -> None:
    async with in_browser.started() as browser:
        for name, how in HOW.items():
            async with desk.with_app() as served, in_browser.screen(browser, served, **how) as screen:
                ts = await _day(served)
                await _looked_at(screen, ts, phone=name == "phone")
                picture = await screen.page.screenshot(animations="disabled", caret="hide")
            assert len(picture) < MOST, (name, len(picture))
            (folder / f"chat-{name}.png").write_bytes(picture)


async def _day(served: Served) -> str:
    """A morning's messages; the ts of the first."""
    served.clock.moment -= 19 * 60
    ts = await served.posts(text="First report from Malawi", blocks=SUBMISSION)
    served.clock.moves(60)
    await served.posts(text="The receipt was accepted by the mission's mail server at 8:41 a.m.", thread_ts=ts)
    await served.posts(OUTGOING, text="Two letters have left")
    served.clock.moves(20 * 60)
    return ts


async def _looked_at(screen: Screen, ts: str, *, phone: bool) -> None:
    await screen.opens()
    await screen.types("/1540 remind")
    await expect(screen.card("Only visible to you")).to_be_visible()
    if not phone:
        await screen.opens(f"#{ADA}/{INTAKE}/{ts}")
        await expect(screen.thread.get_by_role("log")).to_contain_text("accepted by")
    await screen.page.mouse.move(0, 0)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
