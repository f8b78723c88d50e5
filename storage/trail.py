"""The audit trail: one entry for each transaction that changed anything, chained and sealed in the same commit."""

import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from committee.audit import Change, End, Entry, canonical, digest_after, listed, moment, seal_of, sha256
from committee.errors import Refused
from storage.documents import plain
from storage.folder import Key
from storage.ledgers import condition
from storage.place import Place

SEARCHED_BY = frozenset({"about", "by", "doing"})
ROW = "seq, at, by, doing, about, changes, words_digest"
"""What is written of an entry, in the order in which it is chained."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who opens a transaction, for what, about which key, when; `words` may name people and can be erased later."""

    by: str
    doing: str
    about: str
    at: datetime
    words: Mapping[str, Any] | None = None


class Trail:
    """The trail as it is read."""

    def __init__(self, place: Place) -> None:
        self._place = place

    async def find(
        self, *, since: datetime | None = None, newest_first: bool = False, limit: int | None = None, **facts: Any
    ) -> list[Entry]:
        """The entries `about` a key, `by` someone, of `doing` something, in the order in which they were committed."""
        if unknown := sorted(set(facts) - SEARCHED_BY):
            raise TypeError(f"the trail cannot be searched by {', '.join(unknown)}")
        where, values = condition("at", since, facts)
        order = f"ORDER BY seq {'DESC' if newest_first else 'ASC'} LIMIT {-1 if limit is None else int(limit)}"
        return await self._place.run(self._find, f"{where} {order}", values)

    async def end(self) -> tuple[int, str]:
        """How many entries there are, and the digest of the last: whoever notes them sees a trail that was cut later."""
        return await self._place.run(lambda: end_of(self._place.connection))

    def _find(self, rest: str, values: list[Any]) -> list[Entry]:
        rows = f"SELECT seq, at, by, doing, about, changes, words FROM trail LEFT JOIN words USING (seq) {rest}"
        return [entry(*row) for row in self._place.connection.execute(rows, values)]


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as every store writes it: the row that is chained, its digest, the words beside it, and the new seal."""

    row: tuple[int, str, str, str, str, str, str | None]
    digest: str
    salt: str | None
    words: str | None
    seal: str

    @property
    def end(self) -> End:
        return End(self.row[0], self.digest)


def entry_after(end: End, occasion: Occasion, changes: Iterable[Change], key: Key) -> Written:
    """The entry of the transaction that is about to commit after the last one."""
    words, salt, words_digest = _beside(occasion.words)
    row = (end.seq + 1, moment(occasion.at), occasion.by, occasion.doing, occasion.about, listed(changes), words_digest)
    new = End(row[0], digest_after(end.digest, row))
    return Written(row, new.digest, salt, words, f"{key.id}:{seal_of(*new, key.secret)}")


def append(connection: sqlite3.Connection, new: Written) -> End:
    """Add the entry, and seal the trail anew; Refused where the desk was moved away."""
    connection.execute(f"INSERT INTO trail ({ROW}, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*new.row, new.digest))
    if new.words is not None:
        connection.execute("INSERT INTO words (seq, salt, words) VALUES (?, ?, ?)", (new.end.seq, new.salt, new.words))
    if not connection.execute(_SEAL, (new.seal,)).rowcount:
        raise Refused("this desk was moved elsewhere while it was open; nothing was changed: work at the moved one")
    return new.end


def end_of(connection: sqlite3.Connection) -> End:
    row = connection.execute("SELECT seq, digest FROM trail ORDER BY seq DESC LIMIT 1").fetchone()
    return End(*row) if row else End()


_SEAL = "UPDATE meta SET value = ? WHERE name = 'seal' AND NOT EXISTS (SELECT 1 FROM meta WHERE name = 'moved')"


def changes_after(connection: sqlite3.Connection, seq: int) -> Iterator[tuple[str, str]]:
    """Which table and key each later entry changed: the trail is also what other processes catch up by."""
    for (changes,) in connection.execute("SELECT changes FROM trail WHERE seq > ?", (seq,)):
        yield from ((table, key) for table, key, _ in json.loads(changes))


def digest_of_words(salt: str, words: str) -> str:
    return sha256(salt + words)


def _beside(words: Mapping[str, Any] | None) -> tuple[str | None, str | None, str | None]:
    if not words:
        return None, None, None
    # With salt: a name or an address that was erased could otherwise be found again by trying.
    text, salt = canonical(plain(words)), secrets.token_hex(16)
    return text, salt, digest_of_words(salt, text)


def entry(seq: int, at: str, by: str, doing: str, about: str, changes: str, words: str | None) -> Entry:  # noqa: PLR0913, PLR0917 - a row
    listed_there = tuple(Change(*change) for change in json.loads(changes))
    return Entry(
        seq, datetime.fromisoformat(at), by, doing, about, listed_there, None if words is None else json.loads(words)
    )
