"""What people do arrives at the app as in life, and what each of them sees is theirs alone."""

import asyncio
from typing import Any

import pytest

from bot.local_slack import acts
from bot.local_slack.errors import Failure
from bot.local_slack.people import App, User, as_installed
from bot.local_slack.workspace import Workspace
from tests.bot.local_slack.conftest import CHANNEL, PRIVATE, Caller, Wire
from tests.bot.local_slack.test_rules import field, modal, option, plain, section, select
from tests.chat.persons import Person

STATES = [option("Malawi", "MWI"), option("Chad", "TCD")]


async def opened(caller: Caller, person: Person, view: dict[str, Any]) -> None:
    trigger = person.workspace.triggers.give(person.id)
    answer = await caller.call("views.open", trigger_id=trigger, view=view)
    assert answer["ok"], answer


async def test_a_press_names_what_was_pressed_where_and_by_whom(
    caller: Caller, workspace: Workspace, ben: Person
) -> None:
    buttons = [
        {"type": "button", "action_id": each, "value": f"{each}-1", "text": plain(each.title())}
        for each in ("hold", "release")
    ]
    wire = await caller.connects()
    await caller.call(
        "chat.postMessage",
        channel=CHANNEL,
        text="card",
        blocks=[{"type": "actions", "block_id": "b", "elements": buttons}],
    )
    [card] = ben.sees()
    async with wire.serving() as seen:
        await acts.presses(workspace, ben.id, card, "release")
    payload = seen[0]["payload"]
    [action] = payload["actions"]
    assert (payload["type"], payload["user"]["id"], payload["user"]["team_id"]) == (
        "block_actions",
        "U02BEN",
        "T01DESK",
    )
    assert (action["action_id"], action["block_id"], action["value"]) == ("release", "b", "release-1")
    assert payload["container"] == {
        "type": "message",
        "message_ts": card.ts,
        "channel_id": CHANNEL,
        "is_ephemeral": False,
    }
    assert payload["message"]["ts"] == card.ts
    assert payload["response_url"].startswith(f"{workspace.url}/hooks/")


async def test_of_an_ephemeral_message_the_app_learns_only_where_it_stands(
    caller: Caller, workspace: Workspace, ben: Person
) -> None:
    block = {"type": "actions", "elements": [{"type": "button", "action_id": "a", "text": plain("Release")}]}
    await caller.call("chat.postEphemeral", channel=CHANNEL, user=ben.id, text="card", blocks=[block])
    wire = await caller.connects()
    async with wire.serving() as seen:
        await acts.presses(workspace, ben.id, ben.sees()[0], "a")
    assert seen[0]["payload"]["container"]["is_ephemeral"]
    assert "message" not in seen[0]["payload"]


async def test_a_menu_sends_the_option_that_was_chosen_by_its_words(caller: Caller, ben: Person) -> None:
    block = {"type": "actions", "elements": [select(*STATES, placeholder=plain("Which State"))]}
    await caller.call("chat.postMessage", channel=CHANNEL, text="card", blocks=[block])
    wire = await caller.connects()
    async with wire.serving(lambda envelope: _follow(ben, envelope)) as seen:
        await ben.chooses(ben.sees()[0], "Which State", "Chad")
    assert seen[0]["payload"]["actions"][0]["selected_option"]["value"] == "TCD"


def _follow(person: Person, _: Any) -> None:
    """The app shows something, so that there is something to see."""
    person.workspace.slackbot_says(person.id, person.here, "done")


