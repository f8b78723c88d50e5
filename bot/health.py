"""How a running desk is, on loopback: `/healthz` for whoever restarts it, `/readyz` for whoever rings, `/metrics` for curves."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from bot import readiness
from bot.loop_lag import LoopLag
from bot.pulse import Pulse
from bot.settings import WrongSetting
from committee.errors import Refused, Unavailable
from committee.letters import DeliveryState
from committee.mail import MailState
from storage.port import Store

LOOPBACK: Final = "127.0.0.1"
NAMES: Final = frozenset({"localhost", LOOPBACK, "::1"})
"""What a request's Host may name: a page elsewhere cannot make a browser read this desk under a name of its own."""
SECONDS: Final = 5.0
LONGEST_REQUEST: Final = 8192
WORDS: Final = {
    200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 421: "Misdirected Request",
    503: "Service Unavailable",
}  # fmt: skip
WAITING: Final = (DeliveryState.QUEUED, DeliveryState.LATER)
JSON: Final = "application/json"
Answer = tuple[int, dict[str, Any] | bytes]
"""A status, and what is written as JSON, or the text of the metrics."""


@asynccontextmanager
async def served(port: int | None, store: Store, pulse: Pulse) -> AsyncIterator[None]:
    """Answer on loopback while the desk runs; without a port nothing listens."""
    if port is None:
        yield
        return

    from bot import metrics  # noqa: PLC0415 - its library takes a tenth of a second to load, and most desks do not ask for it

    lag = LoopLag()
    counted = metrics.Metrics(store, pulse, lag)
    paths = {
        "/healthz": lambda: _alive(pulse),
        "/readyz": lambda: _ready(store, pulse),
        "/status": lambda: _status(store, pulse),
        "/metrics": lambda: _counted(counted.text),
    }

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(SECONDS):
                status, body = await _answer(await _request(reader), paths)
                writer.write(_written(status, body, metrics.TYPE))
                await writer.drain()
        writer.close()

    try:
        server = await asyncio.start_server(answer, LOOPBACK, port, limit=LONGEST_REQUEST)
    except OSError as error:
        raise WrongSetting(
            f'VERBALE_HEALTH is "{port}" and that port cannot be listened on ({error.strerror or error}): choose another, '
            "for example VERBALE_HEALTH=8540, or leave it out"
        ) from error
    async with server, lag.measured():
        yield


async def _request(reader: asyncio.StreamReader) -> list[str]:
    """The lines of a request's head; none where it is no request, or longer than any that is meant for us."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return []
    return head.decode("latin-1").split("\r\n")


async def _answer(lines: list[str], paths: Mapping[str, Callable[[], Awaitable[Answer]]]) -> Answer:
    method, _, rest = (lines[0] if lines else "").partition(" ")
    path, _, version = rest.partition(" ")
    if not version.startswith("HTTP/1."):
        return 400, {"what": "this is no request"}
    if _host(lines) not in NAMES:
        return 421, {"what": "this answers to localhost alone"}
    if method != "GET":
        return 405, {"what": "only GET is answered"}
    asked = paths.get(path.partition("?")[0])
    if asked is None:
        return 404, {"what": f"there are {', '.join(paths)}"}
    try:
        return await asked()
    except (Refused, Unavailable):
        return 503, {"what": "the store does not answer"}


def _host(lines: list[str]) -> str:
    """The one host that the request names; nothing where it names none, or several."""
    named = [line.partition(":")[2].strip() for line in lines[1:] if line.casefold().startswith("host:")]
    try:
        return urlsplit(f"//{named[0]}").hostname or "" if len(named) == 1 else ""
    except ValueError:
        return ""


async def _alive(pulse: Pulse) -> Answer:
    """A process that ticks need not be started anew, whatever else does not work."""
    still = pulse.still(datetime.now(UTC))
    return (503 if still else 200), {"ok": not still, "what": still or "the desk ticks"}


async def _ready(store: Store, pulse: Pulse) -> Answer:
    wrong = await readiness.what_is_wrong(store, pulse, datetime.now(UTC))
    return (503 if wrong else 200), {"ok": not wrong, "what": wrong or ["the desk can do its work"]}


async def _counted(text: Callable[[], Awaitable[bytes]]) -> Answer:
    return 200, await text()


async def _status(store: Store, pulse: Pulse) -> Answer:
    """Counts and moments, and nobody's name."""
    oldest = await store.deliveries.find(state=WAITING, limit=1)
    return 200, {
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


def _written(status: int, body: dict[str, Any] | bytes, text_type: str) -> bytes:
    text = body if isinstance(body, bytes) else json.dumps(body).encode() + b"\n"
    kind = text_type if isinstance(body, bytes) else JSON
    head = (
        f"HTTP/1.1 {status} {WORDS[status]}", f"Content-Type: {kind}", f"Content-Length: {len(text)}",
        "Cache-Control: no-store", "X-Content-Type-Options: nosniff", "Connection: close",
    )  # fmt: skip
    return "\r\n".join((*head, "", "")).encode() + text
