"""App Home: the work queue of the person who opens it, kept as the desk is now; never a welcome page."""

import asyncio
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from bot import dispatch
from bot.dispatch import DONE
from bot.slack import blocks, limits
from bot.slack.blocks import Block
from bot.slack.chat import Chat
from bot.slack.doing import FORMS
from bot.slack.drawing import draw
from bot.slack.drawing_rows import sheets
from bot.slack.modals import FORM
from bot.slack.people import User, stranger
from bot.slack.replying import TROUBLES
from committee.calendar import written
from committee.cards import Card
from committee.chat import HomeOpened
from committee.errors import Unavailable
from committee.staff import Person
from mailflows.desk import Desk
from mailflows.logs import log

SHOW: Final = "show:"
"""What the id of a button begins with that only shows what a command would."""
NOTHING: Final = "Nothing waits for you."
SMALL: Final = 200


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the queue: what a command that only reads answers, as far as it waits for somebody."""

    title: str
    line: str
    most: int
    columns: tuple[str, ...] = ()
    waiting: str = ""  # the column in which something must stand; empty: every row counts


SECTIONS: Final = (
    Section("What waits for you", "cards", 8, ("title", "text", "actions"), waiting="actions"),
    Section("Today", "desk", 12, ("count", "what"), waiting="count"),
    Section("Mail set aside", "inbox set-aside", 6),
    Section("Due this week", "due 7 days", 8),
    Section("Contacts to repair", "repairs", 6),
)


async def view(chat: Chat, user: User) -> Block:
    """Home as this user sees it now; a stranger reads whom to ask, and nothing else."""
    desk = (await chat.moment()).reading
    person = await chat.people.find(user, desk.store)
    if person is None:
        parts = [*draw(await stranger(desk.store)).blocks]
    else:
        parts = _head(person, desk)
        sections = [await _section(one, person, desk) for one in SECTIONS]
        parts += [part for section in sections for part in section] or blocks.paragraphs(NOTHING, SMALL)[0]
        parts += _foot()
    return {"type": "home", "blocks": parts[: limits.VIEW_BLOCKS]}


def _head(person: Person, desk: Desk) -> list[Block]:
    practice = " This is a practice desk: its letters go no further than this computer." if desk.facts.practice else ""
    return [
        blocks.header(f"{person.name}: what waits"),
        *blocks.small([f"{written(desk.today)}, New York.{practice}"], SMALL),
    ]


async def _section(section: Section, person: Person, desk: Desk) -> list[Block]:
    card, status = await dispatch.run(desk, person, section.line)
    rows = [row for row in card.rows if not section.waiting or row.get(section.waiting)]
    if status != DONE or not rows:
        return []
    parts = [blocks.header(section.title), *_listed(card, rows, section)]
    more = [f"… and {len(rows) - section.most} more"] if len(rows) > section.most else []
    show = blocks.button(f"{SHOW}{section.line}", "Show all", section.line, aloud=f"Show all: {section.title}")
    return [*parts, *blocks.small(more, SMALL), *blocks.buttons([show])]


def _listed(card: Card, rows: Sequence[Mapping[str, Any]], section: Section) -> list[Block]:
    columns = section.columns or card.columns or tuple(rows[0])
    leaves = sheets(rows[: section.most], columns)
    return [part for leaf in leaves for part in leaf.blocks]


def _foot() -> list[Block]:
    """What one begins from here."""
    begins = [form for form in FORMS.values() if form.name.split()[-1] == "add"]
    made = [blocks.button(f"{FORM}{form.name}", f"{form.title} …", form.name, aloud=form.title) for form in begins]
    return [{"type": "divider"}, *blocks.buttons(made)] if made else []


@dataclass(slots=True)
class Homes:
    """Those who have opened their Home; each is published anew when something was committed, one after the other."""

    chat: Chat
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
        """For ever: what was committed while they are published counts for the next time."""
        self._wanted.set()
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            await self.refresh()

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
