"""What left is kept as it left, at once after: composed once more, held against the hashes on record, and packed."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from committee import sent_messages as rule
from committee.errors import Unavailable
from committee.letters import Delivery, Letter, Record
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
Found = tuple[SentMessage, Left]


async def catch_up(desk: Desk, most: int | None = None, *, ending: Callable[[], bool] = lambda: False) -> int:
    """Settle what letters owe to the record, the oldest first, until nothing is owed or so many are settled; says how many.

    What is on its way at this moment stays owed. `ending` is asked before each letter. Several processes may do it at
    once: what one has settled the others leave alone.
    """
    at_hand, passed, settled = _AtHand(desk.store), set[str](), 0
    while most is None or settled < most:
        owed = await desk.store.letters.find(record=Record.OWED, limit=A_SLICE + len(passed))
        letters = [letter for letter in owed if letter.key not in passed][:A_SLICE]
        packed = await _packed(letters, at_hand, desk, ending)
        if not letters or ending():
            break
        settled += await _settled([letter.key for letter in letters], packed, desk)
        passed |= {letter.key for letter in letters}
    return settled


async def _packed(
    letters: Sequence[Letter], at_hand: "_AtHand", desk: Desk, ending: Callable[[], bool]
) -> dict[str, Packed | None]:
    """Each letter that owes a message as it would leave now, made small; None for one that cannot be composed."""
    found, packed = await _found(letters, desk.store), dict[str, Packed | None]()
    for letter in letters:
        row, left = found[letter.key]
        if left.asks_for(row) and not ending():
            packed[letter.key] = await at_hand.packed(letter, desk)
            await asyncio.sleep(0)
    return packed


async def _settled(keys: Sequence[str], packed: Mapping[str, Packed | None], desk: Desk) -> int:
    """One commit for all of them, in which the deliveries are looked at once more; how many owe nothing any more."""
    about = keys[0] if len(keys) == 1 else "outbox"
    async with desk.store.transaction(by="rule: record", doing="messages kept", about=about, at=desk.now) as tx:
        seen = {key: one for key, one in (await tx.letters.seen(keys)).items() if one.value.record is Record.OWED}
        found = await _found([one.value for one in seen.values()], tx)
        rows = {
            key: rule.with_message(row, left, packed[key]) if key in packed else row
            for key, (row, left) in found.items()
        }
        await _keep([row for key, row in rows.items() if row != found[key][0]], tx)
        records = {key: rule.record_of(row, found[key][1]) for key, row in rows.items()}
        now = {key: one for key, one in records.items() if one is not Record.OWED}
        await tx.letters.swap([(seen[key], replace(seen[key].value, record=one)) for key, one in now.items()])
    for key, row in rows.items():
        if row.not_kept != found[key][0].not_kept:
            log.warning("message not kept: composed again it is not the one that was sent", key=key)
    return len(now)


async def _keep(rows: Sequence[SentMessage], tx: Transaction) -> None:
    there = await tx.sent_messages.seen([row.key for row in rows])
    await tx.sent_messages.add(*(row for row in rows if row.key not in there))
    await tx.sent_messages.put(*(row for row in rows if row.key in there))


async def _found(letters: Collection[Letter], tables: Tables) -> dict[str, Found]:
    """Of each letter what is kept of it, and what its deliveries say."""
    keys = tuple(letter.key for letter in letters)
    if not keys:
        return {}
    deliveries: dict[str, list[Delivery]] = {key: [] for key in keys}
    for delivery in await tables.deliveries.find(letter=keys):
        deliveries[delivery.letter].append(delivery)
    rows = {row.key: row for row in await tables.sent_messages.find(key=keys)}
    return {
        letter.key: (rows.get(letter.key) or sent_messages.row_of(letter), rule.left(deliveries[letter.key]))
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
