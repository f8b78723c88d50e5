"""The audit trail's chain: each entry's digest holds the one before it, so that nothing is changed or left out unseen."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

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
    """Who changed what, when, and by which command or rule; `words` lie beside and can be erased without breaking the chain."""

    seq: int
    at: datetime
    by: str
    doing: str
    about: str
    changes: tuple[Change, ...]
    words_digest: str | None = None
    words: dict[str, Any] | None = field(default=None, compare=False)


def digest_after(previous: str, entry: Entry) -> str:
    """SHA-256 over the digest before it and the entry without its words, as a JSON array in the order of its fields."""
    facts = (entry.seq, moment(entry.at), entry.by, entry.doing, entry.about, listed(entry.changes), entry.words_digest)
    return sha256(previous + canonical(facts))


def listed(changes: Iterable[Change]) -> str:
    """The changes as the trail keeps them."""
    return canonical([(change.table, change.key, change.digest) for change in changes])


def seal_of(count: int, last: str, secret: bytes) -> str:
    """HMAC-SHA-256 with the desk's key, which nobody else can make: a trail whose end was cut off no longer fits it."""
    return hmac.digest(secret, canonical((count, last)).encode(), "sha256").hex()


def moment(at: datetime) -> str:
    """UTC to the microsecond, always of one length, so that text sorts as time does."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def canonical(facts: Any) -> str:
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
