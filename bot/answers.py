"""A card as data: one object of plain values, for those who script against the desk."""

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from bot.plain import plain
from committee.calendar import NEW_YORK
from committee.cards import Action, Card


def as_json(card: Card) -> dict[str, Any]:
    """The card under its seven names, all of them always; days and moments are ISO 8601, moments with their zone."""
    return {
        "ok": card.ok,
        "title": plain(card.title),
        "text": plain(card.text),
        "rows": [_plain(row) for row in card.rows],
        "fields": _plain(card.fields),
        "actions": [_action(action) for action in card.actions],
        "notes": [plain(note) for note in card.notes],
    }


def _action(action: Action) -> dict[str, str]:
    shown = {"id": action.key, "label": plain(action.label), "style": action.style}
    return shown | ({"asks": action.asks} if action.asks else {})


def _plain(value: Any) -> Any:  # noqa: PLR0911 - one line for each kind
    match value:
        case None | bool() | int() | float() if not isinstance(value, Enum):
            return value
        case Enum():
            return _plain(value.value)
        case str():
            return plain(value)
        case datetime():
            return (value if value.tzinfo else value.replace(tzinfo=NEW_YORK)).isoformat()
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): _plain(part) for key, part in value.items()}
        case list() | tuple():
            return [_plain(part) for part in value]
        case set() | frozenset():
            return sorted((_plain(part) for part in value), key=str)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return _plain(asdict(value))
        case _:
            return plain(str(value))