async def test_what_is_entered_arrives_by_block_and_element_and_what_stood_there_at_first_too(
    caller: Caller, ben: Person
) -> None:
    view = modal(
        field(
            {"type": "plain_text_input", "action_id": "why", "initial_value": "as before"},
            block_id="b1",
            label=plain("Why"),
        ),
        field(select(*STATES, action_id="state"), block_id="b2", label=plain("State")),
        field(
            {"type": "checkboxes", "action_id": "to", "options": STATES},
            block_id="b3",
            label=plain("To"),
            optional=True,
        ),
        field({"type": "datepicker", "action_id": "until"}, block_id="b4", label=plain("Until"), optional=True),
        submit=plain("Send"),
        private_metadata="kept",
    )
    await opened(caller, ben, view)
    wire = await caller.connects()
    async with wire.serving() as seen:
        top = ben.workspace.modals.top(ben.id)
        assert top
        sight = await ben.submits(top, {"State": "Chad", "To": ["Malawi", "Chad"], "Until": "2012-10-31"})
    payload = seen[0]["payload"]
    values = payload["view"]["state"]["values"]
    assert payload["type"] == "view_submission"
    assert payload["view"]["private_metadata"] == "kept"
    assert values["b1"]["why"] == {"type": "plain_text_input", "value": "as before"}
    assert values["b2"]["state"]["selected_option"]["value"] == "TCD"
    assert [each["value"] for each in values["b3"]["to"]["selected_options"]] == ["MWI", "TCD"]
    assert values["b4"]["until"]["selected_date"] == "2012-10-31"
    assert sight.modal is None


async def test_what_is_missing_or_too_short_never_reaches_the_app(caller: Caller, ben: Person) -> None:
    text = {"type": "plain_text_input", "action_id": "why", "min_length": 5, "max_length": 9}
    await opened(caller, ben, modal(field(text, block_id="b1", label=plain("Why")), submit=plain("Send")))
    wire = await caller.connects()
    async with wire.serving() as seen:
        top = ben.workspace.modals.top(ben.id)
        assert top
        assert "required" in (await ben.submits(top)).words
        assert "at least 5" in (await ben.submits(top, {"Why": "no"})).words
        assert "at most 9" in (await ben.submits(top, {"Why": "much too long"})).words
        assert not seen
        assert (await ben.submits(top, {"Why": "enough"})).modal is None
    assert len(seen) == 1


async def test_files_are_held_to_their_number_kind_and_size(caller: Caller, workspace: Workspace, ben: Person) -> None:
    element = {"type": "file_input", "action_id": "file", "filetypes": ["pdf"], "max_files": 1}
    await opened(caller, ben, modal(field(element, block_id="b1", label=plain("Document")), submit=plain("Send")))
    top = workspace.modals.top(ben.id)
    assert top
    pdf, big, other = (
        ben.attaches("a.pdf", b"%PDF"),
        ben.attaches("b.pdf", b"x" * 10_000_001),
        ben.attaches("c.exe", b"MZ"),
    )
    wire = await caller.connects()
    async with wire.serving() as seen:
        assert "at most 1" in (await ben.submits(top, {"Document": [pdf, pdf]})).words
        assert "Only these kinds" in (await ben.submits(top, {"Document": [other]})).words
        assert "10 MB" in (await ben.submits(top, {"Document": [big]})).words
        assert (await ben.submits(top, {"Document": [pdf]})).modal is None
    [file] = seen[0]["payload"]["view"]["state"]["values"]["b1"]["file"]["files"]
    headers = {"Authorization": f"Bearer {workspace.app.bot_token}"}
    async with caller.session.get(file["url_private_download"], headers=headers) as answer:
        assert await answer.read() == b"%PDF"


@pytest.mark.parametrize(
    ("payload", "breaches"),
    [
        ({"response_action": "errors", "errors": {"nowhere": "Say more."}}, 1),
        ({"response_action": "errors", "errors": {}}, 1),
        ({"response_action": "dance"}, 1),
        ({"text": "done"}, 1),
        ({"response_action": "update", "view": {"type": "modal"}}, 3),
    ],
)
async def test_an_answer_to_a_submission_that_slack_does_not_know_leaves_the_modal_and_is_remembered(
    caller: Caller, workspace: Workspace, ben: Person, payload: Any, breaches: int
) -> None:
    await opened(caller, ben, modal(field(block_id="b1", optional=True), submit=plain("Send")))
    wire = await caller.connects()
    async with wire.serving(lambda _: payload):
        top = workspace.modals.top(ben.id)
        assert top
        sight = await ben.submits(top)
    assert "trouble connecting" in sight.words
    assert len(workspace.breaches) == breaches


