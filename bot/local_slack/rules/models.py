"""What Slack's own library says of a block or a view, and which fields it does not know."""

import copy
from collections.abc import Callable
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.local_slack.rules.breach import Breach, Breaches, Part


def modelled(block: Part, where: str) -> Breaches:
    """`Block.parse(…).to_dict()`; a field that is lost on the way is one that Slack does not have."""
    yield from _read(lambda part: Block.parse(part), block, where)  # noqa: PLW0108 - its type is narrower than what is asked for


def view_modelled(view: Part, where: str) -> Breaches:
    yield from _read(lambda part: View(**part), view, where)


def _read(parse: Callable[[Part], Any], part: Part, where: str) -> Breaches:
    try:
        read = parse(copy.deepcopy(part)).to_dict()
    except (SlackObjectFormationError, TypeError, AttributeError, ValueError, KeyError) as error:
        yield Breach(where, f"{type(error).__name__}: {error}"[:300])
        return
    yield from _lost(part, read, where)


def _lost(given: Any, read: Any, where: str) -> Breaches:
    """Slack's schemas allow no further fields; its library drops them with a warning."""
    if isinstance(given, dict) and isinstance(read, dict):
        for name, value in given.items():
            if name in read:
                yield from _lost(value, read[name], f"{where}/{name}")
            elif value not in (None, [], {}, ""):
                yield Breach(where, f"no more than the fields that are known allowed: {name}")
    elif isinstance(given, list) and isinstance(read, list):
        if len(given) != len(read):
            yield Breach(where, "unsupported type of one of the items")
            return
        for number, (each, kept) in enumerate(zip(given, read, strict=True)):
            yield from _lost(each, kept, f"{where}/{number}")
