"""The options of a command, wherever they stand: `--until 12 September` takes as many words as are a day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bot.patterns import Option, Slot
from bot.registry import Command
from bot.spelling import NEAR, distance
from bot.typed import Word
from committee.names import fold

MOST: Final = 20
"""Options in one line."""

LISTS: Final = {"STATES": ",", "FILES": "\n"}
"""What may be given in several options of one name, and what stands between its members: no file's name is typed with a line break."""

ALL: Final = "all"
"""Every list takes this flag: where its ledger is not cut to 90 days, it says that the drawing is not cut either."""


@dataclass(frozen=True, slots=True)
class Found:
    """The words without the options, the options' values and places, and what is wrong with one, if anything is."""

    words: tuple[Word, ...] = ()
    values: Mapping[str, str | bool] = field(default_factory=dict)
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()  # those that must stand, and do
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class _Taken:
    """One option with its value, before the other words are looked at."""

    option: Option
    value: str | bool
    place: tuple[int, int]
    words: int
    wrong: str = ""


def without_options(words: Sequence[Word], command: Command) -> Iterator[Found]:
    """Every way to take this command's options out of the words, the likeliest first; most lines have one way."""
    if sum(word.is_option for word in words) > MOST:
        yield Found(tuple(words), wrong=f"A command has at most {MOST} options.")
        return
    needed = [option for option in command.shape.options if option.required]
    for found in _without(tuple(words), command):
        missing = next(
            (option for option in needed if option.name not in found.values and option.word not in found.flags), None
        )
        yield replace(found, wrong=found.wrong or f"--{missing.word} is missing.") if missing else found


def _without(words: tuple[Word, ...], command: Command) -> Iterator[Found]:
    at = next((place for place, word in enumerate(words) if word.is_option), None)
    if at is None:
        yield Found(words)
        return
    before, rest = words[:at], words[at + 1 :]
    option, wrong = _option(words[at], command)
    if option is None:
        kept = (words[at],) if words[at].phone else ()
        for found in _without(rest, command):
            yield replace(found, words=(*before, *kept, *found.words), wrong=wrong or found.wrong)
        return
    for taken in _values(option, words[at], rest, wrong):
        for found in _without(rest[taken.words :], command):
            yield _joined(replace(found, words=(*before, *found.words)), taken)


def _option(word: Word, command: Command) -> tuple[Option | None, str]:
    """The option that a word names, or the nearest one with what is wrong; nothing wrong where it may be plain text."""
    said = fold(word.text[2:].partition("=")[0])
    options = {option.word: option for option in command.shape.options}
    if command.reads:
        options.setdefault(ALL, Option(ALL, "", None))
    if exact := options.get(said.replace("_", "-")):
        return exact, ""
    near = min(options, key=lambda known: distance(said, known), default="")
    if near and distance(said, near) <= NEAR:
        return options[near], f"There is no option --{said}; did you mean --{near}?"
    if word.phone:
        return None, ""
    known = ", ".join(f"--{option}" for option in options)
    has = f"it has {known}" if known else "it has none"
    return None, f"{command.form} has no option --{said}; {has}. Text with dashes before a word stands in quotes."


def _values(option: Option, word: Word, rest: tuple[Word, ...], wrong: str) -> Iterator[_Taken]:
    """The value may be one word, several that fit together, or a list; it ends before the next option."""
    inline = _inline(word)
    if option.slot is None:
        problem = f"--{option.word} takes no value." if inline else ""
        yield _Taken(option, True, (word.start, word.end), 0, wrong or problem)  # noqa: FBT003 - a flag's value
        return
    until = next((at for at, other in enumerate(rest) if other.is_option), len(rest))
    words = (*((inline,) if inline else ()), *rest[:until])
    if not words:
        yield _Taken(
            option, "", (word.start, word.end), 0, wrong or f"--{option.word} takes {option.slot.placeholder.says}."
        )
        return
    for count in _counts(option.slot, words):
        value = " ".join(taken.raw if option.slot.type == "STATES" else taken.text for taken in words[:count])
        yield _Taken(option, value, (words[0].start, words[count - 1].end), count - bool(inline), wrong)


def _inline(word: Word) -> Word | None:
    """What stands behind the = of `--option=value`."""
    _, equals, value = word.text.partition("=")
    raw = word.raw.partition("=")[2]
    return Word(value, word.end - len(raw), word.end, raw, quoted=True) if equals else None


def _counts(slot: Slot, words: tuple[Word, ...]) -> Iterator[int]:
    """How many words the value may be: the most that fit together, or from its last comma on as many as are needed."""
    placeholder = slot.placeholder
    most = min(placeholder.words, len(words))
    if placeholder.fits:
        fitting = (count for count in range(most, 0, -1) if placeholder.fits(" ".join(w.text for w in words[:count])))
        yield next(fitting, 1)
        return
    listed = 1
    while listed < most and (words[listed - 1].raw.endswith(",") or words[listed].raw.startswith(",")):
        listed += 1
    yield from range(listed, most + 1)


def _joined(found: Found, taken: _Taken) -> Found:
    """A list that is given in several options is one list; anything else is given once."""
    name, value, place = taken.option.name, taken.value, taken.place
    wrong = taken.wrong or found.wrong
    if not name:
        return replace(found, wrong=wrong)
    if taken.option.slot is None and taken.option.required:
        return replace(found, flags=found.flags | {taken.option.word}, wrong=wrong)
    if name in found.values and taken.option.slot and (between := LISTS.get(taken.option.slot.type)):
        value = f"{value}{between}{found.values[name]}"
    elif name in found.values:
        wrong = wrong or f"--{taken.option.word} stands there twice."
    return replace(found, values={**found.values, name: value}, places={**found.places, name: place}, wrong=wrong)
