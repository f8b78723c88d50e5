"""An administrator says who works at the desk; the last administrator cannot be taken away, by no command."""

import asyncio
from dataclasses import replace

import pytest

from committee.staff import Person, Role
from mailflows.joining import join
from tests.conftest import PracticeDesk
from tests.mailflows.filing import FILING

ADMINISTRATOR = "administrator-1"


async def refused(desk: PracticeDesk, typed: str, by: str = ADMINISTRATOR) -> str:
    before = await desk.desk.store.trail.end()
    card, status = await desk.answers(typed, by)
    assert (status, card.ok) == (1, False), card
    assert await desk.desk.store.trail.end() == before
    return card.text


async def done(desk: PracticeDesk, typed: str, by: str = ADMINISTRATOR) -> Person | None:
    card, status = await desk.answers(typed, by)
    assert status == 0, card.text
    entry = (await desk.desk.store.trail.find(newest_first=True))[0]
    assert (entry.by, entry.about) == (by, card.fields["key"])
    return await desk.desk.store.staff.get(card.fields["key"])


async def test_a_role_replaces_the_others_and_also_adds_one(desk: PracticeDesk) -> None:
    assert (await done(desk, "staff officer-2 role approver")).roles == (Role.APPROVER,)
    assert (await done(desk, "staff officer-2 also officer")).roles == (Role.OFFICER, Role.APPROVER)
    assert (await done(desk, "staff officer-2 remove approver")).roles == (Role.OFFICER,)
    assert "is officer already" in await refused(desk, "staff officer-2 also officer")
    assert "is no approver" in await refused(desk, "staff officer-2 remove approver")
    assert "only role of" in await refused(desk, "staff officer-2 remove officer")


@pytest.mark.parametrize("typed", ["role officer", "remove administrator", "end"])
async def test_the_last_administrator_stays_whatever_is_typed(desk: PracticeDesk, typed: str) -> None:
    assert "is the last administrator" in await refused(desk, f"staff {ADMINISTRATOR} {typed}")
    await done(desk, "staff officer-2 also administrator")
    await done(desk, f"staff {ADMINISTRATOR} also reader")
    await done(desk, f"staff {ADMINISTRATOR} {typed}")
    assert "is the last administrator" in await refused(desk, f"staff officer-2 {typed}", by="officer-2")


async def test_to_delegate_takes_nothing_from_an_administrator(desk: PracticeDesk) -> None:
    await done(desk, f"staff {ADMINISTRATOR} also approver")
    await desk.types(f"staff {ADMINISTRATOR} delegate officer-1 from 2012-09-04 to 2012-09-05", by=ADMINISTRATOR)
    person = await desk.person(ADMINISTRATOR)
    assert person.may(Role.ADMINISTRATOR)
    assert "is the last administrator" in await refused(desk, f"staff {ADMINISTRATOR} end")


async def test_whoever_has_left_acts_no_more_and_the_trail_still_has_their_name(desk: PracticeDesk) -> None:
    await done(desk, "staff officer-2 chat T01DESK/U01SAM")
    await desk.types("staff approver-1 delegate officer-2 from 2012-09-04 to 2012-09-05", by=ADMINISTRATOR)
    gone = await done(desk, "staff officer-2 end")
    assert (gone.name, gone.roles, gone.chat, gone.left_at) == ("Sam Ledger", (), "", desk.desk.now)
    assert await desk.desk.store.delegations.all() == []
    assert "no longer works here" in await refused(desk, "staff officer-2 end")
    assert "takes the role" in await refused(desk, "closure add 2012-10-29 storm", by="officer-2")
    row = next(row for row in (await desk.types("staff")).rows if row["key"] == "officer-2")
    assert (row["name"], row["roles"], row["in_chat"]) == ("Sam Ledger", [], False)
    assert (await done(desk, "staff officer-2 role reader")).left_at is None


async def test_an_account_and_a_place_in_chat_belong_to_one_person(desk: PracticeDesk) -> None:
    await done(desk, 'staff add "Ana García" officer --account 1001')
    assert "is Ana García’s (ana-garcia) already" in await refused(desk, 'staff add "Bea" officer --account 1001')
    assert (await done(desk, "staff ana-garcia chat t01desk/u01ana")).chat == "T01DESK/U01ANA"
    assert "is Ana García (ana-garcia) already" in await refused(desk, "staff officer-1 chat T01DESK/U01ANA")
    assert "is no user of a workspace" in await refused(desk, "staff officer-1 chat ana")
    assert (await done(desk, "staff ana-garcia chat none")).chat == ""


