"""Long answers are kept for a while, so that a person can turn their pages and have the whole as a file."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from bot.slack.drawing import Message, draw
from committee.cards import Card
from committee.staff import Person

MOST: Final = 200
"""Answers that are kept; each is some hundred rows at most. With the process they are gone, and are asked for anew."""


@dataclass(slots=True)
class Answers:
    _kept: OrderedDict[str, tuple[str, Card]] = field(default_factory=OrderedDict)

    def draw(self, card: Card, person: Person | None) -> Message:
        """The card as a message; kept where it does not fit into one and somebody of the staff asked."""
        message = draw(card)
        if not message.cut or person is None:
            return message
        name = secrets.token_hex(8)
        self._kept[name] = (person.key, card)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return draw(card, kept=name)

    def find(self, name: str, person: Person) -> Card | None:
        """Nobody but whoever asked turns its pages."""
        whose, card = self._kept.get(name, ("", None))
        return card if whose == person.key else None
