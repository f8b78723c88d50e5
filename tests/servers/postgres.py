"""A real PostgreSQL on loopback: a database for each test, made from one that is there already, and every way of losing it."""

import asyncio
import itertools
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg

from tests.host import left_out
from tests.servers import packages
from tests.servers.process import Process, eventually

INSTALLED, HOW = Path("/usr/lib/postgresql"), "make servers installs it, sh tests/tools.sh unpacks it"
RECOVERS = 120
"""Seconds: after a crash it forces every file of every database to the disk, which others may be using too."""
NAMES = itertools.count(1)
SETTINGS = {
    "listen_addresses": "127.0.0.1", "shared_buffers": "64MB", "max_connections": "60", "log_min_messages": "warning",
    "autovacuum_naptime": "10s",
}  # fmt: skip


class Postgres:
    """The server. Tests kill it and never the host, so what it has written is kept without being `forced` to the disk."""

    host = "127.0.0.1"

    def __init__(self, home: Path, *, forced: bool = False) -> None:
        self.home, self.port, self._forced = home, packages.free_port(), forced
        self._programs = _programs(home)
        (home / "data").mkdir()
        if packages.ROOT:
            for path in (home, home / "data"):
                os.chown(path, packages.NOBODY.pw_uid, packages.NOBODY.pw_gid)
        self._run("initdb", "-D", str(home / "data"), "-U", "desk", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        self.start()

    def start(self) -> None:
        chosen = SETTINGS | {"fsync": "on" if self._forced else "off"}
        settings = [word for name, value in chosen.items() for word in ("-c", f"{name}={value}")]
        where = ["-D", str(self.home / "data"), "-p", str(self.port), "-k", str(self.home)]
        command = [str(self._programs / "postgres"), *where, *settings]
        self._process = Process(command, self.port, self.home / "log", env=self._environment, **packages.as_nobody())
        eventually(self._lets_in, RECOVERS)

    def stop(self, how: int = signal.SIGINT) -> None:
        """SIGINT is PostgreSQL's fast shutdown; SIGQUIT its immediate one, after which it recovers as from a crash."""
        with suppress(ProcessLookupError):
            os.kill(self._process.pid, how)
        self._process.end()

    def restart(self, how: int = signal.SIGINT) -> None:
        self.stop(how)
        self.start()

    def database(self) -> str:
        """The URL of a new, empty database."""
        name = f"desk_{os.getpid()}_{next(NAMES)}"
        self.sql("postgres", f"CREATE DATABASE {name}")
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgresql://desk@{self.host}:{self.port}/{name}"

    def drop(self, url: str) -> None:
        self.sql("postgres", f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]} WITH (FORCE)")

    def cut_off(self) -> None:
        """End every connection that is there, as an administrator or a network does."""
        self.sql("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")

    def shift(self, url: str, by: timedelta) -> None:
        """Set a desk's clock forward, or back."""
        self.sql(url, f"UPDATE verbale.clock SET shift = make_interval(secs => {by.total_seconds()})")

    def sql(self, database: str, *statements: str) -> list[Any]:
        """Done at once, by a connection of its own, whatever event loop runs; answers with the last one's rows."""
        return _in_a_thread(self._sql(self.url(database) if "://" not in database else database, statements))

    async def _sql(self, url: str, statements: tuple[str, ...]) -> list[Any]:
        connection = await asyncpg.connect(url)
        try:
            for statement in statements:
                rows = await connection.fetch(statement)
            return [tuple(row) for row in rows]
        finally:
            await connection.close()

    def _lets_in(self) -> bool:
        try:
            return bool(self.sql("postgres", "SELECT 1"))
        except (OSError, asyncpg.PostgresError):
            return False

    def _run(self, name: str, *words: str) -> None:
        command = [str(self._programs / name), *words]
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, cwd="/", env=self._environment, **packages.as_nobody()
        )
        assert done.returncode == 0, (words, done.stderr)

    @property
    def _environment(self) -> dict[str, str]:
        return os.environ | {"LD_LIBRARY_PATH": str(self.home / "libraries"), "LC_ALL": "C", "TZ": "UTC"}


@contextmanager
def running(*, forced: bool = False) -> Iterator[Postgres]:
    """`forced`: each commit is on the disk before it is one, as a bench must have it."""
    with packages.home_of_any() as home:
        server = Postgres(home, forced=forced)
        try:
            yield server
        finally:
            server.stop()


def _programs(home: Path) -> Path:
    """The newest that is installed, else the one that was unpacked, carried to where its account may read it."""
    for root in (INSTALLED, packages.UNPACKED / "usr/lib/postgresql"):
        versions = sorted(root.glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
        if versions:
            return versions[-1].parent if root == INSTALLED else _carried(versions[-1].parts[-3], home)
    return left_out(f"PostgreSQL is not on this host: {HOW}")


def _carried(version: str, home: Path) -> Path:
    """PostgreSQL finds its own files from where its programs lie."""
    for folder in ("lib/postgresql", "share/postgresql"):
        shutil.copytree(packages.UNPACKED / "usr" / folder / version, home / "usr" / folder / version, symlinks=True)
    (home / "libraries").mkdir()
    for library in packages.UNPACKED.glob("usr/lib/*-linux-gnu*/*.so*"):
        shutil.copy(library, home / "libraries", follow_symlinks=False)
    return home / "usr/lib/postgresql" / version / "bin"


def _in_a_thread(work: Any) -> Any:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