async def test_a_submission_may_change_the_modal_put_another_upon_it_or_clear_all(
    caller: Caller, workspace: Workspace, ben: Person
) -> None:
    steps = iter([
        {"response_action": "update", "view": modal(section("second"), submit=plain("Next"))},
        {"response_action": "push", "view": modal(section("third"), submit=plain("Send"))},
        {"response_action": "clear"},
    ])  # fmt: skip
    await opened(caller, ben, modal(section("first"), submit=plain("Next")))
    first = workspace.modals.top(ben.id)
    assert first
    wire = await caller.connects()
    async with wire.serving(lambda _: next(steps)):
        second = await ben.submits(first)
        assert second.modal
        assert (second.modal.id, "second" in second.words) == (first.id, True)
        third = await ben.submits(second)
        assert third.modal
        assert (third.modal.previous, "third" in third.words) == (first.id, True)
        assert (await ben.submits(third)).modal is None
    assert not workspace.modals.stacks[ben.id]


async def test_a_closed_modal_is_told_of_only_where_the_app_asked(
    caller: Caller, workspace: Workspace, ben: Person
) -> None:
    wire = await caller.connects()
    async with wire.serving() as seen:
        await opened(caller, ben, modal(section()))
        assert (await ben.closes()).modal is None
        assert not seen
        await opened(caller, ben, modal(section(), notify_on_close=True))
        await ben.closes(all_of_them=True)
    payload = seen[0]["payload"]
    assert (payload["type"], payload["is_cleared"]) == ("view_closed", True)


async def test_a_submission_that_is_not_acknowledged_keeps_what_was_entered(
    caller: Caller, clock: Any, ben: Person
) -> None:
    await opened(caller, ben, modal(field(block_id="b1", optional=True), submit=plain("Send")))
    wire = await caller.connects()
    top = ben.workspace.modals.top(ben.id)
    assert top
    submitting = asyncio.create_task(ben.submits(top))
    await wire.next()
    clock.moves(3)
    sight = await submitting
    assert sight.modal
    assert "trouble connecting" in sight.words


async def test_home_is_drawn_when_it_is_opened(caller: Caller, workspace: Workspace, ada: Person) -> None:
    wire = await caller.connects()
    home = {"type": "home", "blocks": [section("Nothing waits for you.")]}

    async def draws() -> dict[str, Any]:
        envelope = await wire.next()
        await caller.call("views.publish", user_id=envelope["payload"]["event"]["user"], view=home)
        await wire.acknowledges(envelope)
        return envelope

    drawing = asyncio.create_task(draws())
    assert "Nothing waits for you." in (await ada.home()).words
    event = (await drawing)["payload"]["event"]
    assert (event["type"], event["tab"], "view" in event) == ("app_home_opened", "home", False)
    again = asyncio.create_task(draws())
    await ada.home()
    assert (await again)["payload"]["event"]["view"]["id"] == workspace.modals.homes[ada.id].id


async def test_an_external_menu_offers_what_the_app_answers(caller: Caller, ben: Person) -> None:
    element = {"type": "external_select", "action_id": "state", "min_query_length": 1, "placeholder": plain("State")}
    await opened(caller, ben, modal(field(element, block_id="b1", label=plain("Whom")), submit=plain("Send")))
    top = ben.workspace.modals.top(ben.id)
    assert top
    wire = await caller.connects()
    async with wire.serving(
        lambda each: {"options": STATES} if each["payload"]["type"] == "block_suggestion" else None
    ) as seen:
        assert await ben.looks_for(top, "state", "ma") == ["Malawi", "Chad"]
        await ben.submits(top, {"Whom": "MWI"})
    assert seen[0]["payload"]["value"] == "ma"
    assert seen[1]["payload"]["view"]["state"]["values"]["b1"]["state"]["selected_option"]["text"]["text"] == "Malawi"


async def test_nobody_types_or_speaks_where_they_are_not(workspace: Workspace) -> None:
    eve = Person(workspace, "U03EVE")
    with pytest.raises(Failure, match="channel_not_found"):
        await eve.types("/1540 help", PRIVATE)
    with pytest.raises(Failure, match="not_in_channel"):
        await eve.says(CHANNEL, "hello")


async def test_one_of_another_workspace_is_named_with_their_own(caller: Caller, workspace: Workspace) -> None:
    workspace.person(User("U08OTHER", "other", "Other", team_id="T09OTHER"))
    workspace.channel("C08SHARED", "shared", ["U08OTHER", "U01ADA", workspace.app.bot_user])
    wire = await caller.connects()
    async with wire.serving() as seen:
        await acts.says(workspace, "U08OTHER", "C08SHARED", "<@U01VERBALE> states")
    payload = seen[0]["payload"]
    assert payload["is_ext_shared_channel"]
    assert (payload["team_id"], payload["event"]["team"]) == ("T09OTHER", "T09OTHER")


