"""Every way to read typed words as a command: the one whose literal words come first is the likeliest."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bot.options import Found, without_options
from bot.patterns import Choice, Literal, Maybe, Part, Slot
from bot.placeholders import squashed
from bot.registry import Command
from bot.spelling import is_near
from bot.typed import Word
from committee.names import fold

RESERVED: Final = frozenset({"add", "start", "schedule", "post", "publish", "report", "to", "of"})
"""Words of the language that are never keys."""

_READINGS: Final = 500
"""More readings of one line than this are not looked at; ordinary lines have fewer than ten."""
_LOOKED_AT: Final = 20
"""Words of a line that is no command, when it is asked which command it begins."""
_MENDED: Final = 2
"""Misspelt words of one line for which a correction is still proposed."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A part of the pattern with the words that it took; `mended` is the right spelling of a misspelt one."""

    part: Part
    words: tuple[Word, ...]
    value: str | None = None
    mended: str = ""
    other_number: bool = False  # singular where the pattern has a plural, or the other way round


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the whole line as one command."""

    command: Command
    taken: tuple[Taken, ...]
    options: Found

    @property
    def mended(self) -> tuple[Taken, ...]:
        return tuple(taken for taken in self.taken if taken.mended)

    @property
    def rank(self) -> tuple[int, tuple[float, ...], bool, bool, int]:
        """Lower is likelier: fewer corrections, literal words as early as may be, placeholders as short as may be."""
        places = [taken.words[0].start for taken in self.taken if isinstance(taken.part, Literal | Choice)]
        in_slots = sum(len(taken.words) for taken in self.taken if isinstance(taken.part, Slot))
        other_number = any(taken.other_number for taken in self.taken)
        return len(self.mended), (*places, float("inf")), other_number, bool(self.options.wrong), in_slots

    @property
    def literals(self) -> int:
        return sum(isinstance(taken.part, Literal | Choice) for taken in self.taken)


def best(found: Iterable[Reading]) -> Reading | None:
    return min(found, key=lambda reading: reading.rank, default=None)


def readings(words: Sequence[Word], commands: Iterable[Command], *, mend: bool = False) -> Iterator[Reading]:
    """Every way to read the words as one of the commands; with `mend` also with a word or two misspelt."""
    for command in commands:
        ways = (
            Reading(command, taken, options)
            for options in _options(words, command)
            for taken in _ways(command.shape.parts, options.words, mend=mend)
        )
        yield from islice((way for way in ways if len(way.mended) <= _MENDED), _READINGS)


@dataclass(frozen=True, slots=True)
class Begun:
    """A reading that ends before the command does, with the parts that are missing."""

    reading: Reading
    missing: tuple[Part, ...]


def begun(words: Sequence[Word], command: Command) -> Iterator[Begun]:
    """Every way to read the words as a command's beginning; words may follow that the next part cannot be."""
    parts = command.shape.parts
    for options in _options(words, command):
        for count in range(1, len(parts)):
            for end in _ends(parts[count], options.words):
                for taken in islice(_ways(parts[:count], options.words[:end]), _READINGS):
                    yield Begun(Reading(command, taken, options), parts[count:])


def _options(words: Sequence[Word], command: Command) -> Iterator[Found]:
    return islice(without_options(words, command), _READINGS)


def _ends(following: Part, words: Sequence[Word]) -> Iterable[int]:
    """Where the beginning may end: with the words, or before what is no kind, status or day where one follows."""
    choosy = isinstance(following, Slot) and following.placeholder.fits is not None
    return range(min(len(words), _LOOKED_AT), 0, -1) if choosy else (len(words),)


def _ways(parts: Sequence[Part], words: Sequence[Word], *, mend: bool = False) -> Iterator[tuple[Taken, ...]]:
    """Every way in which the parts take all the words, in order."""
    if not parts:
        if not words:
            yield ()
        return
    first, rest = parts[0], parts[1:]
    if isinstance(first, Maybe):
        yield from _ways((*first.parts, *rest), words, mend=mend)
        yield from _ways(rest, words, mend=mend)
        return
    for taken in _takes(first, words, last=not rest, mend=mend):
        for others in _ways(rest, words[len(taken.words) :], mend=mend):
            yield (taken, *others)


def _takes(part: Part, words: Sequence[Word], *, last: bool, mend: bool) -> Iterator[Taken]:
    if isinstance(part, Literal):
        yield from _literal(part, (part.word,), words, mend=mend)
    elif isinstance(part, Choice):
        yield from _literal(part, part.words, words, mend=mend)
    elif isinstance(part, Slot) and part.type == "TEXT":
        taken = tuple(words) if last else tuple(words[:1])
        if taken:
            yield Taken(part, taken)
    elif isinstance(part, Slot) and part.type == "SUBJECT":
        if words and words[0].quoted:  # where it ends is seen by its quotes alone
            yield Taken(part, (words[0],))
    elif isinstance(part, Slot):
        yield from _slot(part, words)


def _literal(part: Part, spellings: Sequence[str], words: Sequence[Word], *, mend: bool) -> Iterator[Taken]:
    """A word of the language: hyphens, spaces, case and accents do not count, nor singular and plural."""
    for spelling in sorted(spellings, key=len, reverse=True):
        for count in range(1, min(spelling.count("-") + 1, len(words)) + 1):
            taken = tuple(words[:count])
            if any(word.quoted for word in taken):
                break
            said = "".join(squashed(word.text) for word in taken)
            if said == squashed(spelling):
                yield Taken(part, taken, value=spelling)
            elif isinstance(part, Literal) and said in _other_number(squashed(spelling)):
                yield Taken(part, taken, value=spelling, other_number=True)
            elif mend and is_near(said, squashed(spelling)):
                yield Taken(part, taken, value=spelling, mended=spelling)


def _slot(slot: Slot, words: Sequence[Word]) -> Iterator[Taken]:
    """A placeholder: as few words as may be first; a word of the language alone is never a key."""
    placeholder = slot.placeholder
    if not words or fold(words[0].text) in RESERVED:
        return
    for count in range(1, min(placeholder.words, len(words)) + 1):
        taken = tuple(words[:count])
        if placeholder.fits is None or placeholder.fits(joined(taken)):
            yield Taken(slot, taken)


def _other_number(word: str) -> set[str]:
    singular = word[:-3] + "y" if word.endswith("ies") else word[:-1] if word.endswith("s") else ""
    plurals = {f"{word}s", f"{word}es", *([word[:-1] + "ies"] if word.endswith("y") else [])}
    return (plurals | {singular}) - {""}


def joined(words: Sequence[Word]) -> str:
    """Several words on one line, without a quote that was opened and never closed."""
    return " ".join(" ".join(word.text for word in words).split()).strip('"“”„«» ')
