"""A running desk looks at itself: what it measures, and that Prometheus and the doctor's neighbours see it from outside."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import alarming
from bot.alarming import measured
from bot.pulse import Pulse
from committee.errors import Unavailable
from committee.pacing import Pace
from mailflows.desk import Desk
from mailflows.inbox import read_to_end, watch
from mailflows.mailboxes import Mailboxes
from tests.bot.processes import ended, run, until
from tests.bot.test_health import asked, free_port, get, scraped
from tests.bot.test_running import brings
from tests.conftest import PracticeDesk


def test_the_rate_is_what_the_way_out_allows_now(desk: PracticeDesk) -> None:
    pace = Pace(30, 3)
    assert measured(desk.folder, pace).rate == 30
    pace.too_much(0.0)
    assert measured(desk.folder, pace).rate == 15
    assert measured(desk.folder, Pace(None, 16)).rate is None


async def test_a_look_that_fails_does_not_end_the_looking(desk: PracticeDesk) -> None:
    looked = asyncio.Event()
    times = 0

    async def desk_now() -> Desk:
        nonlocal times
        times += 1
        if times == 1:
            raise RuntimeError("nobody foresaw this")
        looked.set()
        return desk.desk

    looking = asyncio.create_task(alarming.watch(desk_now, Pulse(datetime.now(UTC)), Pace(None, 1), every_seconds=0.01))
    await asyncio.wait_for(looked.wait(), 10)
    looking.cancel()


async def test_letters_that_do_not_leave_are_told_by_whoever_watches_beside_the_work(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    now = desk.desk.now

    async def desk_now() -> Desk:
        nonlocal now
        now += timedelta(minutes=5)
        return replace(desk.desk, now=now)

    looking = asyncio.create_task(alarming.watch(desk_now, Pulse(datetime.now(UTC)), Pace(30, 3), every_seconds=0.01))

    async def told() -> bool:
        return any(card.about.startswith("letters-late/") for card in await desk.desk.store.cards.find(kind="alarm"))

    await until(told)
    looking.cancel()


async def test_each_mailbox_has_its_own_moment(desk: PracticeDesk) -> None:
    class Box:
        def __init__(self, look: Callable[[], Awaitable[list[str]]]) -> None:
            self.waiting = look

    async def empty() -> list[str]:
        return []

    async def away() -> list[str]:
        raise Unavailable("it is away")

    boxes: dict[str, Any] = {"first": Box(away), "second": Box(empty)}
    both = Mailboxes(boxes)
    assert read_to_end(both, await watch(both, desk.desk)) == [False, True]
    assert read_to_end(None, await watch(None, desk.desk)) == []
    now = datetime.now(UTC)
    pulse = Pulse(now - timedelta(hours=1))
    pulse.looked([True, True], now - timedelta(minutes=20))
    pulse.looked([False, True], now)
    assert pulse.unread(now) == timedelta(minutes=20)


@pytest.mark.long
async def test_a_running_desk_is_alive_ready_and_counted(desk: PracticeDesk) -> None:
    port = free_port()
    raw = (await desk.capital_of("MWI")).writes("First report", attach="r.pdf")
    async with run(desk.folder, VERBALE_HEALTH=str(port)) as process:
        brings(desk, raw)

        async def sent() -> bool:
            return (await scraped(port))["verbale_deliveries_sent_total"] == 2

        await until(sent)
        for path in ("/healthz", "/readyz", "/status"):
            assert (await asked(port, get(path)))[0] == 200
        found = await scraped(port)
        assert found["verbale_deliveries{state=queued}"] == 0
        assert found["verbale_mailbox_read_age_seconds{place=1}"] < 60
        assert found["verbale_ticks_total"] >= 1
        await desk.types("stop")
        status, said = await asked(port, get("/readyz"))
        assert (status, said["what"][0][:21]) == (503, "everything is stopped")
        assert await ended(process) < 10


@pytest.mark.long
async def test_a_running_desk_without_its_relay_is_alive_and_not_ready(desk: PracticeDesk) -> None:
    port = free_port()
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    async with run(desk.folder, VERBALE_HEALTH=str(port), SMTP_URL=f"smtp://127.0.0.1:{free_port()}"):

        async def not_ready() -> bool:
            return (await asked(port, get("/readyz")))[0] == 503

        await until(not_ready)
        assert (await asked(port, get("/healthz")))[0] == 200
        found = await scraped(port)
        assert [value for name, value in found.items() if name.startswith("verbale_relay_breaker_state{")] == [1]
        assert found["verbale_deliveries{state=queued}"] == 2
        assert found["verbale_deliveries_put_off_total"] == 0
