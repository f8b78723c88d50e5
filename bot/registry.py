"""The one registry of typed commands: it feeds the parser, the help and the "did you mean"."""

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Final, TypeVar

from bot.patterns import Pattern, as_read, taken_apart
from committee.cards import Card, Offer
from committee.staff import Role
from mailflows.presses import Press

Handler = Callable[..., Awaitable["Card | Passed"]]
H = TypeVar("H", bound=Handler)
BY_PLACE: Final = ("desk", "person")
_MARK: Final = "_commands"


@dataclass(frozen=True, slots=True)
class Passed:
    """A handler's answer that is another command's: what `line` shows, or with `press` what its button does.

    What it shows stands under `text` and has `fields` beside its own; its buttons give way to `offers`, as long as it is
    still that of which `digest` was made.
    """

    line: str
    press: Press | None = None
    texts: tuple[tuple[str, str], ...] = ()
    text: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)
    digest: str = ""
    offers: tuple[Offer, ...] = ()

    def over(self, card: Card) -> Card:
        """The other command's card, with what this one has to say of it."""
        if self.press:
            return card
        same = any(offer.digest == self.digest for offer in card.offers)
        changed = "" if same else "What was prepared has changed since, so it can only be prepared anew. "
        return replace(
            card,
            text=f"{self.text} {changed}{card.text}",
            fields={**self.fields, **card.fields},
            facts=None if card.facts is None else (*self.fields, *card.facts),
            offers=self.offers if same else card.offers,
            approval=True,
        )


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be typed; `handler(desk, person, **arguments)` calls one flow and returns its card."""

    pattern: str
    role: Role
    example: str
    help: str
    handler: Handler
    reads: bool
    takes_press: bool
    shape: Pattern

    @property
    def noun(self) -> str:
        return self.shape.noun

    @property
    def form(self) -> str:
        return as_read(self.pattern)


def command(pattern: str, *, example: str, role: Role = Role.READER, reads: bool = False) -> Callable[[H], H]:
    """Mark a handler as what `pattern` calls; its arguments are the pattern's, its docstring's first line is the help.

    A handler that takes `press` is also called by a button, and told which.

    ValueError, at import, where pattern and handler do not fit: a mistake of ours, never of whoever types.
    """
    shape = taken_apart(pattern)

    def marked(handler: H) -> H:
        takes_press = _check_arguments(shape, handler, pattern)
        line = (inspect.getdoc(handler) or "").partition("\n")[0]
        if not line:
            message = f"{pattern}: its handler's docstring is the help, and there is none"
            raise ValueError(message)
        made = Command(pattern, role, example, line, handler, reads, takes_press, shape)
        setattr(handler, _MARK, (made, *getattr(handler, _MARK, ())))
        return handler

    return marked


def of(modules: Iterable[ModuleType]) -> tuple[Command, ...]:
    """Every command that these modules define, in the order in which they stand there."""
    found = tuple(
        made
        for module in modules
        for thing in vars(module).values()
        if inspect.isfunction(thing) and thing.__module__ == module.__name__
        for made in getattr(thing, _MARK, ())
    )
    forms = [made.form for made in found]
    if twice := sorted({form for form in forms if forms.count(form) > 1}):
        message = f"these commands are registered twice: {', '.join(twice)}"
        raise ValueError(message)
    return found


def _check_arguments(shape: Pattern, handler: Handler, pattern: str) -> bool:
    """Whether the handler takes `press`; its other named arguments must be the pattern's."""
    parameters = inspect.signature(handler).parameters.values()
    named = {
        parameter.name: parameter.default is parameter.empty
        for parameter in parameters
        if parameter.kind is parameter.KEYWORD_ONLY
    }
    takes_press = "press" in named
    wanted = {**shape.arguments, "press": False} if takes_press else shape.arguments
    wrong = {
        *(named.keys() ^ wanted.keys()),
        *(name for name, always in wanted.items() if not always and named.get(name)),
    }
    by_place = len(parameters) - len(named)
    if wrong or by_place != len(BY_PLACE):
        message = (
            f"{pattern}: {handler.__name__} must take (desk, person, *, {', '.join(wanted)}), with a default for each "
            f"that may be left out; look at: {', '.join(sorted(wrong)) or ', '.join(BY_PLACE)}"
        )
        raise ValueError(message)
    return takes_press
