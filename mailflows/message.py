"""A message as it leaves: parts that many letters share, parts of its own, and never one copy of all of them."""

import hashlib
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Message:
    """The parts, in order, of one message in its form on the line (RFC 5322: lines end with CRLF), dots not doubled.

    Each part ends with the end of a line, so that no line straddles two of them. A large part, such as an enclosure's
    base64, is the same object in each letter that has it.
    """

    parts: tuple[bytes, ...]

    def __post_init__(self) -> None:
        if not all(part.endswith(b"\r\n") for part in self.parts):
            raise ValueError("a part of a message ends in the middle of a line")

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def __bytes__(self) -> bytes:
        return b"".join(self.parts)

    @cached_property
    def sha256(self) -> str:
        """The hash of what is sent, in hexadecimal."""
        hashed = hashlib.sha256()
        for part in self.parts:
            hashed.update(part)
        return hashed.hexdigest()
