"""Block Kit's parts as we use them: what is data stands in plain text, or harmless in mrkdwn; nothing is over a limit."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from bot.plain import one_line, plain, shortened
from bot.slack import limits, mrkdwn
from committee.cards import Action

Block = dict[str, Any]

PRESS: Final = "press:"
ASK: Final = "ask:"
"""What the id of a button begins with: it does something at once, or first asks for words."""
IN_A_LINE: Final = 5
"""Buttons of one block: more are hard to find on a phone."""
_STYLES: Final = frozenset({"primary", "danger"})


def plain_text(text: str, length: int) -> Block:
    """Text that is never markup; Slack takes none that is empty."""
    return {"type": "plain_text", "text": shortened(text, length) or "–", "emoji": False}


def header(text: str) -> Block:
    return {"type": "header", "text": plain_text(text, limits.HEADER)}


def paragraphs(text: str, room: int) -> tuple[list[Block], bool]:
    """The text as sections, in at most `room` characters, cut between lines where it can be; whether all of it is there."""
    whole = plain(text).strip("\n")
    shown, blocks = whole[: max(room, 0)], []
    while shown.strip():
        piece = _piece(shown)
        if piece.strip():
            blocks.append(
                {"type": "section", "text": {"type": "plain_text", "text": piece.strip("\n"), "emoji": False}}
            )
        shown = shown[len(piece) :]
    return blocks, len(whole) <= room


def _piece(text: str) -> str:
    if len(text) <= limits.SECTION:
        return text
    end = text.rfind("\n", limits.SECTION // 2, limits.SECTION)
    return text[: end + 1] if end > 0 else text[: limits.SECTION]


def marked(lines: str) -> Block:
    """A section in mrkdwn; `verbatim`: nothing in it becomes a link or a mention by itself."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": lines, "verbatim": True}}


def facts(pairs: Iterable[tuple[str, str]], name_length: int, length: int) -> list[Block]:
    """Each fact under its name, two beside each other on a wide screen."""
    cells = [
        {
            "type": "mrkdwn",
            "text": f"*{mrkdwn.data(name, name_length)}*\n{mrkdwn.data(value, length) or '–'}",
            "verbatim": True,
        }
        for name, value in pairs
    ]
    return [{"type": "section", "fields": some} for some in _in_groups(cells, limits.FIELDS)]


def small(texts: Iterable[str], length: int) -> list[Block]:
    """Lines in small print."""
    elements = [plain_text(text, length) for text in texts if one_line(text)]
    return [{"type": "context", "elements": some} for some in _in_groups(elements, limits.CONTEXTS)]


def buttons(elements: Sequence[Block], a_line: int = IN_A_LINE) -> list[Block]:
    return [{"type": "actions", "elements": some} for some in _in_groups(elements, a_line)]


def button(action_id: str, label: str, value: str, *, style: str = "", aloud: str = "") -> Block:
    """`aloud` is what a screen reader says, where the label alone does not say it."""
    made: Block = {
        "type": "button", "action_id": action_id, "text": plain_text(label, limits.LABEL), "value": value,
    }  # fmt: skip
    if style in _STYLES:
        made["style"] = style
    if one_line(aloud) and one_line(aloud) != one_line(label):
        made["accessibility_label"] = shortened(aloud, limits.LABEL)
    return made


def pressed_for(action: Action, about: str = "") -> Block:
    """The button of an action; its id tells nothing but which one it is, and whether words are asked for first."""
    kind = ASK if action.asks else PRESS
    label = f"{shortened(action.label, limits.LABEL - 1)}…" if action.asks else action.label
    aloud = f"{action.label}: {about}" if about else ""
    return button(f"{kind}{action.key}", label, action.key, style=action.style, aloud=aloud)


def _in_groups(elements: Iterable[Block], size: int) -> Iterator[list[Block]]:
    rest = iter(elements)
    while group := list(islice(rest, size)):
        yield group


def characters(blocks: Iterable[Any]) -> int:
    """How many characters of text stand in the blocks, however deep."""
    return sum(map(_characters, blocks))


def _characters(part: Any) -> int:
    if isinstance(part, dict):
        own = len(part["text"]) if isinstance(part.get("text"), str) else 0
        return own + sum(_characters(value) for name, value in part.items() if name != "text" or not own)
    return sum(map(_characters, part)) if isinstance(part, list) else 0
