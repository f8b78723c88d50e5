"""The turn of the year on a desk that lies in PostgreSQL, where what waits is claimed by rows and swapped."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from bot import building
from bot.settings import without_environment
from committee.briefings import Briefing
from mailflows import turn
from mailflows.founding import found
from tests.conftest import OPENED, PracticeDesk
from tests.mailflows.test_seats import FIRST_MINUTE, LAST_MINUTE, at, cards_of, handed, queued
from tests.mailflows.test_turn import DECEMBER, answered, in_the_network, told

pytest_plugins = ["tests.servers.fixtures"]
pytestmark = [pytest.mark.server, pytest.mark.long]


@pytest.fixture
async def desk(tmp_path: Path, database: str) -> AsyncIterator[PracticeDesk]:
    folder = tmp_path / "desk"
    await found(folder, practice=True, at=OPENED, administrator="", account=None, database=database)
    settings = without_environment().model_copy(update={"database": database})
    async with building.open_desk(folder, settings) as opened:
        yield PracticeDesk(folder, opened)


async def test_the_year_turns_there_as_in_a_folder(desk: PracticeDesk) -> None:
    address, mail = await answered(at(desk, DECEMBER))
    assert (await desk.types(f"mail {mail} keep")).ok
    assert await in_the_network(desk) == [address]
    await turn.tell(desk.desk)
    assert len(await told(desk)) == 1
    await desk.types('briefing ARG held on 2012-11-28 "with the experts"')
    held = Briefing("briefing/ARG/2013", date(2012, 11, 28), "with the experts", "officer-1")
    assert await desk.desk.store.briefings.all() == [held]
    await desk.delivers()
    desk.post.handed.clear()
    await queued(at(desk, LAST_MINUTE), "DEU", "AZE")
    await at(desk, FIRST_MINUTE).delivers()
    assert handed(desk) == {"azerbaijan"}
    assert await cards_of(desk, "not-sent-any-more") == ["R-2012-0009"]
    assert [one for one in await desk.desk.store.verify() if not one.note] == []
