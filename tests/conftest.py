"""A practice desk, the people who write to it, and a post that remembers."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import hypothesis
import pytest

from bot import building, dispatch
from bot.settings import without_environment
from committee.calendar import NEW_YORK
from committee.cards import Card
from committee.contacts import Contact, Office
from committee.letters import Letter
from committee.mail import Mail
from committee.staff import Person
from committee.submissions import Submission
from mailflows import inbox, outbox
from mailflows.accepted import Accepted
from mailflows.desk import Desk
from mailflows.founding import found
from mailflows.message import Message
from mailflows.outbox import Tally
from mailflows.post import Ready, at_once

# No deadline: how long an example takes says more of what else the machine does than of the example.
hypothesis.settings.register_profile("whole", deadline=None)
hypothesis.settings.register_profile("quick", deadline=None, max_examples=20)
hypothesis.settings.load_profile("whole")
"""For `make check`: fewer examples of each property; `make test` tries them all."""

OPENED = datetime(2012, 9, 4, 9, tzinfo=NEW_YORK)
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


@dataclass(slots=True)
class RememberingPost:
    """A way out that remembers what it was handed; `troubles` are raised for an address, in order, before it accepts one."""

    handed: list[tuple[str, bytes]] = field(default_factory=list)
    troubles: dict[str, list[Exception]] = field(default_factory=dict)
    relay: str = "post.test"
    connections: int = 1
    reads_first: bool = False  # it refuses a text that it has had

    async def send(
        self, _envelope_sender: str, recipient: str, message: Message, *, key: str, envelope_id: str = "",
        ready: Ready = at_once,
    ) -> Accepted:  # fmt: skip
        waiting = self.troubles.get(recipient) or self.troubles.get("*") or []
        if not waiting or self.reads_first:
            await ready()
        if waiting:
            raise waiting.pop(0)
        self.handed.append((recipient, bytes(message)))
        return Accepted(reply=f"250 2.0.0 accepted as {len(self.handed)}", server="post.test", tls="")


@dataclass(slots=True)
class Writer:
    """A person at one address, who writes to the desk."""

    address: str
    desk: str
    at: datetime

    def writes(  # noqa: PLR0913 - a mail's parts
        self, subject: str, text: str = "With compliments.", *, attach: str = "", data: bytes = PDF,
        answers: str = "", to: str = "", headers: Iterable[tuple[str, str]] = (),
    ) -> bytes:  # fmt: skip
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.address, to or self.desk, subject
        message["Date"] = format_datetime(self.at)
        message["Message-ID"] = f"<{abs(hash((self.address, subject, text, attach)))}@mission.test>"
        if answers:
            message["In-Reply-To"] = answers
        for name, value in headers:
            message[name] = value
        message.set_content(text)
        if attach:
            message.add_attachment(data, maintype="application", subtype="pdf", filename=attach)
        return message.as_bytes()


@dataclass(slots=True)
class PracticeDesk:
    """The desk as its users meet it: mail comes in, commands are typed, letters go out."""

    folder: Path
    desk: Desk
    post: RememberingPost = field(default_factory=RememberingPost)

    async def takes_in(self, *raws: bytes) -> list[Mail]:
        return [await inbox.take_in(raw, self.desk) for raw in raws]

    async def types(self, typed: str, by: str = "officer-1") -> Card:
        card, _ = await self.answers(typed, by)
        return card

    async def answers(self, typed: str, by: str = "officer-1", *, yes: bool = False) -> tuple[Card, int]:
        return await dispatch.run(self.desk, await self.person(by), typed, yes=yes)

    async def presses(self, key: str, words: str = "", by: str = "officer-1") -> tuple[Card, int]:
        return await dispatch.press(self.desk, await self.person(by), key, words)

    async def person(self, key: str) -> Person:
        person = await self.desk.store.staff.get(key)
        assert person, key
        return person

    async def delivers(self, after: timedelta = timedelta(0)) -> Tally:
        self.desk = self.desk.at(self.desk.now + after)
        return await outbox.deliver_due(self.desk, self.post)

    async def submissions(self) -> list[Submission]:
        return await self.desk.store.submissions.find()

    async def outbox(self) -> list[Letter]:
        return await self.desk.store.letters.find()

    async def contact(self, party: str, office: Office = Office.PERMANENT_MISSION) -> Contact:
        return next(c for c in await self.desk.store.contacts.find(party=party) if c.office is office)

    async def mission_of(self, party: str) -> Writer:
        return Writer((await self.contact(party)).address, self.desk.address, self.desk.now)

    async def capital_of(self, party: str) -> Writer:
        return Writer(
            (await self.contact(party, Office.NATIONAL_CONTACT_POINT)).address, self.desk.address, self.desk.now
        )

    def stranger(self, address: str = "someone@elsewhere.test") -> Writer:
        return Writer(address, self.desk.address, self.desk.now)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One practice desk, made once; each test works on a copy of its folder."""
    folder = tmp_path_factory.mktemp("founded") / "desk"
    asyncio.run(found(folder, practice=True, at=OPENED, administrator="", account=None))
    return folder


@pytest.fixture
async def desk(founded: Path, tmp_path: Path) -> AsyncIterator[PracticeDesk]:
    folder = tmp_path / "desk"
    shutil.copytree(founded, folder)
    async with building.open_desk(folder, without_environment()) as opened:
        yield PracticeDesk(folder, opened)
