"""A card on a terminal: calm, whole at 80 columns, readable without colour; data is never obeyed and never markup."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from rich import box
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.plain import one_line, plain, shortened
from bot.saying import IN_COLUMNS, has_parts, heading, missing, said
from committee.cards import Action, Card, Page

ROWS: Final = 40
"""Rows that a terminal shows before it says how many more there are; a file or a pipe gets all."""
CELL: Final = 160
"""Letters of one cell."""
LETTER_WIDTH: Final = 80
NARROWEST: Final = 9
"""Columns that a cell needs to be read: where there is less for each, a row is drawn as facts."""

READABLE: Final = 14
LONGEST_WORD: Final = 32
"""Columns that running text gets at least, and those that the longest word gets, where there is room."""
GAP: Final = 2
"""Columns between two columns."""
KEYS: Final = frozenset({"key", "see"})
"""Columns that people copy from."""
SENTENCES: Final = frozenset({"said", "text", "found", "to_do"})
"""Columns of whole sentences, which are never cut."""

TITLE, SOFT = "bold", "dim"


def a_console(*, errors: bool = False) -> Console:
    """The console of this process: 80 columns where there is no terminal, and letters that it lacks do not stop it."""
    stream = sys.stderr if errors else sys.stdout
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")
    console = Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=False)
    if not console.is_terminal:
        console.width = 80
    return console


def draw(card: Card, console: Console, *, everything: bool = False, door: str = "") -> None:
    """Title, sentence, facts, list, letter, buttons, notes; `door` is what each press needs (`--desk DIR`)."""
    cut = console.is_terminal and not everything
    for part in _parts(card, console.width, rows=ROWS if cut else len(card.rows), door=door):
        console.print(part)


def _parts(card: Card, width: int, *, rows: int, door: str) -> Iterable[RenderableType]:
    """What is drawn, from top to bottom, with an empty line between."""
    yield Text(one_line(card.title), style=TITLE)
    if card.text:
        yield Text(plain(card.text))
    shown = card.fields if card.facts is None else {name: card.fields[name] for name in card.facts}
    if facts := {name: value for name, value in shown.items() if not missing(value)}:
        yield from (Text(), _facts(facts))
    if card.rows:
        yield from (Text(), _list(_narrowed(card, rows), card.columns or tuple(card.rows[0]), width, door))
    if len(card.rows) > rows:
        yield Text(f"… and {len(card.rows) - rows} more: --all or --json", style=SOFT)
    if card.page:
        yield from (Text(), _letter(card.page, width))
    if card.actions:
        yield from (Text(), _buttons(card.actions, door))
    if card.notes:
        yield from (Text(), *(Text(plain(note), style=SOFT) for note in card.notes))


def _narrowed(card: Card, most: int) -> Sequence[Mapping[str, Any]]:
    """The rows that are drawn, of their parts only what is to be shown."""
    rows = card.rows[:most]
    if not card.parts:
        return rows
    return [
        {
            name: [_only(part, card.parts) for part in value] if has_parts(value) else value
            for name, value in row.items()
        }
        for row in rows
    ]


def _only(part: Any, names: Sequence[str]) -> Any:
    return {name: part.get(name) for name in names} if isinstance(part, Mapping) else part


def _facts(facts: Mapping[str, Any]) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style=SOFT)
    table.add_column(overflow="fold")
    for name, value in facts.items():
        table.add_row(Text(_heading(name)), Text(_cell(value, length=10 * CELL)))
    return table


def _list(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], width: int, door: str) -> RenderableType:
    """A table; rows with parts have those below them, and rows with too many values are facts, each on a line."""
    shown = [name for name in columns if not all(missing(row.get(name)) for row in rows)] or list(columns)
    if any(has_parts(row.get(name)) for row in rows for name in shown):
        return Group(*(line for row in rows for line in _with_parts(row, shown, door)))
    if len(shown) * (NARROWEST + GAP) > width:
        return Group(*(part for row in rows for part in (_facts({name: row.get(name) for name in shown}), Text())))
    return _table(rows, shown, width)


def _table(rows: Sequence[Mapping[str, Any]], shown: Sequence[str], width: int) -> RenderableType:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False, header_style=SOFT)
    long = {name: 10 * CELL if name in SENTENCES else CELL for name in shown}
    columns = {name: [_cell(row.get(name), length=long[name]) for row in rows] for name in shown}
    for name, wide in _widths(columns, width).items():
        table.add_column(Text(_heading(name)), overflow="fold", width=wide, justify=_side(rows, name))
    for cells in zip(*columns.values(), strict=True):
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _widths(columns: Mapping[str, Sequence[str]], width: int) -> dict[str, int]:
    """The width of each column: the widest gives way first, down to its longest word; keys are broken last of all."""
    texts = {name: [_heading(name), *cells] for name, cells in columns.items()}
    given = {name: max(map(cell_len, cells)) for name, cells in texts.items()}
    least = {name: min(max(READABLE, _longest_word(cells)), LONGEST_WORD) for name, cells in texts.items()}
    while sum(given.values()) > width - GAP * (len(given) - 1):
        soft = [name for name in given if given[name] > least[name] and name not in KEYS]
        hard = [name for name in given if name not in KEYS and given[name] > NARROWEST]
        given[max(soft or hard or given, key=given.__getitem__)] -= 1
    return given


def _longest_word(cells: Iterable[str]) -> int:
    return max((cell_len(word) for cell in cells for word in cell.split()), default=0)


def _with_parts(row: Mapping[str, Any], shown: Sequence[str], door: str) -> Iterable[RenderableType]:
    """A row on one line, and each part of it on a line of its own below, a little to the right."""
    yield Text(
        " · ".join(
            _cell(row.get(name), length=10 * CELL if name in SENTENCES else CELL)
            for name in shown
            if not has_parts(row.get(name)) and not missing(row.get(name))
        )
    )
    for name in shown:
        if has_parts(row.get(name)):
            yield from (Padding(_part(part, door), (0, 0, 0, 4)) for part in row[name])


def _part(part: Any, door: str) -> Text:
    """A part as its values; a button as what to type for it."""
    if isinstance(part, Mapping) and {"id", "label"} <= part.keys():
        asks = f" {part['asks'].upper()}" if part.get("asks") else ""
        return Text(f"verbale press {one_line(str(part['id']))}{asks}{door}   {one_line(str(part['label']))}")
    return Text(shortened(said(part, IN_COLUMNS), CELL), style=SOFT)


def _side(rows: Sequence[Mapping[str, Any]], name: str) -> Any:
    return "right" if all(type(row.get(name)) is int for row in rows) else "left"


def _letter(page: Page, width: int) -> RenderableType:
    """One whole letter, as its reader would see it: the heading, a line, the words."""
    heading = Table.grid(padding=(0, 2, 0, 0))
    heading.add_column(no_wrap=True, style=SOFT)
    heading.add_column(overflow="fold")
    for name, value in page.heading:
        heading.add_row(Text(one_line(name)), Text(one_line(value)))
    words = Text(plain(page.text).strip("\n"))
    return Panel(Group(heading, Text(), words), box=box.ROUNDED, padding=(1, 2), width=min(width, LETTER_WIDTH))


def _buttons(actions: Iterable[Action], door: str) -> RenderableType:
    """One line for each button: what to type, and what it does."""
    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    for action in actions:
        asks = f" {action.asks.upper()}" if action.asks else ""
        style = TITLE if action.style == "primary" else ""
        table.add_row(Text(f"verbale press {action.key}{asks}{door}"), Text(one_line(action.label), style=style))
    return table


def _heading(name: str) -> str:
    return shortened(heading(name), CELL)


def _cell(value: Any, *, length: int = CELL) -> str:
    """A value in words: moments as New York writes them, lists with commas, parts a line each, a dash for none."""
    if has_parts(value):
        return "\n".join(shortened(said(part, IN_COLUMNS), length) for part in value)
    return shortened(said(value, IN_COLUMNS), length)
