"""Whoever follows the log hears what comes, wherever they say that they were."""

import asyncio

from bot.local_slack.event_log import EventLog


async def test_whoever_was_in_another_log_looks_at_everything_anew_and_hears_what_comes() -> None:
    log = EventLog()
    following = log.after(10**9)
    async with asyncio.timeout(5):
        assert (await anext(following)).kind == "anew"
        log.add("message", channel="C1")
        assert (await anext(following)).kind == "message"
