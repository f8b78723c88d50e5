"""`verbale run`: the whole desk in one process, from the work lock to a clean end."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot import building, health, ticking
from bot.door import place_of
from bot.health import Pulse
from bot.heartbeat import Heartbeat
from bot.settings import Settings
from bot.ticking import Done, Ways
from committee.calendar import written_moment
from committee.errors import Refused, Unavailable
from mailflows import holding
from mailflows.desk import Desk
from mailflows.logs import log

GRACE_SECONDS: Final = 4.0
"""How long the letter in flight may take to end; after it the line is cut, and the letter is left as `sending`."""
LOOK_SECONDS: Final = 60.0
"""How long one look at a mailbox waits for something new."""
PAUSE_SECONDS: Final = 10.0
"""After a mailbox could not be looked at."""


@dataclass(slots=True)
class Running:
    """What the parts of a running desk share."""

    desk: Desk
    ways: Ways
    heart: Heartbeat
    ending: asyncio.Event
    pulse: Pulse


async def run(folder: Path, desk: Desk, settings: Settings) -> None:
    """Tick until SIGTERM or Ctrl-C; `Busy` where another process works at this desk's mail."""
    ending = asyncio.Event()
    with desk.store.work_lock("verbale run"):
        async with building.post(folder, desk, settings):  # a setting that is missing is said before anything begins
            mailbox = building.inbox(folder, desk, settings)
        ways = Ways(folder, settings, mailbox, ending.is_set)
        async with Heartbeat() as heart:
            running = Running(desk, ways, heart, ending, Pulse(datetime.now(UTC)))
            async with health.served(settings.health, desk.store, running.pulse), _until_told(running):
                await _live(running)


async def said_at_the_start(desk: Desk) -> list[str]:
    """What whoever starts the desk should know."""
    said = ["The desk is running; SIGTERM or Ctrl-C ends it."]
    if desk.facts.practice:
        said.append(
            f"This is a practice desk: it ticks at its own moment, {written_moment(desk.now)}, and nothing moves by itself. "
            "To go on in time, end this, and: verbale tick --until MOMENT."
        )
    if await desk.store.stops.get(holding.ALL):
        said.append("Everything is stopped: letters are queued and none leaves until resume.")
    return said


async def _live(running: Running) -> None:
    """Tick and look at the mailbox until the end is asked for; then let the letter in flight end."""
    working = asyncio.create_task(_work(running))
    watching = asyncio.create_task(_watch(running))
    told = asyncio.create_task(running.ending.wait())
    await asyncio.wait({working, told}, return_when=asyncio.FIRST_COMPLETED)
    await asyncio.wait({working}, timeout=GRACE_SECONDS)
    for task in (working, watching, told):
        task.cancel()
    ended, *_ = await asyncio.gather(working, watching, told, return_exceptions=True)
    if isinstance(ended, Exception):
        raise ended


async def _work(running: Running) -> None:
    while not running.ending.is_set():
        await running.heart.wanted()
        if not running.ending.is_set():
            await _tick(running)


async def _tick(running: Running) -> None:
    """One tick; whatever goes wrong in it is logged, and the next one comes."""
    try:
        desk = await _at_this_moment(running.desk)
        done = await ticking.work(desk, running.ways)
    except Exception as error:  # noqa: BLE001 - the desk goes on
        log.error("tick failed", error=type(error).__name__, place=place_of(error))
        running.pulse.failed(datetime.now(UTC), f"the last tick failed ({type(error).__name__})")
    else:
        _logged(done)
        running.pulse.ticked(datetime.now(UTC), _trouble(done))


async def _at_this_moment(desk: Desk) -> Desk:
    """The desk now: by the world's clock, or by a practice desk's own, which stands still."""
    facts = await desk.store.desk.get("desk") or desk.facts
    return replace(desk, facts=facts, now=facts.clock or datetime.now(UTC))


def _logged(done: Done) -> None:
    """Names and addresses stay out: the words are for `verbale doctor`, and for the cards."""
    if done.came.trouble:
        log.warning("mailbox not read to its end", count=len(done.came.trouble))
    if done.tally.trouble:
        log.warning("mail server not to be reached, or it does not let us in")
    if done.held:
        log.warning("announced letters wait for an officer", count=len(done.held))
    log.info("tick", count=len(done.came.taken) + done.tally.sent)


def _trouble(done: Done) -> str:
    """What does not work, without anybody's words."""
    inbox = "the mailbox was not read to its end" if done.came.trouble else ""
    server = "the mail server cannot be reached, or does not let us in" if done.tally.trouble else ""
    return "; ".join(filter(None, (inbox, server)))


async def _watch(running: Running) -> None:
    """Tick as soon as a mailbox has something new."""
    mailbox = running.ways.mailbox
    while mailbox is not None:
        try:
            if await mailbox.changed(LOOK_SECONDS):
                running.heart.beat()
        except (Refused, Unavailable, OSError) as error:  # the next tick says what is wrong with it
            log.warning("mailbox not watched", error=type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)


@asynccontextmanager
async def _until_told(running: Running) -> AsyncIterator[None]:
    """SIGTERM and Ctrl-C ask for the end."""

    def end() -> None:
        running.ending.set()
        running.heart.beat()

    loop = asyncio.get_running_loop()
    for told in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(told, end)
    try:
        yield
    finally:
        for told in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(told)
