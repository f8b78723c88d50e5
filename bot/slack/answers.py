"""Long answers are kept for a while, so that a person can turn their pages and have the whole as a file."""

import secrets
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from bot.slack.drawing import Message, draw
from committee.cards import Card
from committee.staff import Person

MOST: Final = 200
"""Answers that are kept; each is some hundred rows at most. With the process they are gone, and are asked for anew."""


@dataclass(slots=True)
class Answers:
    _begin: str = field(default_factory=lambda: secrets.token_hex(8))
    """Of every name here, so that an answer of another process is none of this one's."""
    _numbers: Iterator[int] = field(default_factory=count)
    _kept: OrderedDict[str, tuple[str, Card]] = field(default_factory=OrderedDict)

    def draw(self, card: Card, person: Person | None) -> Message:
        """The card as a message; kept where it does not fit into one and somebody of the staff asked."""
        if person is None or (card.page and not draw(card).cut):  # buttons to turn pages take room from a letter
            return draw(card)
        name = f"{self._begin}{next(self._numbers):x}"
        message = draw(card, kept=name)
        if message.cut:
            self._kept[name] = (person.key, card)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return message

    def find(self, name: str, person: Person) -> Card | None:
        """Nobody but whoever asked turns its pages."""
        whose, card = self._kept.get(name, ("", None))
        return card if whose == person.key else None
