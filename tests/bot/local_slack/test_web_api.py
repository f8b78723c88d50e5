"""The Web API: tokens and scopes, Slack's errors by name, messages, channels and files, over plain HTTP."""

import io
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from bot.local_slack.people import User
from bot.local_slack.workspace import Workspace
from tests.bot.local_slack.conftest import CHANNEL, ELSEWHERE, PRIVATE, Caller
from tests.chat.clock import HandClock
from tests.chat.persons import Person

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*Malawi*"}}


async def test_a_call_without_a_token_or_with_another_one_is_refused(caller: Caller) -> None:
    assert (await caller.call("auth.test", ""))["error"] == "not_authed"
    assert (await caller.call("auth.test", "xoxb-somebody-else"))["error"] == "invalid_auth"


async def test_each_token_is_for_its_own_methods(caller: Caller, workspace: Workspace) -> None:
    assert (await caller.call("auth.test", workspace.app.app_token))["error"] == "not_allowed_token_type"
    assert (await caller.call("apps.connections.open"))["error"] == "not_allowed_token_type"


async def test_a_revoked_token_is_refused_from_then_on(caller: Caller, workspace: Workspace) -> None:
    workspace.revoke(workspace.app.bot_token)
    assert (await caller.call("chat.postMessage", channel=CHANNEL, text="hello"))["error"] == "token_revoked"
    assert not workspace.messages[CHANNEL]


async def test_a_missing_scope_says_which_is_needed_and_which_there_are(caller: Caller, workspace: Workspace) -> None:
    workspace.app = replace(workspace.app, scopes=frozenset({"commands", "im:history"}))
    answer = await caller.call("chat.postMessage", channel=CHANNEL, text="hello")
    assert (answer["error"], answer["needed"], answer["provided"]) == (
        "missing_scope",
        "chat:write",
        "commands,im:history",
    )
    answer = await caller.call("conversations.history", channel=PRIVATE)
    assert (answer["error"], answer["needed"]) == ("missing_scope", "groups:history")


async def test_a_method_that_there_is_not_is_named_so(caller: Caller) -> None:
    assert (await caller.call("chat.postNovel"))["error"] == "unknown_method"


async def test_what_is_missing_is_named(caller: Caller) -> None:
    answer = await caller.call("chat.postMessage", text="hello")
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]


@pytest.mark.parametrize(
    ("body", "error"), [(b"{", "invalid_json"), (b"[]", "json_not_object"), (b"\xff", "invalid_json")]
)
async def test_a_body_that_is_no_object_is_refused(caller: Caller, body: bytes, error: str) -> None:
    headers = {"Authorization": f"Bearer {caller.workspace.app.bot_token}", "Content-Type": "application/json"}
    async with caller.session.post(f"{caller.workspace.url}/api/auth.test", data=body, headers=headers) as answer:
        assert (await answer.json())["error"] == error


async def test_a_form_carries_what_is_structured_as_json_and_the_token_too(
    caller: Caller, workspace: Workspace
) -> None:
    form = {"token": workspace.app.bot_token, "channel": CHANNEL, "text": "hello", "blocks": '[{"type": "divider"}]'}
    async with caller.session.post(f"{workspace.url}/api/chat.postMessage", data=form) as answer:
        body = await answer.json()
    assert body["message"]["blocks"][0]["type"] == "divider"


async def test_the_token_of_socket_mode_comes_in_the_header_alone(caller: Caller, workspace: Workspace) -> None:
    form = {"token": workspace.app.app_token}
    async with caller.session.post(f"{workspace.url}/api/apps.connections.open", data=form) as answer:
        assert (await answer.json())["error"] == "not_authed"


@pytest.mark.parametrize("host", ["slack.test", "127.0.0.1:1", "localhost", ""])
async def test_another_name_or_another_port_reaches_nothing(caller: Caller, workspace: Workspace, host: str) -> None:
    async with caller.session.post(f"{workspace.url}/api/auth.test", headers={"Host": host}) as answer:
        assert answer.status in {400, 421}
        assert b"ok" not in await answer.read()


async def test_localhost_is_this_computer_too(workspace: Workspace) -> None:
    port = workspace.url.rpartition(":")[2]
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{workspace.url}/api/auth.test", headers={"Host": f"localhost:{port}"}) as answer,
    ):
        assert (await answer.json())["error"] == "not_authed"


async def test_the_app_learns_who_it_is_and_which_scopes_it_has(caller: Caller, workspace: Workspace) -> None:
    async with await caller.raw("auth.test") as answer:
        body = await answer.json()
        assert "chat:write" in answer.headers["X-OAuth-Scopes"].split(",")
    assert (body["team_id"], body["user_id"], body["bot_id"]) == (
        workspace.team.id,
        workspace.app.bot_user,
        workspace.app.bot_id,
    )
    assert (await caller.call("team.info"))["team"]["name"] == "Secretariat"


