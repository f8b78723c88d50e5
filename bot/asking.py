"""Words that may mean several things: a command that reads shows them all, one that changes something asks back."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.grammar import Parsed
from bot.plain import shortened
from committee.cards import Card, Offer


@dataclass(frozen=True, slots=True)
class AskBack:
    """What was typed for one argument, or for one member of a list, and the keys that it may mean."""

    argument: str
    noun: str  # State, State or organization, person
    typed: str
    keys: tuple[str, ...]
    listed: tuple[str, ...] = ()  # the whole list, where the argument is one

    def line(self, key: str, parsed: Parsed) -> str:
        """The command with `key` in the place of what was typed."""
        text = ",".join(key if one == self.typed else _safe(one) for one in self.listed) if self.listed else key
        return parsed.with_argument(self.argument, text)


def asked_back(ask: AskBack, parsed: Parsed, names: Mapping[str, str]) -> Card:
    """The candidates where the command reads; a refusal with their names and the way to say each where it changes."""
    said = f"“{shortened(ask.typed, 60)}”"
    if not ask.keys:
        way_out = "To see who is: staff." if ask.noun == "person" else "To see the States: states."
        text = f"There is no {ask.noun} {said} in the register. {way_out}"
        return Card("Unknown", text if parsed.command.reads else f"{text} Nothing was changed.", ok=False)
    named = " or ".join(f"{names.get(key, key)} ({key})" for key in ask.keys)
    lines = tuple(ask.line(key, parsed) for key in ask.keys)
    if not parsed.command.reads:
        way_out = "a guess never changes anything. Use the ISO code or the formal name."
        text = f"{said} may mean {named}. Nothing was changed: {way_out}"
        return Card(f"Which {ask.noun}?", text, notes=lines, ok=False)
    rows = tuple({"key": key, "name": names.get(key, key)} for key in ask.keys)
    offers = tuple(Offer(names.get(key, key), line) for key, line in zip(ask.keys, lines, strict=True))
    return Card(f"Which {ask.noun}?", f"{said} may mean {named}.", rows, offers=offers, notes=lines)


def _safe(name: str) -> str:
    return f'"{name}"' if "," in name else name
