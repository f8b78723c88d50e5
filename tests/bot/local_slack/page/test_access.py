"""Nobody is kept out: axe-core finds nothing in any view, theme and width, and the tree that a screen reader walks is a sensible one."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.local_slack.people import User
from tests.bot.local_slack.page import browser as in_browser
from tests.bot.local_slack.page import desk, shown
from tests.bot.local_slack.page.browser import PHONE, Screen
from tests.bot.local_slack.page.desk import ADA, INTAKE, OUTGOING

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="session")]
HOW = {
    "light": {"color_scheme": "light"}, "dark": {"color_scheme": "dark"}, "phone": {"viewport": PHONE, "has_touch": True},
    "phone in the dark": {"viewport": PHONE, "has_touch": True, "color_scheme": "dark"},
}  # fmt: skip


async def channel(screen: Screen) -> None:
    ts = await screen.desk.posts(text="gallery", blocks=shown.GALLERY)
    await screen.desk.posts(text="a reply", thread_ts=ts)
    await screen.desk.posts(
        text="in *bold*, _it_, `code`, <https://desk.example|a page>, <@U03BEN>\n&gt; said\n```as it is```"
    )
    await screen.desk.posts(OUTGOING, text="unread")
    shelf = screen.desk.workspace.shelf
    message = next(reversed(screen.desk.workspace.messages[INTAKE].values()))
    screen.desk.workspace.change(
        replace(message, files=(shelf.add(ADA, "a.csv", b"a").id,), trouble="This app did not respond.", edited="1")
    )
    await screen.types("/1540 remind")
    await expect(screen.card("Only visible to you")).to_be_visible()


async def thread(screen: Screen) -> None:
    ts = await screen.desk.posts(text="Reminder", blocks=shown.REMINDER)
    await screen.desk.posts(text="a reply", thread_ts=ts)
    await screen.opens(f"#{ADA}/{INTAKE}/{ts}")
    await expect(screen.thread).to_be_visible()


async def home(screen: Screen) -> None:
    await screen.opens(f"#{ADA}/home")
    await expect(screen.page.get_by_role("heading", name="What waits")).to_be_visible()


async def form(screen: Screen) -> None:
    await screen.types("/1540 form")
    await screen.modal.get_by_role("button", name="Add it").click()
    await expect(screen.modal.get_by_text("Please complete this required field.").first).to_be_visible()


async def letter(screen: Screen) -> None:
    """A modal upon another, with nothing in it to fill in."""
    await screen.types("/1540 remind")
    await screen.card("Reminder").get_by_role("button", name="Hold the reminder").click()
    await screen.modal.get_by_role("button", name="Show the letter").click()
    await expect(screen.modal.get_by_role("heading", name="The letter")).to_be_visible()


async def asked_back(screen: Screen) -> None:
    await screen.desk.posts(text="Reminder", blocks=shown.REMINDER)
    await screen.card("Reminder").get_by_role("button", name="Release").click()
    await expect(screen.page.get_by_role("alertdialog")).to_be_visible()


async def switch(screen: Screen) -> None:
    await screen.page.get_by_role("button", name="You are").click()
    await expect(screen.page.get_by_role("option", name="Ada Lind")).to_be_focused()


async def suggestions(screen: Screen) -> None:
    await screen.box.press_sequentially("/1540 ")
    await screen.page.keyboard.press("ArrowDown")
    await expect(screen.suggestions).to_have_count(4)


async def menu(screen: Screen) -> None:
    await screen.desk.posts(text="gallery", blocks=shown.GALLERY)
    await screen.log.get_by_role("button", name="Choose a kind").click()
    await expect(screen.page.get_by_role("option", name="First")).to_be_focused()


async def trouble(screen: Screen) -> None:
    ts = await screen.desk.posts(text="A submission")
    await screen.opens(f"#{ADA}/{INTAKE}/{ts}")
    box = screen.thread.get_by_role("textbox", name="Reply in thread")
    await box.fill("/1540 help")
    await box.press("Enter")
    await expect(screen.page.get_by_role("alert")).to_be_visible()


async def nothing_yet(screen: Screen) -> None:
    await expect(screen.log).to_contain_text("Nothing has been said here yet.")


View = Callable[[Screen], Awaitable[None]]
VIEWS: dict[str, View] = {
    each.__name__: each
    for each in (channel, thread, home, form, letter, asked_back, switch, suggestions, menu, trouble, nothing_yet)
}


@pytest_asyncio.fixture(loop_scope="session", params=HOW)
async def seen(chromium: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Screen]:
    async with desk.with_app() as served, in_browser.screen(chromium, served, **HOW[request.param]) as made:
        await made.opens()
        yield made


@pytest.mark.parametrize("view", VIEWS)
async def test_axe_finds_nothing_amiss(seen: Screen, view: str) -> None:
    await VIEWS[view](seen)
    assert await violations(seen) == []


async def test_axe_is_one_that_would_find_something(screen: Screen) -> None:
    await screen.page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert [each[0] for each in await violations(screen)] == ["button-name"]


async def test_on_a_phone_the_list_of_channels_is_a_view_of_its_own(chromium: Browser) -> None:
    async with desk.with_app() as served, in_browser.screen(chromium, served, viewport=PHONE) as screen:
        await screen.opens()
        await screen.page.get_by_role("button", name="Channels").click()
        await expect(screen.page.get_by_role("link", name="outgoing")).to_be_visible()
        assert await violations(screen) == []


async def test_the_page_that_is_closed_is_one_that_can_be_read(screen: Screen) -> None:
    screen.expects("403")
    await screen.page.context.clear_cookies()
    await screen.page.reload()
    assert await violations(screen) == []


async def violations(screen: Screen) -> list[Any]:
    """Rule, and what breaks it: WCAG 2.2 A and AA, and axe's best practices."""
    await screen.page.evaluate(in_browser.axe())
    found = await screen.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert len(found["passes"]) > 3
    return [
        (each["id"], [(node["html"][:200], node["failureSummary"]) for node in each["nodes"]])
        for each in found["violations"]
    ]