async def test_a_guest_and_one_of_another_workspace_are_told_apart(caller: Caller, workspace: Workspace) -> None:
    workspace.person(User("U07GUEST", "guest", "Guest", is_restricted=True))
    workspace.person(User("U08OTHER", "other", "Other", team_id="T09OTHER"))
    guest = (await caller.call("users.info", user="U07GUEST"))["user"]
    other = (await caller.call("users.info", user="U08OTHER"))["user"]
    assert (guest["is_restricted"], guest["team_id"]) == (True, workspace.team.id)
    assert (other["is_stranger"], other["team_id"]) == (True, "T09OTHER")
    assert (await caller.call("users.info", user="U0NOBODY"))["error"] == "user_not_found"


async def test_stamps_grow_and_are_never_the_same_though_the_clock_stands_still_or_goes_back(
    caller: Caller, workspace: Workspace, clock: HandClock
) -> None:
    stamps = [(await caller.call("chat.postMessage", channel=CHANNEL, text="hello"))["ts"] for _ in range(3)]
    clock.moment -= 3600
    stamps.append((await caller.call("chat.postMessage", channel=PRIVATE, text="hello"))["ts"])
    assert sorted(set(stamps)) == stamps


async def test_a_channel_that_the_bot_cannot_see_is_not_found(caller: Caller, workspace: Workspace) -> None:
    workspace.channel("G09HIDDEN", "hidden", ["U01ADA"], workspace.channels[PRIVATE].kind)
    for method in ("chat.postMessage", "conversations.history", "conversations.info"):
        assert (await caller.call(method, channel="G09HIDDEN", text="hello"))["error"] == "channel_not_found"
    assert "G09HIDDEN" not in [
        each["id"] for each in (await caller.call("conversations.list", types="private_channel"))["channels"]
    ]


async def test_a_public_channel_needs_membership_or_the_scope_for_it(caller: Caller, workspace: Workspace) -> None:
    assert (await caller.call("conversations.history", channel=ELSEWHERE))["error"] == "not_in_channel"
    assert (await caller.call("chat.postMessage", channel=ELSEWHERE, text="hello"))["ok"]
    workspace.app = replace(workspace.app, scopes=workspace.app.scopes - {"chat:write.public"})
    assert (await caller.call("chat.postMessage", channel=ELSEWHERE, text="hello"))["error"] == "not_in_channel"
    assert (await caller.call("conversations.join", channel=ELSEWHERE))["channel"]["is_member"]
    assert (await caller.call("chat.postMessage", channel=ELSEWHERE, text="hello"))["ok"]
    assert (await caller.call("conversations.join", channel=PRIVATE))[
        "error"
    ] == "method_not_supported_for_channel_type"


async def test_a_persons_id_is_their_direct_messages(caller: Caller, ada: Person) -> None:
    posted = await caller.call("chat.postMessage", channel="U01ADA", text="for you")
    opened = await caller.call("conversations.open", users="U01ADA")
    assert posted["channel"] == opened["channel"]["id"]
    assert [each.text for each in ada.sees(posted["channel"])] == ["for you"]
    assert (await caller.call("conversations.info", channel=posted["channel"]))["channel"]["user"] == "U01ADA"


async def test_a_message_is_changed_by_its_app_alone(caller: Caller, workspace: Workspace, ada: Person) -> None:
    async with (await caller.connects()).serving():
        posted = await caller.call("chat.postMessage", channel=CHANNEL, text="one", blocks=[SECTION])
        theirs = (await workspace_says(ada, "hello")).ts
    assert (await caller.call("chat.update", channel=CHANNEL, ts=theirs, text="two"))["error"] == "cant_update_message"
    assert (await caller.call("chat.delete", channel=CHANNEL, ts=theirs))["error"] == "cant_delete_message"
    assert (await caller.call("chat.update", channel=CHANNEL, ts="1.000001", text="two"))[
        "error"
    ] == "message_not_found"
    changed = await caller.call("chat.update", channel=CHANNEL, ts=posted["ts"], text="two")
    assert "blocks" not in changed["message"]
    assert changed["message"]["edited"]
    assert (await caller.call("chat.delete", channel=CHANNEL, ts=posted["ts"]))["ok"]
    assert (await caller.call("chat.delete", channel=CHANNEL, ts=posted["ts"]))["error"] == "message_not_found"


async def workspace_says(person: Person, words: str) -> Any:
    from bot.local_slack import acts

    return acts.writes(person.workspace, person.id, CHANNEL, words)


