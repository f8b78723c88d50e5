"""A command's pattern, taken apart once: its literal words, its placeholders, what may be left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.placeholders import PLACEHOLDERS, Placeholder

WHICH: Final = "which"
"""The name of a choice that the pattern does not name: `outbox [waiting|held]` is `outbox [waiting|held=WHICH]`."""

NAMED: Final = {"PERSON": "who"}
"""Where the argument's name is not the placeholder's own: `person` is whoever acts."""


@dataclass(frozen=True, slots=True)
class Literal:
    word: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several literal words; the one that was typed is the argument."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A placeholder and the name of the argument that it fills."""

    name: str
    type: str

    @property
    def placeholder(self) -> Placeholder:
        return PLACEHOLDERS[self.type]


@dataclass(frozen=True, slots=True)
class Maybe:
    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Option:
    """`--since DATE`, or a flag (`slot` is None): True where it is given; one that must stand is no argument."""

    word: str
    name: str
    slot: Slot | None
    required: bool = False


Part = Literal | Choice | Slot | Maybe

_TOKEN: Final = re.compile(r"\[|\]|[^\[\]\s]+")
_PLACEHOLDER: Final = re.compile(r"(?:(?P<name>[A-Z][A-Z_]*)=)?(?P<type>[A-Z]+)")
_CHOICE: Final = re.compile(r"(?P<words>[a-z0-9-]+(?:\|[a-z0-9-]+)*)(?:=(?P<name>[A-Z][A-Z_]*))?")


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a command takes by place, and what by option."""

    parts: tuple[Part, ...]
    options: tuple[Option, ...]

    @property
    def noun(self) -> str:
        """Its first word."""
        return self.parts[0].word if isinstance(self.parts[0], Literal) else ""

    @property
    def arguments(self) -> dict[str, bool]:
        """Every argument's name, and whether it is always there."""
        found: dict[str, bool] = {}
        _collect(self.parts, found, always=True)
        return found | {option.name: option.required for option in self.options if option.slot or not option.required}

    @property
    def slots(self) -> dict[str, Slot]:
        """Every placeholder by its argument's name, by place and by option."""
        return {slot.name: slot for slot in (*_slots(self.parts), *(o.slot for o in self.options if o.slot))}


def taken_apart(written: str) -> Pattern:
    """The pattern that is written; ValueError, with the pattern, where it is not one."""
    try:
        parts, options, rest = _parts(_TOKEN.findall(written))
        pattern = Pattern(parts, options)
        if rest or not pattern.noun:
            raise ValueError(rest)  # noqa: TRY301 - one door out
        _ = pattern.arguments  # a name that stands there twice
    except (ValueError, IndexError) as error:
        message = f"not a pattern: {written} ({error})"
        raise ValueError(message) from error
    return pattern


def as_read(written: str) -> str:
    """The pattern as people read it: an argument by its name where it has one of its own, choices without theirs."""
    named = re.sub(r"\b([A-Z][A-Z_]*)=[A-Z]+", r"\1", re.sub(r"(--[a-z-]+)=", r"\1 ", written))
    return re.sub(r"=[A-Z_]+(?=[\s\]]|$)", "", named)


def _parts(tokens: list[str], *, bracketed: bool = False) -> tuple[tuple[Part, ...], tuple[Option, ...], list[str]]:
    parts: list[Part] = []
    options: list[Option] = []
    while tokens and tokens[0] != "]":
        word, tokens = tokens[0], tokens[1:]
        if word == "[":
            inner, inner_options, tokens = _bracket(tokens)
            parts += [Maybe(inner)] if inner else []
            options += inner_options
        elif word.startswith("--"):
            option, tokens = _option(word, tokens, bracketed=bracketed)
            options.append(option)
        else:
            parts.append(_part(word))
    return tuple(parts), tuple(options), tokens


def _bracket(tokens: list[str]) -> tuple[tuple[Part, ...], tuple[Option, ...], list[str]]:
    """What stands in brackets: a choice where it is literal words alone, else parts that are left out together."""
    choice = _CHOICE.fullmatch(tokens[0])
    if choice and tokens[1] == "]" and not tokens[0].startswith("--"):
        return (_choice(choice),), (), tokens[2:]
    parts, options, tokens = _parts(tokens, bracketed=True)
    if not tokens or not (parts or options):
        raise ValueError("]")
    return parts, options, tokens[1:]


def _option(token: str, tokens: list[str], *, bracketed: bool) -> tuple[Option, list[str]]:
    """In brackets `[--since DATE]`; one that must stand is a flag, or `--place=TEXT`: what follows it is its own."""
    word, _, value = token.removeprefix("--").partition("=")
    if bracketed and tokens and not value and _PLACEHOLDER.fullmatch(tokens[0]):
        value, tokens = tokens[0], tokens[1:]
    if not value:
        return Option(word, word.replace("-", "_"), None, required=not bracketed), tokens
    slot = _slot(value, word.replace("-", "_"))
    return Option(word, slot.name, slot, required=not bracketed), tokens


def _part(token: str) -> Part:
    if _PLACEHOLDER.fullmatch(token):
        return _slot(token, "")
    choice = _CHOICE.fullmatch(token)
    if not choice:
        raise ValueError(token)
    return _choice(choice) if choice["name"] or "|" in token else Literal(token)


def _slot(token: str, name: str) -> Slot:
    found = _PLACEHOLDER.fullmatch(token)
    if not found or found["type"] not in PLACEHOLDERS:
        raise ValueError(token)
    return Slot(
        found["name"].lower() if found["name"] else name or NAMED.get(found["type"], found["type"].lower()),
        found["type"],
    )


def _choice(found: re.Match[str]) -> Choice:
    return Choice((found["name"] or WHICH).lower(), tuple(found["words"].split("|")))


def _collect(parts: tuple[Part, ...], found: dict[str, bool], *, always: bool) -> None:
    for part in parts:
        if isinstance(part, Maybe):
            _collect(part.parts, found, always=False)
        elif isinstance(part, Slot | Choice):
            if part.name in found:
                raise ValueError(part.name)
            found[part.name] = always


def _slots(parts: tuple[Part, ...]) -> Iterator[Slot]:
    for part in parts:
        if isinstance(part, Maybe):
            yield from _slots(part.parts)
        elif isinstance(part, Slot):
            yield part
