"""Whatever a call carries is answered: in Slack's words, never with a traceback, and never by breaking what stands."""

import json
from typing import Any

import pytest

from bot.local_slack.methods import METHODS
from bot.local_slack.workspace import Workspace
from tests.bot.local_slack.conftest import CHANNEL, Caller

NAMES = (
    "channel", "user", "users", "ts", "message_ts", "text", "blocks", "metadata", "thread_ts", "view", "view_id", "trigger_id",
    "user_id", "hash", "external_id", "limit", "cursor", "oldest", "latest", "types", "files", "file", "filename", "length",
    "channel_id", "inclusive", "reply_broadcast",
)  # fmt: skip
STRANGE: tuple[Any, ...] = (
    None, True, -1, 1e400, "x", "nan", "\ud800", [1], {"a": 1}, [[]], "{", [{"id": {}}], "999999999999999999999",
    {"type": "modal", "title": {"type": "plain_text", "text": "\ud800"}, "blocks": [{"type": "divider"}]}, {"type": []},
)  # fmt: skip


@pytest.mark.parametrize("method", sorted(METHODS))
async def test_every_argument_may_be_anything(caller: Caller, workspace: Workspace, method: str) -> None:
    token = workspace.app.app_token if method.startswith("apps.") else workspace.app.bot_token
    posted = await caller.call("chat.postMessage", channel=CHANNEL, text="stands")
    usual = {"channel": CHANNEL, "user": "U01ADA", "ts": posted["ts"], "text": "hello"}
    for name in NAMES:
        for strange in STRANGE:
            body = json.dumps(usual | {name: strange}).encode()
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            async with caller.session.post(f"{workspace.url}/api/{method}", data=body, headers=headers) as answer:
                assert answer.status == 200, (name, strange, await answer.text())
                said = await answer.json()
                assert said["ok"] or said["error"]
    json.dumps(workspace.snapshot("U01ADA"))


async def test_an_answer_by_response_url_may_be_anything(caller: Caller, workspace: Workspace) -> None:
    for name in ("text", "blocks", "response_type", "replace_original", "delete_original", "thread_ts"):
        for strange in STRANGE:
            hook = workspace.hooks.give("U01ADA", CHANNEL)
            body = json.dumps({"text": "hello"} | {name: strange}).encode()
            async with caller.session.post(workspace.url + hook, data=body) as answer:
                assert answer.status in {200, 400}, (name, strange)
    json.dumps(workspace.snapshot("U01ADA"))
