"""Messages: what they hold, what Slack adds to their blocks, and how the API shows them."""

import copy
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    channel: str
    user: str
    text: str
    blocks: tuple[Block, ...] = ()
    ts: str = ""
    """Given when it is posted; unique and growing within the workspace, and the message's id within its channel."""
    thread_ts: str = ""
    broadcast: bool = False
    """A reply that stands in the channel too."""
    bot_id: str = ""
    metadata: dict[str, Any] | None = None
    edited: str = ""
    ephemeral_to: str = ""
    files: tuple[str, ...] = ()
    trouble: str = ""
    """What Slack shows beside a button that was not answered."""

    def seen_by(self, user: str) -> bool:
        return self.ephemeral_to in ("", user)

    def in_channel(self) -> bool:
        return not self.thread_ts or self.thread_ts == self.ts or self.broadcast


def identified(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Each block with a block_id and each element with an action_id: Slack draws those that an app leaves out.

    docs.slack.dev/reference/block-kit/blocks: "If not specified, one will be generated."
    """
    copies = tuple(copy.deepcopy(block) for block in blocks)
    for block in copies:
        block.setdefault("block_id", secrets.token_urlsafe(4)[:5])
        for element in elements(block):
            if element.get("type") not in ("image", "mrkdwn", "plain_text"):
                element.setdefault("action_id", secrets.token_urlsafe(4)[:5])
    return copies


def elements(block: Block) -> Iterator[dict[str, Any]]:
    """What stands in a block and can be acted on: of a section its accessory, of an input its element."""
    for name in ("accessory", "element"):
        if isinstance(block.get(name), dict):
            yield block[name]
    if block.get("type") in ("actions", "context", "context_actions"):
        yield from (each for each in block.get("elements", ()) if isinstance(each, dict))
