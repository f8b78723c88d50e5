"""One thing that cannot go on must not stop everything else, and what is due now goes now."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from bot import ticking
from bot.settings import without_environment
from committee.calendar import NEW_YORK
from committee.errors import Unavailable
from mailflows import inbox, outbox
from mailflows.accepted import Accepted, Deferred, Unreachable
from mailflows.message import Message
from mailflows.outbox import Tally
from mailflows.post import Ready, at_once
from tests.conftest import PracticeDesk

SETTINGS = without_environment()


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2012, month, day, hour, tzinfo=NEW_YORK)


async def test_a_maildir_name_that_is_no_text_stops_no_tick(desk: PracticeDesk) -> None:
    new = desk.folder / "incoming" / "new"
    for folder in ("new", "cur", "tmp"):
        (desk.folder / "incoming" / folder).mkdir(parents=True, exist_ok=True)
    raw = (await desk.mission_of("MWI")).writes("A note")
    Path(os.fsdecode(os.fsencode(new) + b"/1346.\xff\xfe.host")).write_bytes(raw)
    (new / "1347.host").write_bytes(raw + b"more")
    card = await ticking.tick(desk.folder, desk.desk, SETTINGS)
    assert card.fields["mails"] == 2
    assert card.fields["sent"] == 2


async def test_receipts_leave_while_announced_letters_wait_for_a_chair(desk: PracticeDesk) -> None:
    for moment in (at(11, 29), at(12, 1)):
        await ticking.tick(desk.folder, desk.desk, SETTINGS, at=moment)
        desk.desk = desk.desk.at(moment)
    async with desk.desk.store.transaction(by="test", doing="no chair", at=at(12, 1)) as tx:
        for one in await tx.chairings.find(body="committee"):
            await tx.chairings.remove(one.key)
    await desk.takes_in((await desk.mission_of("FRA")).writes("A note"))
    card = await ticking.tick(desk.folder, desk.desk, SETTINGS, at=at(12, 3))
    assert card.fields["sent"] == 1


async def test_a_kept_file_that_cannot_be_read_stops_no_other_mail(desk: PracticeDesk) -> None:
    mail = await inbox.keep((await desk.mission_of("MWI")).writes("First"), desk.desk)
    other = await inbox.keep((await desk.mission_of("MLI")).writes("Second"), desk.desk)
    file = desk.folder / "kept" / mail.sha256[:2] / mail.sha256
    file.unlink()
    file.mkdir()  # as a bad block does, reading it raises OSError
    await inbox.watch(None, desk.desk)
    placed = await desk.desk.store.mail.get(other.key)
    assert placed
    assert placed.state == "taken-in"


async def test_until_sends_first_what_may_go_now(desk: PracticeDesk) -> None:
    await desk.answers("remind first-report --to MWI", yes=True)
    await ticking.tick_until(desk.folder, desk.desk, SETTINGS, at(12, 5))
    letter = await desk.desk.store.letters.get("first-report/MWI/programme-11/2")
    assert letter
    assert letter.date == at(9, 4)


async def test_a_letter_that_was_held_for_a_week_is_tried_more_than_once(desk: PracticeDesk) -> None:
    key = "first-report/MWI/programme-11/2"
    await desk.answers("remind first-report --to MWI", yes=True)
    await desk.types(f"letter {key} hold we wait for a telephone call")
    desk.desk = desk.desk.at(desk.desk.now + timedelta(days=7))
    await desk.types(f"letter {key} release")
    mission = (await desk.contact("MWI")).address
    desk.post.troubles[mission] = [Deferred("451 4.7.1 greylisted")]
    await desk.delivers()
    states = {one.address: one.state for one in await desk.desk.store.deliveries.find(letter=key)}
    assert states[mission] == "later"


class HangsUp:
    """A server that breaks the connection whenever one address is named."""

    relay, connections = "post.test", 1

    def __init__(self, on: str) -> None:
        self.on, self.took = on, 0

    async def send(
        self,
        _sender: str,
        recipient: str,
        _message: Message,
        *,
        key: str,
        envelope_id: str = "",
        ready: Ready = at_once,
    ) -> Accepted:
        if recipient == self.on:
            raise Unavailable(f"the line broke ({key})")
        await ready()
        self.took += 1
        return Accepted("250 taken", "post.test")


async def test_an_address_that_breaks_the_line_does_not_hold_back_the_others(desk: PracticeDesk) -> None:
    await desk.answers("remind first-report", yes=True)
    post = HangsUp((await desk.contact("CPV")).address)
    tally = Tally()
    for _ in range(3):
        waiting = await desk.desk.store.deliveries.find(state="later")
        moment = max([desk.desk.now, *(one.next_try for one in waiting if one.next_try)])
        desk.desk = desk.desk.at(moment)
        tally = await outbox.deliver_due(desk.desk, post)
    assert post.took == 47, tally


async def test_a_reminder_that_still_waits_does_not_reach_a_state_that_has_answered(desk: PracticeDesk) -> None:
    await desk.answers("remind first-report --to MWI,MLI", yes=True)
    desk.post.troubles["*"] = [Unreachable("the mail server is down")]
    await desk.delivers()
    (report,) = await desk.takes_in(
        (await desk.mission_of("MWI")).writes("First report of Malawi", "Enclosed.", attach="report.pdf")
    )
    await desk.types(f"submission {report.submission} accept")
    await desk.takes_in(
        (await desk.mission_of("MLI")).writes("Re: First report", "In preparation until 15 December 2012")
    )
    await desk.delivers(timedelta(days=1))
    reminders = await desk.desk.store.deliveries.find(kind="first-report-reminder", state="sent")
    assert [one.address for one in reminders] == []
