"""The page by keyboard alone: where the focus is, where it goes, and where it comes back to."""

import pytest
from playwright.async_api import expect

from tests.bot.local_slack.page import shown
from tests.bot.local_slack.page.browser import Screen
from tests.bot.local_slack.page.desk import ADA, INTAKE, OUTGOING

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="session")]


async def test_a_day_is_worked_without_a_mouse(screen: Screen) -> None:
    """Type a command, press its button, fill in the form wrongly and then rightly, and read what it said."""
    keys = screen.page.keyboard
    await screen.page.reload()
    await expect(screen.heading).to_have_text("# intake")
    await keys.press("Tab")
    await expect(screen.page.get_by_role("link", name="Skip to the conversation")).to_be_focused()
    await keys.press("Enter")
    await expect(screen.page.get_by_role("main")).to_be_focused()
    await _tab_to(screen, "Message # intake")
    await keys.type("/15")
    await expect(screen.suggestions).to_have_text(["/1540Work at the correspondence desk"])
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(screen.box).to_have_value("/1540 ")
    await keys.type("remind")
    await keys.press("Enter")
    await expect(screen.card("Reminder")).to_be_visible()
    await screen.log.focus()
    await keys.press("ArrowUp")
    await expect(screen.card("Reminder")).to_be_focused()
    await _tab_to(screen, "Hold the reminder of first reports")
    await keys.press("Enter")
    await expect(screen.modal.get_by_role("textbox", name="Reason")).to_be_focused()
    await keys.type("because")
    await _tab_to(screen, "Hold it")
    await keys.press("Enter")
    await expect(screen.modal.get_by_role("textbox", name="Reason")).to_have_attribute("aria-invalid", "true")
    await expect(screen.modal.get_by_role("textbox", name="Reason")).to_be_focused()
    await keys.type(" the Chair asked")
    await _tab_to(screen, "Hold it")
    await keys.press("Space")
    await expect(screen.modal).to_be_hidden()
    await expect(screen.page.get_by_role("button", name="Hold the reminder of first reports")).to_be_focused()
    await expect(screen.log).to_contain_text("Held: because the Chair asked")


async def _tab_to(screen: Screen, name: str) -> None:
    """Tab until what has this name has the focus; it must come within what one page holds."""
    for _ in range(40):
        await screen.page.keyboard.press("Tab")
        if name in await screen.page.evaluate(NAME):
            return
    raise AssertionError(f"Tab does not come to {name!r}")


NAME = """() => { const at = document.activeElement;
  return [at.ariaLabel, at.textContent, ...[...(at.labels ?? [])].map((label) => label.textContent)].join(" "); }"""


async def test_the_focus_stays_in_a_modal_and_comes_back_from_it(screen: Screen) -> None:
    await screen.types("/1540 remind")
    button = screen.card("Reminder").get_by_role("button", name="Hold the reminder")
    await button.focus()
    await screen.page.keyboard.press("Enter")
    await expect(screen.modal).to_be_visible()
    for _ in range(20):
        await screen.page.keyboard.press("Tab")
        inside = "document.activeElement === document.body || document.getElementById('modal').contains(document.activeElement)"
        assert await screen.page.evaluate(inside)
    await screen.page.keyboard.press("Escape")
    await expect(screen.modal).to_be_hidden()
    await expect(button).to_be_focused()


async def test_the_person_is_switched_by_arrows_and_letters(screen: Screen) -> None:
    switch, keys = screen.page.get_by_role("button", name="You are"), screen.page.keyboard
    await switch.focus()
    await keys.press("ArrowDown")
    option = screen.page.get_by_role("option", name="Ada Lind")
    await expect(option).to_be_focused()
    await expect(option).to_have_attribute("aria-selected", "true")
    await keys.press("b")
    await expect(screen.page.get_by_role("option", name="Ben Cole")).to_be_focused()
    await keys.press("End")
    await expect(screen.page.get_by_role("option", name="Max Roth")).to_be_focused()
    await keys.press("Escape")
    await expect(switch).to_be_focused()
    await expect(switch).to_have_accessible_name("You are Ada Lind")
    await keys.press("Enter")
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(screen.page.get_by_role("button", name="You are Olu Ade")).to_be_visible()
    await expect(screen.page.get_by_role("status")).to_have_text("You are Olu Ade")


