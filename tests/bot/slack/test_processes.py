"""`verbale run` with chat, as a process: it serves, it ends politely, and of two with one token one serves at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.local_slack.workspace import Workspace
from mailflows.founding import found
from tests.bot.processes import ended, run, started, until
from tests.bot.slack.conftest import CHANNEL
from tests.chat.persons import Person
from tests.conftest import OPENED, PracticeDesk

pytest_plugins = ["tests.servers.fixtures"]
AT_ONCE = 10.0


def tokens(workspace: Workspace) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": workspace.app.bot_token, "SLACK_APP_TOKEN": workspace.app.app_token,
        "VERBALE_SLACK_API": f"{workspace.url}/api/", "VERBALE_LOG_LEVEL": "info",
    }  # fmt: skip


async def connections(workspace: Workspace, count: int) -> None:
    async def there() -> bool:
        return len(workspace.link.connections) == count

    await until(there)


@pytest.mark.long
async def test_a_running_desk_serves_chat_and_says_no_secret_and_no_typed_word_in_its_log(
    staffed: PracticeDesk, workspace: Workspace
) -> None:
    officer = Person(workspace, "U01ADA", CHANNEL)
    async with run(staffed.folder, **tokens(workspace)) as process:
        await connections(workspace, 1)
        assert "Malawi" in (await officer.types("/1540 state Malawi")).words
        assert "noted" in (await officer.types('/1540 state MWI note "zebrafish"')).message.text
        await officer.home()
        assert await ended(process) < AT_ONCE
        assert process.stderr
        log = (await process.stderr.read()).decode()
    assert workspace.link.connections == []
    assert "chat is served" in log
    assert [word for word in ("zebrafish", workspace.app.bot_token, workspace.app.app_token) if word in log] == []


@pytest.mark.long
async def test_home_follows_what_another_process_commits(staffed: PracticeDesk, workspace: Workspace) -> None:
    officer = Person(workspace, "U01ADA", CHANNEL)
    async with run(staffed.folder, **tokens(workspace)):
        await connections(workspace, 1)
        await officer.home()
        await staffed.takes_in((await staffed.capital_of("MWI")).writes("First report", attach="r.pdf"))

        async def shown() -> bool:
            return "S-2012-0001" in str(workspace.modals.homes[officer.id].body)

        await until(shown)


@pytest.mark.long
async def test_a_desk_whose_token_is_not_taken_ends_with_a_sentence(
    staffed: PracticeDesk, workspace: Workspace
) -> None:
    process = await started(staffed.folder, "run", **{**tokens(workspace), "SLACK_BOT_TOKEN": "xoxb-hunter2"})
    _, said = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 2
    assert "SLACK_BOT_TOKEN: Slack does not take it (invalid_auth)" in said.decode()
    assert b"Traceback" not in said
    assert b"hunter2" not in said


@pytest.mark.long
async def test_chat_alone_without_tokens_is_a_sentence(staffed: PracticeDesk) -> None:
    process = await started(staffed.folder, "run", "--only", "chat")
    _, said = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 2
    assert "SLACK_BOT_TOKEN is missing" in said.decode()


@pytest.mark.long
@pytest.mark.server
async def test_of_two_chat_processes_with_one_token_one_serves_and_the_other_takes_over(
    workspace: Workspace, database: str, tmp_path: Path
) -> None:
    where: dict[str, Any] = {**tokens(workspace), "DATABASE_URL": database}
    folder = tmp_path / "desk"
    await found(folder, practice=True, at=OPENED, administrator="", account=None, database=database)
    async with chat_alone(folder, where) as first:
        await connections(workspace, 1)
        async with chat_alone(folder, where) as second:
            assert len(workspace.link.connections) == 1
            first.kill()
            await first.wait()
            await connections(workspace, 0)
            async with asyncio.timeout(90):  # a lease of half a minute, and then a quarter of one
                await workspace.link.greeted.wait()
            seen = await Person(workspace, "U06SAM", CHANNEL).types("/1540 states")
            assert "This desk does not know you" in seen.words
            assert await ended(second) < AT_ONCE


@asynccontextmanager
async def chat_alone(folder: Path, settings: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    async with run(folder, "--only", "chat", **settings) as process:
        yield process
