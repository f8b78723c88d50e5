"""What might have been meant: lines to type instead; a suggestion is never acted upon."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.patterns import Choice, Literal, Maybe, Part, Slot
from bot.plain import one_line, shortened
from bot.readings import RESERVED, Reading, readings
from bot.readings import begun as begun_by
from bot.registry import Command
from bot.spelling import is_near
from bot.typed import Word
from committee.names import fold

MOST: Final = 6
"""Suggestions in one answer."""


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Nothing was done: why, and lines that might have been meant."""

    text: str
    suggestions: tuple[str, ...] = ()


def instead_of(line: str, words: Sequence[Word], commands: Sequence[Command], found: Reading | None) -> NotUnderstood:
    """Why the words are no command, with the likeliest lines: misspelt, unfinished, or others with the same noun."""
    if found:
        return _understood_not(found.options.wrong, _help_of(found.command))
    if other := rather(line, words, commands, literals=1):
        return other
    known = tuple(command.form for command in of_noun(words[0].text, commands)) or ("help",)
    return _understood_not(f"{_quoted(line)} is not a command.{_reserved(words)}", known)


def rather(line: str, words: Sequence[Word], commands: Sequence[Command], *, literals: int) -> NotUnderstood | None:
    """A misspelt or an unfinished command that the words may be, with at least so many words of the language.

    `state Mali confirm` reads as a State "Mali confirm" with one of them, and as an unfinished command with two.
    """
    if mended := nearby(line, words, commands, literals=literals):
        return _understood_not(f"{_quoted(line)} is not a command. Did you mean: {mended[0]}?", mended)
    found = [begun for command in commands for begun in begun_by(words, command) if begun.reading.literals >= literals]
    if not found:
        return None
    likeliest = min(found, key=lambda begun: begun.reading.rank)
    return _understood_not(_missing(likeliest.missing), _help_of(likeliest.reading.command))


def _understood_not(text: str, suggestions: Iterable[str]) -> NotUnderstood:
    return NotUnderstood(f"{text} Nothing was changed.", tuple(dict.fromkeys(suggestions))[:MOST])


def _help_of(command: Command) -> tuple[str, str]:
    return command.form, command.example


def nearby(line: str, words: Sequence[Word], commands: Iterable[Command], *, literals: int = 1) -> tuple[str, ...]:
    """The line with its misspelt words put right, in every way that is as likely as any."""
    readable = [reading for reading in readings(words, commands, mend=True) if not reading.options.wrong]
    found = [reading for reading in readable if reading.mended and reading.literals >= literals]
    fewest = min((len(reading.mended) for reading in found), default=0)
    likeliest = sorted(
        (reading for reading in found if len(reading.mended) == fewest), key=lambda reading: reading.rank
    )
    return tuple(dict.fromkeys(_mended(line, reading) for reading in likeliest))[:MOST]


def of_noun(typed: str, commands: Sequence[Command]) -> tuple[Command, ...]:
    """The commands that begin with the noun, singular or plural, or with one like it; else those in which it stands."""
    said = fold(typed)
    same = [command for command in commands if said.removesuffix("s") == command.noun.removesuffix("s")]
    alike = [command for command in commands if is_near(said, command.noun)]
    inside = [command for command in commands if said in _literals(command.shape.parts)]
    return tuple(same or alike or inside)


def _mended(line: str, reading: Reading) -> str:
    for taken in reversed(reading.mended):
        line = line[: taken.words[0].start] + taken.mended + line[taken.words[-1].end :]
    return one_line(line)


def _missing(parts: Sequence[Part]) -> str:
    wanted = next(part for part in parts if not isinstance(part, Maybe))
    if isinstance(wanted, Slot):
        choices = f": {', '.join(wanted.placeholder.choices)}" if wanted.placeholder.choices else ""
        return f"Here the command wants {wanted.placeholder.says}{choices}."
    words = wanted.words if isinstance(wanted, Choice) else (wanted.word,)
    return f"Here the command wants {' or '.join(words)}."


def _literals(parts: Iterable[Part]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Literal):
            yield part.word
        elif isinstance(part, Choice):
            yield from part.words
        elif isinstance(part, Maybe):
            yield from _literals(part.parts)


def _reserved(words: Sequence[Word]) -> str:
    if len(words) > 1 and (word := fold(words[1].text)) in RESERVED:
        return f" “{word}” is a word of this language and never a key; a State goes by its three letters too."
    return ""


def _quoted(line: str) -> str:
    return f"“{shortened(line, 60)}”"
