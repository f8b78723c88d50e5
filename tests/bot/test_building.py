"""A desk is opened as its settings say, or not at all."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import building, dispatch
from bot.settings import WrongSetting, read_settings, without_environment
from committee.errors import Refused
from committee.staff import STRANGER, Role
from mailflows.founding import found
from tests.conftest import PracticeDesk, Writer


@pytest.mark.parametrize("url", ["smtp://mail.example:25", "smtps://192.0.2.7:465", "smtp://localhost.mail.example"])
async def test_a_practice_desk_refuses_a_server_that_is_not_on_this_computer(founded: Path, url: str) -> None:
    with pytest.raises(WrongSetting, match="SMTP_URL names"):
        async with building.open_desk(founded, read_settings(SMTP_URL=url)):
            pass


@pytest.mark.parametrize("url", ["smtp://localhost:2525", "smtp://127.0.0.1:2525", "smtp://[::1]:2525", "maildir:out"])
async def test_a_practice_desk_takes_a_server_on_this_computer(founded: Path, url: str) -> None:
    async with building.open_desk(founded, read_settings(SMTP_URL=url)) as desk:
        assert desk.facts.practice


async def test_a_practice_desk_lets_anyone_act_as_a_person_of_its_staff(desk: PracticeDesk) -> None:
    assert (await building.who_acts(desk.desk, "approver-1")).may(Role.APPROVER)
    assert (await building.who_acts(desk.desk, None)).key == "officer-1"
    with pytest.raises(Refused, match="officer-1"):
        await building.who_acts(desk.desk, "nobody")


async def test_a_real_desk_knows_a_person_by_the_account_alone(tmp_path: Path) -> None:
    await found(
        tmp_path / "real", practice=False, at=datetime.now(UTC), administrator="Ana García", account=os.getuid()
    )
    async with building.open_desk(tmp_path / "real", read_settings(VERBALE_ADDRESS="desk@1540.example")) as desk:
        assert (await building.who_acts(desk, None)).name == "Ana García"
        with pytest.raises(Refused, match="practice desks"):
            await building.who_acts(desk, "ana-garcia")
        administrator = (await desk.store.staff.all())[0]
        async with desk.store.transaction(by="test", doing="leave", about="x", at=desk.now) as tx:
            await tx.staff.put(replace(administrator, account=os.getuid() + 1))
        assert await building.who_acts(desk, None) is STRANGER


async def test_a_real_desk_without_an_address_keeps_what_comes_and_says_why_nothing_leaves(tmp_path: Path) -> None:
    await found(tmp_path / "real", practice=False, at=datetime.now(UTC), administrator="Ana", account=os.getuid())
    async with building.open_desk(tmp_path / "real", without_environment()) as opened:
        desk = PracticeDesk(tmp_path / "real", opened)
        await desk.takes_in(
            Writer("someone@mission.test", "desk@1540.example", opened.now).writes("First report", attach="r.pdf")
        )
        ana = await building.who_acts(opened, None)
        card, status = await dispatch.run(opened, ana, f"mail M-{opened.today.year}-0001 assign MWI")
        assert status == 0, card.text
        [mail] = await opened.store.mail.find()
        assert "VERBALE_ADDRESS" in mail.reason
        card, status = await dispatch.run(opened, ana, f'submission S-{opened.today.year}-0001 clarify "What is this?"')
        assert status == 1
        assert "VERBALE_ADDRESS" in card.text
