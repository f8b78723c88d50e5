"""When a person must hear that something stands still: what is measured, from where on it is too much, and when it is over."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from committee.letters import Delivery

MINUTE_SECONDS: Final = 60.0
TICK_LATE: Final = timedelta(minutes=15)
"""A tick is written down every ten minutes."""
BACKUP_OLD: Final = timedelta(hours=26)
"""A backup each night, and two hours for a night that is long."""
MEGABYTE: Final = 1_000_000
LITTLE_ROOM: Final = 1_000 * MEGABYTE


class AlarmKind(StrEnum):
    LETTERS = "letters-late"
    MAILBOX = "mailbox-not-read"
    TICK = "clock-stands-still"
    DISK = "disk-nearly-full"
    BACKUP = "backup-old"
    CHAT = "chat-silent"


@dataclass(frozen=True, slots=True)
class Limit:
    """An alarm begins beyond `begins` and ends on the other side of `ends`; between the two it stays as it was.

    Where `ends` is the larger of the two, less is worse.
    """

    begins: float
    ends: float

    def stands(self, value: float | None, *, stood: bool) -> bool:
        """Whether there is an alarm now; a `value` that is not known (None) changes nothing."""
        if value is None:
            return stood
        sign = 1 if self.ends <= self.begins else -1
        return sign * value > sign * (self.ends if stood else self.begins)


LIMITS: Final = {
    AlarmKind.LETTERS: Limit(15 * MINUTE_SECONDS, 5 * MINUTE_SECONDS),
    AlarmKind.MAILBOX: Limit(30 * MINUTE_SECONDS, 10 * MINUTE_SECONDS),
    AlarmKind.TICK: Limit(TICK_LATE.total_seconds(), 5 * MINUTE_SECONDS),
    AlarmKind.DISK: Limit(LITTLE_ROOM, 1.2 * LITTLE_ROOM),
    AlarmKind.BACKUP: Limit(BACKUP_OLD.total_seconds(), BACKUP_OLD.total_seconds()),
    AlarmKind.CHAT: Limit(15 * MINUTE_SECONDS, 5 * MINUTE_SECONDS),
}
"""Seconds, and of the disk free bytes."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One that stands: it is in the register from its card until the card that says that it is over."""

    key: str  # an AlarmKind
    since: datetime


@dataclass(frozen=True, slots=True)
class Lateness:
    """How far the letters that are due were behind when it was looked last; in the register only while there are any."""

    key: str
    at: datetime
    seconds: float

    def later(self, now: datetime, handled: int, rate: float | None, oldest: datetime) -> float:
        """How far they are behind `now`: what passed since, less the time that `handled` letters take at `rate` a minute.

        With a rate, letters that wait for their turn are not late, however many they are; without one each is late from
        the moment at which it could go. Nothing is later than the oldest that is due has been due.
        """
        passed = max(0.0, (now - self.at).total_seconds())
        taken = handled * MINUTE_SECONDS / rate if rate else 0.0
        most = max(0.0, (now - oldest).total_seconds())
        return min(max(0.0, self.seconds + passed - taken), most)


def due_since(delivery: Delivery) -> datetime:
    """From when on it could have gone: it was queued, and whatever put it off has passed."""
    queued = delivery.turn.partition("/")[0]
    turn = datetime.fromisoformat(queued) if queued else delivery.since
    return max(turn, datetime.fromtimestamp(delivery.due, UTC))
