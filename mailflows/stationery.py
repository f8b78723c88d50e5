"""What many letters share is taken from the shelf once: their templates, and their enclosures as they stand in a message."""

import asyncio
from collections import OrderedDict

from committee.letters import Enclosure, Letter
from mailflows import composing, forms, letters
from mailflows.desk import Desk
from mailflows.message import Message
from mailflows.reply_tokens import reply_to
from storage.port import Store

MOST = 64_000_000
"""Bytes of encoded enclosures that are kept in memory; the one in use is, whatever its size."""
AT_ONCE = 100_000
"""Bytes that are hashed and encoded without leaving the event loop: half a millisecond."""


class Stationery:
    """The templates and enclosures of one store, each read, checked and encoded once for all letters that have it."""

    def __init__(self, store: Store, most: int = MOST) -> None:
        self.store = store
        self._most = most
        self._bundles: dict[str, forms.Bundle] = {}
        self._enclosures: OrderedDict[str, tuple[bytes, ...]] = OrderedDict()
        self._reading = asyncio.Lock()

    async def message(self, letter: Letter, desk: Desk) -> Message:
        """What leaves, from the frozen words: the same bytes for every copy; what left is kept by `archiving`.

        `Refused` where an enclosure is not the one that was released or an address cannot be written, Damaged where
        what was kept is gone.
        """
        bundle = self._bundles.get(letter.template) or await self._bundle(letter.template)
        enclosed = {each.sha256: await self._encoded(each) for each in letter.enclosures}
        return composing.assemble(
            letter,
            bundle.write(letter),
            letterhead=letters.letterhead(desk),
            enclosed=enclosed,
            reply_to=reply_to(letter, desk),
        )

    async def _bundle(self, sha256: str) -> forms.Bundle:
        bundle = forms.bundle(await self.store.kept(sha256))
        self._bundles[sha256] = bundle
        return bundle

    async def _encoded(self, enclosure: Enclosure) -> tuple[bytes, ...]:
        """Its base64: the same parts for every letter. Those who ask at once wait for one reading."""
        if enclosure.sha256 not in self._enclosures:
            async with self._reading:
                if enclosure.sha256 not in self._enclosures:
                    await self._read(enclosure)
        self._enclosures.move_to_end(enclosure.sha256)
        return self._enclosures[enclosure.sha256]

    async def _read(self, enclosure: Enclosure) -> None:
        content = await self.store.kept(enclosure.sha256)
        if len(content) > AT_ONCE:
            encoded = await asyncio.to_thread(composing.encoded, enclosure, content)
        else:
            encoded = composing.encoded(enclosure, content)
        self._enclosures[enclosure.sha256] = encoded
        held = sum(map(_size, self._enclosures.values()))
        while held > self._most and len(self._enclosures) > 1:
            held -= _size(self._enclosures.popitem(last=False)[1])


def _size(parts: tuple[bytes, ...]) -> int:
    return sum(map(len, parts))