async def test_what_was_typed_before_comes_back_by_the_arrows(screen: Screen) -> None:
    keys = screen.page.keyboard
    for text in ("/1540 due", "good morning"):
        await screen.types(text)
        await expect(screen.box).to_have_value("")
    await keys.press("ArrowUp")
    await expect(screen.box).to_have_value("good morning")
    await keys.press("ArrowUp")
    await expect(screen.box).to_have_value("/1540 due")
    await keys.press("ArrowUp")
    await expect(screen.box).to_have_value("/1540 due")
    await keys.press("ArrowDown")
    await keys.press("ArrowDown")
    await expect(screen.box).to_have_value("")
    await screen.box.fill("half a sen")
    await keys.press("ArrowUp")
    await expect(screen.box).to_have_value("half a sen")


async def test_each_place_keeps_its_draft(screen: Screen) -> None:
    await screen.box.fill("half a sen")
    await screen.opens(f"#{ADA}/{OUTGOING}")
    await expect(screen.box).to_have_value("")
    await screen.opens(f"#{ADA}/{INTAKE}")
    await expect(screen.box).to_have_value("half a sen")
    await screen.becomes("Ben Cole")
    await expect(screen.box).to_have_value("")


async def test_the_words_of_a_command_are_suggested_and_need_not_be_taken(screen: Screen) -> None:
    await screen.box.press_sequentially("/1540 ")
    await expect(screen.suggestions).to_have_text(["/1540 help", "/1540 due", "/1540 mail", "/1540 letter"])
    await screen.page.keyboard.type("le")
    await screen.page.keyboard.press("ArrowDown")
    chosen = screen.suggestions.filter(has_text="/1540 letter")
    await expect(chosen).to_have_attribute("aria-selected", "true")
    await expect(screen.box).to_have_attribute("aria-activedescendant", await chosen.get_attribute("id") or "-")
    await screen.page.keyboard.press("Escape")
    await expect(screen.suggestions).to_have_count(0)
    await screen.page.keyboard.press("Enter")
    assert (await screen.desk.hears("slash_commands"))["text"] == "le"


async def test_shift_and_enter_begin_a_line(screen: Screen) -> None:
    await screen.box.fill("one")
    await screen.page.keyboard.press("Shift+Enter")
    await screen.page.keyboard.type("two")
    await screen.page.keyboard.press("Enter")
    await expect(screen.card("one")).to_be_visible()
    [message] = screen.desk.workspace.messages[INTAKE].values()
    assert message.text == "one\ntwo"


async def test_a_menu_is_opened_walked_and_left(screen: Screen) -> None:
    await screen.desk.posts(text="gallery", blocks=shown.GALLERY)
    more, keys = screen.log.get_by_role("button", name="More actions"), screen.page.keyboard
    await more.focus()
    await keys.press("Enter")
    await expect(screen.page.get_by_role("menuitem", name="Export")).to_be_focused()
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(more).to_be_focused()
    assert (await screen.desk.hears("block_actions"))["actions"][0]["selected_option"]["value"] == "print"


async def test_a_choice_is_told_when_it_is_made_and_not_on_the_way(screen: Screen) -> None:
    await screen.desk.posts(text="gallery", blocks=shown.GALLERY)
    menu, keys = screen.log.get_by_role("button", name="Choose a kind"), screen.page.keyboard
    await menu.focus()
    await keys.press("ArrowDown")
    await keys.press("ArrowDown")
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(menu).to_have_accessible_name("Choose a kind: Request")
    await expect(menu).to_be_focused()
    await screen.desk.hears("block_actions")
    assert [each["payload"]["actions"][0]["selected_option"]["value"] for each in screen.desk.heard] == ["request"]


