"""The desk's folder: whose it is, what it refuses, and what happens when the disk does not do its part."""

import asyncio
import errno
import json
import multiprocessing
import os
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from committee.audit import sha256
from committee.errors import Refused, Unavailable
from storage.errors import Damaged, FolderTaken, NewerDesk, NotADesk
from storage.store import Store
from tests.host import needs
from tests.storage.conftest import MakeStore
from tests.storage.shelf import SHELF, Country, Event, count_up, is_in_step, occasion

NOBODY = 65534


@pytest.fixture(params=[0o000, 0o022, 0o777])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


async def test_folder_and_files_are_their_owners_alone_whatever_the_umask(tmp_path: Path, umask: None) -> None:
    async with Store.create(tmp_path / "new/desk", described=SHELF) as store:
        await count_up(store)
        with store.work_lock():
            below = sorted((tmp_path / "new/desk").rglob("*"))
            modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "new/desk", *below)}
    assert {"desk.sqlite3", "desk.sqlite3-wal", "desk.sqlite3-shm", "keys", "kept", "work.lock"} < modes.keys()
    assert {
        name: mode for name, mode in modes.items() if mode != (0o700 if len(name) == 2 or name in FOLDERS else 0o600)
    } == {}


FOLDERS = {"desk", "kept"}


async def test_a_copy_that_others_could_read_is_closed_to_them_when_opened(store: Any, tmp_path: Path) -> None:
    await store.close()
    (tmp_path / "desk").chmod(0o755)
    (tmp_path / "desk/keys").chmod(0o644)
    async with Store.open(tmp_path / "desk", described=SHELF):
        assert (tmp_path / "desk").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "desk/keys").stat().st_mode & 0o777 == 0o600


async def test_a_folder_that_holds_a_desk_is_taken(store: Any, tmp_path: Path) -> None:
    with pytest.raises(FolderTaken, match="holds a desk already"):
        await Store.create(tmp_path / "desk", described=SHELF)


async def test_a_folder_that_holds_none_or_half_of_one_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(NotADesk, match="verbale init"):
        await Store.open(tmp_path / "desk", described=SHELF)
    assert not (tmp_path / "desk").exists()
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk/desk.sqlite3").touch()
    (tmp_path / "desk/keys").write_text(json.dumps({"keys": [{"id": "a", "secret": "00"}]}))
    with pytest.raises(NotADesk, match="never finished"):
        await Store.open(tmp_path / "desk", described=SHELF)
    async with Store.create(tmp_path / "desk", described=SHELF) as store:
        await count_up(store)


async def test_a_desk_of_a_newer_program_is_refused_with_a_sentence(store: Any, tmp_path: Path) -> None:
    await store.close()
    database = sqlite3.connect(tmp_path / "desk/desk.sqlite3", isolation_level=None)
    database.execute("UPDATE meta SET value = 99 WHERE name = 'schema'")
    database.close()
    with pytest.raises(NewerDesk, match="newer Verbale"):
        await Store.open(tmp_path / "desk", described=SHELF)


async def test_a_database_that_is_none_is_said_to_be_damaged(store: Any, tmp_path: Path) -> None:
    await store.close()
    (tmp_path / "desk/desk.sqlite3").write_bytes(b"no database at all" * 1000)
    with pytest.raises(Damaged, match="restore it from"):
        await Store.open(tmp_path / "desk", described=SHELF)


async def test_two_keys_are_valid_and_the_first_is_used(store: Any, tmp_path: Path) -> None:
    await count_up(store)
    await store.close()
    path = tmp_path / "desk/keys"
    keys = [{"id": "new", "secret": "ab" * 32}, *json.loads(path.read_text())["keys"]]
    path.write_text(json.dumps({"keys": keys}))
    async with Store.open(tmp_path / "desk", described=SHELF) as opened:
        assert await is_in_step(opened) == 1
        assert opened.secret == bytes.fromhex("ab" * 32)
        assert [key.id for key in opened.keys] == ["new", keys[1]["id"]]
        await count_up(opened)
        assert await is_in_step(opened) == 2


@pytest.mark.parametrize("keys", ["", "{}", '{"keys": []}', '{"keys": [{"id": "a", "secret": "no"}]}'])
async def test_keys_that_cannot_be_read_are_refused(store: Any, tmp_path: Path, keys: str) -> None:
    await store.close()
    (tmp_path / "desk/keys").write_text(keys)
    with pytest.raises(Refused, match="keys"):
        await Store.open(tmp_path / "desk", described=SHELF)


async def test_kept_bytes_come_back_and_the_same_bytes_are_written_once(store: Any, tmp_path: Path) -> None:
    first = await store.keep(b"a message")
    path = tmp_path / "desk/kept" / first[:2] / first
    written = path.stat()
    assert await store.keep(b"a message") == first == sha256("a message")
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (written.st_ino, written.st_mtime_ns)
    assert await store.kept(first) == b"a message"
    assert await store.kept(await store.keep(b"")) == b""


