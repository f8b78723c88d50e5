"""What a person fills in, as Slack puts it into payloads, and what the browser refuses before the app is asked."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.local_slack.errors import Failure
from bot.local_slack.messages import Message, elements
from bot.local_slack.modals import View
from bot.local_slack.shelf import File, file_object
from bot.local_slack.state import State

Element = dict[str, Any]
TYPED: Final = {
    "plain_text_input": "value", "email_text_input": "value", "url_text_input": "value", "number_input": "value",
    "datepicker": "selected_date", "timepicker": "selected_time", "datetimepicker": "selected_date_time",
    "users_select": "selected_user", "channels_select": "selected_channel", "conversations_select": "selected_conversation",
    "multi_users_select": "selected_users", "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations", "rich_text_input": "rich_text_value",
}  # fmt: skip
"""Where a payload has what was entered (docs.slack.dev/reference/block-kit/block-elements)."""
ONE_OF: Final = frozenset({"static_select", "external_select", "radio_buttons", "overflow"})
SOME_OF: Final = frozenset({"multi_static_select", "multi_external_select", "checkboxes"})


LARGEST: Final = 10_000_000


def action(at: tuple[Element, Element], chosen: Any, state: State, user: str) -> dict[str, Any]:
    """The one action of a press, `at` a block and an element of it (docs.slack.dev/reference/interaction-payloads)."""
    block, element = at
    about = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
    if element["type"] == "button":
        return about | {name: element[name] for name in ("text", "value", "style") if name in element}
    return about | _value(element, chosen, state, user)


def values(place: Message | View, entries: Mapping[str, Any], state: State, user: str) -> dict[str, Any]:
    """`state.values`: every element that holds something, by block_id and action_id; what is not entered is as it was first."""
    filled: dict[str, Any] = {}
    for block in place.body.get("blocks", []) if isinstance(place, View) else place.blocks:
        for element in elements(block):
            if element.get("type") in {*TYPED, *ONE_OF, *SOME_OF, "file_input"} and element["type"] != "overflow":
                entered = entries.get(element["action_id"], _first(element))
                filled.setdefault(block["block_id"], {})[element["action_id"]] = {"type": element["type"]} | _value(
                    element, entered, state, user
                )
    return filled


def refused(view: View, entries: Mapping[str, Any], state: State) -> dict[str, str]:
    """By block_id: what is missing, too short or too long, said before the app is asked.

    assumed: what the browser says of a field that is missing or too short is in words of our own.
    """
    wrong = {}
    for block in view.body["blocks"]:
        if block.get("type") == "input" and (words := _wrong(block, entries, state)):
            wrong[block["block_id"]] = words
    return wrong


def options(element: Element) -> list[Element]:
    """All of a menu's options, those in groups too."""
    grouped = [option for group in element.get("option_groups", ()) for option in group.get("options", ())]
    return [*element.get("options", ()), *grouped]


def _wrong(block: Element, entries: Mapping[str, Any], state: State) -> str:
    element = block["element"]
    entered = entries.get(element["action_id"], _first(element))
    if entered in (None, "", [], ()):
        return "" if block.get("optional") else "Please complete this required field."
    if element["type"] == "file_input":
        return _unfit(element, [state.shelf.get(each) for each in _several(entered)])
    length = len(str(entered)) if element["type"] == "plain_text_input" else 0
    if length and length < element.get("min_length", 0):
        return f"This field must be at least {element['min_length']} characters."
    if length > element.get("max_length", 3000):
        return f"This field must be at most {element.get('max_length', 3000)} characters."
    return ""


def _unfit(element: Element, files: Sequence[File]) -> str:
    """docs.slack.dev/reference/block-kit/block-elements/file-input-element: how many, which kinds, and 10 MB each."""
    kinds = element.get("filetypes") or []
    if len(files) > element.get("max_files", 10):
        return f"Add at most {element.get('max_files', 10)} files."
    if any(kinds and each.name.rpartition(".")[2].casefold() not in kinds for each in files):
        return f"Only these kinds of file: {', '.join(kinds)}."
    return "A file may have 10 MB at most." if any(len(each.data) > LARGEST for each in files) else ""


def _first(element: Element) -> Any:
    """What stands there before anybody enters anything."""
    names = (
        "initial_value",
        "initial_date",
        "initial_time",
        "initial_date_time",
        "initial_user",
        "initial_conversation",
    )
    for name in (*names, "initial_users", "initial_conversations", "initial_channel", "initial_channels"):
        if name in element:
            return element[name]
    if "initial_option" in element:
        return element["initial_option"]["value"]
    return [each["value"] for each in element["initial_options"]] if "initial_options" in element else None


def _value(element: Element, entered: Any, state: State, user: str) -> dict[str, Any]:
    kind = element["type"]
    if kind in ONE_OF:
        return {"selected_option": _option(element, entered, state, user) if entered else None}
    if kind in SOME_OF:
        return {"selected_options": [_option(element, each, state, user) for each in _several(entered)]}
    if kind == "file_input":
        return {"files": [file_object(state.shelf.get(each), state.url) for each in _several(entered)]}
    return {TYPED[kind]: entered if entered not in ("", None) else None}


def _several(entered: Any) -> Sequence[str]:
    return [entered] if isinstance(entered, str) else list(entered or ())


def _option(element: Element, value: str, state: State, user: str) -> Element:
    """As it stands in the menu; of an external menu, as the app has offered it or as it stood chosen at first."""
    first = [element["initial_option"]] if "initial_option" in element else element.get("initial_options", [])
    known: list[Element] = [*options(element), *state.offered.get((user, element["action_id"]), ()), *first]
    for option in known:
        if option.get("value") == value:
            return option
    raise Failure("option_not_found")
