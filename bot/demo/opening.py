"""The practice desk of the demo, made afresh: its folder, its people in chat, its post office, and its page."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from bot import building, local_slack
from bot.commands import COMMANDS
from bot.demo import secretariat
from bot.demo.at_work import AtWork, at_work
from bot.demo.clock import PracticeClock
from bot.demo.mails import Letterbox
from bot.demo.missions import Missions
from bot.demo.pane import Panes
from bot.demo.post_office import PostOffice, opened
from bot.local_slack.page import Page
from bot.local_slack.workspace import Workspace
from bot.settings import without_environment
from bot.slack.manifest import manifest
from committee.calendar import NEW_YORK
from committee.contacts import Office
from committee.errors import Refused
from mailflows.desk import Desk
from mailflows.founding import found
from storage.folder import work_lock
from storage.marker import holds_practice_desk

FOLDER: Final = "demo-desk"
OPENS: Final = datetime(2012, 8, 30, 8, 40, tzinfo=NEW_YORK)
"""Thursday, twenty minutes before the first card: the reminders that fall due on Tuesday are announced that morning."""
GONE, FULL = "ZWE", "ZMB"
"""Whose mail servers refuse for good, and whose is busy once: chosen for the story, illustrative like all of it."""


@dataclass(frozen=True, slots=True)
class Demo:
    """Everything at once; `address` opens the page."""

    folder: Path
    working: AtWork
    workspace: Workspace
    missions: Missions
    address: str


@asynccontextmanager
async def demo(where: Path) -> AsyncIterator[Demo]:
    """A practice desk in `where`/demo-desk, at work until the block ends; `Refused` where another desk stands there."""
    folder = where / FOLDER
    _make_room(folder)
    await found(folder, practice=True, at=OPENS, administrator="", account=None)
    settings, clock = without_environment(), PracticeClock(OPENS)
    async with building.open_desk(folder, settings) as desk:
        await secretariat.join(desk)
        workspace = secretariat.workspace(await desk.store.staff.all(), clock)
        office = PostOffice({*await _addresses(desk, GONE)}, (await _addresses(desk, FULL))[0])
        missions = Missions(office, Letterbox(folder / building.INCOMING))
        panes = Panes(missions)
        page = Page(manifest(COMMANDS, secretariat.COMMAND), head=panes.head)
        async with (
            opened(office) as post,
            local_slack.served(workspace, pages=lambda app: panes.add_to(app, page)) as url,
            at_work(folder, desk, settings.sending_to(post), workspace, clock) as working,
        ):
            office.arrives = working.bell.ring
            panes.opens(working)
            yield Demo(folder, working, workspace, missions, page.address(url))


def _make_room(folder: Path) -> None:
    """Only a folder that says itself that it is a practice desk, and that nobody works in, is replaced."""
    if not folder.exists():
        return
    if not holds_practice_desk(folder):
        raise Refused(f"{folder} is not a practice desk, so the demo does not replace it; run it in another folder.")
    with work_lock(folder, "verbale demo"):
        shutil.rmtree(folder)


async def _addresses(desk: Desk, state: str) -> list[str]:
    """The mission's first."""
    contacts = await desk.store.contacts.find(party=state)
    return [one.address for one in sorted(contacts, key=lambda one: one.office is not Office.PERMANENT_MISSION)]
