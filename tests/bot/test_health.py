"""How a running desk is, on loopback: counts and moments for whoever asks as they should, and nobody's name."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import health
from bot.health import Pulse
from bot.settings import WrongSetting
from tests.conftest import PracticeDesk

NOW = datetime.now(UTC)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
async def port(desk: PracticeDesk, pulse: Pulse) -> AsyncIterator[int]:
    chosen = free_port()
    async with health.served(chosen, desk.desk.store, pulse):
        yield chosen


@pytest.fixture
def pulse() -> Pulse:
    return Pulse(started=NOW, last_tick=NOW)


async def asked(port: int, request: bytes) -> tuple[int, dict[str, Any]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


def get(path: str, host: str = "localhost") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()


async def test_a_desk_that_ticks_is_well(port: int) -> None:
    assert await asked(port, get("/healthz")) == (200, {"ok": True, "what": "the desk ticks"})


async def test_a_desk_that_is_silent_for_five_minutes_is_not_well(port: int, pulse: Pulse) -> None:
    pulse.last_tick = NOW - timedelta(minutes=6)
    status, said = await asked(port, get("/healthz"))
    assert (status, said["ok"]) == (503, False)


async def test_trouble_makes_it_unwell_until_a_tick_without_it(port: int, pulse: Pulse) -> None:
    pulse.ticked("out", NOW, "the server is away")
    pulse.ticked("in", NOW, "")
    assert (await asked(port, get("/healthz")))[0] == 503
    pulse.ticked("out", NOW, "")
    assert (await asked(port, get("/healthz")))[0] == 200
    assert pulse.ticks == 1


async def test_the_figures_say_how_much_waits_and_since_when(port: int, desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    await desk.takes_in(desk.stranger().writes("Hello"))
    status, figures = await asked(port, get("/metrics"))
    assert status == 200
    assert figures["deliveries"]["queued"] == 2
    assert figures["oldest_waiting"] == desk.desk.now.isoformat()
    assert figures["mails_set_aside"] == 1
    assert "malawi" not in json.dumps(figures).casefold()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8540", "[::1]:8540", "LOCALHOST"])
async def test_every_name_of_this_computer_is_answered(port: int, host: str) -> None:
    assert (await asked(port, get("/healthz", host)))[0] == 200


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (get("/healthz", "desk.attacker.example"), 421),
        (get("/healthz", "localhost.attacker.example"), 421),
        (get("/healthz", "[::1"), 421),
        (b"GET /healthz HTTP/1.1\r\n\r\n", 421),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: other.example\r\n\r\n", 421),
        (b"POST /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
        (get("/"), 404),
        (b"\r\n\r\n", 400),
        (b"\x16\x03\x01 hello\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\nX: " + b"x" * 20_000 + b"\r\n\r\n", 400),
    ],
)
async def test_whoever_asks_otherwise_is_told_nothing(port: int, request_: bytes, status: int) -> None:
    answered, said = await asked(port, request_)
    assert answered == status
    assert "ok" not in said


async def test_a_port_that_is_taken_is_a_sentence(port: int, desk: PracticeDesk, pulse: Pulse) -> None:
    with pytest.raises(WrongSetting, match=f'^VERBALE_HEALTH is "{port}" and .* VERBALE_HEALTH=8540'):
        async with health.served(port, desk.desk.store, pulse):
            pass


async def test_without_the_setting_nothing_listens(desk: PracticeDesk, pulse: Pulse) -> None:
    before = len(asyncio.all_tasks())
    async with health.served(None, desk.desk.store, pulse):
        assert len(asyncio.all_tasks()) == before
