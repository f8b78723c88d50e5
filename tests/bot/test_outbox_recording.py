"""The embedded desk while it sends: its disk fills, its clock jumps, and it is stopped in the middle of five thousand letters."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import building, dispatch
from committee.errors import Unavailable
from committee.letters import DeliveryState
from mailflows.delivering import Delivering
from mailflows.desk import Desk
from tests.bot.sending import Where, all_sent, desk_of, queue, reckoned, sending, until
from tests.servers.disk import mounted
from tests.servers.recording import RecordingSink, recording

pytestmark = pytest.mark.long

CONNECTIONS, LETTERS = 4, 60
MANY, AT_FULL_SPEED = 5_000, 16
D = DeliveryState


async def rounds(outgoing: Delivering, desk: Desk, ended: Callable[[], Awaitable[bool]]) -> list[str]:
    """Round after round in one process, until something holds; what kept them from going on."""
    troubles = []
    with desk.store.work_lock("test"):
        async with asyncio.timeout(40):
            while not await ended():
                try:
                    await outgoing.round(desk)
                except Unavailable as error:
                    troubles.append(str(error))
                await asyncio.sleep(0.02)
    return troubles


@pytest.mark.server
@pytest.mark.parametrize("step", [b"DATA", b".", b"MAIL"], ids=["before the text", "after the dot", "before anything"])
async def test_what_was_accepted_while_the_disk_was_full_is_recorded_when_there_is_room_and_goes_once(
    step: bytes, tmp_path: Path
) -> None:
    with mounted(tmp_path / "disk", "32m") as disk, recording(seconds=0.001) as sink:
        where = Where(disk.path / "desk", "", sink.url, CONNECTIONS)
        async with desk_of(where) as desk, building.delivering(where.folder, desk, where.settings) as outgoing:
            await queue(desk, 0, LETTERS)
            going = asyncio.create_task(rounds(outgoing, desk, lambda: sent(desk, LETTERS)))
            await asyncio.to_thread(sink.until, LETTERS // 4)
            sink.holds = step
            await until(lambda: lines_wait(sink))
            disk.leave(0)
            took = sink.count
            sink.holds = b""
            await asyncio.sleep(0.5)
            assert not going.done()
            assert sink.count <= took + CONNECTIONS
            recorded = await desk.store.deliveries.count(state=D.SENT)
            assert recorded < LETTERS
            disk.make_room()
            troubles = await going
            assert any("could not be recorded" in said or "full" in said for said in troubles)
            assert (await reckoned(desk, sink, LETTERS)).seconds == 0


async def lines_wait(sink: RecordingSink) -> bool:
    return sink.held >= CONNECTIONS


async def sent(desk: Desk, count: int) -> bool:
    return await desk.store.deliveries.count(state=D.SENT) == count


@pytest.mark.parametrize("by", [timedelta(hours=-1), timedelta(days=1)], ids=["back an hour", "forward a day"])
@pytest.mark.parametrize("step", [b"DATA", b"."], ids=["claimed", "sending"])
async def test_the_clock_may_jump_while_letters_are_under_way(
    by: timedelta, step: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = timedelta()

    async def clock() -> datetime:
        return datetime.now(UTC) + ahead

    with recording() as sink:
        where = Where(tmp_path / "desk", "", sink.url, CONNECTIONS)
        async with desk_of(where) as desk, building.delivering(where.folder, desk, where.settings) as outgoing:
            monkeypatch.setattr("mailflows.delivering.PUT_RIGHT_SECONDS", 0.0)
            monkeypatch.setattr(desk.store, "clock", clock)
            await queue(desk, 0, LETTERS)
            sink.holds = step
            going = asyncio.create_task(rounds(outgoing, desk, lambda: sent(desk, LETTERS)))
            await until(lambda: lines_wait(sink))
            open_then, ahead = sink.open, by
            sink.holds = b""
            await going
            assert (await reckoned(desk, sink, LETTERS)).seconds <= (open_then if by > timedelta() else 0)


async def test_stop_in_the_middle_of_five_thousand_at_full_speed_halts_exactly_what_has_not_gone(
    tmp_path: Path,
) -> None:
    with recording() as sink:
        where = Where(tmp_path / "desk", "", sink.url, AT_FULL_SPEED)
        async with desk_of(where) as desk:
            await queue(desk, 0, MANY)
            with sending(where) as one:
                await asyncio.to_thread(sink.until, MANY // 3)
                [person] = await desk.store.staff.all()
                card, status = await dispatch.run(desk.at(datetime.now(UTC)), person, "stop")
                assert status == 0
                halted = {str(row["address"]) for row in card.rows}
                await until(lambda: nothing_is_under_way(desk))
                await still(sink)
                served = {one.address for one in await desk.store.deliveries.find(state=D.SENT)}
                waits = {one.address for one in await desk.store.deliveries.find(state=D.QUEUED)}
                assert (halted & served, len(halted) + len(served)) == (set(), MANY)
                assert waits == halted
                assert (sink.count, {*sink.copies()}) == (len(served), served)
                assert served, "it was stopped before it had begun"
                assert halted, "it was stopped when all was over"
                await dispatch.run(desk.at(datetime.now(UTC)), person, "resume")
                await all_sent(desk, count=MANY)
                await asyncio.to_thread(one.end)
            tries = {one.tries for one in await desk.store.deliveries.find()}
            assert (tries, sink.count, set(sink.copies().values())) == ({1}, MANY, {1})


async def nothing_is_under_way(desk: Desk) -> bool:
    return not await desk.store.deliveries.count(state=(D.CLAIMED, D.SENDING))


async def still(sink: RecordingSink, seconds: float = 1.0) -> None:
    """Nothing more comes for so long."""
    count, since = sink.count, time.monotonic()
    while time.monotonic() - since < seconds:
        assert sink.count == count
        await asyncio.sleep(0.05)
