"""What a person does on the page, end to end: in Chromium, through the workspace, over Socket Mode to the app and back."""

import re

import pytest
from playwright.async_api import Browser, FilePayload, expect

from bot.local_slack.messages import Message
from bot.local_slack.people import SLACKBOT
from tests.bot.local_slack.page import browser as in_browser
from tests.bot.local_slack.page import desk, shown
from tests.bot.local_slack.page.browser import PHONE, Screen
from tests.bot.local_slack.page.desk import ADA, BEN, CHAIR, EVE, INTAKE, OUTGOING

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="session")]


async def test_the_token_is_in_no_address_and_the_page_is_itself_again_after_a_reload(screen: Screen) -> None:
    assert "token" not in screen.page.url
    await screen.page.reload()
    await expect(screen.heading).to_have_text("# intake")
    assert await screen.page.evaluate("document.cookie") == ""
    assert "token" not in await screen.page.evaluate("document.referrer + location.href")


async def test_a_typed_command_is_answered_to_the_person_alone(screen: Screen) -> None:
    await screen.types("/1540 due 7 days")
    answer = screen.card("You typed due 7 days")
    await expect(answer).to_contain_text("Only visible to you")
    assert (await screen.desk.hears("slash_commands"))["user_id"] == ADA
    await screen.becomes("Ben Cole")
    await expect(screen.log).not_to_contain_text("You typed")


async def test_a_press_is_asked_back_and_the_card_then_says_who_decided(screen: Screen) -> None:
    await screen.types("/1540 remind")
    card = screen.card("Reminder of first reports")
    await card.get_by_role("button", name="Release").click()
    asked = screen.page.get_by_role("alertdialog", name="Release 22 letters?")
    await expect(asked.get_by_role("button", name="Not yet")).to_be_focused()
    await asked.get_by_role("button", name="Not yet").click()
    await expect(card.get_by_role("button", name="Release")).to_be_focused()
    assert not [each for each in screen.desk.heard if each["type"] == "interactive"]
    await card.get_by_role("button", name="Release").click()
    await asked.get_by_role("button", name="Release").click()
    await expect(screen.card("Released by Ada Lind")).to_be_focused()
    await expect(screen.log.get_by_role("button", name="Release")).to_have_count(0)
    assert (await screen.desk.hears("block_actions"))["actions"][0]["value"] == "release"


async def test_a_modal_is_refused_at_its_field_and_then_sent(screen: Screen) -> None:
    await screen.types("/1540 remind")
    await screen.card("Reminder").get_by_role("button", name="Hold the reminder").click()
    reason = screen.modal.get_by_role("textbox", name="Reason")
    await expect(reason).to_be_focused()
    await reason.fill("because")
    await screen.modal.get_by_role("textbox", name="Note").fill("kept")
    await screen.modal.get_by_role("button", name="Hold it").click()
    await expect(reason).to_be_focused()
    await expect(reason).to_have_attribute("aria-invalid", "true")
    await expect(reason).to_have_accessible_description("a sentence Say more than that.")
    await expect(reason).to_have_value("because")
    await expect(screen.modal.get_by_role("textbox", name="Note")).to_have_value("kept")
    await reason.fill("the Chair asked")
    await screen.modal.get_by_role("button", name="Hold it").click()
    await expect(screen.modal).to_be_hidden()
    await expect(screen.log).to_contain_text("Held: the Chair asked")
    values = (await screen.desk.hears("view_submission", 1))["view"]["state"]["values"]
    assert (values["why"]["words"]["value"], values["note"]["note"]["value"]) == ("the Chair asked", "kept")


async def test_a_field_that_must_be_filled_in_is_said_before_the_app_is_asked(screen: Screen) -> None:
    await screen.types("/1540 remind")
    await screen.card("Reminder").get_by_role("button", name="Hold the reminder").click()
    await screen.modal.get_by_role("button", name="Hold it").click()
    await expect(screen.modal).to_contain_text("Please complete this required field.")
    assert not [each for each in screen.desk.heard if each["payload"].get("type") == "view_submission"]


async def test_modals_stand_upon_each_other_and_what_was_filled_in_below_is_kept(screen: Screen) -> None:
    await screen.types("/1540 remind")
    await screen.card("Reminder").get_by_role("button", name="Hold the reminder").click()
    await screen.modal.get_by_role("textbox", name="Reason").fill("half a sen")
    await screen.modal.get_by_role("button", name="Show the letter").click()
    await expect(screen.modal.get_by_role("heading", name="The letter")).to_be_focused()
    await screen.modal.get_by_role("button", name="Back").click()
    await expect(screen.modal.get_by_role("textbox", name="Reason")).to_have_value("half a sen")
    await screen.modal.get_by_role("button", name="Show the letter").click()
    await screen.modal.get_by_role("button", name="Close all").click()
    await expect(screen.modal).to_be_hidden()
    assert (await screen.desk.hears("view_closed"))["is_cleared"]


