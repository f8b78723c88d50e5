"""The Maildir edge: letters that go to a folder instead of a server, and mail that waits in one."""

import asyncio
import hashlib
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from committee.errors import Unavailable
from mailflows.accepted import Accepted
from mailflows.headers import ascii_address
from mailflows.message import Message
from mailflows.post import Ready, at_once

FOLDERS = ("tmp", "new", "cur")
TAKEN = ".Taken"
"""The subfolder for what has been taken in (Maildir++): a mail reader shows it beside the inbox."""

EVERY_SECONDS = 1.0
"""How often a folder is looked at that somebody waits for."""

PLAIN = "".join(chr(sign) for sign in range(0x21, 0x7F) if chr(sign) != "%") + " "
"""The signs of a file's name that stand for themselves in a source."""

_LONGEST_NAME = 200
_KEPT_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.@")
_SHORT = {"/": ",", "#": "+"}


class MaildirSender:
    """Letters to a folder, one file for each delivery: what a practice desk has instead of a server."""

    connections = 1

    def __init__(self, path: Path) -> None:
        self._path = path
        self.relay = f"maildir:{path}"

    async def send(  # noqa: PLR0913 - the signature of `Post`
        self,
        envelope_sender: str,
        recipient: str,
        message: Message,
        *,
        key: str,
        envelope_id: str = "",  # noqa: ARG002 - a folder sends no notification that could carry it
        ready: Ready = at_once,
    ) -> Accepted:
        """Keep one copy under its delivery's key; a retry replaces it. `Unavailable` if the disk does not take it.

        The file is whole and on the disk before `ready` is awaited, and gets its name after.
        """
        envelope = f"Return-Path: <{ascii_address(envelope_sender)}>\r\nDelivered-To: {ascii_address(recipient)}\r\n"
        draft = self._path / "tmp" / file_name(key)
        with self._plainly():
            await asyncio.to_thread(self._draft, draft, (envelope.encode("ascii"), *message.parts))
        try:
            await ready()
            with self._plainly():
                await asyncio.to_thread(self._name, draft)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        return Accepted(f"250 2.0.0 kept as {draft.name}", str(self._path))

    async def greets(self, within: float | None = None) -> Accepted:  # noqa: ARG002 - as of a server, which may be slow
        """Whether letters could go: the folder can be made, or is there and can be written to."""
        there = next(path for path in (self._path, *self._path.absolute().parents) if path.exists())
        if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
            raise Unavailable(f"{self._path} cannot be written to")
        return Accepted("letters are kept in it", str(self._path))

    def _draft(self, draft: Path, parts: tuple[bytes, ...]) -> None:
        for folder in FOLDERS:
            (self._path / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            _write_durably(draft, parts)
        except OSError:
            draft.unlink(missing_ok=True)
            raise

    def _name(self, draft: Path) -> None:
        draft.replace(self._path / "new" / draft.name)
        _sync(self._path / "new")

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Unavailable(
                f"{self._path} did not take the letter: {error.strerror or error}; it is tried again."
            ) from error


def file_name(key: str) -> str:
    """A delivery's key as a file name: no two keys have the same, and none leaves its folder."""
    name = "".join(
        sign
        if sign in _KEPT_SIGNS
        else _SHORT.get(sign) or "".join(f"%{byte:02X}" for byte in sign.encode("utf-8", "surrogatepass"))
        for sign in key
    )
    name = f"%2E{name[1:]}" if name.startswith(".") else name or "%"
    return (
        name
        if len(name) <= _LONGEST_NAME
        else f"{name[: _LONGEST_NAME - 33]}%{hashlib.sha256(name.encode()).hexdigest()[:32]}"
    )


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    source: str


class MaildirInbox:
    """Mail that waits in a Maildir. Flags are never read or written: people share the mailbox."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: dict[str, _Found] = {}
        self._names: frozenset[str] = frozenset()

    async def waiting(self) -> list[str]:
        """The unique names of what lies in new/ and cur/, in their order; regular files only, links are not followed.

        `Unavailable` where there is no Maildir, or none that may be read.
        """
        try:
            self._found = await asyncio.to_thread(lambda: dict(self._look()))
        except OSError as error:
            raise Unavailable(
                f"INBOX_URL: there is no Maildir to read at {self._path} ({error.strerror or error}); "
                f"it is a folder with new, cur and tmp in it, for example INBOX_URL=maildir:/var/mail/desk"
            ) from error
        return sorted(self._found)

    def source(self, name: str) -> str:
        """The mailbox's own identity of a message: its name, and what tells it from another file of that name."""
        return self._found[name].source

    async def changed(self, seconds: float) -> bool:
        """Whether a message has come since the last look, as soon as it has; False after so many seconds without one."""
        until = time.monotonic() + seconds
        while True:
            before, self._names = self._names, await asyncio.to_thread(self._listed)
            if self._names - before:
                return True
            if time.monotonic() >= until:
                return False
            await asyncio.sleep(EVERY_SECONDS)

    async def read(self, name: str) -> bytes | None:
        """The message, or None if it has vanished or is no regular file now; `Unavailable` if it may not be read."""
        try:
            return await asyncio.to_thread(_read, self._found[name].path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Unavailable(f"it could not be read ({error.strerror or error}); it stays where it is") from error

    async def taken(self, name: str) -> None:
        """Move it out of the way. Where that is not permitted it stays, and is known by its source the next time."""
        with suppress(OSError):
            await asyncio.to_thread(self._move, self._found[name].path)

    def _look(self) -> Iterator[tuple[str, _Found]]:
        for folder in ("new", "cur"):
            with os.scandir(self._path / folder) as entries:
                for entry in entries:
                    if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False):
                        with suppress(FileNotFoundError):
                            yield _named(entry)

    def _listed(self) -> frozenset[str]:
        try:
            return frozenset(path.name for path in (self._path / "new").iterdir())
        except OSError:  # what is wrong with it is said by whoever reads it
            return frozenset()

    def _move(self, path: Path) -> None:
        shelf = self._path / TAKEN
        for folder in FOLDERS:
            (shelf / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
        (shelf / "maildirfolder").touch()
        target, nth = shelf / path.parent.name / path.name, 1
        while target.exists():
            nth += 1
            target = target.with_name(f"{nth}.{path.name}")
        path.rename(target)


def _named(entry: os.DirEntry[str]) -> tuple[str, _Found]:
    facts = entry.stat(follow_symlinks=False)
    name = quote(os.fsencode(entry.name.partition(":2,")[0]), safe=PLAIN)  # a name need not be text
    return name, _Found(Path(entry.path), f"maildir:{name}/{facts.st_mtime_ns}/{facts.st_size}")


def _read(path: Path) -> bytes | None:
    # O_NONBLOCK: a pipe that has taken the file's place must not make us wait for its writer.
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK)) as file:
        return file.read() if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else None


def _write_durably(path: Path, parts: tuple[bytes, ...]) -> None:
    with open(path, "wb", opener=lambda name, flags: os.open(name, flags | os.O_NOFOLLOW, 0o600)) as file:
        file.writelines(parts)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
