"""How a running desk is, on loopback: counts and moments for whoever asks as they should, and nobody's name."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot import health
from bot.loop_lag import LoopLag
from bot.pulse import Pulse
from bot.settings import WrongSetting
from committee.errors import Unavailable
from committee.relays import Relay
from mailflows.figures import Figures
from tests.conftest import PracticeDesk


def now() -> datetime:
    return datetime.now(UTC)


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
    return Pulse(started=now(), last_tick=now())


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
    pulse.last_tick = now() - timedelta(minutes=6)
    status, said = await asked(port, get("/healthz"))
    assert (status, said["ok"]) == (503, False)


async def test_trouble_makes_it_not_ready_and_still_alive_until_a_tick_without_it(port: int, pulse: Pulse) -> None:
    pulse.ticked("out", now(), "mail out: the server is away")
    pulse.ticked("in", now(), "")
    assert await asked(port, get("/readyz")) == (503, {"ok": False, "what": ["mail out: the server is away"]})
    assert (await asked(port, get("/healthz")))[0] == 200
    pulse.ticked("out", now(), "")
    assert await asked(port, get("/readyz")) == (200, {"ok": True, "what": ["the desk can do its work"]})
    assert pulse.ticks == 1


async def test_each_thing_that_keeps_it_from_its_work_is_a_sentence(
    port: int, pulse: Pulse, desk: PracticeDesk
) -> None:
    pulse.started = now() - timedelta(hours=2)
    pulse.looked([True, False], now())
    relay = Relay("mx.test:25", 3, desk.desk.now, desk.desk.now, "535 wrong password of desk", refuses_us=True)
    async with desk.desk.store.transaction(by="test", doing="x", about="x", at=desk.desk.now) as tx:
        await tx.relays.put(relay)
    await desk.types("stop")
    status, said = await asked(port, get("/readyz"))
    assert status == 503
    unread, not_let_in, stopped = said["what"]
    assert unread.startswith("mail in: not every mailbox was read to its end for 7")
    assert not_let_in == "mail out: mx.test:25 does not let us in since Tue 4 September 2012, 9 a.m. New York"
    assert stopped.startswith("everything is stopped since ")
    assert "password" not in str(said)
    assert (await asked(port, get("/healthz")))[0] == 200


async def test_a_store_that_does_not_answer_is_said(pulse: Pulse) -> None:
    class Away:
        def __getattr__(self, name: str) -> Any:
            raise Unavailable("the disk is gone")

    chosen = free_port()
    async with health.served(chosen, Away(), pulse):  # type: ignore[arg-type] # a store with a fault
        assert await asked(chosen, get("/readyz")) == (503, {"ok": False, "what": ["the store does not answer"]})
        assert (await asked(chosen, get("/status")))[0] == 503
        assert (await asked(chosen, get("/healthz")))[0] == 200
        assert (await scraped(chosen))["verbale_store_up"] == 0


async def test_the_figures_say_how_much_waits_and_since_when(port: int, desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    await desk.takes_in(desk.stranger().writes("Hello"))
    status, figures = await asked(port, get("/status"))
    assert status == 200
    assert figures["deliveries"]["queued"] == 2
    assert figures["oldest_waiting"] == desk.desk.now.isoformat()
    assert figures["mails_set_aside"] == 1
    assert "malawi" not in json.dumps(figures).casefold()


async def scraped(port: int) -> dict[str, float]:
    """What Prometheus's own parser makes of the page: each sample by its name, with its labels."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(get("/metrics"))
    answer = (await asyncio.wait_for(reader.read(), 10)).decode()
    writer.close()
    head, _, body = answer.partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=")
    found = {}
    for family in text_string_to_metric_families(body):
        assert family.documentation, family.name
        assert family.name.startswith("verbale_")
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sample.labels.items())
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


async def test_prometheus_can_read_what_is_counted(port: int, pulse: Pulse, desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    await desk.takes_in(desk.stranger().writes("Hello"))
    pulse.figures = Figures(sent=7, refused=1, put_off=3, retried=2, lease_lost=1)
    pulse.ticked("in", now(), "")
    pulse.looked([True, False], now())
    found = await scraped(port)
    assert found["verbale_deliveries{state=queued}"] == 2
    assert (found["verbale_deliveries_sent_total"], found["verbale_deliveries_refused_total"]) == (7, 1)
    assert (found["verbale_deliveries_put_off_total"], found["verbale_deliveries_retried_total"]) == (3, 2)
    assert found["verbale_deliveries_lease_lost_total"] == 1
    assert found["verbale_mails_set_aside"] == found["verbale_ticks_total"] == found["verbale_store_up"] == 1
    assert 0 <= found["verbale_mailbox_read_age_seconds{place=1}"] < 60
    assert found["verbale_alarm{alarm=letters-late}"] == 0
    assert found["verbale_store_commits_total"] == (await desk.desk.store.trail.end())[0]
    assert "verbale_deliveries{state=sent}" not in found  # a gauge that grows with the years costs more each year
    assert "verbale_backup_age_seconds" not in found  # there has been none


async def test_no_label_names_anybody(port: int, desk: PracticeDesk) -> None:
    capital = await desk.capital_of("MWI")
    await desk.takes_in(capital.writes("A subject of Malawi", attach="r.pdf"))
    labels = {name.partition("{")[2].rstrip("}") for name in await scraped(port)} - {""}
    allowed = {"state", "alarm", "relay", "place"}
    assert {one.partition("=")[0] for one in labels} <= allowed
    assert not [one for one in labels if "@" in one or "MWI" in one or "Malawi" in one]


async def test_a_relay_that_failed_and_works_again_is_shown_as_working(port: int, desk: PracticeDesk) -> None:
    name, store, at = "verbale_relay_breaker_state{relay=mx.test:25}", desk.desk.store, desk.desk.now
    async with store.transaction(by="test", doing="x", about="x", at=at) as tx:
        await tx.relays.put(Relay("mx.test:25", 1, at, at, "away"))
    assert (await scraped(port))[name] == 1
    async with store.transaction(by="test", doing="x", about="x", at=at) as tx:
        await tx.relays.remove("mx.test:25")
    assert (await scraped(port))[name] == 0


async def test_a_loop_that_is_blocked_is_seen() -> None:
    lag = LoopLag(every_seconds=0.01)
    async with lag.measured():
        await asyncio.sleep(0.02)
        time.sleep(0.2)  # noqa: ASYNC251 - what nobody should do
        await asyncio.sleep(0.02)
    assert 0.15 < lag.seconds < 1


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
