"""What the page has sent, read with suspicion: every part is of the kind that it must be, or the act is refused."""

from dataclasses import dataclass
from typing import Any, Final

from bot.local_slack.errors import Failure

LONGEST: Final = 40_000
"""docs.slack.dev/reference/methods/chat.postMessage: characters of a message."""
MOST: Final = 200
"""Entries of one view, and choices of one entry: Slack takes a hundred blocks, and a hundred options."""


@dataclass(frozen=True, slots=True)
class Asked:
    given: dict[str, Any]

    def text(self, name: str) -> str:
        """Empty where it is left out. Raises invalid_arguments, and msg_too_long."""
        value = self.given.get(name, "")
        if not isinstance(value, str):
            raise Failure("invalid_arguments")
        return _held(value)

    def flag(self, name: str) -> bool:
        value = self.given.get(name, False)
        if not isinstance(value, bool):
            raise Failure("invalid_arguments")
        return value

    def value(self, name: str) -> Any:
        """What was chosen or filled in: a text, a moment in seconds, several texts, or a rich text."""
        return _value(self.given.get(name))

    def entries(self) -> dict[str, Any]:
        given = self.given.get("entries", {})
        if not isinstance(given, dict) or len(given) > MOST:
            raise Failure("invalid_arguments")
        return {name: _value(each) for name, each in given.items()}


def _value(given: Any) -> Any:
    if isinstance(given, list):
        if len(given) > MOST or not all(isinstance(each, str) for each in given):
            raise Failure("invalid_arguments")
        return [_held(each) for each in given]
    if isinstance(given, bool | float) or (isinstance(given, dict) and given.get("type") != "rich_text"):
        raise Failure("invalid_arguments")
    return _held(given) if isinstance(given, str) else given


def _held(text: str) -> str:
    """Lone surrogates are no text: they could not be written out again."""
    if len(text) > LONGEST:
        raise Failure("msg_too_long")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Failure("invalid_arguments") from None
    return text
