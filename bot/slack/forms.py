"""Forms for what has many fields, made of the registry: a command's placeholders become the fields of a modal."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.patterns import Literal, Maybe, Part, Slot
from bot.placeholders import FILES
from bot.plain import plain
from bot.readings import Taken, begun
from bot.registry import Command
from bot.typed import words_of

OFFERED: Final[Mapping[str, tuple[str, str]]] = {
    "submission add": ("A submission by hand", "Add it"),
    "contact add": ("A new contact", "Add it"),
    "import": ("An import of contacts", "Preview it"),
    "contact change": ("A contact", "Change it"),
    "letter to": ("A letter", "Preview it"),
    "list post": ("A letter to a list", "Preview it"),
    "post correct": ("A correction", "Preview it"),
    "mail reply": ("A reply", "Preview it"),
}
"""By the words of the language in a command: the form's title, and its button. Those that the registry has are there."""


@dataclass(frozen=True, slots=True)
class Field:
    """One argument of the command; `slot` says what it may be."""

    name: str
    label: str
    slot: Slot
    optional: bool = False

    @property
    def brings_files(self) -> bool:
        return self.slot.type in FILES

    @property
    def choices(self) -> tuple[str, ...]:
        return self.slot.placeholder.choices

    @property
    def is_long(self) -> bool:
        return self.slot.type == "TEXT"


@dataclass(frozen=True, slots=True)
class Form:
    name: str
    title: str
    submit: str
    command: Command
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Begun:
    """A form, and what has been typed of it already, by the name of the argument."""

    form: Form
    values: Mapping[str, str] = field(default_factory=dict)


def forms(commands: Sequence[Command]) -> dict[str, Form]:
    """The forms that these commands have, each under its name; of two with the same words the first."""
    found: dict[str, Form] = {}
    for command in commands:
        name = " ".join(_literals(command.shape.parts))
        if name in OFFERED and name not in found:
            title, submit = OFFERED[name]
            found[name] = Form(name, title, submit, command, tuple(_fields(command)))
    return found


def begun_by(typed: str, known: Mapping[str, Form]) -> Begun | None:
    """The form of which `typed` is the beginning: all the words of its language stand there, and every other is a value."""
    for form in known.values():
        flags = "".join(f" --{option.word}" for option in form.command.shape.options if option.required)
        for one in begun(words_of(plain(typed + flags)), form.command):
            words = sum(len(taken.words) for taken in one.reading.taken)
            if one.reading.literals == len(form.name.split()) and words == len(one.reading.options.words):
                return Begun(form, _values(one.reading.taken))
    return None


def _values(taken: Sequence[Taken]) -> dict[str, str]:
    return {one.part.name: " ".join(word.text for word in one.words) for one in taken if isinstance(one.part, Slot)}


def _literals(parts: Sequence[Part]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Literal):
            yield part.word


def _fields(command: Command) -> Iterator[Field]:
    yield from _of_parts(command.shape.parts, optional=False)
    for option in command.shape.options:
        if option.slot:
            yield Field(option.slot.name, _label(option.word), option.slot, optional=not option.required)


def _of_parts(parts: Sequence[Part], *, optional: bool) -> Iterator[Field]:
    for part in parts:
        if isinstance(part, Maybe):
            yield from _of_parts(part.parts, optional=True)
        elif isinstance(part, Slot):
            yield Field(part.name, _label(part.name), part, optional=optional)


def _label(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").capitalize()
