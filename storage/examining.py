"""A desk is held against its audit trail as it lies in its folder, also one that is too damaged to be opened."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from storage.described import DESK, Described
from storage.errors import said_in_our_words
from storage.folder import check_folder, keys_of
from storage.kept import KeptFiles
from storage.opening import opened
from storage.schema import connect, ready
from storage.trail import end_of
from storage.verify import Finding, findings

PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found, and where the trail ends: how many entries, and the digest of the last."""

    findings: tuple[Finding, ...]
    count: int
    last: str


def examined(folder: Path, described: Described = DESK) -> Examined:
    """In one look, beside whatever works at it; Refused and Unavailable say why there is no desk to look at."""
    check_folder(folder)
    with said_in_our_words(), closing(connect(folder, patience=PATIENCE)) as connection:
        ready(connection, described.ledgers, folder)
        found = findings(connection, described, keys_of(folder), KeptFiles(folder))
        return Examined(tuple(found), *end_of(connection))


async def examined_there(folder: Path, database: str, described: Described = DESK) -> Examined:
    """The same of a desk in PostgreSQL, whose keys are in `folder`."""
    async with await opened(folder, database, described=described) as store:
        count, last = await store.trail.end()
        return Examined(tuple(await store.verify()), count, last)