async def test_each_sees_their_own_channels_messages_modal_and_unread_marks(
    caller: Caller, workspace: Workspace, ada: Person, ben: Person
) -> None:
    parent = (await caller.call("chat.postMessage", channel=CHANNEL, text="card"))["ts"]
    await caller.call("chat.postMessage", channel=CHANNEL, text="in the thread", thread_ts=parent)
    await caller.call("chat.postEphemeral", channel=CHANNEL, user="U01ADA", text="only Ada")
    await caller.call("chat.postMessage", channel=PRIVATE, text="for the Chair")
    await opened(caller, ben, modal(section("Hold")))
    hers, his = workspace.snapshot(ada.id), workspace.snapshot(ben.id)
    channels = {each["id"]: each for each in hers["channels"]}
    assert PRIVATE not in channels
    assert [each["text"] for each in channels[CHANNEL]["messages"]] == ["card", "only Ada"]
    assert [each["text"] for each in channels[CHANNEL]["messages"][0]["replies"]] == ["in the thread"]
    assert channels[CHANNEL]["unread"] == 3
    assert hers["modal"] is None
    assert his["modal"]["title"]["text"] == "Hold"
    channels = {each["id"]: each for each in his["channels"]}
    assert [each["text"] for each in channels[PRIVATE]["messages"]] == ["for the Chair"]
    assert "only Ada" not in str(his)
    workspace.reads(ben.id, PRIVATE)
    assert {each["id"]: each for each in workspace.snapshot(ben.id)["channels"]}[PRIVATE]["unread"] == 0


async def test_a_subscription_gives_what_has_been_then_what_comes_and_nothing_of_others(
    workspace: Workspace, ada: Person, ben: Person
) -> None:
    before = workspace.log.seq
    seen: list[str] = []

    async def watches() -> None:
        async for each in workspace.subscribe(before, ada.id):
            seen.append(f"{each.kind} {each.channel}")
            if each.kind == "deleted":
                return

    workspace.slackbot_says(ada.id, CHANNEL, "for Ada")
    watching = asyncio.create_task(watches())
    workspace.slackbot_says(ben.id, CHANNEL, "for Ben")
    workspace.slackbot_says(ben.id, PRIVATE, "for Ben")
    workspace.drop(ada.sees()[0])
    await watching
    assert seen == [f"message {CHANNEL}", f"deleted {CHANNEL}"]


async def test_who_is_too_far_behind_is_told_to_look_anew() -> None:
    from bot.local_slack.event_log import EventLog

    log = EventLog()
    log.entries = type(log.entries)(maxlen=2)
    for _ in range(5):
        log.add("message")
    log.close()
    assert [each.kind async for each in log.after(0)] == ["anew"]
    assert [each.seq async for each in log.after(3)] == [4, 5]


def test_an_app_is_installed_as_its_manifest_says() -> None:
    app = as_installed({
        "display_information": {"name": "Verbale"},
        "features": {"bot_user": {"display_name": "verbale"}, "slash_commands": [{"command": "/desk"}]},
        "oauth_config": {"scopes": {"bot": ["chat:write"]}},
        "settings": {"event_subscriptions": {"bot_events": ["app_mention"]}},
    })  # fmt: skip
    assert (app.name, app.scopes, app.events) == ("verbale", {"chat:write"}, {"app_mention"})
    assert app.commands == {"/desk"}
    assert app.bot_token != App().bot_token


async def test_an_event_that_nobody_subscribed_to_is_not_sent(
    caller: Caller, workspace: Workspace, ada: Person
) -> None:
    workspace.app = App(events=frozenset(), bot_token=workspace.app.bot_token, app_token=workspace.app.app_token)
    wire: Wire = await caller.connects()
    async with wire.serving() as seen:
        assert await acts.says(workspace, ada.id, CHANNEL, "<@U01VERBALE> states")
        assert await acts.opens_home(workspace, ada.id)
    assert not seen
