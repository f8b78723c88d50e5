"""A backup is one moment of a desk at work; restored it is the same desk, and nothing of it lies anywhere else."""

import asyncio
import io
import json
import resource
import sqlite3
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from committee.errors import Refused, Unavailable
from storage import schema
from storage.archive import MANIFEST
from storage.errors import Damaged, FolderTaken, NewerDesk, OlderDesk
from storage.folder import KEYS
from storage.restore import ASIDE, unpacked
from storage.store import Store
from tests.storage.conftest import MakeStore
from tests.storage.shelf import NOON, SHELF, count_up, is_in_step

Members = list[tuple[tarfile.TarInfo, bytes]]


async def backed_up(store: Any, tmp_path: Path, times: int = 3) -> Path:
    for _ in range(times):
        await count_up(store)
    made = await store.back_up(tmp_path / "desk.tar", NOON)
    assert not made.found
    return tmp_path / "desk.tar"


def restore(backup: Path, folder: Path) -> None:
    with unpacked(backup, folder):
        pass


async def test_a_backup_restored_is_the_same_desk_and_fits_its_trail(store: Any, tmp_path: Path) -> None:
    restore(await backed_up(store, tmp_path), tmp_path / "again")
    async with Store.open(tmp_path / "again", described=SHELF) as again:
        assert await is_in_step(again) == 3
        assert await again.trail.find() == await store.trail.find()
        assert again.keys == store.keys
        await count_up(again)
        assert await is_in_step(again) == 4
    assert await is_in_step(store) == 3


async def test_it_says_where_the_trail_ended(store: Any, tmp_path: Path) -> None:
    await backed_up(store, tmp_path)
    await count_up(store)
    made = await store.back_up(tmp_path / "later.tar", NOON)
    assert (made.manifest.count, made.kept) == (4, 4)
    assert made.manifest.seal.startswith(store.keys[0].id)


async def test_a_backup_of_a_desk_under_load_is_one_moment_of_it(store: Any, tmp_path: Path) -> None:
    ending = asyncio.Event()

    async def works() -> None:
        while not ending.is_set():
            await count_up(store)

    working = [asyncio.create_task(works()) for _ in range(3)]
    backups = [await store.back_up(tmp_path / f"{nth}.tar", NOON) for nth in range(5)]
    ending.set()
    await asyncio.gather(*working)
    counts = [backup.manifest.count for backup in backups]
    assert counts == sorted(counts)
    for nth, backup in enumerate(backups):
        assert backup.found == ()
        restore(backup.path, tmp_path / f"again-{nth}")
        async with Store.open(tmp_path / f"again-{nth}", described=SHELF) as again:
            assert await is_in_step(again) == backup.manifest.count


async def test_it_is_for_its_owner_alone_and_so_is_what_it_becomes(store: Any, tmp_path: Path) -> None:
    backup = await backed_up(store, tmp_path)
    restore(backup, tmp_path / "again")
    files = [backup, *(path for path in (tmp_path / "again").rglob("*") if path.is_file())]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    folders = [tmp_path / "again", *(path for path in (tmp_path / "again").rglob("*") if path.is_dir())]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again", "desk", "desk.tar"]


async def test_a_backup_replaces_nothing_and_lies_outside_the_desk(store: Any, tmp_path: Path) -> None:
    backup = await backed_up(store, tmp_path)
    before = backup.read_bytes()
    with pytest.raises(Refused, match="replaces nothing"):
        await store.back_up(backup, NOON)
    with pytest.raises(Refused, match="lost with it"):
        await store.back_up(tmp_path / "desk/kept/../backup.tar", NOON)
    with pytest.raises(Refused, match="no folder"):
        await store.back_up(tmp_path / "nowhere/backup.tar", NOON)
    assert backup.read_bytes() == before


