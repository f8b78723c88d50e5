"""What is announced shows when it goes; anybody of the staff holds it to the last moment, and an officer lets it go."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot import dispatch
from committee.announcements import AnnouncementState
from committee.letters import DeliveryState
from committee.staff import STRANGER
from mailflows import announcements, holding
from mailflows.accepted import Accepted
from mailflows.message import Message
from mailflows.post import Ready, at_once
from mailflows.presses import Act
from tests.conftest import PracticeDesk, RememberingPost
from tests.mailflows.test_clock import GOES, announced, each_day, tick

pytestmark = pytest.mark.long

MALAWI = "first-report/MWI/programme-11/3"


async def letters(desk: PracticeDesk) -> list[str]:
    return [letter.key for letter in await desk.outbox()]


async def test_it_shows_when_it_goes_and_how_to_hold_it(desk: PracticeDesk) -> None:
    await announced(desk)
    card = await desk.types(f"letter {MALAWI}", by="reader-1")
    assert card.fields["goes_at"] == GOES
    assert "It goes by itself Mon 3 December 2012, 9 a.m. New York" in card.text
    [told] = await desk.desk.store.cards.find(kind="reminder-announced")
    assert "Mon 3 December 2012, 9 a.m. New York" in told.title
    row = next(row for row in (await desk.types("due 30")).rows if row["key"] == MALAWI)
    assert (row["at"], row["goes"]) == (GOES, True)


@pytest.mark.parametrize("by", ["reader-1", "officer-1", "approver-1", "administrator-1"])
async def test_a_minute_before_it_goes_anybody_of_the_staff_holds_it(desk: PracticeDesk, by: str) -> None:
    await announced(desk)
    await each_day(desk, GOES - timedelta(minutes=1))
    card, status = await desk.answers(f'letter {MALAWI} hold "the Deputy has telephoned"', by)
    assert status == 0, card.text
    assert await tick(desk, GOES) == 23
    held = await desk.types(f"letter {MALAWI}")
    assert (held.fields["goes_at"], "an officer lets it go" in held.text) == (None, True)
    refused, status = await desk.answers(f"letter {MALAWI} release", "reader-1")
    assert (status, "takes the role officer" in refused.text) == (1, True)
    _, status = await desk.answers(f"letter {MALAWI} release", "officer-2")
    assert (status, await tick(desk, GOES + timedelta(minutes=1))) == (0, 1)


async def test_a_stranger_holds_nothing(desk: PracticeDesk) -> None:
    await announced(desk)
    card, status = await dispatch.run(desk.desk, STRANGER, f"letter {MALAWI} hold no")
    assert (status, "you must be in the staff register" in card.text) == (1, True)


async def test_what_was_written_this_morning_and_has_not_left_is_held_by_a_reader(desk: PracticeDesk) -> None:
    await announced(desk)
    assert await each_day(desk, GOES) == 24
    _, status = await desk.answers(f'letter {MALAWI} hold "wait"', "reader-1")
    assert status == 0
    await desk.delivers()
    assert {d.state for d in await desk.desk.store.deliveries.find(letter=MALAWI)} == {DeliveryState.HELD}


async def test_held_in_the_moment_in_which_it_is_written_it_is_held_all_the_same(desk: PracticeDesk) -> None:
    await announced(desk)
    await each_day(desk, GOES - timedelta(minutes=1))
    late, reader = desk.desk.at(GOES), await desk.person("reader-1")
    _, held = await asyncio.gather(announcements.send_announced(late), holding.hold(MALAWI, "wait", Act(reader, late)))
    assert held.key == MALAWI
    one = await desk.desk.store.announcements.get(MALAWI)
    copies = await desk.desk.store.deliveries.find(letter=MALAWI)
    assert one
    assert one.state is AnnouncementState.HELD or {copy.state for copy in copies} == {DeliveryState.HELD}


@dataclass(slots=True)
class HeldAtTheLast(RememberingPost):
    """A way out on which somebody holds a letter after the server has agreed to take its text."""

    desk: PracticeDesk | None = None
    holds: str = ""
    asked: list[str] = field(default_factory=list)

    async def send(
        self, _envelope_sender: str, recipient: str, message: Message, *, key: str, envelope_id: str = "",
        ready: Ready = at_once,
    ) -> Accepted:  # fmt: skip
        if self.desk and key.startswith(f"{self.holds}#"):
            self.asked.append(key)
            await self.desk.types(f'letter {self.holds} hold "stop it"', by="reader-1")
        return await RememberingPost.send(
            self, _envelope_sender, recipient, message, key=key, envelope_id=envelope_id, ready=ready
        )


async def test_a_hold_counts_until_the_text_goes_out(desk: PracticeDesk) -> None:
    await desk.answers("remind first-report --to MWI,ZMB", yes=True)
    key = next(key for key in await letters(desk) if "/MWI/" in key)
    desk.post = post = HeldAtTheLast(desk=desk, holds=key)
    await desk.delivers()
    assert post.asked
    copies = await desk.desk.store.deliveries.find(letter=key)
    assert {copy.state for copy in copies} == {DeliveryState.HELD}
    assert not {copy.address for copy in copies} & {address for address, _ in post.handed}
    assert len(post.handed) == 2  # Zambia's
