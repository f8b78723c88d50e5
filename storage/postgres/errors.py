"""What PostgreSQL and the way to it raise, said in our words: try later, or never again as it stands."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
from asyncpg import exceptions as theirs

from committee.errors import Refused, Unavailable
from storage.errors import Damaged, Locked


class CutOff(Unavailable):
    """The connection is gone: what was under way on it was not done, unless it was the commit itself."""


class InDoubt(Unavailable):
    """The answer to a commit was lost and the server could not be asked again: it may have been done."""


class Unforeseen(Exception):
    """The database or its driver refused what this program asked: a mistake of ours, which nobody mends by trying again."""


def in_our_words(error: BaseException) -> BaseException:
    """The error that says the same to everyone outside storage; any that is neither PostgreSQL's nor the network's as it is."""
    ours = _ours(error)
    if ours is not error:
        ours.__cause__ = error
    return ours


@contextmanager
def said_in_our_words() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        ours = in_our_words(error)
        if ours is error:
            raise
        raise ours from error


def _ours(error: BaseException) -> BaseException:  # noqa: PLR0911 - a table
    if isinstance(error, Refused | Unavailable):
        return error
    if isinstance(error, theirs.LockNotAvailableError):
        return Locked("another process has been writing to this desk for too long; nothing was changed, try again")
    if isinstance(error, _CUT_OFF) or _says_that_it_is_gone(error):
        return CutOff(f"the desk's database cannot be reached ({_first_line(error)}); nothing was changed")
    if isinstance(error, _LATER):
        return Unavailable(f"the desk's database could not do it now ({_first_line(error)}); nothing was changed")
    if isinstance(error, _NOT_LET_IN):
        return Refused(
            f"the desk's database does not let us in ({_first_line(error)}): put DATABASE_URL or its rights right"
        )
    if isinstance(error, theirs.DataCorruptedError | theirs.IndexCorruptedError):
        return Damaged(f"the desk's database is damaged ({_first_line(error)}): restore it from the last backup")
    if isinstance(error, _NOT_IN_STEP):
        return Unavailable(f"the desk's database did not take it ({_named(error)}); nothing was changed, try again")
    if isinstance(error, theirs.PostgresError | asyncpg.InterfaceError):
        return Unforeseen(f"the desk's database did not understand this program ({_named(error)}); nothing was changed")
    return error


def is_gone(connection: Any) -> bool:
    """Whether it was cut off; the pool takes such a one back by itself, and it answers nothing from then on."""
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True


def _says_that_it_is_gone(error: BaseException) -> bool:
    """What the driver says of one that it has closed, or that the pool has taken back since it was."""
    return isinstance(error, asyncpg.InterfaceError) and any(word in str(error) for word in ("clos", "released back"))


def _first_line(error: BaseException) -> str:
    """What a server or a system says, without the rows that it may show beside."""
    return (str(error).splitlines() or [""])[0][:200] or type(error).__name__


def _named(error: BaseException) -> str:
    """Its kind, and what of ours it is about; never its text, which may quote what was to be written."""
    about = (getattr(error, name, None) for name in ("sqlstate", "table_name", "column_name", "constraint_name"))
    return " ".join([type(error).__name__, *filter(None, about)])


_CUT_OFF = (
    OSError, TimeoutError, theirs.PostgresConnectionError, theirs.AdminShutdownError, theirs.CrashShutdownError,
    theirs.CannotConnectNowError, theirs.IdleInTransactionSessionTimeoutError, theirs.IdleSessionTimeoutError,
    theirs.InternalClientError,
)  # fmt: skip
_LATER = (
    theirs.InsufficientResourcesError, theirs.QueryCanceledError, theirs.TransactionRollbackError,
    theirs.ReadOnlySQLTransactionError, theirs.InFailedSQLTransactionError, theirs.PostgresIOError,
    theirs.ObjectInUseError,
)  # fmt: skip
_NOT_IN_STEP = (theirs.UniqueViolationError,)
"""Somebody else wrote first: in the next transaction that is seen."""
_NOT_LET_IN = (
    theirs.InvalidAuthorizationSpecificationError, theirs.InvalidCatalogNameError, theirs.InsufficientPrivilegeError,
)  # fmt: skip
