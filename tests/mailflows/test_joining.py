"""Somebody joins from chat with a code: once, within seven days, and nobody by guessing."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from committee.errors import Refused
from committee.joining import WRONG_TRIES
from mailflows.founding import found
from mailflows.joining import join, person_in_chat, whom_to_ask
from storage.store import Store
from tests.conftest import OPENED, PracticeDesk

ANA, SAM = "T01DESK/U01ANA", "T01DESK/U01SAM"
WRONG = "AAAA-AAAA-AAAA-AAAA"


async def code_for(desk: PracticeDesk, key: str = "officer-1") -> str:
    card, status = await desk.answers(f"staff {key} code", "administrator-1")
    assert status == 0, card.text
    return str(card.fields["code"])


async def test_a_code_makes_whoever_types_it_the_person_it_was_made_for(desk: PracticeDesk) -> None:
    code = await code_for(desk)
    joined = await join(desk.desk, ANA, code.lower().replace("-", " "))
    assert (joined.key, joined.chat) == ("officer-1", ANA)
    staff = await desk.desk.store.staff.all()
    assert person_in_chat(staff, "T01DESK", "U01ANA") == joined
    assert person_in_chat(staff, "T02ELSE", "U01ANA") is None
    assert person_in_chat(staff, "", "") is None
    entry = (await desk.desk.store.trail.find(newest_first=True))[0]
    assert (entry.doing, entry.about, entry.words) == ("staff joined", "officer-1", {"chat": ANA})


async def test_a_code_is_kept_as_its_hash_alone(desk: PracticeDesk) -> None:
    code = await code_for(desk)
    await join(desk.desk, ANA, code)
    bare = code.replace("-", "").encode()
    for file in desk.folder.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            assert bare not in data, file
            assert code.encode() not in data, file


async def test_a_code_is_used_once_and_by_one_of_two_who_type_it_at_once(desk: PracticeDesk) -> None:
    code = await code_for(desk)
    answers = await asyncio.gather(join(desk.desk, ANA, code), join(desk.desk, SAM, code), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["Person", "Refused"]
    assert sum(bool(person.chat) for person in await desk.desk.store.staff.all()) == 1
    with pytest.raises(Refused, match="or it was used"):
        await join(desk.desk, "T01DESK/U01EVE", code)


async def test_the_newest_code_of_a_person_counts_alone(desk: PracticeDesk) -> None:
    first, second = await code_for(desk), await code_for(desk)
    with pytest.raises(Refused, match="no code of this desk"):
        await join(desk.desk, ANA, first)
    assert (await join(desk.desk, ANA, second)).key == "officer-1"


async def test_a_code_ends_after_seven_days(desk: PracticeDesk) -> None:
    code = await code_for(desk)
    late = desk.desk.at(desk.desk.now + timedelta(days=7, seconds=1))
    with pytest.raises(Refused, match="This code ended"):
        await join(late, ANA, code)
    assert (await join(desk.desk.at(desk.desk.now + timedelta(days=7)), ANA, code)).chat == ANA


async def test_after_wrong_codes_even_the_right_one_waits_an_hour(desk: PracticeDesk) -> None:
    code = await code_for(desk)
    for nth in range(WRONG_TRIES):
        with pytest.raises(Refused, match="Kim Quire"):
            await join(desk.desk.at(desk.desk.now + timedelta(minutes=nth)), ANA, "x" * 5000 if nth else WRONG)
    before = await desk.desk.store.trail.end()
    soon = desk.desk.at(desk.desk.now + timedelta(minutes=59))
    with pytest.raises(Refused, match=r"Too many wrong codes came from you.*10 a.m. New York on"):
        await join(soon, ANA, code)
    assert await desk.desk.store.trail.end() == before
    later = desk.desk.at(desk.desk.now + timedelta(hours=1))
    assert (await join(later, ANA, code)).chat == ANA
    assert await desk.desk.store.join_tries.all() == []


async def test_one_who_guesses_locks_nobody_else_out(desk: PracticeDesk) -> None:
    code = await code_for(desk)
    for _ in range(WRONG_TRIES + 1):
        with pytest.raises(Refused):
            await join(desk.desk, "T01DESK/U01EVE", WRONG)
    assert (await join(desk.desk, ANA, code)).chat == ANA
    [tries] = await desk.desk.store.join_tries.all()
    assert len(tries.wrong) == WRONG_TRIES


async def test_whoever_is_somebody_already_uses_up_no_code(desk: PracticeDesk) -> None:
    await join(desk.desk, ANA, await code_for(desk))
    other = await code_for(desk, "approver-1")
    with pytest.raises(Refused, match="You are Alex Inkwell at this desk already"):
        await join(desk.desk, ANA, other)
    assert (await join(desk.desk, SAM, other)).key == "approver-1"


async def test_whoever_has_left_does_not_come_back_by_an_old_code(desk: PracticeDesk) -> None:
    code = await code_for(desk, "officer-2")
    await desk.types("staff officer-2 end", by="administrator-1")
    with pytest.raises(Refused, match="no code of this desk"):
        await join(desk.desk, SAM, code)
    refused, status = await desk.answers("staff officer-2 code", "administrator-1")
    assert (status, "does not work at this desk" in refused.text) == (1, True)


@pytest.mark.parametrize("identity", ["", "U01ANA", "T01DESK/U01ANA/X", "T01DESK/" + "U" * 5000, "T01\x00/U01"])
async def test_an_identity_of_another_form_is_refused_and_leaves_nothing(desk: PracticeDesk, identity: str) -> None:
    before = await desk.desk.store.trail.end()
    with pytest.raises(Refused, match="of this form"):
        await join(desk.desk, identity, await code_for(desk))
    assert (await desk.desk.store.trail.end()).seq == before.seq + 1  # the code that was made
    assert await desk.desk.store.join_tries.all() == []


async def test_strangers_are_told_whom_to_ask(desk: PracticeDesk) -> None:
    assert "Kim Quire can give you a code" in await whom_to_ask(desk.desk.store)
    await desk.types("staff officer-1 also administrator", by="administrator-1")
    assert "Alex Inkwell or Kim Quire can give you a code" in await whom_to_ask(desk.desk.store)


async def test_the_code_that_founding_returns_is_the_administrators(tmp_path: Path) -> None:
    made = await found(tmp_path / "desk", practice=False, at=OPENED, administrator="Ana García", account=1000)
    assert made.join_code not in repr(made)
    async with await Store.open(tmp_path / "desk") as store:
        [kept] = await store.join_codes.all()
        assert (kept.key, kept.until - OPENED) == ("ana-garcia", timedelta(days=7))
