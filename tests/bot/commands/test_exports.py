"""What leaves the desk as a table or as an export comes in again, and nothing differs."""

from pathlib import Path

import pytest

from committee.errors import Refused
from mailflows import registers
from mailflows.desk import Desk
from mailflows.presses import Act
from storage.exporting import EXPORTED, exported, read
from tests.conftest import PracticeDesk

NEW = "Country,Role,Name,E-mail\nZMB,deputy,=Ada,ada@gov-zambia.example\n"


async def _values(desk: Desk) -> dict[str, list[object]]:
    return {name: await getattr(desk.store, name).all() for name in EXPORTED}


async def _imported(desk: PracticeDesk, file: Path) -> None:
    card = await desk.types(f'import "{file}"', by="administrator-1")
    done, status = await desk.presses(card.actions[0].key, by="administrator-1")
    assert status == 0, done.text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_a_table_of_all_contacts_comes_in_again_and_nothing_differs(
    desk: PracticeDesk, tmp_path: Path, kind: str
) -> None:
    (tmp_path / "new.csv").write_text(NEW)
    await _imported(desk, tmp_path / "new.csv")
    file = tmp_path / f"book.{kind}"
    card = await desk.types(f'contacts export --{kind} "{file}"')
    assert card.fields["contacts"] == len(await desk.desk.store.contacts.all())
    again = await desk.types(f'import "{file}"')
    assert (again.rows, again.fields["unchanged"]) == ((), card.fields["contacts"])


async def test_a_file_that_is_there_already_is_not_written_over(desk: PracticeDesk, tmp_path: Path) -> None:
    (tmp_path / "book.csv").write_text("mine")
    card, status = await desk.answers(f'contacts export --csv "{tmp_path / "book.csv"}"')
    assert (status, (tmp_path / "book.csv").read_text(), card.ok) == (1, "mine", False)


async def test_only_an_officer_exports_contacts_and_only_an_administrator_registers(desk: PracticeDesk) -> None:
    card, status = await desk.answers("contacts export --csv book.csv", by="reader-1")
    assert (status, "takes the role officer" in card.text) == (1, True)
    with pytest.raises(Refused, match="takes the role administrator"):
        await registers.export(Act(await desk.person("officer-1"), desk.desk))


async def test_an_export_of_registers_makes_another_desk_the_same(desk: PracticeDesk, tmp_path: Path) -> None:
    before = await _values(desk.desk)
    (tmp_path / "before.jsonl").write_bytes(await exported(desk.desk.store, practice=True))
    (tmp_path / "new.csv").write_text(NEW)
    await _imported(desk, tmp_path / "new.csv")
    for line in ("state MWI confirm reported", "closure add 2012-10-29 storm", 'party add academia "Quill Institute"'):
        assert (await desk.types(line)).ok, line
    changed = await _values(desk.desk)
    (tmp_path / "changed.jsonl").write_bytes(await exported(desk.desk.store, practice=True))
    await _imported(desk, tmp_path / "before.jsonl")
    assert await _values(desk.desk) == before
    await _imported(desk, tmp_path / "changed.jsonl")
    assert await _values(desk.desk) == changed
    same = await desk.types(f'import "{tmp_path / "changed.jsonl"}"', by="administrator-1")
    assert (same.actions, same.text) == ((), "Nothing differs from what this desk has.")


async def test_registers_of_a_desk_with_letters_are_not_replaced(desk: PracticeDesk, tmp_path: Path) -> None:
    (tmp_path / "all.jsonl").write_bytes(await exported(desk.desk.store, practice=True))
    await desk.types("state MWI confirm reported")
    card = await desk.types(f'import "{tmp_path / "all.jsonl"}"', by="administrator-1")
    await desk.answers("remind first-report --to ZMB", yes=True)
    before = await _values(desk.desk)
    done, status = await desk.presses(card.actions[0].key, by="administrator-1")
    assert (status, "has mail or letters" in done.text) == (1, True)
    assert await _values(desk.desk) == before


async def test_registers_that_changed_since_they_were_shown_are_not_replaced(
    desk: PracticeDesk, tmp_path: Path
) -> None:
    (tmp_path / "all.jsonl").write_bytes(await exported(desk.desk.store, practice=True))
    await desk.types("state MWI confirm reported")
    card = await desk.types(f'import "{tmp_path / "all.jsonl"}"', by="administrator-1")
    await desk.types("closure add 2012-10-29 storm")
    before = await _values(desk.desk)
    done, status = await desk.presses(card.actions[0].key, by="administrator-1")
    assert (status, "has changed" in done.text) == (1, True)
    assert await _values(desk.desk) == before


async def test_an_export_has_no_secret_and_nobody_of_the_staff(desk: PracticeDesk) -> None:
    raw = await registers.export(Act(await desk.person("administrator-1"), desk.desk))
    assert desk.desk.store.secret.hex().encode() not in raw
    assert not {"staff", "delegations", "desk", "join_codes", "chat", "heard"} & {*EXPORTED}
    assert all(name.encode() in raw for name in EXPORTED)


async def test_an_export_that_is_cut_altered_or_of_another_desk_is_refused(desk: PracticeDesk) -> None:
    raw = await exported(desk.desk.store, practice=True)
    lines = raw.splitlines(keepends=True)
    spoilt = {
        "not whole": [b"".join(lines[:-1]), lines[0], b"".join([*lines[:5], lines[-1]])],
        "cannot be read": [raw[:-20], b"".join([lines[0], b"{\n", *lines[1:]]), lines[0] + b"[]\n" + lines[-1]],
        "a second time": [b"".join([lines[0], lines[1], *lines[1:]])],
        "no value": [
            b"".join([lines[0], b'{"register":"staff","value":{}}\n', *lines[1:]]),
            b"".join([lines[0], b'{"register":"states","value":{"key":"x"}}\n', *lines[1:]]),
            b"".join([lines[0], b'{"register":"states","value":[]}\n', *lines[1:]]),
        ],
        "another version": [raw.replace(b'"version":1', b'"version":2', 1)],
    }
    for why, files in spoilt.items():
        for file in files:
            with pytest.raises(Refused, match=why):
                read(file, practice=True)
    with pytest.raises(Refused, match="contacts are invented"):
        read(raw, practice=False)
