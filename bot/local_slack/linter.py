"""Every payload that passes is held against Slack's rules: a breach is answered as Slack would, and remembered for the test."""

from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.local_slack.errors import Failure


def message(breaches: list[str], body: dict[str, Any]) -> None:
    """Raises invalid_blocks with what is wrong, or no_text."""
    blocks = body.get("blocks") or []
    if not blocks and not body.get("text"):
        raise Failure("no_text")
    _held(breaches, _of_blocks(blocks), "invalid_blocks")


def view(breaches: list[str], body: dict[str, Any], kind: str) -> None:
    """Raises invalid_arguments with what is wrong."""
    wrong = [] if body.get("type") == kind else [f"the view's type must be {kind}"]
    try:
        View(**body).to_dict()
    except (SlackObjectFormationError, TypeError, AttributeError, ValueError) as error:
        wrong.append(str(error))
    _held(breaches, wrong + _of_blocks(body.get("blocks") or []), "invalid_arguments")


def breach(breaches: list[str], words: str) -> None:
    """Remembered; what follows from it is the caller's."""
    breaches.append(words)


def _of_blocks(blocks: list[dict[str, Any]]) -> list[str]:
    wrong = []
    for each in blocks:
        try:
            parsed = Block.parse(each)
            if parsed is None:
                wrong.append("unsupported type")
            else:
                parsed.to_dict()
        except (SlackObjectFormationError, TypeError, AttributeError, ValueError) as error:
            wrong.append(str(error))
    return wrong


def _held(breaches: list[str], wrong: list[str], code: str) -> None:
    if wrong:
        breaches.extend(f"{code}: {each}" for each in wrong)
        raise Failure(code, response_metadata={"messages": [f"[ERROR] {each}" for each in wrong]})
