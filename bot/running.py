"""`verbale run`: the whole desk in one process, from the work lock to a clean end."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot import alarming, building, health, ticking, watching
from bot.door import place_of
from bot.heartbeat import Heartbeat
from bot.leads import EVERYTHING, MAIL_IN, ONLY, Leads, Parts
from bot.printing import say
from bot.pulse import Pulse
from bot.settings import Settings, WrongSetting
from bot.ticking import Ways
from committee.calendar import written_moment
from mailflows import archiving, channels, holding, inbox
from mailflows.delivering import Delivering
from mailflows.desk import Desk
from mailflows.logs import log
from storage.errors import Busy

if TYPE_CHECKING:
    from bot.slack.serving import Service

GRACE_SECONDS: Final = 4.0
"""How long the letter in flight may take to end; after it the line is cut, and the letter is left as `sending`."""
A_BREATH_SECONDS: Final = 0.5
"""While letters leave, between one commit that keeps what left and the next: receipts come first."""
LOOKS_AGAIN_SECONDS: Final = 20.0
"""How often it is looked for what left in a round that lasts."""
IN, OUT = "in", "out"
LISTENS: Final = ("127.0.0.1", 8542)
"""Where the pages behind links are served, where no setting says another place."""
COLLECTED_AFTER: Final = 20_000
"""New objects after which the young ones are looked at; a letter makes some hundreds, nearly all of them gone by then."""
MORE_THAN_ONE: Final = (
    "one process works at a desk in a folder; for several, move it to PostgreSQL (docs/postgresql.md): "
    "verbale copy --to URL"
)


@dataclass(slots=True)
class Running:
    """What the parts of a running desk share."""

    desk: Desk
    ways: Ways
    delivering: Delivering
    heart: Heartbeat
    ending: asyncio.Event
    pulse: Pulse
    leads: Leads
    queued: asyncio.Event = field(default_factory=asyncio.Event)
    chat: "Service | None" = None
    left: asyncio.Event = field(default_factory=asyncio.Event)  # a round has ended since it was last looked
    under_way: bool = False  # a round is


async def run(folder: Path, desk: Desk, settings: Settings, parts: Parts = EVERYTHING) -> None:
    """Do these parts until SIGTERM or Ctrl-C; `Busy` where another process works at a folder's desk."""
    ending = asyncio.Event()
    with _alone_where_it_must_be(desk):
        # First the way out: a setting that is missing is said at once.
        async with (
            building.delivering(folder, desk, settings) as delivering,
            building.inbox(folder, desk, settings) as mailbox,
            Leads(desk.store, parts.leads_in, "verbale run") as leads,
            Heartbeat() as heart,
        ):
            building.can_write(desk)
            ways = Ways(folder, settings, mailbox)
            pulse = Pulse(datetime.now(UTC), figures=delivering.figures)
            running = Running(desk, ways, delivering, heart, ending, pulse, leads)
            running.chat = _chat(running, settings, parts) if parts.chats else None
            if running.chat and settings.slack_channel:  # before the first tick: its cards stand there too
                await channels.begin_in(settings.slack_channel, desk)
            async with (
                health.served(settings.health, desk.store, running.pulse),
                _pages(running, settings, parts),
                _until_told(running),
            ):
                for sentence in (*await _to_know(desk), *_what_it_does(parts)):
                    say(sentence)
                await _live(running, parts)


@contextmanager
def _alone_where_it_must_be(desk: Desk) -> Iterator[None]:
    """A folder has one process that works; the sentence says what to do for more."""
    try:
        with desk.store.work_lock("verbale run"):
            yield
    except Busy as busy:
        raise Busy(busy.holder, MORE_THAN_ONE) from busy


@asynccontextmanager
async def _pages(running: Running, settings: Settings, parts: Parts) -> AsyncIterator[None]:
    """The pages behind links, where they are reached from outside: by the whole desk, or by a part that is told where."""
    if not settings.public_url or not (settings.listen or parts == EVERYTHING):
        yield
        return
    from bot.pages import serving  # noqa: PLC0415 - its library takes a while to load, and most desks have no page

    listen = settings.listen or LISTENS
    if running.desk.facts.practice and not ip_address(listen[0]).is_loopback:
        raise WrongSetting(
            f"VERBALE_LISTEN names {listen[0]}, and this is a practice desk: its pages stay on this computer, "
            "for example VERBALE_LISTEN=127.0.0.1:8542"
        )
    async with serving.served(listen, lambda: _at_this_moment(running.desk)):
        yield


def _chat(running: Running, settings: Settings, parts: Parts) -> "Service | None":
    """Chat, where the desk has the tokens for it; Slack's libraries are loaded for no other desk."""
    if not settings.chats:
        if parts == ONLY["chat"]:
            raise WrongSetting("SLACK_BOT_TOKEN is missing: this process would only serve chat, and has none to serve")
        return None
    from bot.slack import cards, client, serving  # noqa: PLC0415 - half a second, which a desk without chat need not wait

    way = client.access(settings, practice=running.desk.facts.practice)
    desk = running.desk
    if way is None:
        return None

    async def now() -> Desk:
        return await _at_this_moment(desk)

    clock = None if desk.facts.practice else building.moment
    posted = cards.Cards(way, now, running.pulse, clock)
    return serving.Service(way, settings.slack_command, now, desk.store, cards=posted)


def _what_it_does(parts: Parts) -> list[str]:
    if parts == EVERYTHING:
        return []
    if parts == ONLY["chat"]:
        return ["This process serves chat where no other process of this desk does, and delivers nothing."]
    does = "This process delivers letters" if parts.delivers else "This process does what is due, and delivers nothing"
    return [f"{does}. It reads the mailboxes where no other process of this desk does."]


