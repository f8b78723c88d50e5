"""Slack's own libraries work against the local Slack: Bolt in Socket Mode, and the client of the Web API."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import local_slack
from bot.local_slack.faults import Cut
from bot.local_slack.link import SECONDS
from bot.local_slack.people import User
from bot.local_slack.workspace import Workspace
from tests.bot.local_slack.conftest import CHANNEL
from tests.chat.clock import HandClock
from tests.chat.persons import Person

BUTTON = {
    "type": "actions",
    "elements": [{"type": "button", "action_id": "release", "text": {"type": "plain_text", "text": "Release"}, "value": "a1"}],
}  # fmt: skip
MODAL = {
    "type": "modal", "callback_id": "reason", "title": {"type": "plain_text", "text": "Why"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [{
        "type": "input", "block_id": "why", "label": {"type": "plain_text", "text": "Reason"},
        "element": {"type": "plain_text_input", "action_id": "text"},
    }],
}  # fmt: skip


@pytest.fixture(autouse=True)
def without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack's client obeys HTTP_PROXY and not NO_PROXY; two of these with a client id turn OAuth on."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def client(workspace: Workspace) -> AsyncWebClient:
    return AsyncWebClient(workspace.app.bot_token, base_url=f"{workspace.url}/api/")


@asynccontextmanager
async def connected(workspace: Workspace, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    handler = AsyncSocketModeHandler(app, workspace.app.app_token, web_client=app.client, ping_interval=0.05)
    await handler.connect_async()
    await workspace.link.greeted.wait()
    try:
        yield handler
    finally:
        await handler.close_async()


async def test_a_typed_command_is_answered_and_a_press_changes_the_card(
    workspace: Workspace, client: AsyncWebClient, ada: Person
) -> None:
    app = AsyncApp(client=client, process_before_response=True)

    async def on_command(ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any]) -> None:
        await respond(text=f"you typed {body['text']}", blocks=[BUTTON], response_type="in_channel")
        await ack()

    async def on_press(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await respond(text="released by Ada", replace_original=True)

    app.command("/1540")(on_command)
    app.action("release")(on_press)
    async with connected(workspace, app):
        card = await ada.types("/1540 remind first-report")
        assert card.labels == ["Release"]
        assert card.message.text == "you typed remind first-report"
        await ada.press(card, "Release")
        after = await ada.meets(lambda message: message.text == "released by Ada")
    assert after.ts == card.message.ts
    assert not after.blocks
    assert not workspace.breaches


async def test_a_modal_opens_from_a_command_is_refused_at_its_field_and_then_closes(
    workspace: Workspace, client: AsyncWebClient, ada: Person
) -> None:
    app = AsyncApp(client=client, process_before_response=True)

    async def on_command(ack: AsyncAck, body: dict[str, Any]) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)
        await ack()

    async def on_submission(ack: AsyncAck, view: dict[str, Any]) -> None:
        reason = view["state"]["values"]["why"]["text"]["value"]
        if reason == "because":
            await ack(response_action="errors", errors={"why": "Say more."})
        else:
            await ack()

    app.command("/1540")(on_command)
    app.view("reason")(on_submission)
    async with connected(workspace, app):
        opened = await ada.types("/1540 letter hold")
        assert opened.modal
        refused = await ada.submits(opened, {"Reason": "because"})
        assert "Say more." in refused.words
        done = await ada.submits(refused, {"Reason": "the Chair asked"})
    assert done.modal is None
    assert not workspace.breaches


async def test_a_mention_and_a_direct_message_are_events(
    workspace: Workspace, client: AsyncWebClient, ada: Person
) -> None:
    app = AsyncApp(client=client, process_before_response=True)

    async def answers(event: dict[str, Any], say: Any) -> None:
        await say(f"{event['type']} heard", thread_ts=event["ts"])

    app.event("app_mention")(answers)
    app.event("message")(answers)
    async with connected(workspace, app):
        mention = await ada.says(CHANNEL, "@verbale states")
        assert mention.message.text == "app_mention heard"
        assert (await ada.dms("states")).message.text == "message heard"
    assert not workspace.breaches


async def test_a_library_is_told_what_slack_tells_it(workspace: Workspace, client: AsyncWebClient) -> None:
    assert (await client.auth_test())["team_id"] == workspace.team.id
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="C0NOWHERE", text="hello")
    assert refused.value.response["error"] == "channel_not_found"


async def test_the_socket_mode_client_moves_on_when_it_is_told_to_go(
    workspace: Workspace, client: AsyncWebClient, ada: Person
) -> None:
    app = AsyncApp(client=client, process_before_response=True)

    async def on_command(ack: AsyncAck) -> None:
        await ack("still here")

    app.command("/1540")(on_command)
    async with connected(workspace, app):
        first = workspace.link.connections[0]
        workspace.link.greeted.clear()
        await workspace.link.disconnect("refresh_requested")
        await workspace.link.greeted.wait()
        assert first not in workspace.link.connections
        assert (await ada.types("/1540 help")).message.text == "still here"


async def test_a_file_is_uploaded_as_the_library_does_it(client: AsyncWebClient, ada: Person) -> None:
    await client.files_upload_v2(channel=CHANNEL, content="a,b,c", filename="list.csv", initial_comment="24 States")
    [message] = ada.sees()
    assert message.text == "24 States"
    assert ada.workspace.shelf.get(message.files[0]).data == b"a,b,c"


@pytest.mark.parametrize("cut", list(Cut))
async def test_the_library_comes_back_when_its_socket_drops_in_the_middle_of_an_envelope(
    workspace: Workspace, client: AsyncWebClient, clock: HandClock, ada: Person, cut: Cut
) -> None:
    app = AsyncApp(client=client, process_before_response=True)
    app.command("/1540")(_still_here)
    async with connected(workspace, app):
        workspace.faults.cut_socket("slash_commands", cut)
        typing = asyncio.create_task(ada.types("/1540 states"))
        await clock.plans(SECONDS)
        await workspace.link.lost.wait()
        await workspace.link.greeted.wait()
        if not typing.done():
            clock.moves(SECONDS)
        assert (await typing).words in {"`/1540` failed with the error `operation_timeout`", "still here"}
        assert (await ada.types("/1540 help")).message.text == "still here"


async def test_the_library_comes_back_when_slack_has_been_away(clock: HandClock) -> None:
    workspace = Workspace(clock=clock)
    workspace.person(User("U01ADA", "ada", "Ada Officer"))
    ada = Person(workspace, "U01ADA")
    async with local_slack.served(workspace) as url:
        client = AsyncWebClient(workspace.app.bot_token, base_url=f"{url}/api/")
        app = AsyncApp(client=client, process_before_response=True)
        app.command("/1540")(_still_here)
        handler = AsyncSocketModeHandler(app, workspace.app.app_token, web_client=client, ping_interval=0.05)
        await handler.connect_async()
        assert (await ada.types("/1540 help")).message.text == "still here"
    async with local_slack.served(workspace, port=int(url.rpartition(":")[2])):
        await workspace.link.greeted.wait()
        assert (await ada.types("/1540 help")).message.text == "still here"
        await handler.close_async()


async def _still_here(ack: AsyncAck) -> None:
    await ack("still here")
