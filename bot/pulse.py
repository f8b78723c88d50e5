"""What a running desk knows of itself: its ticks, its rounds, each mailbox, and what does not work at this moment."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from mailflows.figures import Figures

SILENT: Final = timedelta(minutes=5)
"""After so long without a tick the desk is not well."""
UNREAD: Final = timedelta(minutes=15)
"""After so long without having read every mailbox to its end the desk is not ready."""


@dataclass(slots=True)
class Pulse:
    """All moments are the world's, also on a practice desk."""

    started: datetime
    last_tick: datetime | None = None
    ticks: int = 0
    failures: int = 0
    last_round: datetime | None = None  # of deliveries
    troubles: dict[str, str] = field(default_factory=dict)
    figures: Figures = field(default_factory=Figures)
    reads: list[datetime | None] = field(default_factory=list)  # of each mailbox, in their order: last read to its end
    late_seconds: float = 0.0  # how long after it was wanted the last tick began

    def ticked(self, part: str, at: datetime, trouble: str) -> None:
        """Mail `in` was read and what is due was queued, or mail `out` was delivered; and what did not work."""
        self.troubles[part] = trouble
        if part == "in":
            self.last_tick = at
            self.ticks += 1
        else:
            self.last_round = at

    def looked(self, read: Sequence[bool], at: datetime) -> None:
        """Which of the mailboxes, in their order, were read to their end."""
        before = [*self.reads, *[None] * len(read)]
        self.reads = [at if full else before[place] for place, full in enumerate(read)]

    def silent(self, now: datetime) -> timedelta:
        """How long ago the last tick was."""
        return now - (self.last_tick or self.started)

    def still(self, now: datetime) -> str:
        """That the desk has not ticked for too long, or nothing."""
        silent = self.silent(now)
        return f"no tick for {int(silent.total_seconds())} seconds" if silent > SILENT else ""

    def wrong(self, now: datetime) -> str:
        """Why the desk is not well, or nothing."""
        return self.still(now) or "; ".join(filter(None, self.troubles.values()))

    def unread(self, now: datetime) -> timedelta | None:
        """How long ago the mailbox that was read longest ago was read to its end; None where there is none."""
        return now - min(read or self.started for read in self.reads) if self.reads else None
