"""Chat is served by one process; what Slack does not let in is said in a sentence, at the start and by the doctor."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from slack_bolt.async_app import AsyncApp

from bot import doctor, local_slack
from bot.door import Door
from bot.leads import CHAT, EVERYTHING, ONLY
from bot.local_slack import acts
from bot.local_slack.faults import Fault, How
from bot.local_slack.people import App
from bot.local_slack.workspace import Workspace
from bot.settings import WrongSetting, read_settings
from bot.slack import client
from bot.slack.checks import Missing, identity
from bot.slack.client import Access, access, proxy_for
from bot.slack.listeners import TRAPS, without_traps
from bot.slack.scopes import needed
from bot.slack.serving import Service
from mailflows.desk import Desk
from tests.bot.slack.conftest import CHANNEL, InChat
from tests.chat.persons import Person
from tests.conftest import PracticeDesk


def way_to(workspace: Workspace) -> Access:
    return Access(workspace.app.bot_token, workspace.app.app_token, f"{workspace.url}/api/", loopback_only=True)


def service(desk: PracticeDesk, workspace: Workspace, who: str = "verbale run") -> Service:
    async def now() -> Desk:
        return desk.desk

    return Service(way_to(workspace), "/1540", now, desk.desk.store, who, again_seconds=0.01)


@asynccontextmanager
async def running(served: Service) -> AsyncIterator[asyncio.Task[None]]:
    ending = asyncio.Event()
    task = asyncio.create_task(served.run(ending))
    try:
        yield task
    finally:
        ending.set()
        await asyncio.wait({task}, timeout=10)
        assert task.done()


async def test_the_desk_serves_chat_and_ends_politely(staffed: PracticeDesk, workspace: Workspace) -> None:
    served = service(staffed, workspace)
    async with running(served):
        await served.serving.wait()
        await workspace.link.greeted.wait()
        assert "Malawi" in (await Person(workspace, "U01ADA", CHANNEL).types("/1540 state Malawi")).words
    assert workspace.link.connections == []


async def test_of_two_services_with_one_desk_one_serves_and_the_other_takes_over(
    staffed: PracticeDesk, workspace: Workspace
) -> None:
    first, second = service(staffed, workspace), service(staffed, workspace, "another")
    async with running(first):
        await first.serving.wait()
        async with running(second):
            await workspace.link.greeted.wait()
            assert not second.serving.is_set()
            assert len(workspace.link.connections) == 1
    async with running(second):
        await second.serving.wait()
        await workspace.link.greeted.wait()
        assert len(workspace.link.connections) == 1


async def test_the_lead_is_chats_own_and_a_tick_does_not_take_it() -> None:
    assert CHAT not in EVERYTHING.leads_in
    assert EVERYTHING.chats
    assert [name for name, parts in ONLY.items() if parts.chats] == ["chat"]


@pytest.mark.parametrize("which", ["bot_token", "app_token"])
async def test_a_token_that_slack_does_not_take_ends_the_start_with_a_sentence(
    staffed: PracticeDesk, workspace: Workspace, which: str
) -> None:
    workspace.revoke(getattr(workspace.app, which))
    with pytest.raises(Missing, match=rf"SLACK_{which.upper()}: Slack does not take it \(token_revoked\)"):
        await service(staffed, workspace).run(asyncio.Event())


async def test_a_missing_scope_is_named(staffed: PracticeDesk) -> None:
    fewer = Workspace(app=replace(App(), scopes=frozenset(needed() - {"users:read", "im:write"})))
    async with local_slack.served(fewer):
        with pytest.raises(Missing, match="these scopes are missing: im:write, users:read; install the app anew"):
            await service(staffed, fewer).run(asyncio.Event())


async def test_without_slack_the_service_waits_and_then_serves(
    staffed: PracticeDesk, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.client.TRIES", 0)
    workspace.faults.of("auth.test", Fault(How.BROKEN), times=9)
    workspace.faults.of("apps.connections.open", Fault(How.NOT_JSON), times=2)
    served = service(staffed, workspace)
    async with running(served), asyncio.timeout(30):
        await served.serving.wait()


async def test_the_doctor_says_the_same(
    staffed: PracticeDesk, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", workspace.app.bot_token)
    monkeypatch.setenv("SLACK_APP_TOKEN", workspace.app.app_token)
    monkeypatch.setenv("VERBALE_SLACK_API", f"{workspace.url}/api/")
    card = await doctor.examine(Door(str(staffed.folder)))
    rows = {row["what"]: row for row in card.rows}
    assert rows["chat: bot token"]["how"] == rows["chat: app token"]["how"] == "good"
    assert "Secretariat" in str(rows["chat: bot token"]["found"]) or "T01DESK" in str(rows["chat: bot token"]["found"])
    workspace.revoke(workspace.app.app_token)
    card = await doctor.examine(Door(str(staffed.folder)))
    [row] = [row for row in card.rows if row["what"] == "chat: app token"]
    assert row["how"] == "wrong"
    assert "connections:write" in row["to_do"]
    assert workspace.app.app_token not in str(card)
    assert workspace.app.bot_token not in str(card)


async def test_without_tokens_the_doctor_says_that_there_is_no_chat(desk: PracticeDesk) -> None:
    card = await doctor.examine(Door(str(desk.folder)))
    [row] = [row for row in card.rows if row["what"] == "chat"]
    assert row["how"] == "good"


def test_one_token_without_the_other_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-hunter2")
    with pytest.raises(WrongSetting, match=r"^SLACK_APP_TOKEN is missing"):
        access(read_settings(), practice=False)


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
def test_a_wrong_token_is_never_shown(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, "hunter2-xoxp")
    with pytest.raises(WrongSetting) as wrong:
        read_settings()
    assert "hunter2" not in f"{wrong.value!r} {wrong.value.__cause__!r}"
    assert str(wrong.value).startswith(f'{name} is "…" and must be ')


def test_tokens_are_in_no_representation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-hunter2")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-hunter2")
    settings = read_settings()
    assert "hunter2" not in f"{settings!r} {settings} {access(settings, practice=False)!r}"


def test_a_practice_desks_chat_stays_on_this_computer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    with pytest.raises(WrongSetting, match="its chat stays on this computer"):
        access(read_settings(), practice=True)
    monkeypatch.setenv("VERBALE_SLACK_API", "http://127.0.0.1:8541/api")
    found = access(read_settings(), practice=True)
    assert found
    assert (found.api, found.loopback_only) == ("http://127.0.0.1:8541/api/", True)


@pytest.mark.parametrize("api", ["http://slack.example/api/", "ftp://x/", "banana"])
def test_tokens_go_over_https_alone_beyond_this_computer(
    api: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VERBALE_SLACK_API", api)
    with pytest.raises(WrongSetting, match=r"^VERBALE_SLACK_API is .* must be https"):
        read_settings()


async def test_the_oauth_trap_is_shut_and_the_variables_stand_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in TRAPS:
        monkeypatch.setenv(name, "xoxb-trap")
    async with client.connected(Access("xoxb-1", "xapp-1", "http://127.0.0.1:1/api/")) as slack:
        with without_traps():
            app = AsyncApp(client=slack, name="verbale", process_before_response=True)
    assert app.oauth_flow is None
    assert {os.environ[name] for name in TRAPS} == {"xoxb-trap"}


def test_a_proxy_is_taken_where_it_is_meant_and_not_where_no_proxy_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "slack.example")
    assert proxy_for("https://slack.com/api/") == "http://proxy.example:3128"
    assert proxy_for("wss://wss-primary.slack.com/link") == "http://proxy.example:3128"
    assert proxy_for("https://files.slack.example/x") is None
    assert proxy_for("http://127.0.0.1:8541/api/") is None


async def test_the_client_itself_takes_no_other_proxy(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    async with client.connected(way_to(workspace)) as slack:
        assert (await identity(slack)).team == "T01DESK"


async def test_what_comes_while_the_desk_ends_is_left_to_whoever_serves_next(chat: InChat, officer: Person) -> None:
    chat.hold.clear()
    slow = asyncio.create_task(acts.types(chat.workspace, officer.id, CHANNEL, "/1540 state Malawi"))
    await chat.asked.wait()
    ending = asyncio.create_task(chat.socket.close())
    await asyncio.sleep(0)
    chat.hold.set()
    await slow
    await ending
    assert "Malawi" in officer.sees()[-1].text