async def test_a_form_of_every_field_comes_to_the_app_as_it_was_filled_in(screen: Screen) -> None:
    form = screen.modal
    await screen.types("/1540 form")
    await form.get_by_label("Party").select_option("Chad")
    await form.get_by_role("group", name="To").get_by_label("Mission").check()
    await form.get_by_role("group", name="To").get_by_label("Capital").check()
    await form.get_by_label("By", exact=False).first.select_option("Ben Cole – Approver")
    await form.get_by_label("At", exact=False).and_(form.locator("[type=time]")).fill("17:00")
    await form.get_by_role("radio", name="Members").check()
    await form.get_by_role("checkbox", name="Receipt").check()
    await form.get_by_label("Address").fill("mission@chad.example")
    await form.get_by_label("Page").fill("https://chad.example/")
    await form.get_by_label("Enclosures").fill("2")
    await form.get_by_label("Remarks").fill("with compliments")
    await form.get_by_role("combobox", name="Reference").press_sequentially("S-2012")
    await form.get_by_role("option", name="S-2012-2").click()
    await form.get_by_label("Documents").set_input_files([pdf("report.pdf"), pdf("a.pdf")])
    await form.get_by_role("button", name="Take out a.pdf").click()
    await form.get_by_role("button", name="Add it").click()
    await expect(form).to_be_hidden()
    values = (await screen.desk.hears("view_submission"))["view"]["state"]["values"]
    assert values["party"]["party"]["selected_option"]["value"] == "chad"
    assert [each["value"] for each in values["to"]["to"]["selected_options"]] == ["mission", "capital"]
    assert values["by"]["by"]["selected_user"] == BEN
    assert values["day"]["day"]["selected_date"] == "2012-09-04"
    assert values["at"]["at"]["selected_time"] == "17:00"
    assert values["moment"]["moment"]["selected_date_time"] is None
    assert values["handling"]["handling"]["selected_option"]["value"] == "members"
    assert [each["value"] for each in values["also"]["also"]["selected_options"]] == ["receipt"]
    assert values["mail"]["mail"]["value"] == "mission@chad.example"
    assert values["page"]["page"]["value"] == "https://chad.example/"
    assert values["count"]["count"]["value"] == "2"
    assert values["rich"]["rich"]["rich_text_value"]["elements"][0]["elements"][0]["text"] == "with compliments"
    assert values["found"]["found"]["selected_option"]["value"] == "S-2012-2"
    assert [each["name"] for each in values["files"]["files"]["files"]] == ["report.pdf"]


def pdf(name: str) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": b"%PDF"}


async def test_what_is_typed_is_told_to_the_app_before_a_form_closes(screen: Screen) -> None:
    """As it is with a form whose draft is kept: its fields dispatch what is entered."""
    await screen.types("/1540 remind")
    screen.desk.told_as_typed = True
    await screen.card("Reminder").get_by_role("button", name="Hold the reminder").click()
    await screen.modal.get_by_role("textbox", name="Reason").fill("half a sen")
    await screen.page.keyboard.press("Escape")
    await expect(screen.modal).to_be_hidden()
    heard = [each["payload"]["type"] for each in screen.desk.heard if each["type"] == "interactive"]
    assert heard == ["block_actions", "block_actions", "view_closed"]
    assert (await screen.desk.hears("block_actions", 1))["actions"][0]["value"] == "half a sen"


async def test_home_is_drawn_when_it_is_opened_and_its_buttons_work(screen: Screen) -> None:
    await screen.page.get_by_role("link", name="Home").click()
    await expect(screen.page.get_by_role("heading", name="What waits")).to_be_visible()
    assert (await screen.desk.hears("events_api"))["event"]["tab"] == "home"
    await screen.page.get_by_role("button", name="Hold…").click()
    await expect(screen.modal.get_by_role("heading", name="Hold the reminder")).to_be_visible()
    await screen.desk.calls(
        "views.publish", user_id=ADA, view={"type": "home", "blocks": [shown.words("Nothing waits.")]}
    )
    await expect(screen.page.locator(".home")).to_have_text("Nothing waits.")