async def test_a_kept_file_that_is_a_link_gone_or_changed_is_never_taken_for_the_bytes(
    store: Any, tmp_path: Path
) -> None:
    kept = await store.keep(b"a message")
    path = tmp_path / "desk/kept" / kept[:2] / kept
    path.write_bytes(b"another")
    with pytest.raises(Damaged, match="no longer"):
        await store.kept(kept)
    assert await store.keep(b"a message") == kept
    assert await store.kept(kept) == b"a message", "keeping it again has mended it"
    (tmp_path / "elsewhere").write_bytes(b"a message")
    path.unlink()
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Unavailable, match="link"):
        await store.kept(kept)
    path.unlink()
    with pytest.raises(Damaged, match="not in the desk"):
        await store.kept(kept)
    with pytest.raises(ValueError, match="no SHA-256"):
        await store.kept("../../keys")


async def test_a_full_disk_is_said_in_a_sentence_leaves_nothing_half_and_the_next_works(
    store: Any, tmp_path: Path
) -> None:
    await count_up(store)
    big = os.urandom(1_000_000)
    with files_of_at_most(200_000):
        with pytest.raises(Unavailable, match=os.strerror(errno.EFBIG)):
            await store.keep(big)
        with pytest.raises(Unavailable, match="nothing was changed"):
            async with store.transaction(**occasion()) as tx:
                await tx.countries.put(Country("BIG", "x" * 1_000_000))
        with pytest.raises(Unavailable, match="nothing was changed"):
            async with store.transaction(**occasion()) as tx:
                await tx.number("S", 2012)
                await tx.events.add(*(Event(f"big-{place}", message_id="x" * 50_000) for place in range(200)))
    assert list((tmp_path / "desk/kept").rglob(".*")) == []
    assert await store.countries.get("BIG") is None
    assert await is_in_step(store) == 1
    assert await store.kept(await store.keep(big)) == big
    await count_up(store)
    assert await is_in_step(store) == 2


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_folder_that_cannot_be_written_is_said_in_a_sentence() -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        async with Store.create(folder / "desk", described=SHELF) as store:
            await count_up(store)
        if os.geteuid() == 0:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.storage.shelf"])
        said = context.Queue()
        process = context.Process(target=_tries_without_permission, args=(folder / "desk", said), daemon=True)
        process.start()
        assert [said.get(timeout=20) for _ in range(3)] == ["Unavailable", "Unavailable", "Unavailable"]
        process.join()
    finally:
        shutil.rmtree(folder)


def _tries_without_permission(desk: Path, said: Any) -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    asyncio.run(_try_without_permission(desk, said))


async def _try_without_permission(desk: Path, said: Any) -> None:
    async with Store.open(desk, described=SHELF) as store:
        (desk / "kept").chmod(0o500)
        for folder in (desk / "kept").iterdir():
            folder.chmod(0o500)
        said.put(await _said(store.keep(os.urandom(64))))
    desk.chmod(0o500)
    said.put(await _said(_opened(desk)))
    desk.chmod(0o000)
    said.put(await _said(_opened(desk)))
    desk.chmod(0o700)


async def _opened(desk: Path) -> None:
    async with Store.open(desk, described=SHELF) as store:
        await count_up(store)


async def _said(work: Any) -> str:
    try:
        await work
    except Unavailable as error:
        return type(error).__name__ if "nothing was changed" in str(error) else str(error)
    except Exception as error:  # noqa: BLE001 - it is what the test is about
        return repr(error)
    return "it worked"


@pytest.mark.server
async def test_the_kept_file_then_the_log_are_on_the_disk_before_the_answer(store: Any, tmp_path: Path) -> None:
    await store.close()
    strace, trace = needs("strace"), tmp_path / "trace"
    calls = "trace=fsync,fdatasync,rename,renameat,renameat2,write"
    command = [strace, "-f", "-y", "-qq", "-e", calls, "-o", str(trace)]
    worker = [sys.executable, "-m", "tests.storage.shelf", str(tmp_path / "desk")]
    await asyncio.to_thread(subprocess.run, command + worker, check=True, stdout=subprocess.DEVNULL, timeout=60)
    lines = trace.read_text().splitlines()
    steps = [
        r"fsync\(\d+<.*/kept/../\..*\.partial>",
        r"rename\w*\(.*\.partial",
        r"fsync\(\d+<.*/kept/..>",
        r"fsync\(\d+<.*/kept>",
        r"fdatasync\(\d+<.*desk\.sqlite3-wal>",
        r'write\(1<.*"answered',
    ]
    places = [[number for number, line in enumerate(lines) if re.search(step, line)] for step in steps]
    assert all(places), steps
    assert [found[-1] for found in places] == sorted(found[-1] for found in places)


async def test_a_write_that_was_cut_off_is_swept_away_after_a_day(
    store: Any, make_store: MakeStore, tmp_path: Path
) -> None:
    kept = await store.keep(b"a message")
    old, new = (tmp_path / "desk/kept" / kept[:2] / f".{name}.partial" for name in ("old", "new"))
    old.touch()
    new.touch()
    os.utime(old, (0, 0))
    await make_store()
    assert (old.exists(), new.exists()) == (False, True)
    assert [finding.note for finding in await store.verify()] == [True, True]
