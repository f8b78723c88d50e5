"""The address book leaves the desk as a table."""

import asyncio
from dataclasses import dataclass

from committee.exports import table_of
from committee.staff import Role
from mailflows.permissions import require
from mailflows.presses import Act
from mailflows.tables.writing import as_csv, as_xlsx


@dataclass(frozen=True, slots=True)
class Exported:
    """The same rows twice, and how many."""

    count: int
    csv: bytes
    xlsx: bytes


async def contacts(who: Act) -> Exported:
    """Every contact that is not erased, of all parties and all times, in the order of the keys."""
    require(who.person, Role.OFFICER, "export the contacts")
    rows = [*table_of(await who.desk.store.contacts.all())]
    return Exported(len(rows) - 1, await asyncio.to_thread(as_csv, rows), await asyncio.to_thread(as_xlsx, rows))
