"""App Home: the work queue of the person who opens it, kept as the desk is now; never a welcome page."""

import asyncio
import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from bot.door import place_of
from bot.slack import blocks, limits, mrkdwn
from bot.slack.blocks import Block
from bot.slack.chat import Chat
from bot.slack.doing import FORMS
from bot.slack.drawing import draw
from bot.slack.modals import FORM
from bot.slack.people import User, stranger
from bot.slack.replying import TROUBLES
from committee.calendar import written, written_moment
from committee.chat import HomeOpened
from committee.errors import Unavailable
from committee.staff import Person
from mailflows import work_queue
from mailflows.desk import Desk
from mailflows.logs import log
from mailflows.work_queue import Item, Section

SHOW: Final = "show:"
"""What the id of a button begins with that only shows what a command would."""
PAUSE_SECONDS: Final = 2.0
"""Between one time and the next: while many letters leave there is a commit in each breath."""
NOTHING: Final = "Nothing waits for you."
SMALL: Final = 200
MOST: Final = 5
"""Things of one section: seven of them with all their buttons are what a view takes."""


async def view(chat: Chat, user: User) -> Block:
    """Home as this user sees it now; a stranger reads whom to ask, and nothing else."""
    desk = (await chat.moment()).reading
    person = await chat.people.find(user, desk.store)
    if person is None:
        parts = [*draw(await stranger(desk.store)).blocks]
    else:
        sections = [_section(one) for one in await work_queue.of(person, desk) if one.count]
        waits = [part for section in sections for part in section] or blocks.paragraphs(NOTHING, SMALL)[0]
        parts = [*_head(person, desk), *waits, *_foot(person)]
    return {"type": "home", "blocks": parts[: limits.VIEW_BLOCKS]}


def _head(person: Person, desk: Desk) -> list[Block]:
    practice = " This is a practice desk: its letters go no further than this computer." if desk.facts.practice else ""
    return [
        blocks.header(f"{person.name}: what waits"),
        *blocks.small([f"{written(desk.today)}, New York.{practice}"], SMALL),
    ]


def _section(section: Section) -> list[Block]:
    """Its things with their buttons, how many more there are, and a button that shows them all."""
    parts = [blocks.header(f"{section.title}: {section.count}")]
    for item in section.items[:MOST]:
        parts += _item(item)
    if section.count > len(section.items[:MOST]):
        more = blocks.small([f"… and {section.count - len(section.items[:MOST])} more"], SMALL)
        parts += [*more, *blocks.buttons([_show("Show all", section.see, section.title, section.name)])]
    return parts


def _item(item: Item) -> list[Block]:
    """One thing in one line; its buttons below it, and beside it the one that shows it."""
    when = f"by {written(item.due)}" if item.due else f"since {written_moment(item.since)}" if item.since else ""
    words = " · ".join(mrkdwn.data(one, SMALL) for one in (item.what, when) if one)
    line = blocks.marked(f"*{mrkdwn.data(item.key, SMALL)}* · {words}")
    shown = {**line, "accessory": _show("Show", item.see, item.key, item.key)}
    pressed = [blocks.pressed_for(action, item.key) for action in item.actions[: blocks.IN_A_LINE]]
    return [shown, *blocks.buttons(pressed)]


def _show(label: str, line: str, about: str, name: str) -> Block:
    mark = hashlib.sha256(f"{name} {line}".encode()).hexdigest()[:12]  # of one name in a view there is one button
    return blocks.button(f"{SHOW}{mark}", label, line, aloud=f"{label}: {about}")


def _foot(person: Person) -> list[Block]:
    """What one begins from here, where one may."""
    begins = [form for form in FORMS.values() if form.name.split()[-1] == "add" and person.may(form.command.role)]
    made = [blocks.button(f"{FORM}{form.name}", f"{form.title} …", form.name, aloud=form.title) for form in begins]
    return [{"type": "divider"}, *blocks.buttons(made)] if made else []


@dataclass(slots=True)
class Homes:
    """Those who have opened their Home; each is published anew when something was committed, one after the other."""

    chat: Chat
    pause_seconds: float = PAUSE_SECONDS
    _wanted: asyncio.Event = field(default_factory=asyncio.Event)
    _shown: dict[str, str] = field(default_factory=dict)

    async def opened(self, user: User) -> None:
        """Somebody looks at it: show it, and from now on again whenever it changes."""
        self._shown.pop(user.identity, None)
        await self._publish(user)
        desk = await self.chat.desk()
        if await desk.store.homes.get(user.identity) is None and await self.chat.people.find(user, desk.store):
            async with desk.store.transaction(
                by=user.identity, doing="home opened", about=user.identity, at=desk.now
            ) as tx:
                await tx.homes.put(HomeOpened(user.identity, datetime.now(UTC)))

    def committed(self) -> None:
        """Something may have changed."""
        self._wanted.set()

    async def keep(self) -> None:
        """For ever, gently: what was committed meanwhile counts for the next time."""
        self._wanted.set()
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                await self.refresh()
            except Exception as error:  # noqa: BLE001 - a queue that cannot be drawn stops no command
                log.error("homes not kept", error=type(error).__name__, place=place_of(error))
            await asyncio.sleep(self.pause_seconds)

    async def refresh(self) -> None:
        """Each that has changed; one that cannot be shown now is shown the next time."""
        desk = await self.chat.desk()
        for one in await desk.store.homes.all():
            team, _, user = one.key.partition("/")
            await self._publish(User(team, user))

    async def _publish(self, user: User) -> None:
        try:
            drawn = await view(self.chat, user)
            mark = _mark(drawn)
            if self._shown.get(user.identity) != mark:
                await self.chat.client.views_publish(user_id=user.id, view=drawn)
                self._shown[user.identity] = mark
        except (*TROUBLES, Unavailable) as error:
            log.warning("home not shown", error=type(error).__name__)


def _mark(drawn: Block) -> str:
    return hashlib.sha256(json.dumps(drawn, sort_keys=True).encode()).hexdigest()
