"""What a person reads in a message or a view, and what they can press in it."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.local_slack.messages import Message, elements
from bot.local_slack.modals import View


def read(place: Message | View) -> Iterator[str]:
    """The words of a message or a view, in the order in which a screen reader comes upon them."""
    if isinstance(place, Message):
        if not place.blocks:
            yield place.text
        yield from (line for block in place.blocks for line in words(block))
        if place.trouble:
            yield place.trouble
        return
    yield text(place.body.get("title"))
    yield from (line for block in place.body["blocks"] for line in words(block))
    yield from (*place.errors.values(), place.trouble)


def pressable(place: Message | View) -> Iterator[dict[str, Any]]:
    for block in place.body["blocks"] if isinstance(place, View) else place.blocks:
        yield from (each for each in elements(block) if "action_id" in each)


def label(element: Mapping[str, Any]) -> str:
    return text(element.get("text")) or text(element.get("placeholder"))


def words(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        yield from (line for each in part for line in words(each))
    elif isinstance(part, Mapping):
        if isinstance(part.get("text"), str):
            yield part["text"]
        yield from (str(part[name]) for name in ("alt_text", "initial_value") if part.get(name))
        yield from (line for each in part.values() if isinstance(each, list | Mapping) for line in words(each))


def text(part: Any) -> str:
    return str(part.get("text", "")) if isinstance(part, Mapping) else ""
