"""How somebody in chat becomes a person of the staff register: a code that is used once, and few guesses at it."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Thirty-two letters and digits, of which none is read as another: a code is also read out on the telephone."""
LENGTH: Final = 16
"""Eighty bits: nobody guesses one, and whoever reads its hash does not find it either."""
GROUP: Final = 4
LASTS: Final = timedelta(days=7)
WRONG_TRIES: Final = 5
WITHIN: Final = timedelta(hours=1)
_IDENTITY: Final = re.compile(r"[A-Z0-9]{2,32}/[A-Z0-9]{2,32}")


@dataclass(frozen=True, slots=True)
class JoinCode:
    """The newest code of one person (`key`), of which only the SHA-256 is kept; used or replaced, it is gone."""

    key: str
    sha256: str
    made_at: datetime
    until: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Tries:
    """When one identity of chat (`key`) last typed a wrong code."""

    key: str
    wrong: tuple[datetime, ...]

    def lately(self, now: datetime) -> tuple[datetime, ...]:
        """Those that count now; a moment that lies ahead, since a clock was set back, counts too."""
        return tuple(moment for moment in self.wrong if moment > now - WITHIN)

    def too_many(self, now: datetime) -> bool:
        return len(self.lately(now)) >= WRONG_TRIES

    def again_at(self, now: datetime) -> datetime:
        """From when on this identity may try again, where there were too many."""
        return sorted(self.lately(now))[-WRONG_TRIES] + WITHIN

    def and_one(self, now: datetime) -> "Tries":
        return Tries(self.key, (*self.lately(now)[-(WRONG_TRIES - 1) :], now))


def grouped(code: str) -> str:
    """As it is printed: K7QF-3MZT-9XWB-P2HD."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def tidied(typed: str) -> str:
    """As it is hashed: case, spaces and every kind of dash do not count; empty where it cannot be a code."""
    bare = "".join(letter for letter in typed[:100].upper() if letter.isalnum())
    return bare if len(bare) == LENGTH and set(bare) <= set(LETTERS) else ""


def is_identity(written: str) -> bool:
    """Whether this can be a user of a workspace, as TEAM/USER: T01DESK/U01ADA."""
    return _IDENTITY.fullmatch(written) is not None
