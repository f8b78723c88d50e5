"""How fast letters leave: so many deliveries a minute, evenly, over so many connections; less where a server says that it is too much."""

from dataclasses import dataclass

MINUTE = 60.0
EASES_AFTER = 60.0
"""Seconds without a complaint, after which the pace is doubled again."""
FIRST_PAUSE = 5.0
MOST_SLOWED = 6
SLOWED_RATE = 1200.0
"""Deliveries a minute from which a pace without a limit is halved, once a server complains."""


@dataclass(slots=True)
class Pace:
    """`rate` in deliveries a minute, None for as fast as it goes. All moments are seconds of a clock that only goes forward."""

    rate: float | None
    connections: int
    slowed: int = 0  # how often it was halved
    since: float = 0.0  # when it was last halved, or doubled again
    paused_until: float = 0.0
    next_at: float = 0.0  # when the next delivery's place comes

    @property
    def width(self) -> int:
        """How many connections may be used now."""
        return max(1, self.connections >> self.slowed)

    @property
    def interval(self) -> float:
        """Seconds from one delivery's place to the next."""
        rate = self.rate if self.rate is not None or not self.slowed else SLOWED_RATE
        return MINUTE / rate * (1 << self.slowed) if rate else 0.0

    def places(self, at: float, most: int) -> int:
        """How many deliveries may begin at this moment: at most what one second brings, so that others can come between."""
        self._ease(at)
        if at < self.paused_until:
            return 0
        if not self.interval:
            return most
        saved = max(1.0, 1.0 / self.interval)
        earliest = max(self.next_at, at - (saved - 1) * self.interval)
        return max(0, min(most, int((at - earliest) / self.interval + 1e-9) + 1)) if earliest <= at else 0

    def take(self, count: int, at: float) -> None:
        """So many have begun."""
        if self.interval and count:
            saved = max(1.0, 1.0 / self.interval)
            self.next_at = max(self.next_at, at - (saved - 1) * self.interval) + count * self.interval

    def wait(self, at: float) -> float:
        """Seconds until the next place comes."""
        return max(0.0, self.paused_until - at, (self.next_at - at) if self.interval else 0.0)

    def too_much(self, at: float, after: float | None = None) -> bool:
        """The server said 4.3.2 or 4.7.x of us: half as fast, after a pause, or after the time that it asked for.

        Several connections hear the same complaint at once: it halves the pace once. Whether it was a new one.
        """
        new = at >= self.paused_until
        if new:
            self.slowed = min(self.slowed + 1, MOST_SLOWED)
            self.since = at
        pause = after if after is not None else FIRST_PAUSE * self.slowed
        self.paused_until = max(self.paused_until, at + pause)
        return new

    def _ease(self, at: float) -> None:
        while self.slowed and at - max(self.since, self.paused_until) >= EASES_AFTER:
            self.slowed -= 1
            self.since = max(self.since, self.paused_until) + EASES_AFTER


def shared_out(waiting: dict[int, int], places: int, round_number: int) -> dict[int, int]:
    """How many of each priority go next, 0 first: what comes first takes all places but one in eight.

    That one is for what would else never have its turn; where there are fewer than eight places, it is every eighth
    time. `waiting` says how many of each priority could go.
    """
    going = dict.fromkeys(waiting, 0)
    lower = sorted((priority for priority, count in waiting.items() if count), reverse=True)[:1]
    if len([count for count in waiting.values() if count]) > 1:
        kept = places // _SHARE or (round_number % _SHARE == 0)
        for priority in lower:
            going[priority] = min(int(kept), waiting[priority], places)
    left = places - sum(going.values())
    for priority in sorted(waiting):
        more = min(left, waiting[priority] - going[priority])
        going[priority] += more
        left -= more
    return going


_SHARE = 8
