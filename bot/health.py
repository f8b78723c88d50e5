"""How a running desk is, on loopback: `/healthz` for whoever restarts it, `/metrics` for whoever draws curves."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from bot.settings import WrongSetting
from committee.letters import DeliveryState
from committee.mail import MailState
from storage.store import Store

LOOPBACK: Final = "127.0.0.1"
NAMES: Final = frozenset({"localhost", LOOPBACK, "::1"})
"""What a request's Host may name: a page elsewhere cannot make a browser read this desk under a name of its own."""
SILENT: Final = timedelta(minutes=5)
"""After so long without a tick the desk is not well."""
SECONDS: Final = 5.0
LONGEST_REQUEST: Final = 8192
WORDS: Final = {
    200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 421: "Misdirected Request",
    503: "Service Unavailable",
}  # fmt: skip
WAITING: Final = (DeliveryState.QUEUED, DeliveryState.LATER)


@dataclass(slots=True)
class Pulse:
    """What a running desk knows of its own ticks; all moments are the world's, also on a practice desk."""

    started: datetime
    last_tick: datetime | None = None
    ticks: int = 0
    failures: int = 0
    last_round: datetime | None = None  # of deliveries
    troubles: dict[str, str] = field(default_factory=dict)

    def ticked(self, part: str, at: datetime, trouble: str) -> None:
        """Mail `in` was read and what is due was queued, or mail `out` was delivered; and what did not work."""
        self.troubles[part] = trouble
        if part == "in":
            self.last_tick = at
            self.ticks += 1
        else:
            self.last_round = at

    def wrong(self, now: datetime) -> str:
        """Why the desk is not well, or nothing."""
        if now - (self.last_tick or self.started) > SILENT:
            return f"no tick for {int((now - (self.last_tick or self.started)).total_seconds())} seconds"
        return "; ".join(filter(None, self.troubles.values()))


@asynccontextmanager
async def served(port: int | None, store: Store, pulse: Pulse) -> AsyncIterator[None]:
    """Answer on loopback while the desk runs; without a port nothing listens."""
    if port is None:
        yield
        return

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(SECONDS):
                status, body = await _answer(await _request(reader), store, pulse)
                writer.write(_written(status, body))
                await writer.drain()
        writer.close()

    try:
        server = await asyncio.start_server(answer, LOOPBACK, port, limit=LONGEST_REQUEST)
    except OSError as error:
        raise WrongSetting(
            f'VERBALE_HEALTH is "{port}" and that port cannot be listened on ({error.strerror or error}): choose another, '
            "for example VERBALE_HEALTH=8540, or leave it out"
        ) from error
    async with server:
        yield


async def _request(reader: asyncio.StreamReader) -> list[str]:
    """The lines of a request's head; none where it is no request, or longer than any that is meant for us."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return []
    return head.decode("latin-1").split("\r\n")


async def _answer(lines: list[str], store: Store, pulse: Pulse) -> tuple[int, dict[str, Any]]:
    method, _, rest = (lines[0] if lines else "").partition(" ")
    path, _, version = rest.partition(" ")
    if not version.startswith("HTTP/1."):
        return 400, {"what": "this is no request"}
    if _host(lines) not in NAMES:
        return 421, {"what": "this answers to localhost alone"}
    if method != "GET":
        return 405, {"what": "only GET is answered"}
    match path.partition("?")[0]:
        case "/healthz":
            wrong = pulse.wrong(datetime.now(UTC))
            return (503 if wrong else 200), {"ok": not wrong, "what": wrong or "the desk ticks"}
        case "/metrics":
            return 200, await _measured(store, pulse)
    return 404, {"what": "there are /healthz and /metrics"}


def _host(lines: list[str]) -> str:
    """The one host that the request names; nothing where it names none, or several."""
    named = [line.partition(":")[2].strip() for line in lines[1:] if line.casefold().startswith("host:")]
    try:
        return urlsplit(f"//{named[0]}").hostname or "" if len(named) == 1 else ""
    except ValueError:
        return ""


async def _measured(store: Store, pulse: Pulse) -> dict[str, Any]:
    """Counts and moments, and nobody's name."""
    oldest = await store.deliveries.find(state=WAITING, limit=1)
    return {
        "started": pulse.started.isoformat(),
        "last_tick": pulse.last_tick.isoformat() if pulse.last_tick else None,
        "last_round": pulse.last_round.isoformat() if pulse.last_round else None,
        "ticks": pulse.ticks,
        "failures": pulse.failures,
        "oldest_waiting": oldest[0].since.isoformat() if oldest else None,
        "deliveries": {state.value: await store.deliveries.count(state=state) for state in DeliveryState},
        "mails_set_aside": await store.mail.count(state=MailState.SET_ASIDE),
        "stopped": [stop.key for stop in await store.stops.all()],
    }


def _written(status: int, body: dict[str, Any]) -> bytes:
    text = json.dumps(body).encode() + b"\n"
    head = (
        f"HTTP/1.1 {status} {WORDS[status]}", "Content-Type: application/json", f"Content-Length: {len(text)}",
        "Cache-Control: no-store", "X-Content-Type-Options: nosniff", "Connection: close",
    )  # fmt: skip
    return "\r\n".join((*head, "", "")).encode() + text
