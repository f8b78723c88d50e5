"""The audit trail in PostgreSQL: read by what it says, and added to in the commit of each change."""

from datetime import datetime
from typing import Any
from uuid import UUID

from committee.audit import End, Entry
from storage.postgres.ledgers import RowPlace, Where
from storage.postgres.rows import Column
from storage.postgres.texts import literal, read
from storage.trail import ROW, SEARCHED_BY, Trail, Written, entry

CHANNEL = "verbale_commit"
LAST = "SELECT seq, digest FROM trail ORDER BY seq DESC LIMIT 1"


class PostgresTrail(Trail):
    """The trail as it is read."""

    def __init__(self, place: RowPlace) -> None:
        self._rows = place

    async def find(
        self, *, since: datetime | None = None, newest_first: bool = False, limit: int | None = None, **facts: Any
    ) -> list[Entry]:
        if unknown := sorted(set(facts) - SEARCHED_BY):
            raise TypeError(f"the trail cannot be searched by {', '.join(unknown)}")
        where = Where("at", since)
        for name, value in facts.items():
            where.one_of(Column(name, "text"), value)
        most = "" if limit is None else f" LIMIT {int(limit)}"
        rows = await self._rows.fetch(
            "SELECT seq, at, by, doing, about, changes, words FROM trail LEFT JOIN words USING (seq)"
            f" {where.clause} ORDER BY seq {'DESC' if newest_first else 'ASC'}{most}",
            *where.values,
        )
        return [_entry(*(read(value) if isinstance(value, str) else value for value in row)) for row in rows]

    async def end(self) -> tuple[int, str]:
        return end_of(await self._rows.fetch(LAST))


def _entry(*row: Any) -> Entry:
    return entry(*row)


def end_of(rows: list[Any]) -> End:
    return End(*rows[0]) if rows else End()


def appending(new: Written, token: UUID) -> str:
    """Statements that add the entry, seal the trail anew, tell whoever listens, and commit: one way to the server and back.

    They are sent as text, since what takes values one by one takes one statement at a time.
    """
    row = ", ".join(map(literal, (*new.row, new.digest, str(token))))
    statements = [f"INSERT INTO trail ({ROW}, digest, token) VALUES ({row})"]
    if new.words is not None:
        beside = ", ".join(map(literal, (new.end.seq, new.salt, new.words)))
        statements.append(f"INSERT INTO words (seq, salt, words) VALUES ({beside})")
    statements.append(f"UPDATE meta SET value = {literal(new.seal)} WHERE name = 'seal'")
    return "; ".join((*statements, f"NOTIFY {CHANNEL}", "COMMIT"))