async def _to_know(desk: Desk) -> list[str]:
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


async def _live(running: Running, parts: Parts) -> None:
    """Work until the end is asked for; then let the letter in flight end."""
    leave_alone_what_stays()
    loops = (_take_in, _deliver, _keep_what_left) if parts.delivers else (_take_in,)
    working = {asyncio.create_task(part(running)) for part in loops}
    if running.chat:
        working.add(asyncio.create_task(running.chat.run(running.ending)))
    told = asyncio.create_task(running.ending.wait())
    mailbox = watching.mailbox(running.ways.mailbox, running.heart.beat)
    commits = watching.commits(running.desk.store, lambda: _committed(running))
    alarms = alarming.watch(lambda: _at_this_moment(running.desk), running.pulse, running.delivering.pace)
    beside = {*map(asyncio.create_task, (mailbox, commits, alarms)), told}
    await asyncio.wait(working | {told}, return_when=asyncio.FIRST_COMPLETED)
    await asyncio.wait(working, timeout=GRACE_SECONDS)
    for task in working | beside:
        task.cancel()
    for ended in await asyncio.gather(*working, *beside, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended


def leave_alone_what_stays() -> None:
    """What was loaded stays to the end: a full collection that looked at all of it again would stop the loop for 50 ms."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER)


def _committed(running: Running) -> None:
    """There may be something to deliver; a server that takes nothing is left alone until the next minute."""
    if not running.pulse.troubles.get(OUT):
        running.queued.set()
    if running.chat:
        running.chat.committed()


async def _take_in(running: Running) -> None:
    """Tick after tick: clock, mailbox, what is due. A server that is slow to take a letter does not keep mail waiting."""
    while not running.ending.is_set():
        await running.heart.wanted()
        running.pulse.late_seconds = running.heart.late_seconds
        if not running.ending.is_set():
            await _surely(running, IN, _took_in)
            running.queued.set()


async def _deliver(running: Running) -> None:
    """Round after round, each when mail was taken in and things were queued, one letter after the other."""
    while not running.ending.is_set():
        await running.queued.wait()
        running.queued.clear()
        if not running.ending.is_set():
            running.under_way = True
            await _surely(running, OUT, _delivered)
            running.under_way = False
            running.left.set()


async def _keep_what_left(running: Running) -> None:
    """At once after each round, also what a process before this one owed; gently while a round goes on."""
    while not running.ending.is_set():
        running.left.clear()
        more = await _kept(running)
        patience = 0.0 if not running.under_way else A_BREATH_SECONDS
        with suppress(TimeoutError):
            await asyncio.wait_for(running.left.wait(), patience if more else LOOKS_AGAIN_SECONDS)


async def _kept(running: Running) -> bool:
    """One commit's worth; whether there may be more."""
    try:
        desk = await _at_this_moment(running.desk)
        return bool(await archiving.catch_up(desk, archiving.A_SLICE, ending=running.ending.is_set))
    except Exception as error:  # noqa: BLE001 - the desk goes on, and what is owed is still owed
        log.error("what left was not kept", error=type(error).__name__, place=place_of(error))
        running.pulse.failures += 1
        return False


async def _surely(running: Running, part: str, work: Callable[[Running, Desk], Awaitable[str]]) -> None:
    """Do one part's work; whatever goes wrong in it is logged, and the next time comes."""
    try:
        trouble = await work(running, await _at_this_moment(running.desk))
    except Exception as error:  # noqa: BLE001 - the desk goes on
        log.error("tick failed", kind=part, error=type(error).__name__, place=place_of(error))
        running.pulse.failures += 1
        trouble = f"mail {part}: the last tick failed ({type(error).__name__})"
    running.pulse.ticked(part, datetime.now(UTC), trouble)


async def _took_in(running: Running, desk: Desk) -> str:
    """What does not work, without anybody's words: those are for `verbale doctor`, and for the cards."""
    leads = await running.leads.now()
    taken = await ticking.take_in(desk, running.ways, leads=leads)
    if MAIL_IN in leads:
        running.pulse.looked(inbox.read_to_end(running.ways.mailbox, taken.came), datetime.now(UTC))
    log.info("tick", count=len(taken.came.taken))
    if taken.held:
        log.warning("announced letters wait for an officer", count=len(taken.held))
    if not taken.came.trouble:
        return ""
    log.warning("mailbox not read to its end", count=len(taken.came.trouble))
    return "mail in: the mailbox was not read to its end"


async def _delivered(running: Running, desk: Desk) -> str:
    tally = await running.delivering.round(desk, ending=running.ending.is_set)
    log.info("delivered", count=tally.sent)
    if not tally.trouble:
        return ""
    log.warning("mail server not to be reached, or it does not let us in")
    return "mail out: the server cannot be reached, or does not let us in"


async def _at_this_moment(desk: Desk) -> Desk:
    """The desk now: by the world's clock, or by a practice desk's own, which stands still."""
    facts = await desk.store.desk.get("desk") or desk.facts
    return replace(desk, facts=facts, now=facts.clock or datetime.now(UTC))


@asynccontextmanager
async def _until_told(running: Running) -> AsyncIterator[None]:
    """SIGTERM and Ctrl-C ask for the end."""

    def end() -> None:
        running.ending.set()
        running.heart.beat()
        running.queued.set()
        running.left.set()

    loop = asyncio.get_running_loop()
    for told in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(told, end)
    try:
        yield
    finally:
        for told in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(told)
