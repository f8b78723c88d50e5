"""A desk's folder: made and opened for its owner alone, its keys, and the lock of whoever delivers."""

import fcntl
import json
import os
import pwd
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from committee.errors import Refused
from storage.errors import Busy, NotADesk, said_in_our_words

DATABASE = "desk.sqlite3"
KEYS = "keys"
WORK_LOCK = "work.lock"
OURS = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", KEYS, WORK_LOCK, "desk.json")
VALID = 2
"""How many keys are valid at a time: what was made with the last one is still known."""
OWNER_ONLY = 0o600
OWNER_ONLY_FOLDER = 0o700


@dataclass(frozen=True, slots=True)
class Key:
    """One of the desk's secrets; tokens carry its id, so that two can be valid at a time."""

    id: str
    secret: bytes


def make_folder(folder: Path) -> None:
    """Make the folder, its keys and an empty database, each readable by its owner alone whatever the umask."""
    make_keys(folder)
    with said_in_our_words():
        os.close(open_for_owner(folder / DATABASE, os.O_CREAT | os.O_RDWR))
        sync_folder(folder)


def make_keys(folder: Path) -> None:
    """The folder and, where it has none, the keys in it."""
    with said_in_our_words():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(OWNER_ONLY_FOLDER)
        if not (folder / KEYS).exists():
            write_durably(folder / KEYS, _written_keys([_new_key()]))
        sync_folder(folder)
        sync_folder(folder.parent)


def check_folder(folder: Path) -> None:
    """Refuse a folder that is no desk, and shut out everyone else, should a copy have let them in."""
    if not (folder / DATABASE).is_file():
        raise NotADesk(f"there is no desk in {folder}: `verbale init {folder}` makes one")
    shut_folder(folder)


def shut_folder(folder: Path) -> None:
    """Refuse a folder without a desk's keys, or another account's, and shut out everyone else."""
    if not (folder / KEYS).is_file():
        raise NotADesk(
            f"the keys of a desk are not in {folder}: `verbale init {folder}` makes a desk, or copy its `keys` here"
        )
    _check_owner(folder)
    with said_in_our_words():
        if folder.stat().st_mode & 0o077:
            folder.chmod(OWNER_ONLY_FOLDER)
        for path in (folder / name for name in OURS):  # what else lies there is not ours to change
            if path.is_file() and not path.is_symlink() and path.stat().st_mode & 0o077:
                path.chmod(OWNER_ONLY)


def _check_owner(folder: Path) -> None:
    """What another account writes there its owner could not read, root's files above all."""
    owner, here = folder.stat().st_uid, os.geteuid()
    if owner != here:
        raise Refused(
            f"the desk in {folder} belongs to the account {_called(owner)}, and this is {_called(here)}: "
            "work at it as that account; if it was given to another one: chown -R"
        )


def _called(account: int) -> str:
    try:
        return f"{pwd.getpwuid(account).pw_name} ({account})"
    except KeyError:
        return str(account)


def keys_of(folder: Path) -> tuple[Key, ...]:
    """The desk's keys, the one that new tokens are made with first."""
    try:
        kept = json.loads((folder / KEYS).read_bytes())["keys"]
        keys = tuple(Key(key["id"], bytes.fromhex(key["secret"])) for key in kept)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refused(f"the desk's keys in {folder / KEYS} cannot be read: restore the file from a backup") from error
    if not keys:
        raise Refused(f"{folder / KEYS} holds no key: restore the file from a backup")
    return keys


def add_key(folder: Path) -> Key:
    """A new key, with which tokens and seals are made from now on; the one before it stays valid, an older one goes."""
    new = _new_key()
    kept = [new, *keys_of(folder)][:VALID]
    with said_in_our_words():
        write_durably(folder / KEYS, _written_keys(kept))
    return new


@contextmanager
def work_lock(folder: Path, who: str) -> Iterator[None]:
    """Hold the desk's work lock, or raise Busy at once with the name of whoever holds it; it falls with the process."""
    with said_in_our_words():
        lock = open_for_owner(folder / WORK_LOCK, os.O_CREAT | os.O_RDWR)
    try:
        _take(lock)
        with suppress(OSError):  # a full disk: the lock is held all the same, without a name
            os.ftruncate(lock, 0)
            os.pwrite(lock, f"{who}, process {os.getpid()}".encode(), 0)
        yield
    finally:
        os.close(lock)


def who_works(folder: Path) -> str:
    """Who holds the desk's work lock at this moment, or nothing; for a blink it is held in asking."""
    try:
        with work_lock(folder, "a look at who works"):
            return ""
    except Busy as busy:
        return busy.holder


def _new_key() -> Key:
    return Key(secrets.token_hex(4), secrets.token_bytes(32))


def _written_keys(keys: list[Key]) -> bytes:
    return json.dumps({"keys": [{"id": key.id, "secret": key.secret.hex()} for key in keys]}, indent=1).encode()


def _take(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(lock, 200, 0).decode(errors="replace") or "another process"
        raise Busy(holder) from error


def write_durably(path: Path, data: bytes) -> None:
    """Write a file aside, force it to the disk, and only then give it its name; half a file never has it."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}.partial")
    try:
        file = open_for_owner(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        try:
            _write_all(file, data)
            os.fsync(file)
        finally:
            os.close(file)
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def open_for_owner(path: Path, flags: int) -> int:
    file = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, OWNER_ONLY)
    os.fchmod(file, OWNER_ONLY)  # a umask may have taken from it, an earlier life may have added to it
    return file


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to the disk: a renamed file is safe only with its folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_all(file: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]