async def test_a_thread_is_read_and_answered_beside_its_channel(screen: Screen) -> None:
    ts = await screen.desk.posts(text="A submission from Malawi")
    await screen.card("A submission").hover()
    await screen.card("A submission").get_by_role("link", name="Reply in thread").click()
    await expect(screen.thread.get_by_role("textbox")).to_be_focused()
    await screen.page.keyboard.type("Looks complete")
    await screen.page.keyboard.press("Enter")
    await expect(screen.thread.get_by_role("log")).to_contain_text("Looks complete")
    await screen.desk.posts(text="Receipt accepted", thread_ts=ts)
    await expect(screen.thread.get_by_role("log")).to_contain_text("Receipt accepted")
    await expect(screen.log).not_to_contain_text("Receipt accepted")
    await expect(screen.card("A submission").get_by_role("link", name="2 replies")).to_be_visible()
    await screen.page.keyboard.press("Escape")
    await expect(screen.thread).to_be_hidden()
    await expect(screen.card("A submission").get_by_role("link", name="2 replies")).to_be_focused()


async def test_a_command_in_a_thread_is_kept_and_said_to_belong_into_the_channel(screen: Screen) -> None:
    ts = await screen.desk.posts(text="A submission from Malawi")
    await screen.opens(f"#{ADA}/{INTAKE}/{ts}")
    box = screen.thread.get_by_role("textbox", name="Reply in thread")
    await box.fill("/1540 help")
    await box.press("Enter")
    await expect(screen.page.get_by_role("alert")).to_contain_text("Commands are not taken in threads")
    await expect(box).to_have_value("/1540 help")


async def test_another_person_sees_what_is_theirs_and_nothing_else(screen: Screen) -> None:
    await screen.desk.posts(CHAIR, text="for the Chair")
    channels = screen.page.get_by_role("navigation").get_by_role("link")
    await expect(channels).to_have_text(["Home", "Messages", "#channel intake", "#channel outgoing"])
    await screen.becomes("Ben Cole")
    await screen.page.get_by_role("link", name="private channel chair").click()
    await expect(screen.log).to_contain_text("for the Chair")
    await screen.becomes("Eve Moss")
    await expect(channels).to_have_text(["Home", "Messages", "#channel intake"])
    await screen.types("/1540 help")
    assert (await screen.desk.hears("slash_commands"))["user_id"] == EVE


async def test_an_address_of_somebody_elses_channel_shows_nothing_of_it(screen: Screen) -> None:
    await screen.desk.posts(CHAIR, text="for the Chair")
    await screen.page.goto(f"{screen.desk.url}/#{ADA}/{CHAIR}")
    await expect(screen.heading).to_have_text("# intake")
    await expect(screen.page.locator("body")).not_to_contain_text("for the Chair")


async def test_what_is_unread_is_marked_until_it_is_looked_at(screen: Screen) -> None:
    link = screen.page.get_by_role("link", name="outgoing")
    await screen.desk.posts(OUTGOING, text="one")
    await screen.desk.posts(OUTGOING, text="two")
    await expect(link).to_have_accessible_name("channel outgoing 2 unread")
    await expect(screen.page).to_have_title(re.compile(r"^\(2\) # intake"))
    await expect(screen.page.get_by_role("status")).to_have_text("New in # outgoing: Verbale")
    await link.click()
    await expect(screen.log).to_contain_text("New since you last looked")
    await expect(link).to_have_accessible_name("channel outgoing")
    await screen.page.get_by_role("link", name="intake").click()
    await link.click()
    await expect(screen.log).not_to_contain_text("New since you last looked")


async def test_two_people_see_the_same_card_change_without_looking_again(chromium: Browser, screen: Screen) -> None:
    await screen.desk.posts(text="Reminder", blocks=shown.REMINDER)
    async with in_browser.screen(chromium, screen.desk) as other:
        await other.opens(f"#{BEN}/{INTAKE}")
        await other.card("Reminder").get_by_role("button", name="Release").click()
        await other.page.get_by_role("alertdialog").get_by_role("button", name="Release").click()
        await expect(screen.log).to_contain_text("Released by Ben Cole")
        await expect(other.log).to_contain_text("Released by Ben Cole")


async def test_a_message_that_is_edited_or_deleted_is_so_at_once(screen: Screen) -> None:
    ts = await screen.desk.posts(text="22 letters")
    await expect(screen.card("22 letters")).to_be_visible()
    await screen.desk.calls("chat.update", channel=INTAKE, ts=ts, text="23 letters")
    await expect(screen.card("23 letters")).to_contain_text("(edited)")
    await screen.desk.calls("chat.delete", channel=INTAKE, ts=ts)
    await expect(screen.log).to_contain_text("Nothing has been said here yet.")


