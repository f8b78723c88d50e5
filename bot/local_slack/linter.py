"""Every payload that passes is held against Slack's rules: a breach is answered as Slack would, and remembered for the test."""

from collections.abc import Iterable
from typing import Any

from bot.local_slack.errors import Failure
from bot.local_slack.rules import surfaces
from bot.local_slack.rules.breach import Breach
from bot.local_slack.rules.options import menu


def message(breaches: list[str], body: dict[str, Any]) -> None:
    """Raises no_text, or invalid_blocks, msg_too_long or msg_blocks_too_long with what is wrong."""
    text, blocks = body.get("text"), body.get("blocks")
    if blocks is not None and not isinstance(blocks, list):
        raise Failure("invalid_blocks_format")
    if not blocks and not (isinstance(text, str) and text.strip()):
        raise Failure("no_text")
    _held(breaches, surfaces.message(text if isinstance(text, str) else "", blocks), "invalid_blocks")


def view(breaches: list[str], body: dict[str, Any], kind: str) -> None:
    """Raises invalid_arguments or view_too_large, with what is wrong."""
    _held(breaches, surfaces.view(body, kind), "invalid_arguments")


def offered(breaches: list[str], body: dict[str, Any]) -> None:
    """What an app offers in an external menu is held to the rules of a menu; Slack would show nothing, nobody is answered."""
    if body:
        found = menu({"type": "static_select"} | body, "")
        breaches.extend(f"offered options: {each}" for each in found)


def breach(breaches: list[str], words: str) -> None:
    """Remembered; what follows from it is the caller's."""
    breaches.append(words)


def _held(breaches: list[str], found: Iterable[Breach], code: str) -> None:
    wrong = [*found]
    breaches.extend(f"{each.code or code}: {each}" for each in wrong)
    if refused := [each for each in wrong if each.refused]:
        codes = [each.code for each in refused if each.code]
        messages = [f"[ERROR] {each}" for each in refused]
        raise Failure(codes[0] if codes else code, response_metadata={"messages": messages})
