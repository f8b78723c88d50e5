"""Nobody is kept out of the page behind a link: axe-core finds nothing at a phone's width, and it works without script."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.pages import serving
from committee.confirmations import AnswerState, Asking
from mailflows import page_tokens
from mailflows.desk import Desk
from tests.bot.local_slack.page.browser import PHONE, axe, started
from tests.conftest import PracticeDesk

pytestmark = pytest.mark.server
MALAWI = Asking("MWI", 2012)


@pytest.fixture
async def link(desk: PracticeDesk) -> AsyncIterator[str]:
    async def now() -> Desk:
        return desk.desk

    async with serving.served(("127.0.0.1", 0), now) as port:
        desk.desk = replace(desk.desk, public_url=f"http://127.0.0.1:{port}")
        yield f"{desk.desk.public_url}/t/{page_tokens.made(MALAWI, date(2012, 12, 1), desk.desk.store.keys[0])}"


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(
    desk: PracticeDesk, link: str, language: str
) -> None:
    state = await desk.desk.store.states.get("MWI")
    assert state is not None
    async with desk.desk.store.transaction(by="test", doing="x", about="MWI", at=desk.desk.now) as tx:
        await tx.states.put(replace(state, language=language))
    async with started() as browser:
        page = await browser.new_page(viewport=PHONE)
        for url in (link, link[:-1]):  # the entry, and a link that leads nowhere
            await page.goto(url)
            await page.evaluate(axe())
            found: dict[str, Any] = await page.evaluate("axe.run(document)")
            assert [one["id"] for one in found["violations"]] == []
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_it_is_answered_without_script(desk: PracticeDesk, link: str) -> None:
    async with started() as browser:
        context = await browser.new_context(java_script_enabled=False, viewport=PHONE)
        page = await context.new_page()
        await page.goto(link)
        await page.get_by_role("button", name="All of it is right").click()
        assert "The entry is confirmed" in await page.inner_text("main")
    answer = await desk.desk.store.confirmations.get(MALAWI.key)
    assert answer is not None
    assert answer.state is AnswerState.UNCHANGED
