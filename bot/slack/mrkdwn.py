"""Slack's mrkdwn: what people wrote is shown in it as they wrote it, and is never obeyed as markup."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from bot.plain import shortened

SHORT: Final = 80
"""Letters of what may be remembered; longer texts are rarely shown twice."""
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LOOKS_LIKE: Final = {"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"}
"""Slack has no way to escape a mark, so one that could count is replaced by its double."""
_MARK: Final = re.compile(r"(?<![^\W_])[*_~`]|[*_~`](?![^\W_])")
"""A mark counts where no letter or digit stands on one of its sides: john_doe@mission.example stays as it is."""
_EMOJI: Final = re.compile(r":(?=[a-z0-9_+'-]+:)")
_QUOTE: Final = re.compile(r"^>+", re.MULTILINE)


def data(text: str, length: int) -> str:
    """One line of what somebody wrote, in at most `length` characters as Slack counts them, harmless within mrkdwn."""
    return _lately(text, length) if len(text) <= SHORT else _cut(text, length, escaped)


@lru_cache(maxsize=5_000)
def _lately(text: str, length: int) -> str:
    """Names, days and statuses stand in nearly every answer."""
    return _cut(text, length, escaped)


def aloud(text: str, length: int) -> str:
    """One line for a notification: it is not drawn as blocks are, and yet is read for control sequences."""
    return _cut(text, length, entities)


def _cut(text: str, length: int, safe: Callable[[str], str]) -> str:
    """An entity is longer than the letter that it stands for, and is never cut in two."""
    line = shortened(text, length)
    while len(shown := safe(line)) > length and len(line) > 1:
        line = shortened(line, max(1, min(len(line) - 1, len(line) * length // len(shown))))
    return shown


def escaped(text: str) -> str:
    """Without marks that count, and with the three entities that Slack asks for.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    harmless = _MARK.sub(lambda found: _LOOKS_LIKE[found[0]], text)
    harmless = _QUOTE.sub(lambda found: "›" * len(found[0]), _EMOJI.sub("∶", harmless))
    return entities(harmless)


def entities(text: str) -> str:
    return re.sub("[&<>]", lambda found: _ENTITIES[found[0]], text)
