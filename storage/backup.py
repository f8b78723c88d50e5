"""A backup of a desk, also of one at work: one moment of it, whole, in one file that is safe on the disk and was read back."""

import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from committee.errors import Refused, Unavailable
from storage.archive import BLOCK, MANIFEST, Archive, Manifest, Writing, kept_name
from storage.described import Described
from storage.errors import Damaged, in_our_words
from storage.folder import DATABASE, KEYS, keys_of, open_for_owner, sync_folder
from storage.kept import KeptFiles
from storage.marker import MARKER, holds_practice_desk, marked
from storage.schema import connect, newest, version_of
from storage.trail import end_of
from storage.verify import Finding, Shelf, findings

PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was made, what it says of itself, and what was found when it was read back."""

    path: Path
    manifest: Manifest
    kept: int
    size: int
    found: tuple[Finding, ...] = ()


class KeptShelf(Shelf, Protocol):
    """A shelf from which a file is taken as it is, whether or not it still has its hash."""

    def as_it_is(self, sha256: str) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Source:
    """Where a desk is that is not all in its folder: its kept files, and how its database is copied into a folder."""

    kept: KeptShelf
    copy_into: Callable[[Path], None]


def back_up(folder: Path, to: Path, described: Described, at: datetime, source: Source | None = None) -> BackedUp:
    """Write the desk in `folder` to the file `to`, which must not be there yet.

    The database is copied in one read transaction, and after it the kept files: what a commit names was on the disk
    before it. No setting goes in, the keys do. `found` lists what does not fit the audit trail: of the desk, so of both.
    """
    to = to.parent.resolve() / to.name
    source = source or Source(KeptFiles(folder), lambda aside: _copy_database(folder, aside / DATABASE))
    _room_for(to, folder)
    with _written_in_our_words(to), tempfile.TemporaryDirectory(prefix=f".{to.name}.", dir=to.parent) as name:
        aside = Path(name)
        source.copy_into(aside)
        manifest = _manifest(aside, at)
        kept = _write(aside / "backup", manifest, folder, source.kept)
        found = _read_back(aside, folder, described)
        size = (aside / "backup").stat().st_size
        (aside / "backup").rename(to)
        sync_folder(to.parent)
    return BackedUp(to, manifest, kept, size, found)


def _room_for(to: Path, folder: Path) -> None:
    if to.exists() or to.is_symlink():
        raise Refused(f"{to} is there already, and a backup replaces nothing: choose another name")
    if not to.parent.is_dir():
        raise Refused(f"There is no folder {to.parent} to write the backup in: make it first")
    if to.is_relative_to(folder.resolve()):
        raise Refused(f"{to} lies in the desk's own folder, and would be lost with it: choose a place elsewhere")


def _copy_database(folder: Path, copy: Path) -> None:
    os.close(open_for_owner(copy, os.O_CREAT | os.O_EXCL | os.O_RDWR))
    with closing(connect(folder, patience=PATIENCE)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)  # all pages in one step, so in one read transaction: nobody waits for it


def _manifest(aside: Path, at: datetime) -> Manifest:
    with closing(connect(aside)) as connection:
        (seal,) = connection.execute("SELECT value FROM meta WHERE name = 'seal'").fetchone()
        end = end_of(connection)
        return Manifest(at, version_of(connection), end.seq, end.digest, seal)


def _write(path: Path, manifest: Manifest, folder: Path, shelf: KeptShelf) -> int:
    """The whole tar file, forced to the disk; returns how many kept files went in."""
    count = 0
    with os.fdopen(open_for_owner(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY), "wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            writing = Writing(tar, manifest.made_at)
            writing.add(MANIFEST, manifest.text)
            writing.add(MARKER, marked(practice=holds_practice_desk(folder)))
            writing.add(KEYS, (folder / KEYS).read_bytes())
            writing.add_file(DATABASE, path.parent / DATABASE)
            for count, kept in enumerate(shelf.hashes(), 1):  # noqa: B007 - how many they were is the answer
                writing.add(kept_name(kept), shelf.as_it_is(kept))
        file.flush()
        os.fsync(file.fileno())
    return count


def _read_back(aside: Path, folder: Path, described: Described) -> tuple[Finding, ...]:
    """Read the file as a restore would: every byte of it, held against the trail that it holds."""
    with read_archive(aside / "backup") as archive, closing(connect(aside)) as connection:
        if archive.digest(DATABASE) != _digest(aside / DATABASE) or archive.small(KEYS) != (folder / KEYS).read_bytes():
            raise Damaged("the backup could not be read back as it was written; nothing was made: try another disk")
        if version_of(connection) != newest():  # of other tables: held against the trail once it is brought forward
            return ()
        return tuple(one for one in findings(connection, described, keys_of(folder), archive) if not one.note)


@contextmanager
def read_archive(path: Path) -> Iterator[Archive]:
    """A backup, every member of it checked; Damaged, with its name, where it is none."""
    with ExitStack() as until_the_end:
        try:
            archive = Archive(until_the_end.enter_context(tarfile.open(path, mode="r:")))
        except Damaged as damaged:
            raise Damaged(f"{path}: {damaged}") from damaged
        except tarfile.TarError as error:
            raise Damaged(f"{path} cannot be read ({error}): it is no backup of a desk, or a part of one") from error
        except FileNotFoundError as error:
            raise Refused(f"There is no {path}: name the file that verbale backup has written") from error
        except OSError as error:
            raise Unavailable(f"{path} cannot be read ({error.strerror or error})") from error
        yield archive


def _digest(path: Path) -> str:
    hashed = sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            hashed.update(block)
    return hashed.hexdigest()


@contextmanager
def _written_in_our_words(to: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(
            f"the backup {to} could not be written ({error.strerror or error}); nothing was made"
        ) from error
    except sqlite3.Error as error:
        raise in_our_words(error) from error
