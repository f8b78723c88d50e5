"""Two people, a delegate, a code and an emergency, on a desk that lies in PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import building
from bot.settings import without_environment
from committee.approvals import Approval
from committee.errors import Refused
from committee.letters import LetterKind
from committee.staff import LetIn
from mailflows.founding import found
from mailflows.joining import join
from tests.conftest import OPENED, PracticeDesk
from tests.mailflows.test_approvals import WHY, button, prepared, sent

pytest_plugins = ["tests.servers.fixtures"]
pytestmark = [pytest.mark.server, pytest.mark.long]

ANA, SAM = "T01DESK/U01ANA", "T01DESK/U01SAM"


@pytest.fixture
async def desk(tmp_path: Path, database: str) -> AsyncIterator[PracticeDesk]:
    folder = tmp_path / "desk"
    await found(folder, practice=True, at=OPENED, administrator="", account=None, database=database)
    settings = without_environment().model_copy(update={"database": database})
    async with building.open_desk(folder, settings) as opened:
        yield PracticeDesk(folder, opened)


async def test_a_code_is_used_by_one_of_two_who_type_it_at_once(desk: PracticeDesk) -> None:
    card = await desk.types("staff officer-1 code", by="administrator-1")
    code = str(card.fields["code"])
    answers = await asyncio.gather(join(desk.desk, ANA, code), join(desk.desk, SAM, code), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["Person", "Refused"]
    with pytest.raises(Refused, match="or it was used"):
        await join(desk.desk, "T01DESK/U01EVE", code)
    assert len(await desk.desk.store.join_tries.all()) == 2
    assert (await desk.person("officer-1")).let_in == (LetIn("administrator-1", desk.desk.now),)
    assert len(await desk.desk.store.cards.find(kind="staff-identity", about="officer-1")) == 1


async def test_a_delegate_and_an_approver_who_press_at_once_release_once(desk: PracticeDesk) -> None:
    await desk.types("staff approver-1 delegate officer-2 from 2012-09-04 to 2012-09-06", by="administrator-1")
    await prepared(desk)
    key = await button(desk, "approver-1")
    answers = await asyncio.gather(desk.presses(key, by="approver-1"), desk.presses(key, by="officer-2"))
    assert (sorted(status for _, status in answers), await sent(desk)) == ([0, 1], 24)


async def test_an_emergency_is_kept_with_its_reason(desk: PracticeDesk) -> None:
    await prepared(desk)
    key = await button(desk, "administrator-1", "Release in an emergency")
    _, status = await desk.presses(key, WHY, by="administrator-1")
    [letter, *_] = await desk.desk.store.letters.find(kind=LetterKind.CLOSURE_NOTICE)
    assert (status, letter.approval) == (0, Approval("officer-1", "administrator-1", emergency=WHY))
    assert len(await desk.desk.store.cards.find(kind="emergency-release")) == 1
    assert [one for one in await desk.desk.store.verify() if not one.note] == []
