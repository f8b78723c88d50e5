"""Where our answer's time goes: python -m bench._commands_profile [LINE] [TIMES], desk, Bolt and local Slack in this process."""

import asyncio
import cProfile
import pstats
import sys
import tempfile
from pathlib import Path
from statistics import median

from bench._commands_slack import Slack, opened
from bench.commands import LIST, founded
from bot import building
from bot.running import leave_alone_what_stays
from bot.settings import without_environment
from bot.slack.client import Access
from bot.slack.serving import Service
from mailflows.desk import Desk

LINES = 60
AT_ONCE = 40
"""Fewer than in the benchmark: a profile makes everything slower, and after three seconds Slack waits no longer."""


async def main(line: str, times: int) -> None:
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as name:
        folder = Path(name) / "desk"
        await founded(folder)
        async with building.open_desk(folder, without_environment()) as desk, opened() as slack:
            app, ending = slack.workspace.app, asyncio.Event()

            async def now() -> Desk:
                facts = await desk.store.desk.get("desk") or desk.facts
                return desk.at(facts.clock or desk.now)

            way = Access(app.bot_token, app.app_token, slack.api, loopback_only=True)
            serving = asyncio.create_task(Service(way, "/1540", now, desk.store).run(ending))
            await slack.comes()
            await _profiled(slack, line, times)
            ending.set()
            await serving


async def _profiled(slack: Slack, line: str, times: int) -> None:
    slack.cards[line] = await slack.first(line)
    lines = [line] * AT_ONCE
    leave_alone_what_stays()
    await slack.types(*lines)
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(times):
        await slack.types(*lines)
    profile.disable()
    pstats.Stats(profile).sort_stats("tottime").print_stats(LINES).sort_stats("cumtime").print_stats(LINES)
    took = [one.answered for _ in range(times) for one in await slack.types(*lines)]
    print(f"{1000 * median(took):.1f} ms in the middle of {AT_ONCE} at once, the local Slack in the same process")


if __name__ == "__main__":
    asyncio.run(main(" ".join(sys.argv[1:2]) or LIST, int((sys.argv[2:] or ["3"])[0])))
