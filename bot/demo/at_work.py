"""The practice desk at work while somebody tries it: mail in, letters out and chat at once, and time when it is told to go on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot import building, ticking, watching
from bot.demo.bell import Bell
from bot.demo.clock import PracticeClock
from bot.demo.secretariat import CHANNEL, COMMAND
from bot.door import place_of
from bot.leads import EVERYTHING
from bot.local_slack.workspace import Workspace
from bot.pulse import Pulse
from bot.settings import Settings
from bot.slack.cards import Cards
from bot.slack.client import Access
from bot.slack.serving import Service
from bot.ticking import Ways
from mailflows import channels, posts
from mailflows.desk import Desk
from mailflows.logs import log

WHO: Final = "verbale demo"
AHEAD: Final = timedelta(days=60)
"""How far it is looked for the next thing that is due."""
GRACE_SECONDS: Final = 4.0


@dataclass(slots=True)
class AtWork:
    """One thing at a time changes the desk by itself: the clock, a mail, or what somebody in chat has made possible."""

    opened: Desk
    ways: Ways
    clock: PracticeClock
    chat: Service
    bell: Bell = field(default_factory=Bell)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _wanted: asyncio.Event = field(default_factory=asyncio.Event)

    async def now(self) -> Desk:
        return await at_its_moment(self.opened)

    async def settle(self) -> None:
        """Take in what waits and let go what may."""
        async with self._turn:
            await ticking.settle(await self.now(), self.ways)
        self.committed()

    async def next_moment(self) -> datetime | None:
        """When something is due next."""
        desk = await self.now()
        return await ticking.next_due(desk, desk.now + AHEAD)

    async def go_on(self, to: datetime | None = None) -> datetime | None:
        """The clock goes on to the next moment at which something is due, and does it; None where that is another than `to`."""
        await self._told()
        async with self._turn:
            moment = await self.next_moment()
            if moment is None or (to and moment != to):
                return None
            self.clock.moment = moment
            await ticking.go_on(await self.now(), self.ways, moment)
        self.committed()
        return moment

    async def _told(self) -> None:
        """What has happened at this moment stands in chat before the next one comes; without chat it goes on all the same."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE_SECONDS):
                while True:
                    rung = self.bell.rung
                    if not await posts.waiting(self.opened.store, limit=1):
                        return
                    self.heard()
                    await self.bell.after(rung + 1)

    def committed(self) -> None:
        """Something may be there to post, and to look at."""
        self.chat.committed()
        self.bell.ring()

    async def keep(self) -> None:
        """For ever: what was committed in chat leaves as soon as it may."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                await self.settle()
            except Exception as error:  # noqa: BLE001 - the desk goes on, and what waits is tried with the next commit
                log.error("tick failed", error=type(error).__name__, place=place_of(error))

    def heard(self) -> None:
        self._wanted.set()
        self.committed()


async def at_its_moment(desk: Desk) -> Desk:
    """The desk at its own moment, wherever its clock has gone to."""
    facts = await desk.store.desk.get("desk") or desk.facts
    return replace(desk, facts=facts, now=facts.clock or desk.now)


@asynccontextmanager
async def at_work(
    folder: Path, desk: Desk, settings: Settings, workspace: Workspace, clock: PracticeClock
) -> AsyncIterator[AtWork]:
    """The desk works until the block ends, and is served in chat from its beginning."""
    async with AsyncExitStack() as held:
        held.enter_context(desk.store.work_lock(WHO))
        for part in sorted(EVERYTHING.leads_in):
            await held.enter_async_context(desk.store.lead(part, WHO))
        mailbox = await held.enter_async_context(building.inbox(folder, desk, settings))
        await channels.begin_in(CHANNEL, desk)
        working = AtWork(desk, Ways(folder, settings, mailbox), clock, _chat(desk, workspace))
        await held.enter_async_context(_parts(working))
        yield working


def _chat(desk: Desk, workspace: Workspace) -> Service:
    way = Access(workspace.app.bot_token, workspace.app.app_token, f"{workspace.url}/api/", loopback_only=True)

    async def now() -> Desk:
        return await at_its_moment(desk)

    return Service(
        way, COMMAND, now, desk.store, WHO, cards=Cards(way, now, Pulse(datetime.now(UTC)), each_seconds=0.0)
    )


@asynccontextmanager
async def _parts(working: AtWork) -> AsyncIterator[None]:
    ending = asyncio.Event()
    chat = asyncio.create_task(working.chat.run(ending))
    served = asyncio.create_task(working.chat.serving.wait())
    beside = {
        asyncio.create_task(watching.commits(working.opened.store, working.heard)),
        asyncio.create_task(working.keep()),
    }
    try:
        await asyncio.wait({chat, served}, return_when=asyncio.FIRST_COMPLETED)
        if chat.done():
            await chat  # which says why it is not served
        await working.settle()
        yield
    finally:
        ending.set()
        working.bell.close()
        await asyncio.wait({chat}, timeout=GRACE_SECONDS)
        for task in (chat, served, *beside):
            task.cancel()
        await asyncio.gather(chat, served, *beside, return_exceptions=True)
