"""What was typed in Slack, as it was typed: without the entities, links and mentions that Slack makes of it."""

import re
from typing import Final

_LINKED: Final = re.compile(r"<(?:mailto:|tel:)(?P<address>[^|>]*)(?:\|[^>]*)?>|<(?P<url>https?://[^|>]*)(?:\|[^>]*)?>")
_MENTION: Final = re.compile(r"<[@#!](?P<id>[A-Za-z0-9^_-]+)(?:\|(?P<name>[^>]*))?>")


def as_typed(text: str, bot: str = "") -> str:
    """The line; the mention of the desk's own bot is left out, any other stays as the name or the id in it.

    https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages
    """
    without = re.sub(rf"<@{re.escape(bot)}(?:\|[^>]*)?>", " ", text) if bot else text
    plain = _LINKED.sub(lambda found: found["address"] or found["url"] or "", without)
    plain = _MENTION.sub(lambda found: f"@{found['name'] or found['id']}", plain)
    return _entities(plain).strip()


def _entities(text: str) -> str:
    """Slack escapes these three and no other; one pass, so that what somebody typed as `&amp;lt;` stays `&lt;`."""
    return re.sub("&(amp|lt|gt);", lambda found: {"amp": "&", "lt": "<", "gt": ">"}[found[1]], text)
