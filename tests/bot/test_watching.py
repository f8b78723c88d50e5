"""What is watched: a mailbox that is away is said once for each outage, and the watching goes on."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot import watching
from committee.errors import Unavailable


async def test_a_mailbox_that_is_away_is_logged_once_for_each_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "PAUSE_SECONDS", 0)
    looks = iter([Unavailable("away")] * 5 + [None] + [Unavailable("away again")] * 5)
    done = asyncio.Event()

    class Box:
        async def changed(self, seconds: float) -> bool:
            look = next(looks, done)
            if look is done:
                done.set()
                await asyncio.sleep(60)
            if isinstance(look, Exception):
                raise look
            return True

    box: Any = Box()
    with capture_logs() as lines:
        watched = asyncio.create_task(watching.mailbox(box, lambda: None))
        await asyncio.wait_for(done.wait(), 10)
        watched.cancel()
    assert [(line["event"], line["kind"]) for line in lines] == [("not watched", "mailbox")] * 2
