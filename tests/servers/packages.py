"""Where the servers' programs are: installed on this host, or unpacked into .servers/ and carried into a run's own folder."""

import os
import pwd
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.host import left_out

UNPACKED = Path(__file__).parents[2] / ".servers" / "root"
ROOT = os.getuid() == 0
NOBODY = pwd.getpwnam("nobody") if ROOT else pwd.getpwuid(os.getuid())
"""Whose processes the servers are that need no root."""
HOW = "sh tests/tools.sh brings it into .servers/ where apt-get can download; make servers installs it"


@contextmanager
def home_of(package: str) -> Iterator[Path]:
    """A folder of this run's own for a server, with its programs in it where they are not installed; gone afterwards."""
    with home_of_any() as home:
        if not _installed(package):
            _carry(package, home)
        yield home


@contextmanager
def home_of_any() -> Iterator[Path]:
    """A folder of this run's own, with nothing in it; gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="vb", dir="/tmp"))
    home.chmod(0o755)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def libraries(package: str, home: Path) -> Path:
    """The folder of the package's own programs and modules, /usr/lib/PACKAGE or what stands for it."""
    return Path("/usr/lib", package) if _installed(package) else home


def program(name: str, home: Path) -> str:
    found = shutil.which(name, path=f"{home}/sbin:{home}/bin:{os.environ['PATH']}:/usr/sbin")
    return found or left_out(f"{name} is not on this host: {HOW}")


def as_nobody() -> dict[str, Any]:
    """What makes subprocess start a server without root."""
    return {"user": NOBODY.pw_uid, "group": NOBODY.pw_gid, "extra_groups": []} if ROOT else {}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _installed(package: str) -> bool:
    return Path("/usr/lib", package).is_dir() and Path("/usr/sbin", package).exists()


def _carry(package: str, home: Path) -> None:
    """Copy an unpacked package so that it finds itself: paths compiled into it become paths of the same length in `home`."""
    if not (UNPACKED / f"usr/sbin/{package}").exists():
        left_out(f"{package} is not on this host: {HOW}")
    shutil.copytree(UNPACKED / f"usr/lib/{package}", home, symlinks=True, dirs_exist_ok=True)
    for folder in ("sbin", "bin"):
        shutil.copytree(UNPACKED / "usr" / folder, home / folder, symlinks=True, dirs_exist_ok=True)
    for library in UNPACKED.glob("usr/lib/*-linux-gnu*/*.so*"):
        shutil.copy(library, home, follow_symlinks=False)
    (home / "c").symlink_to("bin/doveconf")
    moved = {f"/usr/lib/{package}": f"{home}/", "/usr/bin/doveconf": f"{home}/c"}
    assert all(len(there) == len(here) for there, here in moved.items()), moved
    for file in home.rglob("*"):
        if file.is_file() and not file.is_symlink():
            content = file.read_bytes()
            for there, here in moved.items():
                content = content.replace(there.encode(), here.encode())
            file.write_bytes(content)
