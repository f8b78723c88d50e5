"""A desk that was restored is held, and writes to nobody twice."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import building
from bot.settings import without_environment
from committee.calendar import NEW_YORK
from committee.errors import Refused
from committee.staff import Person, Role
from mailflows import announcements, backups
from mailflows.accepted import Uncertain
from mailflows.founding import found
from storage.restore import unpacked
from tests.conftest import PracticeDesk

pytestmark = pytest.mark.long

LAST_NIGHT = datetime(2012, 9, 4, 23, tzinfo=NEW_YORK)
READER = Person("reader-9", "A Reader", (Role.READER,))


async def backed_up(desk: PracticeDesk, name: str = "night.tar") -> Path:
    made = await backups.back_up(desk.folder.parent / name, LAST_NIGHT, await desk.person("administrator-1"), desk.desk)
    return made.path


@asynccontextmanager
async def restored(desk: PracticeDesk, backup: Path) -> AsyncIterator[PracticeDesk]:
    """The desk of the backup in a folder of its own, at the moment at which the other one was lost."""
    folder = desk.folder.parent / "restored"
    with unpacked(backup, folder) as there:
        async with building.open_desk(there.aside, without_environment()) as held:
            person = await desk.person("administrator-1")
            await backups.hold_restored(there.manifest, person, held.at(desk.desk.now))
    async with building.open_desk(folder, without_environment()) as opened:
        yield PracticeDesk(folder, opened.at(desk.desk.now), desk.post)


async def states(desk: PracticeDesk) -> list[str]:
    return sorted(delivery.state.value for delivery in await desk.desk.store.deliveries.find())


async def test_what_was_unsent_at_the_backup_does_not_leave_again_by_itself(desk: PracticeDesk) -> None:
    await desk.takes_in((await desk.capital_of("MWI")).writes("First report", attach="r.pdf"))
    await desk.answers("remind first-report --to TCD", yes=True)
    backup = await backed_up(desk)
    assert (await desk.delivers()).sent == 4
    handed = [*desk.post.handed]
    async with restored(desk, backup) as again:
        assert await states(again) == ["uncertain"] * 4
        for _ in range(3):
            await again.delivers(timedelta(hours=1))
        _, status = await again.answers("resume", by="administrator-1")
        assert status == 0
        for _ in range(3):
            await again.delivers(timedelta(hours=1))
        assert await states(again) == ["uncertain"] * 4
    assert desk.post.handed == handed


async def test_it_is_held_until_an_administrator_resumes(desk: PracticeDesk) -> None:
    backup = await backed_up(desk)
    async with restored(desk, backup) as again:
        await again.answers("remind first-report --to TCD", yes=True)
        assert (await again.delivers()).sent == 0
        for by in ("officer-1", "approver-1", "reader-1"):
            card, status = await again.answers("resume", by=by)
            assert (status, "administrator" in card.text) == (1, True)
        await again.answers("stop")  # which does not make it an officer's
        assert (await again.answers("resume"))[1] == 1
        assert (await again.answers("resume", by="administrator-1"))[1] == 0
        assert (await again.delivers()).sent == 2


async def test_an_officer_decides_about_each_letter_and_it_keeps_its_message_id(desk: PracticeDesk) -> None:
    await desk.answers("remind first-report --to TCD,MWI", yes=True)
    backup = await backed_up(desk)
    async with restored(desk, backup) as again:
        await again.answers("resume", by="administrator-1")
        await again.types("letter first-report/TCD/programme-11/2 again")
        await again.types("letter first-report/MWI/programme-11/2 withdraw")
        assert (await again.delivers()).sent == 2
        assert await states(again) == ["sent", "sent", "withdrawn", "withdrawn"]
    [ours] = [one for one in await desk.outbox() if one.party == "TCD"]
    assert all(ours.message_id.encode() in raw for _, raw in desk.post.handed)


async def test_what_was_held_or_uncertain_then_waits_for_a_person_too(desk: PracticeDesk) -> None:
    await desk.answers("remind first-report --to TCD,MWI", yes=True)
    await desk.types('letter first-report/MWI/programme-11/2 hold "they telephoned"')
    desk.post.troubles["*"] = [Uncertain("the line broke"), Uncertain("the line broke")]
    await desk.delivers()
    assert await states(desk) == ["held", "held", "uncertain", "uncertain"]
    backup = await backed_up(desk)
    async with restored(desk, backup) as again:
        await again.answers("resume", by="administrator-1")
        await again.delivers(timedelta(hours=1))
        assert await states(again) == ["uncertain"] * 4
        assert {one.held for one in await again.desk.store.deliveries.find(party="MWI")} == {
            "they telephoned (by Alex Inkwell)"
        }


async def test_a_reminder_that_went_after_the_backup_is_not_announced_again(desk: PracticeDesk) -> None:
    backup = await backed_up(desk)
    desk.desk = desk.desk.at(datetime(2012, 12, 3, 10, tzinfo=NEW_YORK))  # it went at nine, and then the disk was lost
    async with restored(desk, backup) as again:
        await again.answers("resume", by="administrator-1")
        again.desk = replace(again.desk, facts=(await again.desk.store.desk.get("desk")) or again.desk.facts)
        coming = await announcements.coming(again.desk.store, again.desk, again.desk.today)
        assert coming
        assert {one.at for one in coming} == {None}
        assert "restored" in coming[0].why_not
        assert await announcements.announce_due(again.desk) == []


async def test_what_was_announced_at_the_backup_waits_for_an_officer(desk: PracticeDesk) -> None:
    desk.desk = desk.desk.at(datetime(2012, 11, 29, 9, tzinfo=NEW_YORK))
    assert len(await announcements.announce_due(desk.desk)) == 24
    backup = await backed_up(desk)
    async with restored(desk, backup) as again:
        held = await again.desk.store.announcements.find(state="held")
        assert len(held) == 24
        assert "may have gone" in held[0].why


async def test_a_mail_that_came_before_the_restore_is_taken_in_without_a_second_receipt(desk: PracticeDesk) -> None:
    backup = await backed_up(desk)
    before = (await desk.capital_of("MWI")).writes("First report", attach="r.pdf")
    desk.desk = desk.desk.at(desk.desk.now + timedelta(hours=12))
    async with restored(desk, backup) as again:
        again.desk = replace(again.desk, facts=(await again.desk.store.desk.get("desk")) or again.desk.facts)
        await again.takes_in(before)
        [submission] = await again.submissions()
        assert submission.party == "MWI"
        assert await again.outbox() == []
        card = (await again.types("cards")).rows[0]
        assert "before this desk was restored" in str(card["text"])
        again.desk = again.desk.at(again.desk.now + timedelta(hours=1))
        await again.takes_in((await again.capital_of("TCD")).writes("First report", attach="t.pdf", data=b"%PDF-1.4 t"))
        assert [letter.party for letter in await again.outbox()] == ["TCD"]


async def test_it_is_in_the_trail_and_a_card_tells_it(desk: PracticeDesk) -> None:
    await desk.answers("remind first-report --to TCD", yes=True)
    backup = await backed_up(desk)
    assert [entry.by for entry in await desk.desk.store.trail.find(doing="backup")] == ["administrator-1"]
    async with restored(desk, backup) as again:
        assert [entry.by for entry in await again.desk.store.trail.find(doing="desk restored")] == ["administrator-1"]
        assert await again.desk.store.trail.find(doing="backup") == []
        card = (await again.types("cards")).rows[0]
        assert card["title"] == "This desk was restored from a backup"
        assert "2 deliveries may have left since" in str(card["text"])
        assert [finding for finding in await again.desk.store.verify() if not finding.note] == []


async def test_a_desk_whose_trail_does_not_fit_is_not_restored(desk: PracticeDesk) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(desk.folder / "desk.sqlite3")) as database, database:
        database.execute("UPDATE documents SET document = replace(document, 'Malawi', 'Malawy') WHERE key = 'MWI'")
    made = await backups.back_up(desk.folder.parent / "b.tar", LAST_NIGHT, await desk.person("officer-1"), desk.desk)
    assert [(one.ledger, one.key) for one in made.found] == [("states", "MWI")]
    with pytest.raises(Refused, match="does not fit its audit trail"):
        async with restored(desk, made.path):
            pass
    assert not (desk.folder.parent / "restored").exists()


async def test_on_a_real_desk_it_takes_the_administrator(tmp_path: Path) -> None:
    await found(tmp_path / "real", practice=False, at=datetime.now(UTC), administrator="Ana", account=os.getuid())
    async with building.open_desk(tmp_path / "real", without_environment()) as desk:
        with pytest.raises(Refused, match="takes the role administrator"):
            await backups.back_up(tmp_path / "b.tar", desk.now, READER, desk)
        assert not (tmp_path / "b.tar").exists()
        made = await backups.back_up(tmp_path / "b.tar", desk.now, await building.who_acts(desk, None), desk)
        with pytest.raises(Refused, match="takes the role administrator"):
            await backups.hold_restored(made.manifest, READER, desk)
        last = await desk.store.backups.get(backups.LAST)
        assert last
        assert (last.by, last.at) == ("ana", desk.now)


async def test_on_another_host_an_administrator_is_named_and_that_is_on_record(tmp_path: Path) -> None:
    await found(tmp_path / "real", practice=False, at=datetime.now(UTC), administrator="Ana", account=54321)
    async with building.open_desk(tmp_path / "real", without_environment()) as desk:
        with pytest.raises(Refused, match="its administrators: ana"):
            await backups.take_over("nobody", os.getuid(), desk)
        await backups.take_over("ana", os.getuid(), desk)
        assert (await building.who_acts(desk, None)).key == "ana"
        assert len(await desk.store.trail.find(doing="account taken over")) == 1
