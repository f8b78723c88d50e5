"""What is handed out for a while is not remembered for ever."""

from typing import Any, Final

MOST: Final = 10_000


def forget_oldest(given: dict[str, Any]) -> None:
    """Keep the newest `MOST`; who comes with an older one is told that there is no such thing."""
    while len(given) > MOST:
        del given[next(iter(given))]
