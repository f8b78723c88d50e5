"""A card's list as pages of a message: a line for each row, its parts below it, and its buttons where it has any."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

from bot.saying import has_parts, heading, missing, said
from bot.slack import blocks, limits, mrkdwn
from bot.slack.blocks import Block

ROWS: Final = 15
"""Rows of one page: what is read without losing one's place."""
ROOM: Final = 3_000
PARTS: Final = 24
"""Characters and blocks that the list of one page may take of a message."""
CELL: Final = 160
SENTENCE: Final = 400
ROW: Final = 900
"""Characters of a row's line; with its parts below it, see `ROOM`."""
BELOW: Final = 8
"""Parts of one row that are shown, and buttons."""
SENTENCES: Final = frozenset({"said", "text", "found", "to_do"})
BUTTON: Final = frozenset({"id", "label"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: its blocks, and the first and the last row of it, counted from one."""

    blocks: tuple[Block, ...]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Row:
    lines: str
    buttons: tuple[Block, ...]


_BUTTONS: Final = attrgetter("buttons")


def sheets(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> list[Sheet]:
    """All the pages, in order; each has at least one row, and none is over what a message takes."""
    shown = [name for name in columns if not all(missing(row.get(name)) for row in rows)] or [*columns]
    made: list[Sheet] = []
    page: list[_Row] = []
    first = 1
    most = 0
    for at, row in enumerate((_row(row, shown) for row in rows), 1):
        most = max(most, len(row.lines) + 1)
        if page and not _fits([*page, row], most):
            made.append(Sheet(tuple(_drawn(page)), first, at - 1))
            page, first, most = [], at, len(row.lines) + 1
        page.append(row)
    return [*made, Sheet(tuple(_drawn(page)), first, len(rows))] if page else made


def _fits(page: list[_Row], most: int) -> bool:
    """`most`: how long the longest row is at most; as often as not that says it, and each row of a long list is tried."""
    if len(page) > ROWS:
        return False
    if len(page) * most <= ROOM and not any(map(_BUTTONS, page)):
        return True
    drawn = [*_drawn(page)]
    return len(drawn) <= PARTS and blocks.characters(drawn) <= ROOM


def _drawn(page: Iterable[_Row]) -> Iterator[Block]:
    """Rows without buttons stand together; one with buttons has them right below it."""
    together: list[str] = []
    for row in page:
        if together and (len("\n".join([*together, row.lines])) > limits.SECTION):
            yield blocks.marked("\n".join(together))
            together = []
        together.append(row.lines)
        if row.buttons:
            yield blocks.marked("\n".join(together))
            yield from blocks.buttons(row.buttons)
            together = []
    if together:
        yield blocks.marked("\n".join(together))


def _row(row: Mapping[str, Any], shown: Sequence[str]) -> _Row:
    """The first value in bold, then the others; a value that says yes or no with its name."""
    cells, parts = _apart(row, shown)
    first, rest = (cells[0], cells[1:]) if cells else ("–", [])
    line = f"• *{first}*" if first else "•"
    for cell in rest:
        if len(line) + len(cell) + len(" · ") <= ROW:
            line += f" · {cell}"
    if not parts:
        return _Row(line, ())
    pressed = [part for part in parts if _is_button(part)]
    below = [part for part in parts if not _is_button(part)]
    lines = [line, *(f"      ◦ {mrkdwn.data(said(part), CELL)}" for part in below[:BELOW])]
    if len(below) > BELOW:
        lines.append(f"      ◦ … and {len(below) - BELOW} more")
    buttons = [_button(part, said(row.get(shown[0]))) for part in pressed[:BELOW]] if shown else []
    return _Row("\n".join(lines), tuple(buttons))


def _apart(row: Mapping[str, Any], shown: Sequence[str]) -> tuple[list[str], list[Any]]:
    """What stands in the row's line, and what below it."""
    cells: list[str] = []
    parts: list[Any] = []
    for name in shown:
        value: Any = row.get(name)
        if has_parts(value):
            parts += value
        elif not missing(value):
            cells.append(_cell(name, value))
    return cells, parts


def _cell(name: str, value: Any) -> str:
    length = SENTENCE if name in SENTENCES else CELL
    words = mrkdwn.data(said(value), length)
    named = isinstance(value, int)
    return f"{mrkdwn.data(heading(name), CELL)}: {words}" if named else words


def _is_button(part: Any) -> bool:
    return isinstance(part, Mapping) and part.keys() >= BUTTON


def _button(part: Mapping[str, Any], about: str) -> Block:
    asks, style = str(part.get("asks") or ""), str(part.get("style") or "")
    kind = blocks.ASK if asks else blocks.PRESS
    label = f"{part['label']}…" if asks else str(part["label"])
    aloud = f"{part['label']}: {about}"
    return blocks.button(f"{kind}{part['id']}", label, str(part["id"]), style=style, aloud=aloud)
