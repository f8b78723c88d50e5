"""The demo in real Chromium, as one who tries it has it before them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect

from bot.demo import tour
from bot.demo.opening import Demo, demo

VERY_WIDE, MIDDLE, PHONE = {"width": 1600, "height": 900}, {"width": 1280, "height": 800}, {"width": 390, "height": 844}
TITLES = [step.title for step in tour.STEPS]


@dataclass(slots=True)
class Visit:
    """What the browser of one who tries the demo shows."""

    demo: Demo
    page: Page

    async def done(self, number: int) -> None:
        """So many steps are checked off, by facts."""
        await expect(
            self.tour.get_by_text(f"{number} of 7 steps done" if number < 7 else "All seven steps are done")
        ).to_be_attached()
        desk = await self.demo.working.now()
        assert [bool(await step.fact(desk)) for step in tour.STEPS] == [True] * number + [False] * (7 - number)

    @property
    def tour(self) -> Locator:
        return self.page.locator("#room-tour")

    @property
    def mail(self) -> Locator:
        return self.page.locator("#room-mail")

    @property
    def step(self) -> Locator:
        return self.tour.locator("[aria-current=step]")

    @property
    def box(self) -> Locator:
        return self.page.get_by_role("main").get_by_role("textbox", name="Message")

    def card(self, words: str) -> Locator:
        return self.page.get_by_role("log", name="Messages in").get_by_role("article").filter(has_text=words).last

    async def tabs_to(self, wanted: Locator, *, most: int = 90) -> None:
        """By keyboard, from where one is; the focus can be seen there."""
        for _ in range(most):
            if await wanted.evaluate("(element) => element === document.activeElement"):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"{wanted} is not reached by Tab")


@asynccontextmanager
async def visit(chromium: Browser, where: Path, **how: Any) -> AsyncIterator[Visit]:
    troubles: list[str] = []
    async with demo(where) as made:
        context = await chromium.new_context(**({"viewport": VERY_WIDE, "locale": "en-US"} | how))
        context.set_default_timeout(20_000)
        page = await context.new_page()
        page.on("console", lambda said: troubles.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        try:
            await page.goto(made.address)
            await expect(page.get_by_role("heading", name=TITLES[0])).to_be_attached()
            yield Visit(made, page)
        finally:
            await context.close()
        assert not made.workspace.breaches
    assert not troubles, troubles
