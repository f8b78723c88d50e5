"""Menus: their options and groups, and what stands chosen at first.

docs.slack.dev/reference/block-kit/composition-objects/option-object and …/option-group-object.
"""

from collections import Counter
from typing import Any, Final

from bot.local_slack.rules.breach import Breach, Breaches, Part, counted, objects, too_long
from bot.local_slack.rules.texts import label, text_object

LABEL, VALUE, URL = 75, 150, 3000
MOST: Final = {
    "static_select": 100, "multi_static_select": 100, "overflow": 5, "checkboxes": 10, "radio_buttons": 10,
}  # fmt: skip
"""Options of each kind (the page of each under docs.slack.dev/reference/block-kit/block-elements)."""
MRKDWN: Final = frozenset({"checkboxes", "radio_buttons"})
"""Where an option's text may be mrkdwn."""


def menu(element: Part, where: str) -> Breaches:
    kind = element["type"]
    if kind not in MOST:
        return
    groups = element.get("option_groups")
    if ("options" in element) == ("option_groups" in element):
        yield Breach(where, "one of options and option_groups must be there, and only one")
    if groups is None:
        yield from _options(element, element.get("options"), f"{where}/options")
    else:
        yield from counted(groups, 1, 100, f"{where}/option_groups")
        for number, group in enumerate(objects(groups)):
            here = f"{where}/option_groups/{number}"
            yield from text_object(group.get("label"), f"{here}/label", LABEL, plain=True)
            yield from _options(element, group.get("options"), f"{here}/options")
    yield from _chosen(element, where)


def _options(element: Part, options: Any, where: str) -> Breaches:
    kind = element["type"]
    yield from counted(options, 1, MOST[kind], where)
    for number, option in enumerate(objects(options)):
        here = f"{where}/{number}"
        yield from text_object(option.get("text"), f"{here}/text", LABEL, plain=kind not in MRKDWN)
        yield from label(option.get("text") or {}, f"{here}/text")
        if not isinstance(option.get("value"), str):
            yield Breach(f"{here}/value", "must be a string")
        yield from too_long(option.get("value"), VALUE, f"{here}/value")
        if "description" in option:
            yield from text_object(option["description"], f"{here}/description", LABEL, plain=kind not in MRKDWN)
        yield from too_long(option.get("url"), URL, f"{here}/url")
    values = Counter(option.get("value") for option in objects(options) if isinstance(option.get("value"), str))
    for value in (value for value, times in values.items() if times > 1):
        yield Breach(where, f"the value {value!r} is that of two options: it must be unique")


def _chosen(element: Part, where: str) -> Breaches:
    """docs.slack.dev: what stands chosen at first must be exactly one of the options."""
    grouped = [option for group in objects(element.get("option_groups")) for option in objects(group.get("options"))]
    known = [*objects(element.get("options")), *grouped]
    first = [element["initial_option"]] if "initial_option" in element else element.get("initial_options", [])
    for option in objects(first):
        if option not in known:
            yield Breach(where, "what stands chosen at first must be one of the options, to the letter")
