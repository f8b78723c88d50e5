"""A message's text as it goes over an SMTP line: in blocks, leading dots doubled, large parts never copied whole."""

import re
from collections.abc import Iterator

from mailflows.message import Message

BLOCK = 262_144
_LEADING_DOT = re.compile(rb"\n\.")


def blocks(message: Message) -> Iterator[bytes | memoryview]:
    """The text in blocks of about 256 KB: small parts joined, large ones looked at where they are.

    A dot after a bare LF is doubled too: a server that takes LF for the end of a line would see the end of the text there.
    """
    small, size = list[bytes | memoryview](), 0
    for part in message.parts:
        if len(part) > BLOCK:
            if small:
                yield b"".join(small)
            small, size = [], 0
            yield from _pieces(part)
            continue
        small.append(_dotted(part, 0, len(part)))
        size += len(part)
        if size >= BLOCK:
            yield b"".join(small)
            small, size = [], 0
    if small:
        yield b"".join(small) if len(small) > 1 else small[0]


def _pieces(part: bytes) -> Iterator[bytes | memoryview]:
    start = 0
    while start < len(part):
        end = min(start + BLOCK, len(part))
        end += part[end - 1 : end + 1] == b"\n."  # a dot goes with the end of line before it
        yield _dotted(part, start, end)
        start = end


def _dotted(part: bytes, start: int, end: int) -> bytes | memoryview:
    """Part of a part, whose own beginning is the beginning of a line (RFC 5321, 4.5.2)."""
    leads = start == 0 and part.startswith(b".")
    if not leads and not _LEADING_DOT.search(part, start, end):
        return part if end - start == len(part) else memoryview(part)[start:end]
    return (b"." if leads else b"") + _LEADING_DOT.sub(b"\n..", part[start:end])