async def test_what_does_not_fit_in_the_desk_is_said_and_backed_up_all_the_same(store: Any, tmp_path: Path) -> None:
    await count_up(store)
    (event,) = await store.events.find()
    path = tmp_path / "desk/kept" / event.raw[:2] / event.raw
    path.write_bytes(b"changed behind its back")
    made = await store.back_up(tmp_path / "desk.tar", NOON)
    assert [(one.ledger, one.key) for one in made.found] == [("events", event.key)]
    with pytest.raises(Damaged, match="no longer has this hash"):
        restore(tmp_path / "desk.tar", tmp_path / "again")
    assert not (tmp_path / "again").exists()


async def test_a_folder_that_holds_a_desk_is_refused_and_left_as_it_is(store: Any, tmp_path: Path) -> None:
    backup = await backed_up(store, tmp_path)
    before = sorted((tmp_path / "desk").rglob("*"))
    with pytest.raises(FolderTaken, match="choose another folder"):
        restore(backup, tmp_path / "desk")
    assert sorted((tmp_path / "desk").rglob("*")) == before


async def test_what_is_refused_while_it_has_no_place_yet_leaves_nothing(store: Any, tmp_path: Path) -> None:
    backup = await backed_up(store, tmp_path)
    (tmp_path / "there").mkdir()
    (tmp_path / "there/note").touch()
    for folder in ("new", "there"):
        with pytest.raises(Refused, match="not this one"), unpacked(backup, tmp_path / folder) as desk:
            assert (desk.aside / "desk.sqlite3").exists()
            raise Refused("not this one")
    assert not (tmp_path / "new").exists()
    assert [path.name for path in (tmp_path / "there").iterdir()] == ["note"]


async def test_a_restore_that_was_cut_off_is_begun_anew(store: Any, tmp_path: Path) -> None:
    backup = await backed_up(store, tmp_path)
    (tmp_path / "again" / ASIDE / "kept").mkdir(parents=True)
    (tmp_path / "again" / ASIDE / "desk.sqlite3").write_bytes(b"half")
    restore(backup, tmp_path / "again")
    async with Store.open(tmp_path / "again", described=SHELF) as again:
        assert await is_in_step(again) == 3


