"""The shape of what an app sends, before anything looks into it: texts, numbers, objects and arrays where they belong."""

from typing import Any, Final

from bot.local_slack.rules.breach import Breach, Breaches

DEEPEST: Final = 20
"""assumed: blocks and views nest twenty levels at most; none of Slack's own goes so far."""
TEXTS: Final = frozenset({
    "type", "action_id", "block_id", "callback_id", "external_id", "private_metadata", "value", "url", "image_url", "alt_text",
    "accessibility_label", "initial_value", "initial_date", "initial_time",
})  # fmt: skip
NUMBERS: Final = frozenset({
    "min_length", "max_length", "max_files", "min_query_length", "max_selected_items", "initial_date_time",
})  # fmt: skip
FLAGS: Final = frozenset({
    "optional", "emoji", "verbatim", "focus_on_load", "dispatch_action", "multiline", "is_decimal_allowed", "clear_on_close",
    "notify_on_close",
})  # fmt: skip
OBJECTS: Final = frozenset({
    "accessory", "element", "confirm", "label", "hint", "placeholder", "description", "title", "submit", "close",
    "initial_option", "deny",
})  # fmt: skip
ARRAYS: Final = frozenset({"elements", "fields", "options", "option_groups", "initial_options"})
"""Arrays of objects (docs.slack.dev/reference/block-kit: the table of each)."""


KINDS: Final[tuple[tuple[frozenset[str], Any, str], ...]] = (
    (TEXTS, str, "must be a string"),
    (NUMBERS, int, "must be a number"),
    (FLAGS, bool, "must be a boolean"),
    (OBJECTS, dict, "must be an object"),
    (ARRAYS, list, "must be an array of objects"),
    (frozenset({"text"}), (str, dict), "must be a text object"),
    (frozenset({"style"}), (str, dict), "must be a string, or within rich text an object"),
)


def shapes(part: Any, where: str, depth: int = 0) -> Breaches:
    """Every field, wherever it stands, is of the kind that Slack's tables give it; one that nobody knows is not looked at."""
    if depth > DEEPEST:
        yield Breach(where, "must not be nested so deeply")
    elif isinstance(part, list):
        for number, each in enumerate(part):
            yield from shapes(each, f"{where}/{number}", depth + 1)
    elif isinstance(part, dict):
        for name, value in part.items():
            if words := _wrong(name, value):
                yield Breach(f"{where}/{name}", words)
            else:
                yield from shapes(value, f"{where}/{name}", depth + 1)


def _wrong(name: str, value: Any) -> str:
    for names, kind, words in KINDS:
        if name in names:
            fits = isinstance(value, kind) and not (isinstance(value, bool) and kind is int)
            inside = not isinstance(value, list) or all(isinstance(each, dict) for each in value)
            return "" if fits and inside else words
    return ""
