"""Text: text objects, mrkdwn, and labels that can be read aloud.

docs.slack.dev/reference/block-kit/composition-objects/text-object, docs.slack.dev/messaging/formatting-message-text.
"""

import re
from typing import Any, Final

from bot.local_slack.rules.breach import Breach, Breaches, Part, too_long

MARKUP: Final = re.compile(
    r"<(?:(?:https?|tel|slack)://?[^<>|\s]+|tel:[^<>|\s]+|mailto:[^<>|\s]+|[@#][A-Z0-9]+|!(?:here|channel|everyone)|!subteam\^[A-Z0-9]+"
    r"|!date\^\d+\^[^<>|^]+(?:\^[^<>|]+)?(?=\|))(?:\|[^<>|]*)?>"
)
"""A link, a mention, or a date; a date without what stands for it elsewhere is none (`<!date^…|fallback>`)."""
ENTITY: Final = re.compile(r"&(?:amp|lt|gt);")
CODE: Final = re.compile(r":[a-z0-9_+'-]+:")
MARKDOWN: Final = re.compile(r"\*\*[^*\s][^*]*\*\*|(?<!\w)\[[^\]\n]+\]\(https?://[^)\s]+\)|(?m:^#{1,6} \S)")


def text_object(part: Any, where: str, most: int, *, plain: bool = False) -> Breaches:
    """`plain`: only plain_text may stand here."""
    if not isinstance(part, dict) or not isinstance(part.get("text"), str):
        yield Breach(where, "must be a text object")
        return
    kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
    if part.get("type") not in kinds:
        yield Breach(f"{where}/type", f"must be one of {', '.join(kinds)}")
    if not part["text"]:
        yield Breach(f"{where}/text", "must be more than 0 characters")
    yield from too_long(part["text"], most, f"{where}/text")
    yield from _fields(part, where)
    if part.get("type") == "mrkdwn":
        yield from mrkdwn(part["text"], f"{where}/text")


def mrkdwn(text: str, where: str) -> Breaches:
    """What is shown otherwise than it was meant: & < > that are neither escaped nor markup, and Markdown, which is not mrkdwn."""
    bare = ENTITY.sub("", MARKUP.sub("", text))
    if loose := [sign for sign in "&<" if sign in bare] + [
        ">" for line in bare.splitlines() if ">" in line.lstrip("> ")
    ]:
        yield Breach(where, f"{loose[0]} is neither escaped nor part of a link, a mention or a date", refused=False)
    if MARKDOWN.search(text):
        yield Breach(where, "mrkdwn is *bold* and <url|text>; this is Markdown", refused=False)


def label(part: Part, where: str, *, spoken: str = "") -> Breaches:
    """The desk's own rule: nothing is said by an emoji alone. A button may say it by its accessibility_label.

    docs.slack.dev/reference/block-kit/block-elements/button-element: the label is read out instead of the text.
    """
    text = part.get("text") if isinstance(part, dict) else None
    if isinstance(text, str) and text and not spoken and not any(each.isalnum() for each in CODE.sub("", text)):
        yield Breach(where, "says nothing to who cannot see emojis and signs: it needs words", refused=False)


def _fields(part: Part, where: str) -> Breaches:
    if "emoji" in part and part.get("type") != "plain_text":
        yield Breach(f"{where}/emoji", "is of plain_text alone")
    if "verbatim" in part and part.get("type") != "mrkdwn":
        yield Breach(f"{where}/verbatim", "is of mrkdwn alone")
    for name in set(part) - {"type", "text", "emoji", "verbatim"}:
        yield Breach(where, f"no more than the fields of a text object allowed: {name}")