async def test_an_update_keeps_blocks_only_where_no_text_is_given(caller: Caller) -> None:
    metadata = {"event_type": "card", "event_payload": {"key": "k1"}}
    posted = await caller.call("chat.postMessage", channel=CHANNEL, text="one", blocks=[SECTION], metadata=metadata)
    kept = await caller.call(
        "chat.update", channel=CHANNEL, ts=posted["ts"], metadata=metadata | {"event_type": "done"}
    )
    assert kept["message"]["blocks"][0]["text"]["text"] == "*Malawi*"
    assert (await caller.call("chat.update", channel=CHANNEL, ts=posted["ts"]))["error"] == "no_text"
    with_blocks = await caller.call("chat.update", channel=CHANNEL, ts=posted["ts"], text="two", blocks=[SECTION])
    assert "edited" not in with_blocks["message"]
    assert (await caller.call("chat.update", channel=CHANNEL, ts=posted["ts"], text="x" * 4001))[
        "error"
    ] == "msg_too_long"


async def test_metadata_is_in_the_history_only_where_it_is_asked_for(caller: Caller) -> None:
    metadata = {"event_type": "card", "event_payload": {"key": "k1"}}
    await caller.call("chat.postMessage", channel=CHANNEL, text="one", metadata=metadata)
    [plain] = (await caller.call("conversations.history", channel=CHANNEL))["messages"]
    [full] = (await caller.call("conversations.history", channel=CHANNEL, include_all_metadata=True))["messages"]
    assert "metadata" not in plain
    assert full["metadata"] == metadata
    wrong = await caller.call("chat.postMessage", channel=CHANNEL, text="one", metadata={"key": "k1"})
    assert wrong["error"] == "invalid_metadata_schema"


async def test_the_history_is_newest_first_in_pages_and_within_bounds(caller: Caller) -> None:
    stamps = [
        (await caller.call("chat.postMessage", channel=CHANNEL, text=f"number {each}"))["ts"] for each in range(5)
    ]
    first = await caller.call("conversations.history", channel=CHANNEL, limit=2)
    assert [each["ts"] for each in first["messages"]] == stamps[:2:-1]
    assert first["has_more"]
    cursor = first["response_metadata"]["next_cursor"]
    rest = await caller.call("conversations.history", channel=CHANNEL, limit=9, cursor=cursor)
    assert [each["ts"] for each in rest["messages"]] == stamps[2::-1]
    assert not rest["has_more"]
    between = await caller.call("conversations.history", channel=CHANNEL, oldest=stamps[1], latest=stamps[3])
    assert [each["ts"] for each in between["messages"]] == [stamps[2]]
    ends = await caller.call("conversations.history", channel=CHANNEL, oldest=stamps[3], inclusive=True)
    assert [each["ts"] for each in ends["messages"]] == [stamps[4], stamps[3]]
    assert (await caller.call("conversations.history", channel=CHANNEL, cursor="x"))["error"] == "invalid_cursor"
    assert (await caller.call("conversations.history", channel=CHANNEL, oldest="x"))["error"] == "invalid_ts_oldest"


async def test_a_reply_is_in_its_thread_and_in_the_channel_only_when_broadcast(caller: Caller) -> None:
    parent = (await caller.call("chat.postMessage", channel=CHANNEL, text="parent"))["ts"]
    reply = (await caller.call("chat.postMessage", channel=CHANNEL, text="reply", thread_ts=parent))["ts"]
    loud = await caller.call("chat.postMessage", channel=CHANNEL, text="loud", thread_ts=reply, reply_broadcast=True)
    thread = (await caller.call("conversations.replies", channel=CHANNEL, ts=parent))["messages"]
    assert [each["text"] for each in thread] == ["parent", "reply", "loud"]
    assert (thread[0]["reply_count"], thread[0]["latest_reply"]) == (2, loud["ts"])
    history = (await caller.call("conversations.history", channel=CHANNEL))["messages"]
    assert [each["text"] for each in history] == ["loud", "parent"]
    nowhere = await caller.call("chat.postMessage", channel=CHANNEL, text="reply", thread_ts="1.000001")
    assert nowhere["error"] == "invalid_thread_ts"


async def test_what_is_shown_to_one_is_seen_by_nobody_else_and_found_by_no_method(
    caller: Caller, ada: Person, ben: Person
) -> None:
    shown = await caller.call("chat.postEphemeral", channel=CHANNEL, user="U01ADA", text="only you")
    assert [each.text for each in ada.sees()] == ["only you"]
    assert not ben.sees()
    assert not (await caller.call("conversations.history", channel=CHANNEL))["messages"]
    gone = await caller.call("chat.update", channel=CHANNEL, ts=shown["message_ts"], text="two")
    assert gone["error"] == "message_not_found"
    outside = await caller.call("chat.postEphemeral", channel=CHANNEL, user="U03EVE", text="only you")
    assert outside["error"] == "user_not_in_channel"


