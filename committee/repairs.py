"""Which refusals mean a dead address, which only trouble, and what is to be mended (RFC 3463, section 3)."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime

from committee.calendar import written

_DEAD = re.compile(r"(?<![\d.])5\.1\.(?![78](?![\d]))\d{1,3}(?![\d.])")  # 5.1.7 and 5.1.8 are about the sender's
_TROUBLES = (
    (re.compile(r"(?<![\d.])[45]\.2\.2(?![\d.])"), "mailbox full"),
    (re.compile(r"(?<![\d.])[45]\.2\.1(?![\d.])"), "mailbox closed"),
    (re.compile(r"(?<![\d.])5\.7\.\d{1,3}(?![\d.])"), "its server refuses our mail by its policy"),
)


@dataclass(frozen=True, slots=True)
class Repair:
    """A contact whose address takes no mail any more, until somebody mends it or a letter gets through after all."""

    key: str  # the contact's
    party: str
    address: str
    since: datetime
    said: str
    letter: str  # whose copy was refused; empty: held by hand

    @property
    def by_hand(self) -> bool:
        return not self.letter


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a server said of an address that lives: it is full, or closed to us; nothing is held for it."""

    what: str
    since: date
    last: date

    @property
    def said(self) -> str:
        """As a person reads it: mailbox full since 3 September 2012, said last on 10 September 2012."""
        last = f", said last on {written(self.last)}" if self.last != self.since else ""
        return f"{self.what} since {written(self.since)}{last}"


def is_dead(said: str) -> bool:
    """Whether a server's words say that the address is dead (5.1.x); a full mailbox (5.2.2) or a policy (5.7.x) does not."""
    return _DEAD.search(said) is not None


def troubled(before: Trouble | None, said: str, day: date) -> Trouble | None:
    """What stands on the contact once its server has said this on `day`; what stood there, where it speaks of no such thing."""
    what = next((words for found, words in _TROUBLES if found.search(said)), "")
    if not what or is_dead(said):
        return before
    if before and before.what == what:
        return replace(before, last=max(day, before.last))
    return Trouble(what, day, day)
