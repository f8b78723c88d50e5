"""A chat that remembers what stands in it, and goes wrong as it is told to."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from committee.staff import Person, Role
from mailflows import channels
from mailflows.chat import Shown
from mailflows.posting import Posting, Round
from mailflows.presses import Act
from tests.conftest import PracticeDesk

DESK, OTHER = "C01DESK", "C02OTHER"
ADMINISTRATOR = Person("boss", "The Administrator", (Role.ADMINISTRATOR,))


@dataclass(slots=True)
class Message:
    channel: str
    thread_ts: str
    shown: Shown
    key: str
    ts: str
    changes: int = 0


@dataclass(slots=True)
class ScriptedChat:
    """`troubles` come one for each call, before anything is done; `lost` answers come after it was."""

    messages: list[Message] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)
    lost: list[BaseException] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    down: Callable[[], Exception] | None = None
    poison: str = ""  # what cannot be posted by a mistake of ours
    under_way: dict[str, int] = field(default_factory=dict)
    most: int = 0  # calls for one channel at once

    async def post(self, channel: str, thread_ts: str, shown: Shown, key: str) -> str:
        await self._called("post", channel)
        if self.poison and self.poison in key:
            raise ValueError(key)
        ts = f"{1346763600 + len(self.messages)}.000100"
        self.messages.append(Message(channel, thread_ts, shown, key, ts))
        if self.lost:
            raise self.lost.pop(0)
        return ts

    async def update(self, channel: str, ts: str, shown: Shown, key: str) -> None:
        await self._called("update", channel)
        [message] = [one for one in self.messages if (one.channel, one.ts) == (channel, ts)]
        assert message.key == key
        message.shown, message.changes = shown, message.changes + 1
        if self.lost:
            raise self.lost.pop(0)

    async def look_up(self, channel: str, key: str, thread_ts: str, since: str) -> str | None:
        await self._called("look_up", channel)
        there = [one for one in self.messages if (one.channel, one.thread_ts) == (channel, thread_ts)]
        return next((one.ts for one in there if one.key == key and one.ts > since), None)

    async def keep_one(self, channel: str, key: str, thread_ts: str, since: str, ts: str) -> None:
        await self._called("keep_one", channel)
        others = [one for one in self.messages if (one.channel, one.thread_ts, one.key) == (channel, thread_ts, key)]
        for one in others:
            if one.ts > since and one.ts != ts:
                self.messages.remove(one)

    async def _called(self, what: str, channel: str) -> None:
        self.calls.append(what)
        self.under_way[channel] = self.under_way.get(channel, 0) + 1
        self.most = max(self.most, self.under_way[channel])
        await asyncio.sleep(0)
        self.under_way[channel] -= 1
        if self.down:
            raise self.down()
        if self.troubles:
            raise self.troubles.pop(0)

    def in_channel(self, channel: str = DESK) -> list[str]:
        return [one.key.rpartition("@")[0] for one in self.messages if one.channel == channel]


@dataclass(slots=True)
class Secretariat:
    """A desk with its cards in chat; its moments and its seconds pass as they are told to."""

    desk: PracticeDesk
    chat: ScriptedChat = field(default_factory=ScriptedChat)
    posting: Posting = field(init=False)
    seconds: float = 0.0
    leads: bool = True

    def __post_init__(self) -> None:
        self.starts_anew()

    def starts_anew(self) -> None:
        """Another process goes on."""
        self.posting = Posting(
            self.chat, clock=lambda: self.desk.desk.now, monotonic=lambda: self.seconds, lead=lambda: self.leads
        )

    async def has(self, *where: str) -> "Secretariat":
        for channel in where or (DESK,):
            await channels.post_to(channel, Act(ADMINISTRATOR, self.desk.desk))
        return self

    async def round(self) -> Round:
        return await self.posting.round(self.desk.desk)

    async def passes(self, span: timedelta) -> None:
        self.desk.desk = self.desk.desk.at(self.desk.desk.now + span)
        self.seconds += span.total_seconds()

    async def posts(self, most: int = 200) -> int:
        """Round after round, as they may, until nothing is left or only time would help."""
        posted = 0
        for _ in range(most):
            done = await self.round()
            posted += done.posted
            if done.next_in is None or done.next_in > 1.0:
                return posted
            await self.passes(timedelta(seconds=done.next_in))
        raise AssertionError("there is no end to it")

    @property
    def now(self) -> datetime:
        return self.desk.desk.now


async def arrives(desk: PracticeDesk, *parties: str) -> list[str]:
    """A matrix of each party: the keys of the submissions."""
    keys = []
    for party in parties:
        [mail] = await desk.takes_in((await desk.mission_of(party)).writes(f"Matrix of {party}", attach=f"{party}.pdf"))
        keys.append(mail.submission or "")
    return keys
