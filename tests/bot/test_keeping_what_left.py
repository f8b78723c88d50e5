"""A desk at work keeps what left: by a tick, while it runs, after it was killed, by several processes, and through a backup."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot import building, ticking
from bot.settings import Settings, without_environment
from committee.letters import Record
from mailflows import archiving, backups, sent_messages
from mailflows.desk import Desk
from mailflows.founding import found
from mailflows.proof import proof
from storage.restore import unpacked
from tests.bot.processes import ended, run, until
from tests.bot.test_running import brings
from tests.conftest import OPENED, PracticeDesk

pytest_plugins = ["tests.servers.fixtures"]


async def records(desk: Desk) -> set[Record]:
    return {delivery.record for delivery in await desk.store.deliveries.find()}


async def kept(desk: Desk) -> dict[str, list[bytes]]:
    """The messages of each letter, each of them kept and proven."""
    messages = {}
    for letter in await desk.store.letters.find():
        found = await sent_messages.sent(await proof(letter.key, desk), desk)
        assert all(one.kept and one.proven for one in found), letter.key
        messages[letter.key] = [one.raw for one in found]
    return messages


async def test_a_tick_keeps_what_it_has_sent(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    card = await ticking.tick(desk.folder, desk.desk, without_environment())
    assert card.fields["sent"] == 2
    assert await records(desk.desk) == {Record.KEPT}
    assert len(await kept(desk.desk)) == 1


@pytest.mark.long
async def test_a_desk_that_runs_keeps_what_it_sends_and_what_a_killed_one_owed(desk: PracticeDesk) -> None:
    await desk.answers("remind first-report --to TCD,ZMB", yes=True)
    await desk.delivers()  # and is killed before anything of it is kept
    assert await records(desk.desk) == {Record.OWED}
    desk.desk = desk.desk.at(desk.desk.now + timedelta(minutes=1))
    raw = (await desk.capital_of("MWI")).writes("First report", attach="r.pdf")

    async def all_kept() -> bool:
        return len(await desk.outbox()) == 3 and await records(desk.desk) == {Record.KEPT}

    async with run(desk.folder) as process:
        brings(desk, raw)
        await until(all_kept)
        await ended(process)
    assert len(await kept(desk.desk)) == 3
    assert [finding for finding in await desk.desk.store.verify() if not finding.note] == []


async def test_a_backup_carries_it(desk: PracticeDesk, tmp_path: Path) -> None:
    await desk.answers("remind first-report --to TCD,ZMB", yes=True)
    await desk.delivers()
    await archiving.catch_up(desk.desk)
    before = await kept(desk.desk)
    person = await desk.person("administrator-1")
    made = await backups.back_up(tmp_path / "night.tar", desk.desk.now, person, desk.desk)
    folder = tmp_path / "restored"
    with unpacked(made.path, folder) as there:
        async with building.open_desk(there.aside, without_environment()) as held:
            await backups.hold_restored(there.manifest, person, held)
    async with building.open_desk(folder, without_environment()) as again:
        assert await kept(again) == before
        assert [finding for finding in await again.store.verify() if not finding.note] == []


@pytest.mark.server
async def test_on_postgresql_several_keep_at_once_and_each_letter_once(database: str, tmp_path: Path) -> None:
    folder, settings = tmp_path / "desk", Settings.model_construct(database=database)
    await found(folder, practice=True, at=OPENED, administrator="", account=None, database=database)
    async with building.open_desk(folder, settings) as one, building.open_desk(folder, settings) as other:
        desk = PracticeDesk(folder, one)
        await desk.answers("remind first-report", yes=True)
        await desk.delivers()
        number = len(await desk.outbox())
        assert number > 3
        done = await asyncio.gather(*(archiving.catch_up(each, 5) for each in (one, other, one)))
        assert sum(done) + sum([await archiving.catch_up(other)]) == number
        assert await records(one) == {Record.KEPT}
        assert await one.store.sent_messages.count() == number
        assert sorted({raw for _, raw in desk.post.handed}) == sorted(raw for [raw] in (await kept(other)).values())
        assert [finding for finding in await one.store.verify() if not finding.note] == []
