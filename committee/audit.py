"""The audit trail's chain: each entry's digest holds the one before it, so that nothing is changed or left out unseen."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

BEGINNING = ""
"""What stands for the digest before the first entry."""


@dataclass(frozen=True, slots=True)
class Change:
    """One document as a commit left it: the SHA-256 of its text, or None where it was removed."""

    table: str
    key: str
    digest: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """Who changed what, when, by which command or rule; `words` lie beside and can be erased without breaking the chain."""

    seq: int
    at: datetime
    by: str
    doing: str
    about: str
    changes: tuple[Change, ...]
    words: dict[str, Any] | None = field(default=None, compare=False)


class End(NamedTuple):
    """The last entry of the trail, by which everyone sees whether anything was committed since."""

    seq: int = 0
    digest: str = BEGINNING


def digest_after(previous: str, row: Sequence[str | int | None]) -> str:
    """SHA-256 over the digest before it and what is written of the entry: all of it but its words, of which the digest."""
    return sha256(previous + canonical(row))


def listed(changes: Iterable[Change]) -> str:
    """The changes as the trail writes them."""
    return canonical([(change.table, change.key, change.digest) for change in changes])


def seal_of(count: int, last: str, secret: bytes) -> str:
    """HMAC-SHA-256 with the desk's key, which nobody else can make: a trail whose end was cut off no longer fits it."""
    return hmac.digest(secret, f"{count}:{last}".encode(), "sha256").hex()


def moment(at: datetime) -> str:
    """UTC to the microsecond, always of one length, so that text sorts as time does."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def canonical(facts: Any) -> str:
    """JSON as it is written for digests: sorted, without spaces, every letter as itself."""
    return _JSON.encode(facts)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
