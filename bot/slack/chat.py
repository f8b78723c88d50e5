"""What everything that happens in chat is given: the client, as whom, the desk of this moment, and what is kept meanwhile."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.answers import Answers
from bot.slack.checks import Identity
from bot.slack.people import People, User, user_of
from bot.slack.replying import Reply
from bot.slack.turns import Turns
from committee.staff import Person
from mailflows.desk import Desk
from storage.asked_once import AskedOnce
from storage.remembered import Remembered

MOST_FORMS: Final = 200
"""Forms that stand open at once, with what was filled in so far."""


@dataclass(slots=True)
class Chat:
    client: AsyncWebClient
    me: Identity
    desk_at_this_moment: Callable[[], Awaitable[Desk]]
    command: str
    people: People
    answers: Answers = field(default_factory=Answers)
    filled_in: OrderedDict[str, Mapping[str, str]] = field(default_factory=OrderedDict)
    """By the view's id: a form that is closed says nothing of what stood in it."""

    _moment: asyncio.Future["Moment"] | None = None
    turns: Turns = field(default_factory=Turns)
    _one_question: asyncio.Lock = field(default_factory=asyncio.Lock)
    _remembered: Remembered | None = None

    async def desk(self) -> Desk:
        """The desk now, as chat may see it."""
        return (await self.moment()).desk

    async def moment(self) -> "Moment":
        """The desk now; all who ask until the store is asked are one question."""
        if self._moment is None:
            self._moment = asyncio.ensure_future(self._this_moment())
        return await asyncio.shield(self._moment)

    async def look(self) -> None:
        """Take the moment for the envelope that this task is about; where that fails it is tried again, and said, by its listener."""
        with suppress(Exception):
            _TAKEN.set(await self.moment())
        await self.turns.place()

    async def _this_moment(self) -> "Moment":
        async with self._one_question:  # whoever asks while one is under way shares the next
            await asyncio.sleep(0)
            self._moment = None  # from here on one asks anew: what was committed before one asked is seen
            desk = replace(await self.desk_at_this_moment(), in_chat=True)
            seen = await desk.store.seen()
        if self._remembered is None or self._remembered.seen != seen:
            self._remembered = Remembered(desk.store, seen)
        return Moment(desk, replace(desk, store=self._remembered.as_store))

    def note(self, view: str, values: Mapping[str, str]) -> None:
        self.filled_in[view] = values
        self.filled_in.move_to_end(view)
        while len(self.filled_in) > MOST_FORMS:
            self.filled_in.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Moment:
    """The desk at one moment; `reading` is the same for what only reads, with registers as of the last commit.

    `said` is what was answered at this very moment: who asks the same at once is told the same.
    """

    desk: Desk
    reading: Desk
    said: AskedOnce = field(default_factory=AskedOnce, compare=False)


@dataclass(frozen=True, slots=True)
class Acting:
    """Who does something in chat, where, and with which right to open a modal; `person` is None for a stranger."""

    user: User
    person: Person | None
    reply: Reply
    moment: Moment
    trigger: str = ""


_TAKEN: Final[ContextVar[Moment | None]] = ContextVar("moment", default=None)
"""Each envelope is a task of its own."""


async def acting(chat: Chat, body: dict[str, Any]) -> Acting:
    """Whoever sent this payload; `Unavailable` where Slack does not say who that is."""
    user = user_of(body)
    moment = _TAKEN.get() or await chat.moment()
    found = await chat.people.find(user, moment.reading.store)
    return Acting(user, found, reply_to(chat, body), moment, str(body.get("trigger_id") or ""))


def reply_to(chat: Chat, body: dict[str, Any]) -> Reply:
    """Where the answer to this payload goes."""
    event = body.get("event") if isinstance(body.get("event"), dict) else None
    container = body.get("container") if isinstance(body.get("container"), dict) else {}
    about: dict[str, Any] = event or {}
    channel = about.get("channel") or body.get("channel_id") or (body.get("channel") or {}).get("id") or ""
    thread = about.get("thread_ts") or (container or {}).get("thread_ts") or ""
    alone = about.get("channel_type") == "im"
    return Reply(chat.client, user_of(body).id, str(channel), str(thread), str(body.get("response_url") or ""), alone)
