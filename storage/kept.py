"""Raw bytes are kept once each, under their own SHA-256, safe on the disk before anything names them."""

import hashlib
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from storage.errors import Damaged
from storage.folder import OWNER_ONLY_FOLDER, sync_folder, write_durably

A_DAY = 24 * 3600
_HASH = re.compile(r"[0-9a-f]{64}")


class KeptFiles:
    """`kept/ab/SHA256` below the desk's folder; files are only ever added."""

    def __init__(self, folder: Path) -> None:
        self._root = folder / "kept"

    def keep(self, data: bytes) -> str:
        """Keep the bytes and return their hash. On return they are on the disk, and so is their name."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._path(sha256)
        _make_folder(self._root)
        _make_folder(path.parent)
        if not self._holds(sha256, data):
            write_durably(path, data)
        for folder in (path.parent, self._root):  # another process may have made one of these names a moment ago
            sync_folder(folder)
        return sha256

    def read(self, sha256: str) -> bytes:
        """The bytes kept under a hash. Damaged when they are gone or no longer have it."""
        try:
            data = self.as_it_is(sha256)
        except FileNotFoundError as error:
            raise Damaged(f"the kept file {sha256} is not in the desk's folder: restore it from a backup") from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Damaged(f"the kept file {sha256} no longer has this hash: restore it from a backup")
        return data

    def as_it_is(self, sha256: str) -> bytes:
        """What lies under a hash, whether or not it still has it; no link is followed at any step below `kept`."""
        path = self._path(sha256)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            file = os.open(path.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
        finally:
            os.close(folder)
        with open(file, "rb") as kept:  # noqa: PTH123 - a descriptor, not a path
            return kept.read()

    def hashes(self) -> Iterator[str]:
        """Every name in the folder, in order; the hashes are as claimed, not checked."""
        for folder in sorted(self._root.glob("[0-9a-f][0-9a-f]")):
            yield from sorted(path.name for path in folder.iterdir() if _HASH.fullmatch(path.name))

    def left_over(self) -> Iterator[str]:
        """Files that were being written when their process was killed; or are being written now."""
        yield from sorted(str(path.relative_to(self._root)) for path in self._root.glob("*/.*.partial"))

    def sweep(self) -> None:
        """Take away what was left over, once nobody can still be writing it."""
        for name in self.left_over():
            path = self._root / name
            with suppress(FileNotFoundError):
                if path.lstat().st_mtime < time.time() - A_DAY:
                    path.unlink()

    def _holds(self, sha256: str, data: bytes) -> bool:
        try:
            return self.as_it_is(sha256) == data
        except FileNotFoundError:
            return False

    def _path(self, sha256: str) -> Path:
        if not _HASH.fullmatch(sha256):
            raise ValueError(f"{sha256!r} is no SHA-256 in hexadecimal")
        return self._root / sha256[:2] / sha256


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    folder.mkdir(mode=OWNER_ONLY_FOLDER, exist_ok=True)
    folder.chmod(OWNER_ONLY_FOLDER)
