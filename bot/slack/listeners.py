"""What the desk listens to in Slack: words, presses, forms and Home; each is handed on, and acknowledged after its commit."""

import asyncio
import os
import re
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.slack import doing, sentences
from bot.slack.chat import Acting, Chat, acting, reply_to
from bot.slack.drawing import Message
from bot.slack.home import Homes
from bot.slack.modals import FORM, WORDS, opened_form
from bot.slack.people import user_of
from bot.slack.pressing import Pressing
from bot.slack.submitting import Submitting
from bot.slack.typed import as_typed
from bot.slack.under_way import UnderWay

Body = dict[str, Any]
MOST_EVENTS: Final = 1_000
PLAIN: Final = frozenset({"", "file_share", "thread_broadcast"})
"""Subtypes of messages that are somebody's words; others say that one was changed, deleted, pinned.

https://docs.slack.dev/reference/events/message#subtypes
"""
TRAPS: Final = (
    "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_VERIFICATION_TOKEN",
)  # fmt: skip
"""Variables that Bolt reads by itself: two of them turn OAuth on, and others speak against what it is given."""


@dataclass(slots=True)
class Listening:
    """The app's listeners over one chat; `under_way` is what still runs when they have answered."""

    chat: Chat
    homes: Homes
    under_way: UnderWay = field(default_factory=UnderWay)
    _heard: OrderedDict[str, asyncio.Future[None]] = field(default_factory=OrderedDict)

    def app(self) -> AsyncApp:
        """`process_before_response`: what is acknowledged is committed."""
        with without_traps():
            app = _App(
                self, client=self.chat.client, name="verbale", process_before_response=True,
                # Requests over HTTP are looked at for these; over the socket, which we open, none comes.
                request_verification_enabled=False, ssl_check_enabled=False, url_verification_enabled=False,
            )  # fmt: skip
        pressing, submitting = Pressing(self.chat, self.under_way), Submitting(self.chat, self.under_way)
        app.error(self.failed)
        for begins, listener in pressing.listeners().items():
            app.action(re.compile(f"^{re.escape(begins)}"))(listener)
        app.action(re.compile(".*"))(pressing.old)
        app.view_submission(re.compile(f"^{FORM}"))(submitting.form)
        app.view_submission(re.compile(f"^{WORDS}"))(submitting.words)
        app.view_submission(re.compile(".*"))(submitting.old)
        app.view_closed(re.compile(".*"))(submitting.closed)
        app.event("app_home_opened")(self.home)
        app.event("app_mention")(self.event)
        app.event("message")(self.event)
        return app

    async def commanded(self, body: Body) -> BoltResponse:
        """A slash command, acknowledged; what goes wrong is said in the acknowledgement too."""
        ack = AsyncAck()  # type: ignore[no-untyped-call] # Bolt's says no types
        try:
            await self._command(ack, body)
        except Exception as error:  # noqa: BLE001 - as Bolt does it: the person is told
            return await self.failed(error, body)
        return ack.response or BoltResponse(status=200, body="")

    async def _command(self, ack: AsyncAck, body: Body) -> None:
        """Its answer is in the acknowledgement where it is there in time."""
        line = as_typed(str(body.get("text") or ""), self.chat.me.user) or "help"
        who = await acting(self.chat, body)
        if who.person and (begun := doing.form_begun(line)):
            doing.require_for(begun.form, who.person)
            await opened_form(self.chat, who, begun)
            await ack()
            return

        async def later(task: asyncio.Task[Message]) -> None:
            await who.reply.privately(_result(task))

        if doing.reads(line):
            answer = await self.under_way.read_at_once(lambda: doing.typed(self.chat, who, line), later)
        else:
            answer = await self.under_way.at_once(doing.typed(self.chat, who, line), later)
        await ack(response_type="ephemeral", **(answer or sentences.WORKING).payload)

    async def event(self, body: Body) -> None:
        """A mention, or a direct message; Slack repeats it until it is acknowledged, and it is done once."""
        event = body["event"]
        name = str(body.get("event_id") or f"{event.get('channel')}/{event.get('ts')}")
        if event.get("bot_id") or event.get("subtype", "") not in PLAIN or not event.get("user"):
            return
        if (before := self._heard.get(name)) is not None:
            await asyncio.wait({before})  # this delivery is acknowledged when the first one is
            return
        first = self._heard[name] = asyncio.get_running_loop().create_future()
        try:
            await self._answer(await acting(self.chat, body), str(event.get("text") or ""), name)
        except BaseException:
            del self._heard[name]  # so that it is done when it comes again
            raise
        finally:
            first.set_result(None)
            while len(self._heard) > MOST_EVENTS:
                self._heard.popitem(last=False)

    async def _answer(self, who: Acting, text: str, name: str) -> None:
        """What is slow is not acknowledged before it is done: were this process killed, it would come again."""
        line = as_typed(text, self.chat.me.user) or "help"
        task = asyncio.ensure_future(doing.typed(self.chat, who, line, f"event/{name}"))
        done, _ = await asyncio.wait({task}, timeout=self.under_way.at_once_seconds)
        if not done:
            await who.reply.privately(sentences.WORKING)
        await who.reply.privately(await task)

    async def home(self, body: Body) -> None:
        if body["event"].get("tab", "home") == "home":
            await self.homes.opened(user_of(body))

    async def failed(self, error: Exception, body: Body) -> BoltResponse:
        """Whatever goes wrong is said in a sentence, to whoever did it; a form stays open with what stands in it."""
        said = sentences.trouble(error)
        if body.get("type") == "view_submission":
            wrong = Submitting.said_in(body["view"], said.text)
            if wrong:
                return BoltResponse(status=200, body={"response_action": "errors", "errors": wrong})
        if body.get("command"):
            return BoltResponse(status=200, body={**said.payload, "response_type": "ephemeral"})
        if body.get("event", {}).get("type") != "app_home_opened":
            self.under_way.begin(reply_to(self.chat, body).privately(said))
        return BoltResponse(status=200, body="")


class _App(AsyncApp):
    """Bolt's, which looks at the desk before anything else, and has a way of its own for the one slash command.

    From then on nothing that only reads waits, so that of two hundred who ask at once each is answered in turn. For a
    command Bolt would make a client, ask its middleware and two dozen lazy arguments: as long as the whole answer takes.
    """

    def __init__(self, listening: Listening, **given: Any) -> None:
        super().__init__(**given)
        self._listening = listening

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        await self._listening.chat.look()
        if req.body.get("command") == self._listening.chat.command:
            return await self._listening.commanded(req.body)
        return await super().async_dispatch(req)


def _result(task: asyncio.Task[Message]) -> Message:
    error = task.exception()
    return sentences.trouble(error) if error else task.result()


@contextmanager
def without_traps() -> Iterator[None]:
    """Bolt is made without the variables that it would read by itself; afterwards they stand as they did."""
    hidden = {name: os.environ.pop(name) for name in TRAPS if name in os.environ}
    try:
        yield
    finally:
        os.environ |= hidden