async def test_an_app_that_does_not_answer_is_said_beside_what_was_pressed(screen: Screen) -> None:
    await screen.desk.posts(text="Reminder", blocks=shown.REMINDER)
    screen.desk.silent.add("block_actions")
    await screen.card("Reminder").get_by_role("button", name="Cancel").click()
    await screen.desk.hears("block_actions")
    await expect(screen.card("Reminder").get_by_role("button", name="Cancel")).to_have_attribute("aria-busy", "true")
    screen.desk.clock.moves(3)
    await expect(screen.card("Reminder")).to_contain_text("This app did not respond.")
    await expect(screen.card("Reminder").get_by_role("button", name="Cancel")).not_to_have_attribute(
        "aria-busy", "true"
    )


async def test_a_form_that_is_not_answered_stays_open_with_what_was_entered(screen: Screen) -> None:
    await screen.types("/1540 remind")
    await screen.card("Reminder").get_by_role("button", name="Hold the reminder").click()
    await screen.modal.get_by_role("textbox", name="Reason").fill("the Chair asked")
    screen.desk.silent.add("view_submission")
    await screen.modal.get_by_role("button", name="Hold it").click()
    await screen.desk.hears("view_submission")
    screen.desk.clock.moves(3)
    await expect(screen.modal.get_by_role("alert")).to_have_text("We had some trouble connecting. Try again?")
    await expect(screen.modal.get_by_role("textbox", name="Reason")).to_have_value("the Chair asked")


async def test_a_command_that_is_not_answered_is_slackbots_to_say(screen: Screen) -> None:
    screen.desk.silent.add("slash_commands")
    await screen.types("/1540 help")
    await screen.desk.hears("slash_commands")
    await expect(screen.page.get_by_text("Waiting for Verbale …")).to_be_visible()
    screen.desk.clock.moves(3)
    await expect(screen.card("operation_timeout")).to_contain_text("Slackbot")
    await expect(screen.page.get_by_text("Waiting for Verbale …")).to_be_hidden()
    assert SLACKBOT in {each.user for each in screen.desk.workspace.messages[INTAKE].values()}


async def test_a_card_that_has_gone_meanwhile_is_said_and_nothing_is_done(screen: Screen) -> None:
    ts = await screen.desk.posts(text="Reminder", blocks=shown.REMINDER)
    await expect(screen.card("Reminder")).to_be_visible()
    del screen.desk.workspace.messages[INTAKE][ts]  # before the page has been told
    screen.expects("409")
    await screen.card("Reminder").get_by_role("button", name="Cancel").click()
    await expect(screen.page.get_by_role("alert")).to_contain_text("This has changed or gone meanwhile.")
    assert not [each for each in screen.desk.heard if each["type"] == "interactive"]


async def test_a_mention_comes_to_the_app_as_slack_writes_it(screen: Screen) -> None:
    await screen.types("@Verbale is <b> & co. with @Ben Cole?")
    event = (await screen.desk.hears("app_mention"))["event"]
    assert event["text"] == f"<@U01VERBALE> is &lt;b&gt; &amp; co. with <@{BEN}>?"
    await expect(screen.log).to_contain_text("@Verbale is <b> & co. with @Ben Cole?")


async def test_a_file_is_saved_under_its_name(screen: Screen) -> None:
    file = screen.desk.workspace.shelf.add(screen.desk.workspace.app.bot_user, "letters of <b>.csv", b"a,b")
    ticket = await screen.desk.calls("files.getUploadURLExternal", filename="all.csv", length=3)
    async with screen.desk.caller.session.post(ticket["upload_url"], data=b"a,b"):
        pass
    await screen.desk.calls(
        "files.completeUploadExternal", files=[{"id": ticket["file_id"], "title": "All <b>letters"}], channel_id=INTAKE,
        initial_comment="As a file",
    )  # fmt: skip
    assert file.name not in await screen.log.inner_text()
    async with screen.page.expect_download() as saving:
        await screen.log.get_by_role("link", name="Download All <b>letters").click()
    saved = await saving.value
    assert saved.suggested_filename == "all.csv"
    assert (await saved.path()).read_bytes() == b"a,b"