async def test_a_message_has_an_address_and_one_that_is_gone_has_none(caller: Caller) -> None:
    ts = (await caller.call("chat.postMessage", channel=CHANNEL, text="one"))["ts"]
    link = await caller.call("chat.getPermalink", channel=CHANNEL, message_ts=ts)
    assert link["permalink"].endswith(ts.replace(".", ""))
    assert (await caller.call("chat.getPermalink", channel=CHANNEL, message_ts="1.000001"))[
        "error"
    ] == "message_not_found"


async def test_an_archived_channel_takes_nothing(caller: Caller, workspace: Workspace) -> None:
    workspace.put_channel(replace(workspace.channels[CHANNEL], is_archived=True))
    assert (await caller.call("chat.postMessage", channel=CHANNEL, text="one"))["error"] == "is_archived"
    listed = (await caller.call("conversations.list", exclude_archived=True))["channels"]
    assert [each["id"] for each in listed] == [ELSEWHERE]
    assert (await caller.call("conversations.members", channel=CHANNEL))["members"] == [
        "U01ADA",
        "U01VERBALE",
        "U02BEN",
    ]


async def test_a_file_is_announced_uploaded_completed_and_read_with_the_token(
    caller: Caller, workspace: Workspace
) -> None:
    announced = await caller.call("files.getUploadURLExternal", filename="list.csv", length=5)
    early = await caller.call("files.completeUploadExternal", files=[{"id": announced["file_id"]}])
    assert early["error"] == "file_not_found"
    async with caller.session.post(announced["upload_url"], data=b"a,b,c") as answer:
        assert answer.status == 200
    async with caller.session.post(announced["upload_url"], data=b"a,b,c") as again:
        assert again.status == 400
    files = [{"id": announced["file_id"], "title": "States"}]
    done = await caller.call("files.completeUploadExternal", files=files, channel_id=CHANNEL, initial_comment="here")
    [message] = (await caller.call("conversations.history", channel=CHANNEL))["messages"]
    assert (message["text"], message["files"][0]["title"]) == ("here", "States")
    private = done["files"][0]["url_private"]
    async with caller.session.get(private) as refused:
        assert refused.status == 403
    headers = {"Authorization": f"Bearer {workspace.app.bot_token}"}
    async with caller.session.get(private, headers=headers) as answer:
        assert await answer.read() == b"a,b,c"
        assert answer.headers["Content-Disposition"] == "attachment"
    assert (await caller.call("files.info", file=announced["file_id"]))["file"]["size"] == 5


async def test_an_upload_that_is_not_as_long_as_announced_is_refused(caller: Caller) -> None:
    announced = await caller.call("files.getUploadURLExternal", filename="list.csv", length=5)
    async with caller.session.post(announced["upload_url"], data=b"a") as answer:
        assert answer.status == 400
    assert (await caller.call("files.info", file=announced["file_id"]))["error"] == "file_not_found"


async def test_a_call_and_an_upload_have_an_end(caller: Caller, workspace: Workspace) -> None:
    form = io.BytesIO(b"x" * 12_000_001)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with caller.session.post(f"{workspace.url}/api/auth.test", data=form, headers=headers) as answer:
        assert answer.status == 413
    workspace.shelf.largest = 3
    announced = await caller.call("files.getUploadURLExternal", filename="list.csv", length=5)
    async with caller.session.post(announced["upload_url"], data=b"a,b,c") as answer:
        assert (answer.status, await answer.text()) == (400, "too_large")


async def test_a_file_may_come_as_a_form(caller: Caller) -> None:
    announced = await caller.call("files.getUploadURLExternal", filename="list.csv", length=5)
    async with caller.session.post(announced["upload_url"], data={"file": io.BytesIO(b"a,b,c")}) as answer:
        assert answer.status == 200


async def test_where_rates_hold_a_channel_takes_one_message_a_second(
    caller: Caller, workspace: Workspace, clock: HandClock
) -> None:
    from bot.local_slack.limits import BURST, Limits

    workspace.limits = Limits(clock)
    for _ in range(BURST):
        assert (await caller.call("chat.postMessage", channel=CHANNEL, text="one"))["ok"]
    async with await caller.raw("chat.postMessage", channel=CHANNEL, text="one") as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
        assert (await answer.json())["error"] == "ratelimited"
    assert (await caller.call("chat.postMessage", channel=PRIVATE, text="one"))["ok"]
    clock.moves(1)
    assert (await caller.call("chat.postMessage", channel=CHANNEL, text="one"))["ok"]
    assert len(workspace.messages[CHANNEL]) == BURST + 1
    assert (await caller.call("apps.connections.open", workspace.app.app_token))["ok"]
    async with await caller.raw("apps.connections.open", workspace.app.app_token) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "60")
