"""How many answers are taken in a minute: of one link a few, of all together what a secretariat could ever get."""

from collections import deque
from typing import Final

OF_ALL: Final = 60
A_MINUTE: Final = 60.0


class Pace:
    """Counts what came within the last minute, by a monotonic clock's seconds."""

    def __init__(self, most: int = OF_ALL) -> None:
        self._most, self._came = most, deque[float]()

    def takes(self, now: float) -> bool:
        """Whether one more is taken now."""
        while self._came and now - self._came[0] >= A_MINUTE:
            self._came.popleft()
        if len(self._came) >= self._most:
            return False
        self._came.append(now)
        return True
