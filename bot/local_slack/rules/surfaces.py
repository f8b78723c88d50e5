"""Whole messages and views: how much they hold, and what must be there.

docs.slack.dev/reference/methods/chat.postMessage, docs.slack.dev/reference/views/modal-views and …/home-tab-views.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from bot.local_slack.messages import elements
from bot.local_slack.rules.blocks import MARKDOWN, MESSAGE, VIEW, blocks
from bot.local_slack.rules.breach import Breach, Breaches, Part, objects, too_long
from bot.local_slack.rules.models import view_modelled
from bot.local_slack.rules.shapes import shapes
from bot.local_slack.rules.texts import mrkdwn, text_object

LONGEST: Final = 40_000
"""docs.slack.dev/reference/methods/chat.postMessage: beyond it text is cut off.

assumed: text of more than 40,000 characters is answered with msg_too_long."""
IN_BLOCKS: Final = 13_000
"""assumed: a message's blocks have 13,000 characters together at most (github.com/slackapi/bolt-js/issues/2509: 13,172)."""
LARGEST: Final = 250_000
"""docs.slack.dev/reference/methods/views.open: view_too_large, in bytes."""
TITLE, NAME, METADATA = 24, 255, 3000


def message(text: str, parts: Any) -> Breaches:
    if len(text) > LONGEST:
        yield Breach("/text", f"must be less than {LONGEST + 1} characters", code="msg_too_long")
    yield from mrkdwn(text, "/text")
    if not parts:
        return
    if not text.strip():
        yield Breach(
            "/text", "blocks without a text say nothing in a notification and to a screen reader", refused=False
        )
    own = [*blocks(parts, "/blocks", MESSAGE)]
    yield from own
    if not any(each.refused for each in own):
        yield from _together(parts)


def view(body: Part, kind: str) -> Breaches:
    """`kind` is modal or home."""
    if wrong := [*shapes(body, "/view")]:
        yield from wrong
        return
    if body.get("type") != kind:
        yield Breach("/view/type", f"must be one of {kind}")
        return
    if len(json.dumps(body, ensure_ascii=False).encode(errors="surrogatepass")) > LARGEST:
        yield Breach("/view", "must be less than 250 kB", code="view_too_large")
    if not body.get("blocks"):
        yield Breach("/view/blocks", "no less than 1 items allowed")
    own = [*blocks(body.get("blocks"), "/view/blocks", VIEW), *_named(body), *(_modal(body) if kind == "modal" else ())]
    yield from own
    if not any(each.refused for each in own):
        yield from view_modelled(body, "/view")


def _named(body: Part) -> Breaches:
    yield from too_long(body.get("private_metadata"), METADATA, "/view/private_metadata")
    for name in ("callback_id", "external_id"):
        yield from too_long(body.get(name), NAME, f"/view/{name}")
    focused = [each for block in objects(body.get("blocks")) for each in elements(block) if each.get("focus_on_load")]
    if len(focused) > 1:
        yield Breach("/view/blocks", "only one element may have focus_on_load")


def _modal(body: Part) -> Breaches:
    """docs.slack.dev/reference/views/modal-views: a title, and a submit where there is an input."""
    for name in ("title", "submit", "close"):
        if name in body or name == "title":
            yield from text_object(body.get(name), f"/view/{name}", TITLE, plain=True)
    for number, block in enumerate(objects(body.get("blocks"))):
        if block.get("type") == "input" and not body.get("submit"):
            yield Breach(f"/view/blocks/{number}/input", "must define submit to use input block")


def _together(parts: Any) -> Breaches:
    if sum(len(text) for text in _texts(parts)) > IN_BLOCKS:
        yield Breach("/blocks", f"more than {IN_BLOCKS} characters together", code="msg_blocks_too_long")
    markdown = [each.get("text") for each in objects(parts) if each.get("type") == "markdown"]
    if sum(len(text) for text in markdown if isinstance(text, str)) > MARKDOWN:
        yield Breach("/blocks", f"more than {MARKDOWN} characters of markdown together")
    for number, block in enumerate(objects(parts)):
        if any(each.get("type") == "file_input" for each in elements(block)):
            yield Breach(f"/blocks/{number}", "file_input stands in modals alone")


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for each in part:
            yield from _texts(each)
    elif isinstance(part, dict):
        for name, value in part.items():
            if name == "text" and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
