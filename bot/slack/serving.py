"""Chat is served by one process at a time: it looks whether Slack lets it in, opens the socket, and ends politely."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.door import place_of
from bot.leads import CHAT
from bot.slack import checks, client
from bot.slack.cards import Cards
from bot.slack.chat import Chat
from bot.slack.checks import Missing
from bot.slack.client import Access
from bot.slack.home import Homes
from bot.slack.listeners import Listening
from bot.slack.people import People
from bot.slack.replying import TROUBLES
from bot.slack.under_way import UnderWay
from committee.errors import Refused, Unavailable
from mailflows.desk import Desk
from mailflows.logs import log
from mailflows.sockets import names_this_computer
from storage.errors import Busy
from storage.leading import Lead
from storage.port import Store

AGAIN_SECONDS: Final = 15.0
"""How often it is looked whether Slack is there again, and whether another process has left chat."""
PING_SECONDS: Final = 5.0
"""How often the socket is looked at; one that has dropped is opened again after as long."""
OK: Final = 200
GRACE_SECONDS: Final = 1.5
"""How long what runs may take to end; an answer that is not out by then can be asked for anew."""


@dataclass(slots=True)
class Service:
    """Chat of one process, over and over: standing by, serving, and standing by again when the lead is lost."""

    way: Access
    command: str
    desk: Callable[[], Awaitable[Desk]]
    store: Store
    who: str = "verbale run"
    again_seconds: float = AGAIN_SECONDS
    cards: Cards | None = None
    serving: asyncio.Event = field(default_factory=asyncio.Event)
    _homes: Homes | None = None

    def committed(self) -> None:
        """Something was committed: whoever looks at their Home sees it, and there may be a card to post."""
        if self._homes:
            self._homes.committed()
        if self.cards:
            self.cards.committed()

    async def run(self, ending: asyncio.Event) -> None:
        """Until the end is asked for. `Missing` where Slack does not take a token at the start; later it is tried again."""
        begun, said = False, ""
        while not ending.is_set():
            try:
                async with (
                    self.store.lead(CHAT, self.who) as lead,
                    self.cards.posted(lead) if self.cards else nullcontext(),
                    client.connected(self.way) as slack,
                ):
                    await self._serve(slack, lead, ending)
                    begun, said = True, ""
            except Missing as missing:
                if not begun:
                    raise
                said = _once_only(said, type(missing).__name__)
            except Busy:
                said = _once_only(said, "standing by")
            except (*TROUBLES, Unavailable, Refused) as trouble:
                said = _once_only(said, type(trouble).__name__)
            except Exception as error:  # noqa: BLE001 - mail goes on, and chat is tried again
                log.error("chat failed", error=type(error).__name__, place=place_of(error))
                said = _once_only(said, type(error).__name__)
            await _until(ending, self.again_seconds)

    async def _serve(self, slack: AsyncWebClient, lead: Lead, ending: asyncio.Event) -> None:
        """From the socket's opening until the lead is lost or the end is asked for."""
        me = await checks.identity(slack)
        await checks.socket_address(slack, self.way)
        chat = Chat(slack, me, self.desk, self.command, People(slack, me.team))
        homes, under_way = Homes(chat), UnderWay()
        async with socket(Listening(chat, homes, under_way).app(), self.way, under_way):
            self._homes = homes
            self.serving.set()
            log.info("chat is served")
            tasks = {asyncio.create_task(one) for one in (homes.keep(), lead.lost(), ending.wait())}
            try:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                self._homes = None
                self.serving.clear()
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            if not task.cancelled() and (error := task.exception()):
                raise error


@asynccontextmanager
async def socket(
    app: AsyncApp, way: Access, under_way: UnderWay, *, ping_seconds: float = PING_SECONDS
) -> AsyncIterator["Socket"]:
    """An open socket; in the end nothing new is taken, what runs is awaited, and then it is closed."""
    opened = Socket(way, app, under_way, ping_seconds)
    try:
        await opened.client.connect()  # type: ignore[no-untyped-call] # the SDK says no types
        yield opened
    finally:
        await opened.close()


class Socket:
    """Envelopes come in, each is dispatched and acknowledged; one whose acknowledgement is lost is answered otherwise."""

    def __init__(self, way: Access, app: AsyncApp, under_way: UnderWay, ping_seconds: float) -> None:
        self._app, self._under_way = app, under_way
        self._running = set[asyncio.Task[Any]]()
        self._ending = False
        self.client = _Client(way, app.client, ping_seconds)
        self.client.socket_mode_request_listeners.append(self._handle)  # type: ignore[arg-type] # an instance's method

    async def _handle(self, over: SocketModeClient, envelope: SocketModeRequest) -> None:
        """What comes while the desk ends is not acknowledged: Slack brings it to whoever serves next, or says that it failed."""
        if self._ending:
            return
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in one
        self._running.add(task)
        try:
            await self._answered(over, envelope)
        finally:
            self._running.discard(task)

    async def _answered(self, over: SocketModeClient, envelope: SocketModeRequest) -> None:
        session = over.current_session
        response = await run_async_bolt_app(self._app, envelope)
        lost = session is not over.current_session  # another connection: Slack does not say that it counts there
        try:
            if response.status == OK:
                await over.send_message(acknowledgement(envelope.envelope_id, response))
        except (ConnectionError, RuntimeError) as error:
            log.warning("not acknowledged", error=type(error).__name__)
            lost = True
        if lost:
            await self._otherwise(envelope, response.body)

    async def _otherwise(self, envelope: SocketModeRequest, body: str) -> None:
        """A command's answer goes to its response_url: what was committed is not left without a word."""
        hook = envelope.payload.get("response_url")
        if envelope.type == "slash_commands" and hook and body:
            with suppress(*TROUBLES):
                await client.webhook(str(hook), self._app.client).send_dict(client.as_json(body))

    async def close(self) -> None:
        self._ending = True
        if self._running:
            await asyncio.wait(set(self._running), timeout=GRACE_SECONDS)
        await self._under_way.ended(GRACE_SECONDS)
        await self.client.close()  # type: ignore[no-untyped-call] # the SDK says no types
        self.client.message_processor.cancel()
        await asyncio.gather(self.client.message_processor, return_exceptions=True)


class _Client(SocketModeClient):
    """The SDK's, by the proxy that was meant; a practice desk's socket stays on this computer."""

    def __init__(self, way: Access, web: AsyncWebClient, ping_seconds: float) -> None:
        super().__init__(way.app_token, web_client=web, ping_interval=ping_seconds)
        self.proxy = client.proxy_for(way.api)
        self._loopback_only = way.loopback_only

    async def issue_new_wss_url(self) -> str:
        url = await super().issue_new_wss_url()
        if self._loopback_only and not names_this_computer(urlsplit(url).hostname or ""):
            raise Refused("A practice desk's chat stays on this computer.")
        self.proxy = client.proxy_for(url)
        return url


def acknowledgement(name: str, response: BoltResponse) -> str:
    """As the SDK writes it; what Bolt has written as JSON is not read and written once more.

    https://docs.slack.dev/apis/events-api/using-socket-mode#acknowledge
    """
    if not response.body:
        return json.dumps({"envelope_id": name})
    is_json = response.first_headers().get("content-type", "").startswith("application/json")
    payload = response.body if is_json else json.dumps({"text": response.body})
    return f'{{"envelope_id": {json.dumps(name)}, "payload": {payload}}}'


def _once_only(before: str, said: str) -> str:
    """Logged when it begins, not at each try."""
    if before != said:
        log.warning("chat is not served", reason=said)
    return said


async def _until(ending: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(ending.wait(), seconds)
