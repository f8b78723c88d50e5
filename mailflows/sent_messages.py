"""What was really sent, byte for byte: as it was kept when it left, or composed again and held against the hash on record."""

import asyncio
import base64
import hashlib
import json
import zlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from committee.errors import Refused
from committee.letters import Letter
from committee.sent_messages import Packed, SentMessage
from mailflows import composed
from mailflows.desk import Desk
from mailflows.encoding import base64_parts
from mailflows.message import Message
from mailflows.proof import Proof, letter_of

FORMAT = 1
_LEVEL = 6
_WINDOW = 32_768
"""How much of a dictionary zlib looks at: its end."""
Encoded = Callable[[str], Awaitable[tuple[bytes, ...]]]
"""An enclosure by its SHA-256, as it stands in a message."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as bytes: kept when it left or composed again, and the hashes on record that it stands for."""

    raw: bytes
    sha256: str
    expected: tuple[str, ...]  # none where nothing has been accepted
    kept: bool

    @property
    def proven(self) -> bool:
        return self.expected == (self.sha256,)

    @property
    def says(self) -> str:
        """In a sentence."""
        if self.proven and self.kept:
            return "These are the bytes that were sent, kept as they left: their SHA-256 is the one on record."
        if self.proven:
            return "These are the bytes that were sent: composed again, and their SHA-256 is the one on record."
        if not self.expected:
            what = "It was kept when it may have left" if self.kept else "It was composed now"
            return f"{what}; nothing of it has been accepted yet, so there is no hash on record to hold it against."
        return (
            f"These are NOT the bytes that were sent, which were not kept: composed again, their SHA-256 is {self.sha256}, on "
            f"record is {', '.join(self.expected)}. The words are those that were released; what builds a message of them has "
            "changed since."
        )


async def sent(shown: Proof, desk: Desk) -> list[Sent]:
    """The messages of the letter of which this is the proof, the first one first: one, or several where its copies differ.

    `Refused` where it is the proof of several letters, or a message can neither be opened nor composed.
    """
    letter = letter_of(shown)
    copies = sorted(
        (copy for one in shown.copies if one.letter.key == letter.key for copy in one.acceptances),
        key=lambda copy: copy.at,
    )
    return await as_sent(letter, [copy.sha256 for copy in copies], desk)


async def as_sent(letter: Letter, hashes: Iterable[str], desk: Desk) -> list[Sent]:
    """The messages that have these hashes on record: what was kept of them, and else the letter composed again."""
    wanted = list(dict.fromkeys(filter(None, hashes)))
    row = await desk.store.sent_messages.get(letter.key)
    there = [one for one in row.messages if one.sha256 in wanted or not wanted] if row else []
    shown = [await _kept(row, one, wanted, desk) for one in there] if row else []
    known = {one.sha256 for one in there}
    missing = [sha256 for sha256 in wanted if sha256 not in known]
    if missing or not shown:
        shown += _composed(await composed.message(letter, desk), missing)
    return sorted(shown, key=lambda one: wanted.index(one.expected[0]) if one.expected else 0)


async def _kept(row: SentMessage, one: Packed, wanted: list[str], desk: Desk) -> Sent:
    raw = await unpack(row, one, desk)
    return Sent(raw, one.sha256, (one.sha256,) if wanted else (), kept=True)


def _composed(message: Message, missing: list[str]) -> list[Sent]:
    """It is one of those that are missing, or it stands for all of them, and says that it is none."""
    raw, others = bytes(message), tuple(sha256 for sha256 in missing if sha256 != message.sha256)
    fits = [Sent(raw, message.sha256, (message.sha256,), kept=False)] if message.sha256 in missing else []
    return [*fits, *([Sent(raw, message.sha256, others, kept=False)] if others or not missing else [])]


def packed(message: Message, enclosures: Mapping[str, tuple[bytes, ...]], dictionary: bytes = b"") -> bytes:
    """A message small enough to be kept once a letter: without its enclosures, which are kept already, and compressed.

    `enclosures` holds by SHA-256 the parts that stand for them in the message; `dictionary` is something that stays kept
    and is like the message: its template.
    """
    document = json.dumps({"format": FORMAT, "sha256": message.sha256, "parts": _without(message.parts, enclosures)})
    squeezed = zlib.compressobj(_LEVEL, zdict=dictionary[-_WINDOW:])
    return squeezed.compress(document.encode("ascii")) + squeezed.flush()


def unpacked(data: bytes, enclosure: Callable[[str], bytes], dictionary: bytes = b"") -> bytes:
    """The message as it was, byte for byte; `Refused` where what comes out does not have the hash that went in."""
    try:
        opened = zlib.decompressobj(zdict=dictionary[-_WINDOW:])
        document: dict[str, Any] = json.loads(opened.decompress(data) + opened.flush())
    except (zlib.error, ValueError) as error:
        raise Refused(
            "The kept message cannot be opened: it or its template is damaged. Restore it from a backup."
        ) from error
    if document.get("format") != FORMAT:
        raise Refused("The message was kept by another Verbale, in a format that this one does not know.")
    raw = b"".join(
        part.encode("ascii") if isinstance(part, str) else b"".join(base64_parts(enclosure(part["kept"])))
        for part in document["parts"]
    )
    if hashlib.sha256(raw).hexdigest() != document["sha256"]:
        raise Refused("The kept message is not what was sent: an enclosure or the message itself is damaged.")
    return raw


def _without(parts: tuple[bytes, ...], enclosures: Mapping[str, tuple[bytes, ...]]) -> list[str | dict[str, str]]:
    """The parts, and in the place of each enclosure the hash under which it is kept."""
    pieces: list[str | dict[str, str]] = []
    place = 0
    while place < len(parts):
        for sha256, encoded in enclosures.items():
            if encoded and parts[place : place + len(encoded)] == encoded:
                pieces.append({"kept": sha256})
                place += len(encoded)
                break
        else:
            pieces.append(parts[place].decode("ascii"))
            place += 1
    return pieces


async def pack(letter: Letter, message: Message, template: bytes, encoded: Encoded) -> Packed:
    """What is kept of a letter's message, with its frozen template as the dictionary."""
    enclosures = {one.sha256: await encoded(one.sha256) for one in letter.enclosures}
    return Packed(message.sha256, base64.b64encode(packed(message, enclosures, template)).decode("ascii"))


def row_of(letter: Letter) -> SentMessage:
    """Of a letter of which nothing was kept yet."""
    return SentMessage(letter.key, letter.template, tuple(dict.fromkeys(one.sha256 for one in letter.enclosures)))


async def unpack(row: SentMessage, one: Packed, desk: Desk) -> bytes:
    """The message from what was kept of it; `Refused` where it, its template or an enclosure is damaged."""
    enclosures = {sha256: await desk.store.kept(sha256) for sha256 in row.enclosures}
    template = await desk.store.kept(row.template)
    try:
        data = base64.b64decode(one.data, validate=True)
    except ValueError as error:
        raise Refused("The kept message cannot be opened: it is damaged. Restore it from a backup.") from error
    raw = await asyncio.to_thread(unpacked, data, enclosures.__getitem__, template)
    if hashlib.sha256(raw).hexdigest() != one.sha256:
        raise Refused("The kept message is not the one that its row names: the row is damaged.")
    return raw
