"""Blocks, each by its own page under docs.slack.dev/reference/block-kit/blocks, and their ids together."""

from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from bot.local_slack.messages import elements
from bot.local_slack.rules.breach import Breach, Breaches, Part, counted, objects, too_long
from bot.local_slack.rules.elements import ACTIONS, INPUT, SECTION, element, image
from bot.local_slack.rules.models import modelled
from bot.local_slack.rules.shapes import shapes
from bot.local_slack.rules.texts import label, text_object

MESSAGE, VIEW = 50, 100
"""Blocks of a message, of a modal and of Home (docs.slack.dev/reference/block-kit/blocks)."""
TEXT, FIELD, HEADER, LABEL, MARKDOWN = 3000, 2000, 150, 2000, 12_000
BLOCK_ID: Final = 255


def blocks(parts: Any, where: str, most: int) -> Breaches:
    """`most` blocks; unknown types, lengths, and ids that two of them share."""
    yield from counted(parts, 0, most, where)
    if wrong := [*shapes(parts, where)]:
        yield from wrong
        return
    for number, part in enumerate(parts if isinstance(parts, list) else ()):
        here = f"{where}/{number}"
        if not isinstance(part, dict) or part.get("type") not in KINDS:
            yield Breach(f"{here}/type", f"unsupported type: {part.get('type') if isinstance(part, dict) else part}")
            continue
        yield from too_long(part.get("block_id"), BLOCK_ID, f"{here}/block_id")
        own = [*KINDS[part["type"]](part, here)]
        yield from own
        if not any(each.refused for each in own):
            yield from modelled(part, here)
    yield from _ids(objects(parts), where)


def _ids(parts: list[Part], where: str) -> Breaches:
    """block_id is unique within a message or view, action_id within its block (docs.slack.dev: each block's and element's page)."""
    names = Counter(str(each["block_id"]) for each in parts if "block_id" in each)
    for name in (name for name, times in names.items() if times > 1):
        yield Breach(where, f"`block_id` {name} is that of two blocks")
    for number, part in enumerate(parts):
        actions = Counter(str(each["action_id"]) for each in elements(part) if "action_id" in each)
        for name in (name for name, times in actions.items() if times > 1):
            yield Breach(f"{where}/{number}", f"`action_id` {name} is that of two elements of the block")


def _section(part: Part, where: str) -> Breaches:
    if "text" not in part and "fields" not in part:
        yield Breach(where, "missing required field: text or fields")
    if "text" in part:
        yield from text_object(part["text"], f"{where}/text", TEXT)
    if "fields" in part:
        yield from counted(part["fields"], 1, 10, f"{where}/fields")
        for number, each in enumerate(objects(part["fields"])):
            yield from text_object(each, f"{where}/fields/{number}", FIELD)
    if "accessory" in part:
        yield from element(part["accessory"], f"{where}/accessory", SECTION, "section")


def _actions(part: Part, where: str) -> Breaches:
    yield from counted(part.get("elements"), 1, 25, f"{where}/elements")
    for number, each in enumerate(part.get("elements") or ()):
        yield from element(each, f"{where}/elements/{number}", ACTIONS, "actions")


def _context(part: Part, where: str) -> Breaches:
    yield from counted(part.get("elements"), 1, 10, f"{where}/elements")
    for number, each in enumerate(objects(part.get("elements"))):
        here = f"{where}/elements/{number}"
        yield from image(each, here) if each.get("type") == "image" else text_object(each, here, TEXT)


def _header(part: Part, where: str) -> Breaches:
    yield from text_object(part.get("text"), f"{where}/text", HEADER, plain=True)
    yield from label(part.get("text") or {}, f"{where}/text")


def _image(part: Part, where: str) -> Breaches:
    yield from image(part, where)
    if "title" in part:
        yield from text_object(part["title"], f"{where}/title", 2000, plain=True)


def _input(part: Part, where: str) -> Breaches:
    yield from text_object(part.get("label"), f"{where}/label", LABEL, plain=True)
    yield from label(part.get("label") or {}, f"{where}/label")
    if "hint" in part:
        yield from text_object(part["hint"], f"{where}/hint", LABEL, plain=True)
    yield from element(part.get("element"), f"{where}/element", INPUT, "input")


def _markdown(part: Part, where: str) -> Breaches:
    if not isinstance(part.get("text"), str) or not part["text"]:
        yield Breach(f"{where}/text", "missing required field: text")
    yield from too_long(part.get("text"), MARKDOWN, f"{where}/text")


def _as_modelled(_part: Part, _where: str) -> Breaches:
    yield from ()


KINDS: Final[dict[str, Callable[[Part, str], Breaches]]] = {
    "section": _section, "actions": _actions, "context": _context, "header": _header, "image": _image, "input": _input,
    "markdown": _markdown, "divider": _as_modelled, "rich_text": _as_modelled, "table": _as_modelled, "video": _as_modelled,
}  # fmt: skip
"""assumed: the blocks that a desk has no use for (file, call, plan …) are refused, though Slack knows them."""
