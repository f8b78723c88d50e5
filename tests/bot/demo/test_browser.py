"""The seven steps in real Chromium, with the mouse and by keyboard alone; the rooms for screen readers; a letter that does nothing."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from bot.demo import tour
from bot.demo.opening import demo
from bot.demo.post_office import Arrived
from tests.bot.demo.browser import MIDDLE, PHONE, VERY_WIDE, Visit, visit
from tests.bot.local_slack.page import browser as in_browser

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with in_browser.started() as browser:
        yield browser


async def test_the_seven_steps_with_the_mouse(chromium: Browser, tmp_path: Path) -> None:
    async with visit(chromium, tmp_path) as here:
        await here.done(0)
        await here.page.get_by_role("button", name="Go on to Thu 30 August, 9 a.m.").click()
        await here.done(1)

        await here.step.get_by_role("button", name="Fill in the mail").click()
        await here.mail.get_by_role("button", name="Send the mail").click()
        await here.done(2)
        await here.mail.get_by_role("button", name=re.compile("S-2012-0001")).click()
        await expect(here.mail.frame_locator("iframe").get_by_text("S-2012-0001").first).to_be_visible()

        await here.card("first report from Malawi").get_by_role("button", name="Accept").click()
        await here.done(3)

        await here.step.get_by_role("button", name="Fill in the mail").click()
        await here.mail.get_by_role("button", name="Send the mail").click()
        await here.card("mail set aside").get_by_role("button", name="keep the address").click()
        await here.done(4)

        for line in tour.STEPS[4].lines:
            await here.step.get_by_role("button", name=line).click()
            await expect(here.box).to_have_value(line)
            await here.page.get_by_role("main").get_by_role("button", name="Send", exact=True).click()
        await here.done(5)

        for line in tour.STEPS[5].lines:
            await here.step.get_by_role("button", name=line).click()
            await here.page.get_by_role("main").get_by_role("button", name="Send", exact=True).click()
        await here.card("Letter about the closure").get_by_role("button", name="Prepare").click()
        await here.page.get_by_role("button", name="You are").click()
        await here.page.get_by_role("option", name="Robin Seal").click()
        await here.card("wait for a second person").get_by_role("button", name="Send 2").click()
        await here.done(6)

        await _until_wednesday(here, lambda button: button.click())
        await here.step.get_by_role("button", name="Fill in the mail").click()
        await here.mail.get_by_role("button", name="Send the mail").click()
        await here.done(7)


async def _until_wednesday(here: Visit, press: Any) -> None:
    """Moment after moment, as long as Mali has nothing to answer."""
    fill = here.step.get_by_role("button", name="Fill in the mail")
    for _ in range(12):
        if await fill.count():
            return
        before = await here.tour.locator(".now").text_content()
        await press(here.tour.get_by_role("button", name="Go on to"))
        await expect(here.tour.locator(".now")).not_to_have_text(before or "")
        await here.page.wait_for_function("() => document.querySelector('.clock button').ariaBusy === null")
    await expect(fill).to_be_visible()


async def test_the_seven_steps_by_keyboard_alone(chromium: Browser, tmp_path: Path) -> None:
    async with visit(chromium, tmp_path) as here:

        async def press(wanted: Locator) -> None:
            await here.tabs_to(wanted)
            await here.page.keyboard.press("Enter")

        send = here.mail.get_by_role("button", name="Send the mail")
        await press(here.page.get_by_role("button", name="Go on to Thu 30 August, 9 a.m."))
        await here.done(1)
        await press(here.step.get_by_role("button", name="Fill in the mail"))
        await press(send)
        await here.done(2)
        await press(here.card("first report from Malawi").get_by_role("button", name="Accept"))
        await here.done(3)
        await press(here.step.get_by_role("button", name="Fill in the mail"))
        await press(send)
        await expect(here.card("mail set aside")).to_be_visible()
        await press(here.card("mail set aside").get_by_role("button", name="keep the address"))
        await here.done(4)
        for line in tour.STEPS[4].lines:
            await press(here.step.get_by_role("button", name=line))
            await expect(here.box).to_be_focused()
            await here.page.keyboard.press("Enter")
        await here.done(5)
        for line in tour.STEPS[5].lines:
            await press(here.step.get_by_role("button", name=line))
            await expect(here.box).to_be_focused()
            await here.page.keyboard.press("Enter")
        prepare = here.card("Letter about the closure").get_by_role("button", name="Prepare")
        await expect(prepare).to_be_visible()
        await press(prepare)
        await press(here.page.get_by_role("button", name="You are"))
        robin = here.page.get_by_role("option", name="Robin Seal")
        for _ in range(8):
            if await robin.evaluate("(element) => element === document.activeElement"):
                break
            await here.page.keyboard.press("ArrowDown")
        await here.page.keyboard.press("Enter")
        release = here.card("wait for a second person").get_by_role("button", name="Send 2")
        await expect(release).to_be_visible()
        await press(release)
        await here.done(6)
        await _until_wednesday(here, press)
        await press(here.step.get_by_role("button", name="Fill in the mail"))
        await press(send)
        await here.done(7)


@pytest.mark.parametrize(
    "how",
    [
        {"viewport": VERY_WIDE, "color_scheme": "light"}, {"viewport": VERY_WIDE, "color_scheme": "dark"}, {"viewport": MIDDLE},
        {"viewport": PHONE, "color_scheme": "light"}, {"viewport": PHONE, "color_scheme": "dark"},
    ],
)  # fmt: skip
async def test_nobody_is_kept_out_of_any_room(chromium: Browser, tmp_path: Path, how: dict[str, Any]) -> None:
    source = in_browser.axe()
    async with visit(chromium, tmp_path, **how) as here:
        await here.demo.working.go_on()
        await here.demo.missions.writes(
            await tour.malawi_reports(await here.demo.working.now(), here.demo.missions), await here.demo.working.now()
        )
        await here.demo.working.settle()
        await here.done(2)
        await _without_violation(here, source, "the tour")
        if how["viewport"] is VERY_WIDE:
            await here.box.fill("/1540 desk")
            await here.box.press("Enter")
            await expect(here.card("All of it as a file")).to_be_visible()
            await _without_violation(here, source, "a long answer")
        else:
            await here.page.get_by_role("navigation", name="Rooms").get_by_role("button", name="Mail").click()
        await here.mail.get_by_label("Mailbox of").select_option("contact@gov-malawi.example")
        await _without_violation(here, source, "the letters")
        await here.mail.get_by_role("button", name=re.compile("S-2012-0001")).click()
        await _without_violation(here, source, "a letter")
        await here.mail.get_by_role("button", name="Answer").click()
        await expect(here.mail.get_by_label("Subject")).to_be_focused()
        await _without_violation(here, source, "a mail")
        wide = await here.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert wide, "nothing is scrolled sideways"


async def test_where_one_room_stands_for_two_each_name_says_what_has_happened_in_it(
    chromium: Browser, tmp_path: Path
) -> None:
    async with visit(chromium, tmp_path, viewport=MIDDLE) as here:
        rooms = here.page.get_by_role("navigation", name="Rooms")
        mail, the_tour = rooms.get_by_role("button", name="Mail"), rooms.get_by_role("button", name="Tour")
        await expect(the_tour).to_have_text("Tour0/7 steps done")
        await here.page.get_by_role("button", name="Go on to").click()
        await expect(the_tour).to_have_text("Tour1/7 steps done")
        desk = await here.demo.working.now()
        await here.demo.missions.writes(await tour.malawi_reports(desk, here.demo.missions), desk)
        await here.demo.working.settle()
        await expect(mail).to_contain_text("new letters")
        await mail.click()
        await expect(mail).to_have_text("Mail")
        await expect(mail).to_have_attribute("aria-pressed", "true")
        await here.card("first report from Malawi").get_by_role("button", name="Accept").click()
        await expect(the_tour).to_have_text("Tour3/7 steps done")
        desk = await here.demo.working.now()
        await here.demo.missions.writes(await tour.gambia_reports(desk, here.demo.missions), desk)
        await here.demo.working.settle()
        await here.card("mail set aside").get_by_role("button", name="keep the address").click()
        await expect(the_tour).to_have_text("Tour4/7 steps done")
        await the_tour.click()
        await expect(here.step).to_be_in_viewport(ratio=0.99)
        await here.step.get_by_role("button", name=tour.STEPS[4].lines[0]).click()
        await expect(here.box).to_have_value(tour.STEPS[4].lines[0])
        await expect(the_tour).to_have_attribute("aria-pressed", "true")


async def _without_violation(here: Visit, source: str, where: str) -> None:
    await here.page.evaluate(source)
    found = await here.page.evaluate(
        "async () => (await axe.run(document, { iframes: false })).violations.map(({id, nodes}) => [id, nodes.map((node) => node.html)])"
    )
    assert found == [], f"{where}: {found}"


async def test_a_letter_runs_nothing_and_fetches_nothing(chromium: Browser, tmp_path: Path) -> None:
    connected: list[object] = []
    elsewhere = await asyncio.start_server(lambda _reader, writer: connected.append(writer), "127.0.0.1", 0)
    port = elsewhere.sockets[0].getsockname()[1]
    hostile = (
        b"From: a@b.test\r\nSubject: <img src=x onerror=alert(1)>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        b"<script>parent.document.title = 'taken'; document.title = 'taken'</script><p>words</p>"
        b"<img src=/page/demo/state onload=\"parent.document.title='taken'\"><a href=/ target=_top>go</a>"
        b"<iframe src=http://127.0.0.1:%d/></iframe>\r\n" % port
    )
    asked: list[str] = []
    context = await chromium.new_context(viewport=VERY_WIDE)
    async with demo(tmp_path) as made:
        made.missions.office.arrived.append(Arrived(1, "pm@mali.mission.example", hostile))
        page = await context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(made.address)
        mail = page.get_by_role("region", name="Mailboxes")
        await mail.get_by_label("Mailbox of").select_option("pm@mali.mission.example")
        await mail.get_by_role("button", name="onerror").click()
        await expect(mail.frame_locator("iframe").get_by_text("words")).to_be_visible()
        asked.clear()
        await mail.frame_locator("iframe").get_by_text("go").click()
        await expect(mail.frame_locator("iframe").get_by_text("words")).to_be_visible()
        assert "taken" not in await page.title()
        assert not [url for url in asked if "/page/demo/state" in url]
        await context.close()
    elsewhere.close()
    assert not connected, "a browser connects for a frame before it looks at the policy"
