"""The page served, opened in a browser, and looked at."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.bot.local_slack.page import browser as in_browser
from tests.bot.local_slack.page import desk
from tests.bot.local_slack.page.browser import Screen
from tests.bot.local_slack.page.desk import Served
from tests.bot.local_slack.page.raw import Visitor, visitor


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    """Without an app."""
    async with desk.served() as made:
        yield made


@pytest.fixture
async def with_app() -> AsyncIterator[Served]:
    async with desk.with_app() as made:
        yield made


@pytest.fixture
async def ada(served: Served) -> AsyncIterator[Visitor]:
    """A browser that has opened the address which the terminal printed, as far as a program can be one."""
    async with visitor(served) as made:
        await made.opens()
        yield made


@pytest.fixture
async def stranger(served: Served) -> AsyncIterator[Visitor]:
    async with visitor(served) as made:
        yield made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One browser for all tests of a worker; what is in its loop is in the loop of the whole session."""
    async with in_browser.started() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def screen(chromium: Browser) -> AsyncIterator[Screen]:
    """Ada's, in # intake, with the scripted app."""
    async with desk.with_app() as served, in_browser.screen(chromium, served) as made:
        await made.opens()
        yield made