async def test_a_part_of_a_backup_and_what_is_none_are_refused(store: Any, tmp_path: Path) -> None:
    whole = (await backed_up(store, tmp_path)).read_bytes()
    for nth, data in enumerate(
        (whole[: len(whole) // 2], whole[:700], b"", b"not a tar file at all" * 99, bytes(10240))
    ):
        (tmp_path / f"{nth}.tar").write_bytes(data)
        with pytest.raises(Damaged):
            restore(tmp_path / f"{nth}.tar", tmp_path / "again")
        assert not (tmp_path / "again").exists()
    with pytest.raises(Refused, match="There is no"):
        restore(tmp_path / "none.tar", tmp_path / "again")


def member(name: str, data: bytes = b"x", **facts: Any) -> Callable[[Members], Members]:
    info = tarfile.TarInfo(name)
    info.size = 0 if facts else len(data)
    for fact, value in facts.items():
        setattr(info, fact, value)
    return lambda members: [*members, (info, data)]


def without(name: str) -> Callable[[Members], Members]:
    return lambda members: [(info, data) for info, data in members if info.name != name]


def instead(name: str, data: bytes) -> Callable[[Members], Members]:
    return lambda members: [*without(name)(members), *member(name, data)([])]


NEWER = {"format": 2, "made_at": "2030-01-01T00:00:00+00:00", "version": 1, "count": 1, "last": "", "seal": ""}
EVIL = {
    "an absolute path": member("/tmp/verbale-was-here"),
    "a way out": member("../outside"),
    "a way out below kept": member("kept/../../outside"),
    "a way out that looks like a hash": member(f"kept/{'a' * 2}/../{'a' * 64}"),
    "a kept file in another's folder": member(f"kept/ab/{'c' * 64}"),
    "a symbolic link": member(f"kept/ab/ab{'c' * 62}", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
    "a link to a folder": member("kept", type=tarfile.SYMTYPE, linkname="/tmp"),
    "a hard link": member(f"kept/ab/ab{'c' * 62}", type=tarfile.LNKTYPE, linkname="keys"),
    "a device": member("keys2", type=tarfile.CHRTYPE),
    "a pipe": member(f"kept/ab/ab{'c' * 62}", type=tarfile.FIFOTYPE),
    "a folder": member("kept/ab", type=tarfile.DIRTYPE),
    "a setting": member(".env"),
    "a second database": member("desk.sqlite3"),
    "a log of the database": member("desk.sqlite3-wal"),
    "a kept file with other bytes": member(f"kept/ab/ab{'c' * 62}"),
    "keys without end": instead(KEYS, b" " * (2 << 20)),
    "no keys": without(KEYS),
    "no database": without("desk.sqlite3"),
    "a database that is none": instead("desk.sqlite3", b"x" * 5000),
    "no word of what it is": without(MANIFEST),
    "nonsense of what it is": instead(MANIFEST, b"[]"),
    "a newer form": instead(MANIFEST, json.dumps(NEWER).encode()),
}  # fmt: skip


@pytest.mark.parametrize("how", EVIL)
async def test_a_tar_file_that_somebody_has_made_is_refused_and_nothing_is_written(
    how: str, store: Any, tmp_path: Path
) -> None:
    backup = await backed_up(store, tmp_path)
    with tarfile.open(backup) as tar:
        members: Members = [(info, tar.extractfile(info).read()) for info in tar]  # type: ignore[union-attr] # regular files
    inner = tmp_path / "in" / "ner"
    inner.mkdir(parents=True)
    with tarfile.open(inner / "evil.tar", "w") as tar:
        for info, data in EVIL[how](members):
            tar.addfile(info, io.BytesIO(data))
    with pytest.raises(Refused):
        restore(inner / "evil.tar", inner / "again")
    assert [path.relative_to(tmp_path / "in").as_posix() for path in (tmp_path / "in").rglob("*")] == [
        "ner",
        "ner/evil.tar",
    ]


async def test_a_database_that_does_something_by_itself_is_refused(store: Any, tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "desk/desk.sqlite3", isolation_level=None)
    database.execute("CREATE TRIGGER t AFTER INSERT ON trail BEGIN DELETE FROM words; END")
    database.close()
    backup = await backed_up(store, tmp_path)
    with pytest.raises(Damaged, match="which no desk has"):
        restore(backup, tmp_path / "again")


async def test_a_disk_without_room_is_said_and_nothing_is_left(store: Any, tmp_path: Path) -> None:
    backup = await backed_up(store, tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (backup.stat().st_size // 2, hard))
    try:
        with pytest.raises(Unavailable):
            await store.back_up(tmp_path / "another.tar", NOON)
        with pytest.raises(Unavailable, match="nothing was restored"):
            restore(backup, tmp_path / "again")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["desk", "desk.tar"]


async def test_an_older_desk_is_opened_only_to_bring_it_forward(
    store: Any, make_store: MakeStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await count_up(store)
    await store.close()
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, _adds_a_table))
    with pytest.raises(OlderDesk, match="verbale migrate --desk"):
        await make_store()
    async with Store.open(tmp_path / "desk", described=SHELF, bring_forward=True) as forward:
        assert await is_in_step(forward) == 1
    async with await make_store() as after:
        assert await is_in_step(after) == 1
    monkeypatch.undo()
    with pytest.raises(NewerDesk):
        await make_store()


async def test_a_migration_that_fails_changes_nothing(
    store: Any, make_store: MakeStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await count_up(store)
    await store.close()
    with monkeypatch.context() as newer:
        newer.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, _adds_a_table, _fails))
        with pytest.raises(sqlite3.OperationalError):
            async with Store.open(tmp_path / "desk", described=SHELF, bring_forward=True):
                pass
    async with await make_store() as after:
        assert await is_in_step(after) == 1


def _adds_a_table(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE added (key TEXT)")


def _fails(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO nowhere VALUES (1)")