async def test_every_element_tells_the_app_what_was_chosen(screen: Screen) -> None:
    await screen.desk.posts(text="gallery", blocks=shown.GALLERY)
    log, page = screen.log, screen.page
    told = []

    async def tells(name: str) -> None:
        action = (await screen.desk.hears("block_actions", len(told)))["actions"][0]
        told.append((action["action_id"], action[name]))

    await log.get_by_role("button", name="Look").click()
    await tells("value")
    for name, option, key in (
        ("Choose a person", "Ben Cole", "selected_user"),
        ("Choose a channel", "# outgoing", "selected_channel"),
        ("Choose a conversation", "Verbale", "selected_conversation"),
    ):
        await log.get_by_role("button", name=name).click()
        await page.get_by_role("option", name=option).click()
        await tells(key)
    await log.get_by_role("combobox", name="Search a reference").press_sequentially("S")
    await page.get_by_role("option", name="S-1").click()
    assert (await screen.desk.hears("block_actions", len(told)))["actions"][0]["selected_option"]["value"] == "S-1"
    told.append(("found", "S-1"))
    for name, value, key in (("A date", "2012-09-06", "selected_date"), ("A time", "09:00", "selected_time")):
        await log.get_by_label(name, exact=True).fill(value)
        await log.get_by_role("button", name=f"Set: {name}").click()
        await tells(key)
    await log.get_by_role("radio", name="No").check()
    assert (await screen.desk.hears("block_actions", len(told)))["actions"][0]["selected_option"]["value"] == "no"
    told.append(("one", "no"))
    await log.get_by_role("checkbox", name="Green").check()
    assert (await screen.desk.hears("block_actions", len(told)))["actions"][0]["selected_options"] == [
        shown.option("green")
    ]
    assert told == [
        ("beside", "beside"), ("who", "U03BEN"), ("where", OUTGOING), ("talk", f"D{ADA[1:]}"), ("found", "S-1"),
        ("day", "2012-09-06"), ("time", "09:00"), ("one", "no"),
    ]  # fmt: skip


async def test_the_focus_is_seen_on_whatever_has_it(screen: Screen) -> None:
    await screen.desk.posts(text="Reminder", blocks=shown.REMINDER)
    await expect(screen.card("Reminder")).to_be_visible()
    seen = set()
    for _ in range(25):
        await screen.page.keyboard.press("Tab")
        name, outline = await screen.page.evaluate(
            "() => { const at = document.activeElement; const style = getComputedStyle(at);"
            " return [at.outerHTML.slice(0, 80), style.outlineStyle + ' ' + style.outlineWidth]; }"
        )
        if "<body" not in name:
            seen.add(name)
            assert outline == "solid 2px", name
    assert len(seen) > 10


async def test_a_card_that_changes_under_somebody_keeps_them_where_they_are(screen: Screen) -> None:
    ts = await screen.desk.posts(text="Reminder", blocks=shown.REMINDER)
    await screen.card("Reminder").get_by_role("button", name="Cancel").focus()
    anew = [shown.words("23 letters"), *shown.REMINDER]
    await screen.desk.calls("chat.update", channel=INTAKE, ts=ts, text="Reminder of 23", blocks=anew)
    await expect(screen.card("23 letters").get_by_role("button", name="Cancel")).to_be_focused()


async def test_a_menu_that_is_open_and_what_is_typed_survive_what_happens_elsewhere(screen: Screen) -> None:
    await screen.box.fill("half a sen")
    await screen.page.get_by_role("button", name="You are").click()
    await screen.desk.posts(text="something else")
    await expect(screen.card("something else")).to_be_visible()
    await expect(screen.page.get_by_role("option", name="Ada Lind")).to_be_focused()
    await expect(screen.box).to_have_value("half a sen")
