"""Which command was typed, and with what: or why it is none, and what might have been meant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bot import suggestions
from bot.patterns import Choice, Slot
from bot.plain import plain
from bot.readings import Reading, best, joined, readings
from bot.registry import Command
from bot.suggestions import NotUnderstood as NotUnderstood  # noqa: PLC0414 - one of the two answers
from bot.typed import LONGEST, Word, unquoted, words_of


@dataclass(frozen=True, slots=True)
class Span:
    """Where something stands in the line."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """A command and its arguments as they were typed; `meaning` turns them into keys and days."""

    command: Command
    arguments: Mapping[str, str | bool]
    line: str
    spans: Mapping[str, Span] = field(default_factory=dict)
    literals: int = 1  # how many of the words were the language's own

    def with_argument(self, name: str, text: str) -> str:
        """The line that has `text` in the place of one argument."""
        span = self.spans[name]
        return f"{self.line[: span.start]}{text}{self.line[span.end :]}".strip()


def parse(typed: str, commands: Sequence[Command]) -> Parsed | NotUnderstood:
    """The command that `typed` is, or why it is none with what might have been meant; never raises, never guesses."""
    if len(typed) > LONGEST:
        return NotUnderstood(
            f"A command has at most {LONGEST:,} characters; this has {len(typed):,}. Longer text enters by file."
        )
    line = plain(typed)
    words = words_of(line)
    if not words:
        return NotUnderstood("Nothing was typed.", ("help", "desk"))
    found = best(readings(words, commands))
    if found and not found.options.wrong:
        return _parsed(found, line)
    return suggestions.instead_of(line, words, commands, found)


def _parsed(found: Reading, line: str) -> Parsed:
    arguments: dict[str, str | bool] = dict(found.options.values)
    spans = {name: Span(*place) for name, place in found.options.places.items()}
    for taken in found.taken:
        if isinstance(taken.part, Choice) and taken.value:
            arguments[taken.part.name] = taken.value
        elif isinstance(taken.part, Slot):
            name = taken.part.name
            arguments[name] = _text(taken.words, line) if taken.part.type == "TEXT" else joined(taken.words)
            spans[name] = Span(taken.words[0].start, taken.words[-1].end)
    return Parsed(found.command, arguments, line, spans, found.literals)


def _text(words: Sequence[Word], line: str) -> str:
    """Free text as it was typed, with its line breaks; an option that stood in the middle of it has left."""
    if len(words) == 1 and words[0].quoted:
        return words[0].text.strip()
    pieces = [line[words[0].start : words[0].end]]
    for before, word in pairwise(words):
        between = line[before.end : word.start]
        pieces += [between if between.isspace() else " ", line[word.start : word.end]]
    return unquoted("".join(pieces))