async def test_the_tree_of_a_channel_is_as_a_screen_reader_walks_it(screen: Screen) -> None:
    await screen.desk.posts(text="Reminder", blocks=shown.REMINDER)
    await screen.desk.posts(OUTGOING, text="unread")
    await expect(screen.page.get_by_role("link", name="outgoing")).to_contain_text("unread")
    await expect(screen.page.locator("body")).to_match_aria_snapshot(CHANNEL)


CHANNEL = """
- link "Skip to the conversation"
- banner:
  - strong: Verbale
  - button "You are Ada Lind"
  - combobox "Colours"
- navigation "Channels and direct messages":
  - heading "Verbale" [level=2]
  - link "Home"
  - link "Messages"
  - heading "Channels" [level=2]
  - link "channel intake"
  - link "channel outgoing 1 unread"
- 'main "# intake"':
  - 'heading "# intake" [level=1]'
  - 'log "Messages in # intake"':
    - paragraph: Tuesday 4 September 2012
    - 'article "Verbale app 9:00 a.m."':
      - paragraph:
        - text: Verbale app
        - time: 9:00 a.m.
      - 'heading "Reminder of first reports: 22 letters" [level=2]'
      - text: To each Permanent Mission. Goes on
      - strong: Thu 6 September, 9 a.m. New York
      - button "Release"
      - button "Hold the reminder of first reports"
      - button "Cancel"
      - paragraph:
        - link "Reply in thread"
  - 'textbox "Message # intake"'
  - button "Send"
- status: "New in # outgoing: Verbale"
"""


async def test_the_tree_of_a_form_says_what_is_wrong_where_it_is(screen: Screen) -> None:
    await screen.types("/1540 remind")
    await screen.card("Reminder").get_by_role("button", name="Hold the reminder").click()
    await screen.modal.get_by_role("button", name="Hold it").click()
    reason = screen.modal.get_by_role("textbox", name="Reason")
    await expect(reason).to_have_accessible_description("a sentence Please complete this required field.")
    await expect(reason).to_have_attribute("aria-required", "true")
    await expect(screen.modal).to_match_aria_snapshot(FORM)


FORM = """
- dialog "Hold the reminder":
  - heading "Hold the reminder" [level=2]
  - button "Close"
  - text: It is shown to everybody who it was. Reason
  - textbox "Reason" [invalid]
  - paragraph: a sentence
  - paragraph: Please complete this required field.
  - text: Note (optional)
  - textbox "Note (optional)"
  - button "Show the letter"
  - button "Not now"
  - button "Hold it"
"""


async def test_what_comes_is_said_and_what_stood_there_is_not_said_again(screen: Screen) -> None:
    """A log is a polite live region; one that is new with all that stands in it says nothing."""
    log = await screen.log.element_handle()
    assert await screen.log.get_attribute("aria-live") in (None, "polite")
    await screen.desk.posts(text="one")
    await expect(screen.log).to_contain_text("one")
    assert await screen.page.evaluate("(log) => log === document.querySelector('#scene .log')", log)
    await screen.opens(f"#{ADA}/{OUTGOING}")
    await expect(screen.heading).to_have_text("# outgoing")
    assert not await screen.page.evaluate("(log) => log.isConnected", log)


async def test_nothing_moves_for_who_wants_no_motion(chromium: Browser) -> None:
    async with desk.with_app() as served, in_browser.screen(chromium, served, reduced_motion="reduce") as screen:
        await screen.opens()
        moving = "[...document.querySelectorAll('*')].filter((each) => getComputedStyle(each).transitionDuration.split(', ').some((time) => time !== '0s')).length"  # noqa: E501 - one expression of the browser's
        assert await screen.page.evaluate(moving) == 0
        await screen.page.emulate_media(reduced_motion="no-preference")
        assert await screen.page.evaluate(moving) > 0


@pytest.mark.parametrize("view", ["channel", "form", "thread", "home"])
async def test_at_four_times_the_size_nothing_is_cut_off(chromium: Browser, view: str) -> None:
    """WCAG 1.4.10: 320 CSS pixels wide without scrolling to the side."""
    narrow = {"width": 320, "height": 640}
    async with desk.with_app() as served, in_browser.screen(chromium, served, viewport=narrow) as screen:
        served.workspace.person(User(ADA, "ada", "Alexandra Longname-Elsewhere"))
        await screen.opens()
        await VIEWS[view](screen)
        assert await screen.page.evaluate(CUT_OFF) == []


CUT_OFF = """[document.documentElement, ...document.querySelectorAll(".top, .log, .home, .view, .heading, .composer")]
  .filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth).flatMap((each) => [each.className || each.tagName,
    ...[...each.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > each.getBoundingClientRect().right + 1)
      .slice(0, 3).map((one) => one.outerHTML.slice(0, 90))])"""
