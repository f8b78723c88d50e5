"""A desk that runs posts its cards to Slack: at once, through outages of either side, and by one process of several."""

from collections.abc import Awaitable, Callable

import pytest

from bot.local_slack.workspace import Workspace
from bot.slack.scopes import needed
from committee.letters import LetterKind
from mailflows import posts
from tests.bot.processes import ended, run, until
from tests.bot.test_running import brings
from tests.conftest import PracticeDesk
from tests.mailflows.scripted_chat import arrives

pytestmark = pytest.mark.long
CHANNEL = "C01DESK"


def settings(workspace: Workspace, **more: str) -> dict[str, str]:
    assert needed() <= workspace.app.scopes
    return {
        "SLACK_BOT_TOKEN": workspace.app.bot_token, "SLACK_APP_TOKEN": workspace.app.app_token,
        "VERBALE_SLACK_API": f"{workspace.url}/api/", "VERBALE_SLACK_CHANNEL": CHANNEL, **more,
    }  # fmt: skip


def stands(workspace: Workspace, count: int) -> Callable[[], Awaitable[bool]]:
    """Whether so many submissions stand there; the 9 a.m. card is beside them."""

    async def there() -> bool:
        return sum("submission-arrived" in str(one.metadata) for one in workspace.messages[CHANNEL].values()) == count

    return there


async def test_what_arrives_stands_in_chat_and_a_decision_at_the_terminal_shows_there(
    desk: PracticeDesk, workspace: Workspace
) -> None:
    async with run(desk.folder, **settings(workspace)) as process:
        brings(desk, (await desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
        await until(stands(workspace, 1))
        await desk.types("submission S-2012-0001 accept")

        async def decided() -> bool:
            return any("Decided: accept by " in str(one.blocks) for one in workspace.messages[CHANNEL].values())

        await until(decided)
        assert await ended(process) < 10
    assert any("morning/2012-09-04" in str(one.metadata) for one in workspace.messages[CHANNEL].values())
    assert (await posts.facts(desk.desk.store)).channels == (CHANNEL,)


async def test_a_token_revoked_while_it_runs_stops_neither_mail_nor_the_alarm(
    desk: PracticeDesk, workspace: Workspace
) -> None:
    async with run(desk.folder, **settings(workspace)) as process:
        brings(desk, (await desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
        await until(stands(workspace, 1))
        workspace.revoke(workspace.app.bot_token)
        brings(desk, (await desk.capital_of("ZMB")).writes("First report", attach="z.pdf"))

        async def noted() -> bool:
            return (await posts.facts(desk.desk.store)).trouble == "token_revoked"

        async def receipt() -> bool:
            letters = await desk.desk.store.letters.find(kind=LetterKind.RECEIPT, party="ZMB")
            return bool(letters) and await desk.desk.store.deliveries.count(letter=letters[0].key, state="sent") > 0

        await until(noted)
        await until(receipt)
        assert await stands(workspace, 1)()
        assert await ended(process) < 10


async def test_a_desk_that_is_killed_and_started_anew_loses_and_doubles_nothing(
    desk: PracticeDesk, workspace: Workspace
) -> None:
    for nth, party in enumerate(("MWI", "ZMB", "KEN"), 1):
        async with run(desk.folder, **settings(workspace)) as process:
            await arrives(desk, party)
            await until(stands(workspace, nth))
            process.kill()
            await process.wait()
    async with run(desk.folder, **settings(workspace)) as process:

        async def nothing_waits() -> bool:
            return await posts.waiting(desk.desk.store) == []

        await until(nothing_waits)
        assert await stands(workspace, 3)()
        assert await ended(process) < 10
