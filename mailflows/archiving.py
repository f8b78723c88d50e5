"""What left is kept as it left, at once after: composed once more, held against the hashes on record, and packed."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from committee import sent_messages as rule
from committee.errors import Unavailable
from committee.letters import Delivery, Letter, Record, dated, record_of
from committee.sent_messages import Left, Packed, SentMessage
from mailflows import sent_messages
from mailflows.desk import Desk
from mailflows.encoding import base64_parts
from mailflows.logs import log
from mailflows.stationery import Stationery
from storage.port import Store, Transaction
from storage.tables import Tables

A_SLICE = 50
"""Letters that are settled in one commit: whoever delivers waits for one such commit at most."""
MOST_AT_HAND = 32_000_000
"""Bytes of templates and encoded enclosures that are not read again for the next letter."""


@dataclass(frozen=True, slots=True)
class Found:
    """A letter with what became of its copies, and what is kept of it."""

    letter: Letter
    deliveries: list[Delivery]
    row: SentMessage

    @property
    def left(self) -> Left:
        return rule.left(self.deliveries)


async def catch_up(desk: Desk, most: int | None = None, *, ending: Callable[[], bool] = lambda: False) -> int:
    """Settle what letters owe to the record, the oldest first, until nothing is owed or so many are settled; says how many.

    What is on its way at this moment stays owed. `ending` is asked before each letter. Several processes may do it at
    once: what one has settled the others leave alone.
    """
    at_hand, passed, settled = _AtHand(desk.store), set[str](), 0
    while most is None or settled < most:
        keys = await _owing(desk.store, passed)
        packed = await _packed(keys, at_hand, desk, ending)
        if not keys or ending():
            break
        settled += await _settled(keys, packed, desk)
        passed |= set(keys)
    return settled


async def _owing(store: Store, passed: Collection[str]) -> list[str]:
    """The letters that owe a message, by their keys, the first of them that were not looked at yet."""
    found, limit = list[str](), A_SLICE
    while True:
        owed = await store.deliveries.find(record=Record.OWED, limit=limit)
        found = [key for key in dict.fromkeys(one.letter for one in owed) if key not in passed]
        if len(found) >= A_SLICE or len(owed) < limit:
            return found[:A_SLICE]
        limit *= 2


async def _packed(
    keys: Sequence[str], at_hand: "_AtHand", desk: Desk, ending: Callable[[], bool]
) -> dict[str, Packed | None]:
    """Each letter that owes a message as it would leave now, made small; None for one that cannot be composed."""
    packed = dict[str, Packed | None]()
    for key, found in (await _found(keys, desk.store)).items():
        if found.left.asks_for(found.row) and not ending():
            packed[key] = await at_hand.packed(found.letter, desk)
            await asyncio.sleep(0)
    return packed


async def _settled(keys: Sequence[str], packed: Mapping[str, Packed | None], desk: Desk) -> int:
    """One commit for all of them, in which the deliveries are looked at once more; how many owe nothing any more."""
    about = keys[0] if len(keys) == 1 else "outbox"
    async with desk.store.transaction(by="rule: record", doing="messages kept", about=about, at=desk.now) as tx:
        found = {key: one for key, one in (await _found(keys, tx)).items() if record_of(one.deliveries) is Record.OWED}
        rows = {
            key: rule.with_message(one.row, one.left, packed[key]) if key in packed else one.row
            for key, one in found.items()
        }
        await _keep([row for key, row in rows.items() if row != found[key].row], tx)
        records = {key: rule.record_of(row, found[key].left) for key, row in rows.items()}
        now = {key: one for key, one in records.items() if one is not Record.OWED}
        settled = [replace(copy, record=record) for key, record in now.items() for copy in found[key].deliveries]
        await tx.deliveries.put(*settled)
    for key, row in rows.items():
        if row.not_kept != found[key].row.not_kept:
            log.warning("message not kept: composed again it is not the one that was sent", key=key)
    return len(now)


async def _keep(rows: Sequence[SentMessage], tx: Transaction) -> None:
    there = await tx.sent_messages.seen([row.key for row in rows])
    await tx.sent_messages.add(*(row for row in rows if row.key not in there))
    await tx.sent_messages.put(*(row for row in rows if row.key in there))


async def _found(keys: Collection[str], tables: Tables) -> dict[str, Found]:
    """Of each letter what is kept of it, and what its deliveries say."""
    if not keys:
        return {}
    deliveries: dict[str, list[Delivery]] = {key: [] for key in keys}
    for delivery in await tables.deliveries.find(letter=tuple(keys)):
        deliveries[delivery.letter].append(delivery)
    rows = {row.key: row for row in await tables.sent_messages.find(key=tuple(keys))}
    letters = [dated(letter, deliveries[letter.key]) for letter in await tables.letters.find(key=tuple(keys))]
    return {
        letter.key: Found(letter, deliveries[letter.key], rows.get(letter.key) or sent_messages.row_of(letter))
        for letter in letters
    }


class _AtHand:
    """What many letters share, read once: templates as they compress, and enclosures as they stand in a message."""

    def __init__(self, store: Store) -> None:
        self._store, self._stationery = store, Stationery(store, MOST_AT_HAND)
        self._templates: dict[str, bytes] = {}
        self._encoded: dict[str, tuple[bytes, ...]] = {}

    async def packed(self, letter: Letter, desk: Desk) -> Packed | None:
        try:
            message = await self._stationery.message(letter, desk)
            return await sent_messages.pack(letter, message, await self._template(letter.template), self._parts)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - one letter that nobody foresaw must not keep the others from the record
            log.error("message not composed for the record", key=letter.key, error=type(error).__name__)
            return None

    async def _template(self, sha256: str) -> bytes:
        if sha256 not in self._templates:
            self._templates[sha256] = await self._store.kept(sha256)
        return self._templates[sha256]

    async def _parts(self, sha256: str) -> tuple[bytes, ...]:
        if sha256 not in self._encoded:
            content = await self._store.kept(sha256)
            if sum(len(part) for parts in self._encoded.values() for part in parts) + len(content) > MOST_AT_HAND:
                self._encoded.clear()
            self._encoded[sha256] = await asyncio.to_thread(base64_parts, content)
        return self._encoded[sha256]
