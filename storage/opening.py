"""A desk is opened or made where it lies: all of it in its folder, or its keys there and everything else in PostgreSQL."""

from pathlib import Path

from storage.described import DESK, Described
from storage.port import Store
from storage.store import Store as FolderStore


async def opened(
    folder: Path, database: str | None = None, *, described: Described = DESK, bring_forward: bool = False
) -> Store:
    """Open an existing desk; NotADesk, OlderDesk, NewerDesk, Damaged, Refused and Unavailable say why it cannot be.

    `database` is a URL of PostgreSQL's, or none. `bring_forward` makes an older desk one of this version; whoever asks for
    it has a backup.
    """
    if not database:
        return await FolderStore.open(folder, described=described, bring_forward=bring_forward)
    from storage.postgres.store import PostgresStore  # noqa: PLC0415 - its driver is loaded where there is a database

    return await PostgresStore.open(folder, database, described=described, bring_forward=bring_forward)


async def made(folder: Path, database: str | None = None, *, described: Described = DESK) -> Store:
    """Make a desk and open it; FolderTaken where there is one already."""
    if not database:
        return await FolderStore.create(folder, described=described)
    from storage.postgres.store import PostgresStore  # noqa: PLC0415 - its driver is loaded where there is a database

    return await PostgresStore.create(folder, database, described=described)
