"""What the local Slack is told to do wrong: once, or several times, then it is well again."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum


class How(StrEnum):
    RATE_LIMITED = "429"
    BROKEN = "500"
    HANGS = "nothing is answered until `let_go`, and nothing is done"
    CUT = "the connection ends before anything is done"
    LOST = "it is done, and the connection ends before the answer"
    NOT_JSON = "200, and a page instead of JSON"


class Cut(StrEnum):
    """Where in an envelope the socket drops."""

    HALFWAY = "half of it has arrived"
    ARRIVED = "all of it has arrived, and nothing can be answered"


@dataclass(frozen=True, slots=True)
class Fault:
    how: How
    retry_after: int = 1
    """Seconds; of RATE_LIMITED alone (docs.slack.dev/apis/web-api/rate-limits)."""


@dataclass(slots=True)
class Faults:
    """`faults.of("chat.postMessage", Fault(How.BROKEN), times=3)`; `*` is every method, `hooks` and `upload` are the other doors."""

    waiting: dict[str, deque[Fault]] = field(default_factory=dict)
    cut_sockets: deque[tuple[str, Cut]] = field(default_factory=deque)
    """Types of envelopes with which the socket drops, in order; `*` is any."""
    met: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a call has met a fault."""
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def of(self, method: str, fault: Fault, times: int = 1) -> None:
        self.waiting.setdefault(method, deque()).extend([fault] * times)

    def cut_socket(self, kind: str = "*", cut: Cut = Cut.HALFWAY, times: int = 1) -> None:
        """The socket drops with the next envelopes of this type."""
        self.cut_sockets.extend([(kind, cut)] * times)

    def next_of(self, method: str) -> Fault | None:
        for name in (method, "*"):
            if queue := self.waiting.get(name):
                self.met.set()
                return queue.popleft()
        return None

    def cuts(self, kind: str) -> Cut | None:
        """Where the socket drops with this envelope, if it does; asking uses it up."""
        if self.cut_sockets and self.cut_sockets[0][0] in (kind, "*"):
            return self.cut_sockets.popleft()[1]
        return None

    def clear(self) -> None:
        """Well again; whatever hangs is let go."""
        self.waiting.clear()
        self.cut_sockets.clear()
        self.let_go()

    def let_go(self) -> None:
        """Every call that hangs ends, without an answer."""
        self.released.set()
        self.released = asyncio.Event()
