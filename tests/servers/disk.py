"""A disk of a few megabytes, which a test fills to the last page."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.host import left_out, needs
from tests.servers import packages

PAGE = 4096


@dataclass(frozen=True, slots=True)
class Disk:
    path: Path

    def leave(self, pages: int) -> None:
        """From now on so much is free, and no more."""
        self.make_room()
        with self._filler.open("wb") as filler:
            while (free := os.statvfs(self.path).f_bavail - pages) > 0:
                size = os.fstat(filler.fileno()).st_size + free * PAGE
                with suppress(OSError):  # somebody else was quicker with the last page
                    os.posix_fallocate(filler.fileno(), 0, size)

    def make_room(self) -> None:
        self._filler.unlink(missing_ok=True)

    @property
    def _filler(self) -> Path:
        return self.path / "filler"


@contextmanager
def mounted(path: Path, size: str) -> Iterator[Disk]:
    """A tmpfs; root alone may mount one."""
    if not packages.ROOT:
        left_out("a disk that really fills is mounted by root only, and these tests are not root")
    path.mkdir()
    done = subprocess.run(
        [needs("mount"), "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(path)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        left_out(f"no disk can be mounted here: {done.stderr.strip()}")
    try:
        yield Disk(path)
    finally:
        subprocess.run([needs("umount"), "--lazy", str(path)], check=True, capture_output=True)
