"""Roles are checked where the change is made: every command, typed by every role, and nothing changes that may not."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import building, dispatch
from bot.commands import COMMANDS
from bot.settings import without_environment
from committee.announcements import Announcement
from committee.posts import ChatFacts
from committee.staff import STRANGER, Role
from mailflows import announcements, cards
from tests.conftest import PracticeDesk

pytestmark = pytest.mark.long

CHANGING = {
    f"{command.handler.__module__.rpartition('.')[2]}.{command.handler.__name__}": command
    for command in COMMANDS
    if not command.reads
}
READS_AND_PREPARES = {"remind.remind", "calendar.tell", "second_copies.second_copy"}
"""Typed, it only shows a preview; the press is what changes something."""

LINES = {
    "states.confirm": "state MWI confirm reported",
    "states.note": 'state MWI note "Deputy says March"',
    "states.language": "state MWI language fr",
    "handling.handling": "handling S-2012-0001 restricted",
    "submissions.accept": "submission S-2012-0001 accept",
    "submissions.reclassify": "submission S-2012-0001 reclassify as other",
    "submissions.clarify": 'submission S-2012-0001 clarify "Where is annex 2?"',
    "submissions.join": "submission S-2012-0001 join S-2012-0002",
    "submissions.set_aside": "submission S-2012-0001 set-aside",
    "submissions.reopen": 'submission S-2012-0003 reopen "by mistake"',
    "submissions.add": "submission add --by-hand MWI other",
    "calendar.close": 'closure add 2012-10-29..2012-10-31 "a hurricane"',
    "calendar.open_again": "closure remove 2012-11-05",
    "calendar.confirm": "holidays 2013 confirm",
    "policies.set_from": "policy reminders.apart set 30 from 2013-01-01",
    "calendar.add_holiday": 'holiday add 2013-07-05 "a bridge"',
    "repairs.add": "contact add MWI national-contact-point second@gov-malawi.example",
    "repairs.hold": 'contact MWI/permanent-mission/1 hold "nobody reads it"',
    "repairs.free": "contact ZMB/permanent-mission/1 free",
    "mail.assign": "mail M-2012-0004 assign MWI",
    "mail.once": "mail M-2012-0004 once MWI",
    "mail.refuse": "mail M-2012-0004 refuse",
    "outbox.hold": 'letter receipt/S-2012-0001 hold "wait"',
    "outbox.release": "letter receipt/S-2012-0002 release",
    "outbox.withdraw": "letter receipt/S-2012-0001 withdraw",
    "outbox.again": "letter receipt/S-2012-0003 again",
    "stop.stop": "stop",
    "stop.resume": "resume receipt/S-2012-0002",
    "staff.role": "staff officer-2 role reader",
    "staff.add": 'staff add "New Person" reader',
    "languages.sign": "language en sign",
    "chat.post_to": "chat post to C01DESK",
    "chat.leave": "chat leave C02OTHER",
    "chat.hold": 'announced 2012-11-29T09:00:00-05:00 hold "its report is on the way"',
    "chairs.chair": 'chair of WG1 is "New Person" from 2013-06-01',
}
"""Each changing command as it would be typed at the desk that `with_something_of_everything` prepares."""

PERSONS = {role: f"{role}-1" for role in Role}


async def with_something_of_everything(desk: PracticeDesk) -> None:
    """Two submissions that wait, a third that was set aside, a mail of a stranger, a held, a stopped and an uncertain letter."""
    mission = await desk.mission_of("MWI")
    await desk.takes_in(
        *(mission.writes(f"Report {n}", attach=f"{n}.pdf", data=b"%PDF" + bytes([n])) for n in range(3))
    )
    await desk.takes_in(desk.stranger().writes("Who am I?"))
    await desk.types("submission S-2012-0003 set-aside")
    await desk.types('letter receipt/S-2012-0002 hold "wait"')
    await desk.types("stop receipt/S-2012-0002")
    await desk.types('closure add 2012-11-05 "a closure"')
    async with desk.desk.store.transaction(by="test", doing="die", about="x", at=desk.desk.now) as tx:
        holiday = await tx.days_off.get("2013-07-04")
        assert holiday
        await tx.days_off.put(replace(holiday, confirmed=False))
        contact = await desk.contact("ZMB")
        await tx.contacts.put(replace(contact, held="its server refused mail"))
        [delivery] = await tx.deliveries.find(letter="receipt/S-2012-0003")
        claimed = delivery.moved(delivery.state.CLAIMED, desk.desk.now)
        sending = claimed.moved(claimed.state.SENDING, desk.desk.now)
        await tx.deliveries.put(sending.moved(delivery.state.UNCERTAIN, desk.desk.now))
        announced = Announcement("first-report/ZMB/programme-11/3", "x", "ZMB", desk.desk.now, desk.desk.today)
        await tx.announcements.add(announced)
        about, fields = "announced/2012-11-29T09:00:00-05:00", {"letters": [announced.key]}
        await cards.post(tx, announcements.KIND, about, "One reminder", "", now=desk.desk.now, fields=fields)
        await tx.chat.put(ChatFacts("chat", ("C02OTHER",)))


@pytest.fixture(scope="module")
def busy(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with something of everything, made once; each test works on a copy of its folder."""
    folder = tmp_path_factory.mktemp("busy") / "desk"
    shutil.copytree(founded, folder)

    async def prepare() -> None:
        async with building.open_desk(folder, without_environment()) as opened:
            await with_something_of_everything(PracticeDesk(folder, opened))

    asyncio.run(prepare())
    return folder


@pytest.fixture
async def desk(busy: Path, tmp_path: Path) -> AsyncIterator[PracticeDesk]:
    folder = tmp_path / "desk"
    shutil.copytree(busy, folder)
    async with building.open_desk(folder, without_environment()) as opened:
        yield PracticeDesk(folder, opened)


async def trail_length(desk: PracticeDesk) -> int:
    return len([entry for entry in await desk.desk.store.trail.find() if entry.doing != "card shown"])


def test_every_changing_command_is_tried_here() -> None:
    assert {*CHANGING} - READS_AND_PREPARES == {*LINES}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", sorted(LINES))
async def test_a_command_does_what_it_says_for_those_who_may_and_nothing_for_others(
    desk: PracticeDesk, name: str, role: Role
) -> None:
    before = await trail_length(desk)
    person = await desk.person(PERSONS[role])
    card, status = await desk.answers(LINES[name], by=person.key)
    if person.may(CHANGING[name].role):
        assert (status, card.ok) == (0, True), card.text
        assert await trail_length(desk) == before + 1
    else:
        assert (status, card.ok) == (1, False)
        assert await trail_length(desk) == before


@pytest.mark.parametrize("name", sorted(LINES))
async def test_a_stranger_changes_nothing(desk: PracticeDesk, name: str) -> None:
    before = await trail_length(desk)
    _, status = await dispatch.run(desk.desk, STRANGER, LINES[name])
    assert status == 1
    assert await trail_length(desk) == before
