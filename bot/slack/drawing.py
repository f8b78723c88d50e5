"""A card as a message: within every limit, with a text for notifications and screen readers, and no data is obeyed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.plain import one_line
from bot.saying import has_parts, heading, missing, said
from bot.slack import blocks, limits, mrkdwn
from bot.slack.blocks import Block
from bot.slack.drawing_rows import Sheet, sheets
from committee.calendar import written_moment
from committee.cards import Action, Card, EventCard, Page

FACTS: Final = 12
NAME: Final = 40
FACT: Final = 140
TEXT: Final = 2_400
HEADING: Final = 1_200
NOTE: Final = 200
NOTES: Final = 8
ACTIONS: Final = 20
LEAST: Final = 400
"""Characters that are shown of a letter, or none of it is."""
ROOM: Final = limits.IN_ALL - limits.NOTIFICATION
SHEET, WHOLE = "sheet:", "whole:"
"""What the id of a button begins with that shows another page of an answer, or sends the whole as a file."""


@dataclass(frozen=True, slots=True)
class Message:
    """`text` is what a notification shows; `cut` says that more of the answer is there than its blocks show."""

    text: str
    blocks: tuple[Block, ...]
    cut: bool = False

    @property
    def payload(self) -> dict[str, Any]:
        """As Slack's methods take it; no page is opened to show a link's preview."""
        return {"text": self.text, "blocks": [*self.blocks]}


def draw(card: Card, *, number: int = 1, kept: str = "") -> Message:
    """The card; of a long answer page `number`, with the buttons to turn it where the answer is `kept` under a name."""
    leaves = sheets(_narrowed(card), card.columns or tuple(card.rows[0] if card.rows else ()))
    number = min(max(number, 1), max(len(leaves), 1))
    leaf = leaves[number - 1] if leaves else None
    seen = set[str]()
    above = _above(card) + (_once_each(leaf.blocks, seen) if leaf else [])
    pressed = _fresh([blocks.pressed_for(action) for action in card.actions[:ACTIONS]], seen)
    more = _more(leaf, len(leaves), number, len(card.rows)) if leaf else []
    turns = blocks.buttons(_turns(card.title, number, len(leaves), kept)) if kept else []
    notes = blocks.small(card.notes[:NOTES], NOTE)
    below = [*blocks.buttons(pressed), *more, *turns, *notes]
    letter, whole = _letter(card.page, ROOM - blocks.characters([*above, *below])) if card.page else ([], True)
    cut = len(leaves) > 1 or not whole or len(card.text) > TEXT
    parts = [*above, *letter, *blocks.buttons(pressed), *more, *(turns if cut else ()), *notes]
    return Message(notification(card), tuple(_within(parts)), cut=cut)


def event(card: EventCard, actions: Sequence[Action] = ()) -> Message:
    """What happened; once somebody has decided it says who and when, and its buttons are gone."""
    seen = tuple(action for action in actions if not card.decided and not action.used_at)
    notes = (f"{written_moment(card.at)} · {card.about}",)
    decided = f"Decided: {card.decided}" if card.decided else ""
    text = "\n".join(filter(None, (card.text, decided)))
    return draw(Card(card.title, text, actions=seen, notes=notes))


def notification(card: Card) -> str:
    """The card in one line; it is read for control sequences, so it is escaped."""
    line = f"{card.title}. {card.text}" if card.text else card.title
    return mrkdwn.aloud(line, limits.NOTIFICATION) or "–"


def _above(card: Card) -> list[Block]:
    """Title, sentence, facts."""
    parts = [blocks.header(card.title)]
    title = one_line(card.title)
    if len(title) > limits.HEADER:
        parts += blocks.paragraphs(title, limits.SECTION)[0]
    text, whole = blocks.paragraphs(card.text, TEXT)
    parts += text if whole else [*text, *blocks.small(["… the rest of it is cut here"], NOTE)]
    shown = card.fields if card.facts is None else {name: card.fields[name] for name in card.facts}
    pairs = [(heading(name), said(value)) for name, value in shown.items() if not missing(value)]
    parts += blocks.facts(pairs[:FACTS], NAME, FACT)
    more = len(pairs) - FACTS
    return [*parts, *blocks.small([f"… and {more} more facts"], NOTE)] if more > 0 else parts


def _narrowed(card: Card) -> list[dict[str, Any]]:
    """The rows, of their parts only what is to be shown."""
    if not card.parts:
        return [*card.rows]
    return [
        {
            name: [_only(part, card.parts) for part in value] if has_parts(value) else value
            for name, value in row.items()
        }
        for row in card.rows
    ]


def _only(part: Any, names: Sequence[str]) -> Any:
    return {name: part.get(name) for name in names} if isinstance(part, dict) else part


def _letter(page: Page, room: int) -> tuple[list[Block], bool]:
    """One whole letter as its reader would see it: the heading, a line, the words; in so many characters, or not at all."""
    if room < LEAST + NOTE:
        return blocks.small(["The letter does not fit here."], NOTE), False
    lines = "\n".join(f"{one_line(name)}: {one_line(value)}" for name, value in page.heading)
    head, head_whole = blocks.paragraphs(lines, min(HEADING, room - LEAST))
    words, words_whole = blocks.paragraphs(page.text, room - NOTE - blocks.characters(head))
    whole = head_whole and words_whole
    end = [] if whole else blocks.small(["… the letter is cut here"], NOTE)
    rule: list[Block] = [{"type": "divider"}]
    return [*rule, *head, *rule, *words, *end, *rule], whole


def _more(leaf: Sheet, leaves: int, number: int, rows: int) -> list[Block]:
    """How many more there are."""
    if leaves == 1:
        return []
    more = rows - leaf.last
    said_of = f"{leaf.first}–{leaf.last} of {rows}, page {number} of {leaves}"
    return blocks.small([f"… and {more} more: {said_of}" if more else f"The last: {said_of}"], NOTE)


def _turns(title: str, number: int, leaves: int, kept: str) -> list[Block]:
    turns = []
    if number > 1:
        turns.append(blocks.button(f"{SHEET}{number - 1}", "Previous", kept, aloud=f"Previous page of {title}"))
    if number < leaves:
        turns.append(blocks.button(f"{SHEET}{number + 1}", "Next", kept, aloud=f"Next page of {title}"))
    return [*turns, blocks.button(f"{WHOLE}file", "All of it as a file", kept, aloud=f"All of it as a file: {title}")]


def _once_each(parts: Iterable[Block], seen: set[str]) -> list[Block]:
    """The parts, each button at its first place only: two of one name in a message are refused."""
    kept = [
        _with_elements(part, _fresh(part["elements"], seen)) if part["type"] == "actions" else part for part in parts
    ]
    return [part for part in kept if part["type"] != "actions" or part["elements"]]


def _with_elements(part: Block, elements: list[Block]) -> Block:
    return {**part, "elements": elements}


def _fresh(elements: Iterable[Block], seen: set[str]) -> list[Block]:
    fresh = []
    for element in elements:
        if element["action_id"] not in seen:
            seen.add(element["action_id"])
            fresh.append(element)
    return fresh


def _within(parts: list[Block]) -> list[Block]:
    """What fits into one message; by the sizes above nearly all does, and buttons go before small print and facts."""
    while len(parts) > limits.MESSAGE_BLOCKS or blocks.characters(parts) > ROOM:
        least = max(range(len(parts)), key=lambda at: (_gives_way(parts[at]), at))
        parts = [*parts[:least], *parts[least + 1 :]]
    return parts


def _gives_way(part: Block) -> int:
    """The higher, the sooner it is left out."""
    order = {"context": 3, "divider": 4, "section": 2, "actions": 1}
    return order.get(part["type"], 0)
