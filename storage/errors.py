"""What SQLite and the file system raise, said in our words: try later, or never again as it stands."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from committee.errors import Refused, Unavailable


class FolderTaken(Refused):
    """The folder already holds a desk."""


class NotADesk(Refused):
    """The folder holds no desk, or one whose making was cut off."""


class MovedAway(Refused):
    """The desk is elsewhere now; the message says where."""


class NewerDesk(Refused):
    """A newer Verbale has written this desk."""


class OlderDesk(Refused):
    """An older Verbale has written this desk, and nobody has brought it forward yet."""


class Damaged(Refused):
    """Something that was kept is no longer what it was."""


class Busy(Unavailable):
    """Another process does this work at the moment; the message says which."""

    def __init__(self, holder: str, hint: str = "") -> None:
        more = f"; {hint}" if hint else ""
        super().__init__(f"this desk's mail is being worked on by {holder}: let it end, or end it, and try again{more}")
        self.holder = holder


class Locked(Unavailable):
    """Another process is committing; a transaction waits for it by itself."""


def in_our_words(error: BaseException) -> BaseException:
    """The error that says the same to everyone outside storage; any that is not of SQLite or the file system as it is."""
    ours = _of_sqlite(error) if isinstance(error, sqlite3.DatabaseError) else _of_files(error)
    if ours is not error:
        ours.__cause__ = error
    return ours


@contextmanager
def said_in_our_words() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise in_our_words(error) from error


def _of_sqlite(error: sqlite3.DatabaseError) -> BaseException:
    name = getattr(error, "sqlite_errorname", None) or ""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Locked("another process is committing to this desk; nothing was changed")
    if name.startswith(_LATER):
        return Unavailable(f"the desk's folder could not be written or read ({error}); nothing was changed")
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return Damaged(f"the desk's database is damaged ({error}): restore it from the last backup")
    return error


def _of_files(error: BaseException) -> BaseException:
    if not isinstance(error, OSError):
        return error
    where = f"{error.strerror}: {error.filename}" if error.filename else str(error.strerror)
    return Unavailable(f"the desk's folder could not be used ({where}); nothing was changed")


_LATER = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_NOMEM")
