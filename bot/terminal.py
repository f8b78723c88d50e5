"""A card on a terminal: calm, whole at 80 columns, readable without colour; data is never obeyed and never markup."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any, Final

from rich import box
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.plain import one_line, plain, shortened
from committee.calendar import new_york
from committee.cards import Action, Card, Page

ROWS: Final = 40
"""Rows that a terminal shows before it says how many more there are; a file or a pipe gets all."""
CELL: Final = 160
"""Letters of one cell."""
LETTER_WIDTH: Final = 80
NARROWEST: Final = 9
"""Columns that a cell needs to be read: where there is less for each, a row is drawn as facts, one below the other."""

KEYS: Final = frozenset({"key", "command", "see"})
"""Columns that people copy from."""

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
    """Draw the card: title, sentence, facts, list, letter, buttons, notes. `door` is what each press needs (`--desk DIR`)."""
    cut = console.is_terminal and not everything
    for part in _parts(card, console.width, rows=ROWS if cut else len(card.rows), door=door):
        console.print(part)


def _parts(card: Card, width: int, *, rows: int, door: str) -> Iterable[RenderableType]:
    """What is drawn, from top to bottom, with an empty line between."""
    yield Text(one_line(card.title), style=TITLE)
    if card.text:
        yield Text(plain(card.text))
    if facts := {name: value for name, value in card.fields.items() if not _missing(value)}:
        yield from (Text(), _facts(facts))
    if card.rows:
        yield from (Text(), _list(card.rows[:rows], card.columns or tuple(card.rows[0]), width))
    if len(card.rows) > rows:
        yield Text(f"… and {len(card.rows) - rows} more: --all or --json", style=SOFT)
    if card.page:
        yield from (Text(), _letter(card.page, width))
    if card.actions:
        yield from (Text(), _buttons(card.actions, door))
    if card.notes:
        yield from (Text(), *(Text(plain(note), style=SOFT) for note in card.notes))


def _facts(facts: Mapping[str, Any]) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style=SOFT)
    table.add_column(overflow="fold")
    for name, value in facts.items():
        table.add_row(Text(_heading(name)), Text(_cell(value, length=10 * CELL)))
    return table


def _list(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], width: int) -> RenderableType:
    """A table; rows with parts of their own have those below them, and rows with too many values are facts, each on a line."""
    shown = [name for name in columns if not all(_missing(row.get(name)) for row in rows)] or list(columns)
    if any(_has_parts(row.get(name)) for row in rows for name in shown):
        return Group(*(line for row in rows for line in _with_parts(row, shown)))
    if len(shown) * (NARROWEST + 1) > width:
        return Group(*(part for row in rows for part in (_facts({name: row.get(name) for name in shown}), Text())))
    return _table(rows, shown, width)


def _table(rows: Sequence[Mapping[str, Any]], shown: Sequence[str], width: int) -> RenderableType:
    cells = [[_cell(row.get(name)) for name in shown] for row in rows]
    whole = _never_broken({name: max(cell_len(row[place]) for row in cells) for place, name in enumerate(shown)}, width)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False, header_style=SOFT)
    for name in shown:
        table.add_column(Text(_heading(name)), overflow="fold", no_wrap=name in whole, justify=_side(rows, name))
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _never_broken(longest: Mapping[str, int], width: int) -> set[str]:
    """The columns that stay on one line, keys first, then the narrow ones, as long as the others can still be read."""
    left = width - 2 * len(longest)
    least = {name: min(letters, NARROWEST) for name, letters in longest.items()}
    whole: set[str] = set()
    for name in sorted(longest, key=lambda name: (name not in KEYS, longest[name])):
        others = sum(longest[other] if other in whole else least[other] for other in longest if other != name)
        if longest[name] + others <= left:
            whole.add(name)
    return whole


def _has_parts(value: Any) -> bool:  # noqa: ANN401 - any value that a flow shows
    return isinstance(value, list | tuple) and any(isinstance(part, Mapping) for part in value)


def _with_parts(row: Mapping[str, Any], shown: Sequence[str]) -> Iterable[RenderableType]:
    """A row on one line, and each part of it on a line of its own below, a little to the right."""
    yield Text(" · ".join(_cell(row.get(name)) for name in shown if not _has_parts(row.get(name)) and not _missing(row.get(name))))
    for name in shown:
        if _has_parts(row.get(name)):
            yield from (Padding(Text(shortened(_said(part), CELL)), (0, 0, 0, 4)) for part in row[name])


def _side(rows: Sequence[Mapping[str, Any]], name: str) -> Any:  # noqa: ANN401 - rich's own closed set
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
    return shortened(name.replace("_", " "), CELL)


def _missing(value: Any) -> bool:  # noqa: ANN401 - any value that a flow shows
    return value is None or (isinstance(value, str | list | tuple | dict | frozenset | set) and not value)


def _cell(value: Any, *, length: int = CELL) -> str:  # noqa: ANN401 - as above
    """A value in words: days and moments as they are written, lists with commas, parts of parts a line each, a dash for none."""
    if _has_parts(value):
        return "\n".join(shortened(_said(part), length) for part in value)
    return shortened(_said(value), length)


def _said(value: Any) -> str:  # noqa: ANN401, PLR0911 - as above; one line for each kind
    if _missing(value):
        return "–"  # noqa: RUF001 - a dash for what is missing
    match value:
        case Enum():
            return str(value.value)
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{new_york(value) if value.tzinfo else value:%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case Mapping():
            return " · ".join(_said(part) for part in value.values() if not _missing(part))
        case list() | tuple() | set() | frozenset():
            return ", ".join(_said(part) for part in value)
        case _:
            return str(value)