async def test_an_alarm_has_an_address_of_its_own_and_never_the_desks(desk: PracticeDesk) -> None:
    assert (await done(desk, "staff officer-1 address Alex@Desk.example")).address == "alex@desk.example"
    assert "own address" in await refused(desk, f"staff officer-1 address {desk.desk.address}")
    assert await refused(desk, "staff officer-1 address nonsense")
    assert (await done(desk, "staff officer-1 address none")).address == ""


@pytest.mark.parametrize("name", ["Stranger", "None"])
async def test_nobody_is_called_as_nobody_is(desk: PracticeDesk, name: str) -> None:
    assert "calls nobody" in await refused(desk, f"staff add {name} officer")


async def test_the_last_whom_the_desk_recognizes_stays_though_another_administrator_has_no_way_in(
    desk: PracticeDesk,
) -> None:
    async with desk.desk.store.transaction(by="t", doing="t", about="t", at=desk.desk.now) as tx:
        await tx.staff.put(replace(await desk.person(ADMINISTRATOR), account=1000))
    await done(desk, 'staff add "Robin Late" administrator')
    for typed in ("end", "role officer", "remove administrator"):
        said = await refused(desk, f"staff {ADMINISTRATOR} {typed}")
        assert "the last administrator whom it recognizes, for it knows neither account nor chat of Robin Late" in said
    code = (await desk.types("staff robin-late code", ADMINISTRATOR)).fields["code"]
    await join(desk.desk, "T01DESK/U01ROBIN", code)
    await done(desk, f"staff {ADMINISTRATOR} end")
    for typed in ("staff robin-late chat none", "staff robin-late end"):
        assert "is the last administrator" in await refused(desk, typed, by="robin-late")


async def test_the_last_administrator_is_not_locked_out_by_a_mistyped_identity(desk: PracticeDesk) -> None:
    code = (await desk.types(f"staff {ADMINISTRATOR} code", by=ADMINISTRATOR)).fields["code"]
    await join(desk.desk, "T01DESK/U01KIM", code)
    assert "would let nobody in" in await refused(desk, f"staff {ADMINISTRATOR} chat T01DESK/U01KIN")
    code = (await desk.types(f"staff {ADMINISTRATOR} code", by=ADMINISTRATOR)).fields["code"]
    assert (await join(desk.desk, "T01DESK/U02KIM", code)).key == ADMINISTRATOR
    await done(desk, "staff officer-2 also administrator")
    await done(desk, "staff officer-2 chat T01DESK/U01SAM")
    assert (await done(desk, f"staff {ADMINISTRATOR} chat T01DESK/U03KIM")) is not None


async def test_two_administrators_who_end_each_other_at_once_leave_one(desk: PracticeDesk) -> None:
    await done(desk, "staff officer-1 role administrator")
    pairs = ((ADMINISTRATOR, "officer-1"), ("officer-1", ADMINISTRATOR))
    answers = await asyncio.gather(*(desk.answers(f"staff {whom} end", by) for by, whom in pairs))
    assert sorted(status for _, status in answers) == [0, 1]
    assert len([one for one in await desk.desk.store.staff.all() if one.may(Role.ADMINISTRATOR)]) == 1


@pytest.mark.parametrize("address", ["pm@malawi.mission.example", "Secretariat@1540.example", FILING])
async def test_nobodys_alarms_go_to_a_party_or_to_the_desk_itself(desk: PracticeDesk, address: str) -> None:
    desk.desk = replace(desk.desk, filing=FILING)
    said = await refused(desk, f"staff officer-1 address {address}")
    assert "alarm" in said


async def test_an_address_of_the_staffs_or_of_the_desk_is_no_partys(desk: PracticeDesk) -> None:
    desk.desk = replace(desk.desk, filing=FILING)
    await done(desk, "staff officer-2 address sam.ledger@un.example")
    for address, why in (
        ("Sam.Ledger@un.example", "is Sam Ledger's, who is of the staff"),
        (FILING, "our own address"),
    ):
        assert why in await refused(desk, f"contact add MWI national-contact-point {address}", by="officer-1")


async def test_nobody_is_called_as_whoever_the_desk_does_not_know(desk: PracticeDesk) -> None:
    for name in ("Stranger", "None", "Chat"):
        assert "calls nobody that it knows" in await refused(desk, f"staff add {name} officer")
