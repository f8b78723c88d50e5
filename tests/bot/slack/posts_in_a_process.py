"""A process that posts what waits, until it is killed; its seconds pass a hundred times as fast."""

import asyncio
import sys
import time
from dataclasses import replace
from pathlib import Path

from bot import building
from bot.settings import Settings
from bot.slack.client import Access, connected
from bot.slack.posting import SlackChat
from mailflows.posting import Posting


async def post(folder: Path, api: str, token: str, database: str) -> None:
    settings = Settings.model_construct(database=database or None)
    async with (
        building.open_desk(folder, settings) as desk,
        connected(Access(token, "xapp-unused", api), retries=False) as client,
    ):
        posting = Posting(SlackChat(client), monotonic=lambda: time.monotonic() * 100)
        while True:
            done = await posting.round(replace(desk))
            await asyncio.sleep((done.next_in or 1.0) / 100)


if __name__ == "__main__":
    where, api, token, *database = sys.argv[1:]
    asyncio.run(post(Path(where), api, token, next(iter(database), "")))
