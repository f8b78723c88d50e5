"""What can be pressed, chosen and filled in (docs.slack.dev/reference/block-kit/block-elements)."""

import re
from typing import Any, Final

from bot.local_slack.rules.breach import Breach, Breaches, Part, one_of, too_long
from bot.local_slack.rules.options import menu
from bot.local_slack.rules.texts import label, text_object

SELECTS: Final = frozenset(
    f"{many}{of}_select"
    for many in ("", "multi_")
    for of in ("static", "external", "users", "conversations", "channels")
)
PICKERS: Final = frozenset({"datepicker", "timepicker", "datetimepicker"})
TYPED: Final = frozenset({
    "plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input",
})  # fmt: skip
ACTIONS: Final = SELECTS | PICKERS | {"button", "checkboxes", "overflow", "radio_buttons", "workflow_button"}
SECTION: Final = ACTIONS | {"image"}
INPUT: Final = SELECTS | PICKERS | TYPED | {"checkboxes", "radio_buttons"}
"""Where each may stand (docs.slack.dev/reference/block-kit/blocks: actions, section, input)."""
BUTTON, ACTION_ID, PLACEHOLDER, ALT_TEXT = 75, 255, 150, 2000
DAY, TIME = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d\d:\d\d")


def element(part: Any, where: str, known: frozenset[str], at: str) -> Breaches:
    """`at` is the block it stands in, by name."""
    if not isinstance(part, dict) or not isinstance(part.get("type"), str):
        yield Breach(where, "must be an element with a type")
        return
    if part["type"] not in known:
        yield Breach(f"{where}/type", f"unsupported type in {at}: {part['type']}")
        return
    if part["type"] == "image":
        yield from image(part, where)
        return
    yield from too_long(part.get("action_id"), ACTION_ID, f"{where}/action_id")
    if part.get("action_id") == "":
        yield Breach(f"{where}/action_id", "must be more than 0 characters")
    yield from _button(part, where) if part["type"] == "button" else menu(part, where)
    if "placeholder" in part:
        yield from text_object(part["placeholder"], f"{where}/placeholder", PLACEHOLDER, plain=True)
    if "confirm" in part:
        yield from _confirm(part["confirm"], f"{where}/confirm")
    yield from _entered(part, where)


def image(part: Part, where: str) -> Breaches:
    """docs.slack.dev/reference/block-kit/block-elements/image-element and …/blocks/image-block: alt_text is required."""
    alt = part.get("alt_text")
    if not isinstance(alt, str) or not alt.strip():
        yield Breach(f"{where}/alt_text", "missing required field: alt_text")
    yield from too_long(alt, ALT_TEXT, f"{where}/alt_text")
    yield from too_long(part.get("image_url"), 3000, f"{where}/image_url")
    if ("image_url" in part) == ("slack_file" in part):
        yield Breach(where, "one of image_url and slack_file must be there, and only one")


def _button(part: Part, where: str) -> Breaches:
    """docs.slack.dev/reference/block-kit/block-elements/button-element."""
    yield from text_object(part.get("text"), f"{where}/text", BUTTON, plain=True)
    yield from label(part.get("text") or {}, f"{where}/text", spoken=str(part.get("accessibility_label") or ""))
    yield from too_long(part.get("accessibility_label"), BUTTON, f"{where}/accessibility_label")
    yield from too_long(part.get("value"), 2000, f"{where}/value")
    yield from too_long(part.get("url"), 3000, f"{where}/url")
    yield from one_of(part, "style", ("primary", "danger"), where)


def _confirm(part: Any, where: str) -> Breaches:
    """docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object."""
    if not isinstance(part, dict):
        yield Breach(where, "must be an object")
        return
    for name, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        yield from text_object(part.get(name), f"{where}/{name}", most, plain=name != "text")
    yield from one_of(part, "style", ("primary", "danger"), where)


def _entered(part: Part, where: str) -> Breaches:
    """Bounds of what is filled in, and what stands there at first (the page of each element)."""
    for name, least, most in (("min_length", 0, 3000), ("max_length", 1, 3000), ("max_files", 1, 10)):
        if name in part and not (isinstance(part[name], int) and least <= part[name] <= most):
            yield Breach(f"{where}/{name}", f"must be between {least} and {most}")
    yield from too_long(part.get("initial_value"), int(part.get("max_length") or 3000), f"{where}/initial_value")
    for name, form in (("initial_date", DAY), ("initial_time", TIME)):
        if name in part and not form.fullmatch(str(part[name])):
            yield Breach(f"{where}/{name}", "is written 2012-09-04, or 17:00")
    if part["type"] == "number_input" and not isinstance(part.get("is_decimal_allowed"), bool):
        yield Breach(f"{where}/is_decimal_allowed", "missing required field: is_decimal_allowed")