async def test_the_page_goes_on_by_itself_when_the_connection_was_lost(screen: Screen) -> None:
    screen.expects("ERR_")
    await screen.page.context.set_offline(True)
    for waiter in [*screen.desk.workspace.log.waiting]:
        waiter.cancel()
    await expect(screen.page.get_by_role("alert")).to_contain_text("The desk does not answer.")
    await screen.desk.posts(text="said meanwhile")
    await screen.page.context.set_offline(False)
    await expect(screen.log).to_contain_text("said meanwhile")
    await expect(screen.page.get_by_role("alert")).to_be_hidden()


async def test_a_desk_that_was_started_again_asks_for_its_new_address(screen: Screen) -> None:
    screen.expects("403")
    await screen.page.context.clear_cookies()
    await screen.page.reload()
    await expect(screen.page.get_by_role("heading")).to_have_text("This page is closed")


async def test_on_a_phone_the_channels_are_behind_a_button(chromium: Browser) -> None:
    async with desk.with_app() as served, in_browser.screen(chromium, served, viewport=PHONE, has_touch=True) as screen:
        await screen.opens()
        await served.posts(OUTGOING, text="one")
        button = screen.page.get_by_role("button", name="Channels 1 with unread messages")
        await expect(button).to_have_attribute("aria-expanded", "false")
        await expect(screen.page.get_by_role("link", name="outgoing")).to_be_hidden()
        await button.click()
        await screen.page.get_by_role("link", name="outgoing").click()
        await expect(screen.log).to_contain_text("one")
        await expect(screen.page.get_by_role("link", name="outgoing")).to_be_hidden()
        await screen.card("one").get_by_role("link", name="Reply in thread").click()
        await expect(screen.thread).to_be_visible()
        assert await screen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_dark_and_light_can_be_chosen_and_are_kept(screen: Screen) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    assert await screen.page.evaluate(ground) == "rgb(255, 255, 255)"
    await screen.page.emulate_media(color_scheme="dark")
    assert await screen.page.evaluate(ground) == "rgb(23, 27, 33)"
    await screen.page.get_by_label("Colours").select_option("Light")
    await screen.page.reload()
    assert await screen.page.evaluate(ground) == "rgb(255, 255, 255)"
    await screen.page.get_by_label("Colours").select_option("Dark")
    await screen.page.emulate_media(color_scheme="light")
    assert await screen.page.evaluate(ground) == "rgb(23, 27, 33)"


async def test_earlier_messages_are_shown_when_they_are_asked_for(screen: Screen) -> None:
    for number in range(230):
        screen.desk.workspace.post(Message(INTAKE, screen.desk.workspace.app.bot_user, f"message {number}"))
    await expect(screen.log).to_contain_text("message 229")
    await expect(screen.log.get_by_role("article")).to_have_count(200)
    await screen.log.get_by_role("button", name="Show earlier messages").click()
    await expect(screen.log.get_by_role("article")).to_have_count(230)


async def test_a_card_that_is_longer_than_the_screen_is_read_from_its_beginning(screen: Screen) -> None:
    await screen.desk.posts(text="short")
    await expect(screen.card("short")).to_be_visible()
    long = [shown.words(f"line {number}") for number in range(45)]
    await screen.desk.posts(text="long", blocks=long)
    await expect(screen.card("line 44").get_by_text("line 0", exact=True)).to_be_in_viewport()
    await expect(screen.card("line 44").get_by_text("line 44")).not_to_be_in_viewport()
    await screen.desk.posts(text="what came then")
    await screen.page.get_by_role("button", name="New messages below").click()
    await expect(screen.card("what came then")).to_be_in_viewport()


async def test_who_types_a_command_further_up_sees_its_answer(screen: Screen) -> None:
    long = [shown.words(f"line {number}") for number in range(45)]
    await screen.desk.posts(text="long", blocks=long)
    await expect(screen.card("line 44")).to_be_visible()
    await screen.log.evaluate("(log) => log.scrollTo(0, 0)")
    await screen.types("/1540 remind")
    await expect(screen.card("Only visible to you")).to_be_in_viewport()


async def test_behind_another_room_nothing_is_read_and_the_newest_is_in_sight_on_coming_back(screen: Screen) -> None:
    await screen.page.evaluate("document.getElementById('chat').hidden = true")
    for number in range(30):
        await screen.desk.posts(text=f"message {number}")
    unread = screen.page.get_by_role("link", name="channel intake 30 unread", include_hidden=True)
    await expect(unread).to_be_attached()
    await screen.page.evaluate("document.getElementById('chat').hidden = false")
    await expect(screen.card("message 29")).to_be_in_viewport()
    await expect(unread).not_to_be_attached()
