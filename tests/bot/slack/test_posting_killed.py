"""A process is killed between posting and posted, again and again: at the end each card stands there once, in its order."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import building, local_slack
from bot.local_slack.workspace import Workspace
from bot.settings import Settings
from committee.posts import PostState
from mailflows.founding import found
from tests.bot.processes import environment, until
from tests.chat.clock import HandClock
from tests.conftest import OPENED, PracticeDesk
from tests.mailflows.scripted_chat import DESK, Secretariat, arrives

pytest_plugins = ["tests.servers.fixtures"]
pytestmark = pytest.mark.long
PARTIES = ("MWI", "ZMB", "KEN", "GMB", "LSO", "MLI")
ROOT = Path(__file__).parents[3]


@asynccontextmanager
async def slack() -> AsyncIterator[Workspace]:
    made = Workspace(clock=HandClock())
    made.channel(DESK, "desk", [made.app.bot_user])
    async with local_slack.served(made):
        yield made


async def started(folder: Path, workspace: Workspace, database: str) -> asyncio.subprocess.Process:
    words = (str(folder), f"{workspace.url}/api/", workspace.app.bot_token, *([database] if database else []))
    command = (sys.executable, "-m", "tests.bot.slack.posts_in_a_process", *words)
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment())


async def killed_at_each_card(desk: PracticeDesk, workspace: Workspace, database: str) -> None:
    """The local Slack takes a card, and whoever posts it is killed before, while or after it reads the answer."""
    at = await Secretariat(desk).has()
    keys = [f"submission-arrived/{key}@{DESK}" for key in await arrives(desk, *PARTIES)]
    there = workspace.messages[DESK]
    for nth in range(len(PARTIES)):
        process = await started(desk.folder, workspace, database)
        async for happening in workspace.subscribe():
            if happening.kind == "message" and len(there) > nth:
                break
        process.send_signal(signal.SIGKILL)
        assert await process.wait() == -signal.SIGKILL
    process = await started(desk.folder, workspace, database)

    async def all_posted() -> bool:
        return await desk.desk.store.posts.count(state=PostState.POSTED) == len(PARTIES)

    try:
        await until(all_posted, seconds=60)
    finally:
        process.kill()
        await process.wait()
    stands = [there[ts] for ts in sorted(there)]
    assert [(message.metadata or {})["event_payload"]["key"] for message in stands] == keys
    assert [post.ts for post in await at.desk.desk.store.posts.find()] == [message.ts for message in stands]
    assert [finding for finding in await desk.desk.store.verify() if not finding.note] == []


async def test_in_a_folder(desk: PracticeDesk) -> None:
    async with slack() as workspace:
        await killed_at_each_card(desk, workspace, "")


@pytest.mark.server
async def test_in_postgresql(database: str, tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    await found(folder, practice=True, at=OPENED, administrator="", account=None, database=database)
    async with building.open_desk(folder, Settings.model_construct(database=database)) as opened, slack() as workspace:
        await killed_at_each_card(PracticeDesk(folder, opened), workspace, database)
