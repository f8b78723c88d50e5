"""What a backup looks like: one tar file with the desk's own names in it, and nothing under any other name."""

import io
import json
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Final, Self

from storage.errors import Damaged
from storage.folder import DATABASE, KEYS, OWNER_ONLY
from storage.marker import MARKER

FORMAT: Final = 1
MANIFEST: Final = "backup.json"
SMALL: Final = 1 << 20
"""More than any of the small files can have."""
BLOCK: Final = 1 << 20
_KEPT: Final = re.compile(r"kept/([0-9a-f]{2})/(\1[0-9a-f]{62})")
_NAMES: Final = (MANIFEST, MARKER, KEYS, DATABASE)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself: when it was made, of which version, and where the audit trail ended."""

    made_at: datetime
    version: int
    count: int
    last: str
    seal: str

    @property
    def text(self) -> bytes:
        said = {
            "format": FORMAT, "made_at": self.made_at.isoformat(), "version": self.version,
            "count": self.count, "last": self.last, "seal": self.seal,
        }  # fmt: skip
        return json.dumps(said, indent=1).encode() + b"\n"

    @classmethod
    def read(cls, text: bytes) -> Self:
        try:
            said = json.loads(text)
            known = said["format"] == FORMAT
            manifest = cls(
                datetime.fromisoformat(said["made_at"]), int(said["version"]), int(said["count"]), str(said["last"]),
                str(said["seal"]),
            )  # fmt: skip
        except (ValueError, KeyError, TypeError) as error:
            raise Damaged("it does not say what it is: this is no backup of a desk") from error
        if not known:
            raise Damaged("a newer Verbale has made it: install that version to restore it")
        return manifest


class Writing:
    """Members go in one by one, each for its owner alone and of one moment."""

    def __init__(self, tar: tarfile.TarFile, at: datetime) -> None:
        self._tar, self._at = tar, at.timestamp()

    def add(self, name: str, data: bytes) -> None:
        self._add(name, len(data), io.BytesIO(data))

    def add_file(self, name: str, path: Path) -> None:
        with path.open("rb") as file:
            self._add(name, path.stat().st_size, file)

    def _add(self, name: str, size: int, file: IO[bytes]) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, OWNER_ONLY, int(self._at)
        self._tar.addfile(info, file)


class Archive:
    """A backup that is read: every member was checked before any is used, and it reads kept files as a desk does."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._members = {member.name: member for member in _checked(tar)}
        if missing := [name for name in _NAMES if name not in self._members]:
            raise Damaged(f"it has no {', '.join(missing)}: this is no backup of a desk, or only a part of one")
        self.manifest = Manifest.read(self.small(MANIFEST))

    @property
    def size(self) -> int:
        return sum(member.size for member in self._members.values())

    def small(self, name: str) -> bytes:
        with self.opened(name) as file:
            return file.read()

    def opened(self, name: str) -> IO[bytes]:
        file = self._tar.extractfile(self._members[name])
        assert file is not None  # noqa: S101 - it is a regular file: that was checked
        return file

    def digest(self, name: str) -> str:
        """The SHA-256 of a member as it can be read now."""
        hashed = sha256()
        with self.opened(name) as file:
            while block := file.read(BLOCK):
                hashed.update(block)
        return hashed.hexdigest()

    def read(self, kept: str) -> bytes:
        """The bytes kept under a hash; Damaged where they are not in it, or no longer have it."""
        name = kept_name(kept)
        if name not in self._members:
            raise Damaged(f"the kept file {kept} is not in the backup")
        data = self.small(name)
        if sha256(data).hexdigest() != kept:
            raise Damaged(f"the kept file {kept} no longer has this hash in the backup")
        return data

    def hashes(self) -> Iterator[str]:
        yield from (found[2] for name in self._members if (found := _KEPT.fullmatch(name)))

    def left_over(self) -> Iterator[str]:
        yield from ()


def kept_name(kept: str) -> str:
    return f"kept/{kept[:2]}/{kept}"


def _checked(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Regular files under the names that a backup has, each once: no link, no device, no way out of the folder."""
    seen = set[str]()
    for member in tar:
        if member.type not in {tarfile.REGTYPE, tarfile.AREGTYPE} or member.issparse():
            raise Damaged(f"it holds {member.name!r}, which is no regular file: nothing of it was unpacked")
        if member.name not in _NAMES and not _KEPT.fullmatch(member.name):
            raise Damaged(f"it holds {member.name!r}, which no backup of a desk holds: nothing of it was unpacked")
        if member.name in seen:
            raise Damaged(f"it holds {member.name!r} twice: nothing of it was unpacked")
        if member.size < 0 or (member.size > SMALL and member.name in _NAMES and member.name != DATABASE):
            raise Damaged(f"it holds {member.name!r} with {member.size} bytes: nothing of it was unpacked")
        seen.add(member.name)
        yield member
