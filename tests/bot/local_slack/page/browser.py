"""The page in real Chromium, as a person has it before them."""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.bot.local_slack.page.desk import ADA, INTAKE, Served
from tests.host import left_out

SERVERS = Path(__file__).parents[4] / ".servers"
AXE = SERVERS / "axe/node_modules/axe-core/axe.min.js"
HOW = "sh tests/tools.sh brings it into .servers/ where apt-get and npm can download; make servers installs the browser"
expect.set_options(timeout=20_000)  # a machine may be busy; nothing waits for it where all is well
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 375, "height": 740}


def chromium() -> str:
    path = f"{SERVERS / 'bin'}:{os.environ['PATH']}"
    names = ("chromium", "chromium-browser", "google-chrome")
    found = [found for name in names if (found := shutil.which(name, path=path))]
    return found[0] if found else left_out(f"chromium is not on this host: {HOW}")


def axe() -> str:
    """Its source: the page's policy lets nothing in, so that it is put into the page from without."""
    return AXE.read_text() if AXE.exists() else left_out(f"axe-core is not here: {HOW}")


@asynccontextmanager
async def started() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        try:
            yield browser
        finally:
            await browser.close()


@dataclass(slots=True)
class Screen:
    """What one browser shows. Whatever its console says of trouble fails the test, unless the test has said why."""

    desk: Served
    page: Page
    troubles: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    async def opens(self, where: str = f"#{ADA}/{INTAKE}") -> None:
        """Through the terminal's address, then at this place."""
        if self.page.url == "about:blank":
            await self.page.goto(self.desk.page.address(self.desk.url))
            await expect(self.heading).not_to_have_text("One moment …")
        await self.page.goto(f"{self.desk.url}/{where}")
        await expect(self.page).to_have_url(re.compile(re.escape(where)))

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log", name="Messages in")

    @property
    def box(self) -> Locator:
        return self.page.get_by_role("main").get_by_role("textbox", name="Message")

    @property
    def suggestions(self) -> Locator:
        return self.page.get_by_role("listbox", name="Suggestions").get_by_role("option")

    @property
    def modal(self) -> Locator:
        return self.page.locator("#modal")

    @property
    def thread(self) -> Locator:
        return self.page.get_by_role("complementary", name="Thread")

    def card(self, words: str) -> Locator:
        return self.log.get_by_role("article").filter(has_text=words)

    async def types(self, text: str) -> None:
        await self.box.fill(text)
        await self.box.press("Enter")

    async def becomes(self, name: str) -> None:
        """Another person, by the switch."""
        await self.page.get_by_role("button", name="You are").click()
        await self.page.get_by_role("option", name=name).click()
        await expect(self.page.get_by_role("button", name=f"You are {name}")).to_be_visible()

    async def runs(self, code: str, given: Any = None) -> Any:
        """Code among the page's own modules, put in from without; `imported(name)` is one of them."""
        async with asyncio.timeout(60):
            return await self.page.evaluate(
                "async (given) => { const imported = (name) => import(`/page/look/${name}.js`);" + code + "}", given
            )

    def expects(self, words: str) -> None:
        """Trouble of this kind belongs to what the test does."""
        self.expected.append(words)


@asynccontextmanager
async def screen(browser: Browser, desk: Served, **how: Any) -> AsyncIterator[Screen]:
    """`how`: viewport, color_scheme and the like, as Playwright takes them."""
    context = await browser.new_context(**({"viewport": WIDE, "locale": "en-US"} | how))
    context.set_default_timeout(30_000)
    page = await context.new_page()
    made = Screen(desk, page)
    page.on("console", lambda said: made.troubles.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: made.troubles.append(str(error)))
    try:
        yield made
    finally:
        await context.close()
    unexpected = [each for each in made.troubles if not any(words in each for words in made.expected)]
    assert not unexpected, unexpected
