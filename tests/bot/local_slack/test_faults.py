"""Told to fail, the local Slack fails as a server does: so many times, then it is well again."""

import asyncio
from dataclasses import replace

import aiohttp
import pytest

from bot.local_slack.faults import Fault, How
from bot.local_slack.workspace import Workspace
from tests.bot.local_slack.conftest import CHANNEL, Caller


async def test_it_is_asked_to_wait_and_then_it_works(caller: Caller, workspace: Workspace) -> None:
    workspace.faults.of("chat.postMessage", Fault(How.RATE_LIMITED, retry_after=30), times=2)
    for _ in range(2):
        async with await caller.raw("chat.postMessage", channel=CHANNEL, text="one") as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (429, "30")
    assert not workspace.messages[CHANNEL]
    assert (await caller.call("auth.test"))["ok"]
    assert (await caller.call("chat.postMessage", channel=CHANNEL, text="one"))["ok"]


async def test_it_breaks_down_and_nothing_is_done(caller: Caller, workspace: Workspace) -> None:
    workspace.faults.of("*", Fault(How.BROKEN))
    async with await caller.raw("chat.postMessage", channel=CHANNEL, text="one") as answer:
        assert answer.status == 500
    assert not workspace.messages[CHANNEL]


async def test_a_page_instead_of_an_answer(caller: Caller, workspace: Workspace) -> None:
    workspace.faults.of("auth.test", Fault(How.NOT_JSON))
    async with await caller.raw("auth.test") as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")


async def test_the_connection_ends_before_anything_is_done(caller: Caller, workspace: Workspace) -> None:
    workspace.faults.of("chat.postMessage", Fault(How.CUT))
    with pytest.raises(aiohttp.ClientConnectionError):
        await caller.raw("chat.postMessage", channel=CHANNEL, text="one")
    assert not workspace.messages[CHANNEL]


async def test_it_is_done_and_the_answer_is_lost(caller: Caller, workspace: Workspace) -> None:
    workspace.faults.of("chat.postMessage", Fault(How.LOST))
    with pytest.raises(aiohttp.ClientConnectionError):
        await caller.raw("chat.postMessage", channel=CHANNEL, text="one")
    assert [each.text for each in workspace.messages[CHANNEL].values()] == ["one"]


async def test_it_hangs_until_it_is_let_go(caller: Caller, workspace: Workspace) -> None:
    workspace.faults.of("chat.postMessage", Fault(How.HANGS))
    calling = asyncio.create_task(caller.raw("chat.postMessage", channel=CHANNEL, text="one"))
    await workspace.faults.met.wait()
    assert (await caller.call("auth.test"))["ok"]
    assert not calling.done()
    workspace.faults.clear()
    with pytest.raises(aiohttp.ClientConnectionError):
        await calling
    assert not workspace.messages[CHANNEL]


async def test_answers_by_response_url_and_uploads_fail_too(caller: Caller, workspace: Workspace) -> None:
    workspace.faults.of("hooks", Fault(How.BROKEN))
    workspace.faults.of("upload", Fault(How.LOST))
    hook = workspace.hooks.give("U01ADA", CHANNEL)
    async with caller.session.post(workspace.url + hook, json={"text": "one"}) as answer:
        assert answer.status == 500
    async with caller.session.post(workspace.url + hook, json={"text": "one"}) as answer:
        assert answer.status == 200
    announced = await caller.call("files.getUploadURLExternal", filename="list.csv", length=1)
    with pytest.raises(aiohttp.ClientConnectionError):
        await caller.session.post(announced["upload_url"], data=b"a")
    assert (await caller.call("files.completeUploadExternal", files=[{"id": announced["file_id"]}]))["ok"]


async def test_a_server_that_ends_leaves_nobody_waiting(workspace: Workspace, caller: Caller) -> None:
    from bot import local_slack

    other = local_slack.Workspace()
    async with local_slack.served(other) as url:
        other.faults.of("auth.test", Fault(How.HANGS))
        calling = asyncio.create_task(replace(caller, workspace=other).raw("auth.test"))
        watching = asyncio.create_task(_all_of(other))
        await other.faults.met.wait()
        assert url != workspace.url
    with pytest.raises(aiohttp.ClientConnectionError):
        await calling
    await watching


async def _all_of(workspace: Workspace) -> list[str]:
    return [each.kind async for each in workspace.subscribe()]
