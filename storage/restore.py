"""A backup becomes a desk again: unpacked beside where it will lie, and moved to its place once all of it fits."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Final

from committee.errors import Refused, Unavailable
from storage.archive import BLOCK, Archive, Manifest, kept_name
from storage.backup import read_archive
from storage.errors import Damaged, FolderTaken
from storage.folder import DATABASE, KEYS, OWNER_ONLY_FOLDER, open_for_owner, sync_folder
from storage.marker import MARKER
from storage.schema import connect

ASIDE: Final = ".restoring"
"""The desk while it is unpacked, within the folder that it will lie in: nothing is ever written outside of that."""
KEPT: Final = "kept"
A_DESK: Final = (DATABASE, f"{DATABASE}-wal", KEYS, MARKER, KEPT)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A whole desk that has not got its place yet."""

    aside: Path
    manifest: Manifest


@contextmanager
def unpacked(backup: Path, folder: Path) -> Iterator[Unpacked]:
    """Unpack a backup in `folder`, which holds no desk; what the block does not refuse gets its place at the end.

    The database comes last: a restore that was cut off leaves no desk, and is begun anew by the next one.
    """
    if taken := [name for name in A_DESK if (folder / name).exists()]:
        raise FolderTaken(f"{folder} holds a desk, or a part of one ({', '.join(taken)}): choose another folder")
    there = folder.exists()
    try:
        with _in_our_words(folder):
            _unpack(backup, folder)
        with read_archive(backup) as archive:
            manifest = archive.manifest
        yield Unpacked(folder / ASIDE, manifest)
        with _in_our_words(folder):
            settle(folder / ASIDE)
    except BaseException:
        shutil.rmtree(folder if not there else folder / ASIDE, ignore_errors=True)
        raise


def _unpack(backup: Path, folder: Path) -> None:
    with read_archive(backup) as archive:
        folder.mkdir(parents=True, exist_ok=True)
        aside = folder / ASIDE
        if aside.is_symlink():
            raise Refused(f"{aside} is a link, and nothing is written outside of {folder}: take it away first")
        shutil.rmtree(aside, ignore_errors=True)
        _check_room(archive, folder)
        folder.chmod(OWNER_ONLY_FOLDER)
        for place in (aside, aside / KEPT):
            place.mkdir(mode=OWNER_ONLY_FOLDER)
        for name in (MARKER, KEYS, DATABASE):
            with archive.opened(name) as file:
                _written(aside / name, file)
        _unpack_kept(archive, aside)
        _only_tables(aside)


def _check_room(archive: Archive, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if archive.size > free:
        raise Unavailable(f"the backup needs {archive.size} bytes and {folder} has {free} left; nothing was restored")


def _unpack_kept(archive: Archive, aside: Path) -> None:
    folders = set[Path]()
    for kept in archive.hashes():
        path = aside / kept_name(kept)
        if path.parent not in folders:
            path.parent.mkdir(mode=OWNER_ONLY_FOLDER)
            folders.add(path.parent)
        with archive.opened(kept_name(kept)) as file:
            if _written(path, file) != kept:
                raise Damaged(f"the kept file {kept} no longer has this hash in the backup; nothing was restored")
    for folder in (*folders, aside / KEPT, aside):
        sync_folder(folder)


def _only_tables(aside: Path) -> None:
    """A desk's database runs nothing by itself."""
    try:
        with closing(connect(aside)) as connection:
            others = connection.execute("SELECT name FROM sqlite_schema WHERE type IN ('trigger', 'view')").fetchall()
    except sqlite3.Error as error:
        raise Damaged(f"its database cannot be read ({error}); nothing was restored") from error
    if others:
        raise Damaged(f"its database holds {others[0][0]!r}, which no desk has; nothing was restored")


def _written(path: Path, file: IO[bytes]) -> str:
    """Write one file, force it to the disk, and return its SHA-256."""
    hashed = sha256()
    with os.fdopen(open_for_owner(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY), "wb") as target:
        while block := file.read(BLOCK):
            hashed.update(block)
            target.write(block)
        target.flush()
        os.fsync(target.fileno())
    return hashed.hexdigest()


def settle(aside: Path) -> None:
    """Everything to its place in the folder around it, the database last."""
    folder = aside.parent
    for path in sorted(aside.iterdir(), key=lambda path: path.name == DATABASE):
        path.rename(folder / path.name)
    sync_folder(folder)
    aside.rmdir()


@contextmanager
def _in_our_words(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(f"{folder} could not be written ({error.strerror or error}); nothing was restored") from error
