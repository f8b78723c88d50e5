"""Typed words become a flow, a flow becomes a card: parse, resolve, run, and give each offered button its id."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from bot.commands import COMMANDS
from bot.grammar import Parsed, parse
from bot.placeholders import FILES
from bot.plain import plain
from bot.registry import Command, Passed
from bot.suggestions import NotUnderstood
from bot.typed import LONGEST
from bot.words import Words, resolve
from committee.cards import Action, Card, Offer
from committee.errors import Refused, Unavailable
from committee.staff import Person
from mailflows.cards import new_action
from mailflows.desk import Desk
from mailflows.logs import log
from mailflows.permissions import require
from mailflows.presses import Press, check

SHORT: Final = 200
"""Letters of a line that may be remembered; longer ones are texts, which nobody types twice."""
NO_TEXTS: Final[Mapping[str, str]] = MappingProxyType({})
DONE, REFUSED, NOT_UNDERSTOOD, TRY_LATER = 0, 1, 2, 75
"""Exit statuses; 75 is sysexits' EX_TEMPFAIL."""


def understood(typed: str) -> Parsed | NotUnderstood:
    """The command that was typed, or why it is none; what was typed a moment ago is not read anew."""
    return _lately(typed) if len(typed) <= SHORT else parse(typed, COMMANDS)


@lru_cache(maxsize=500)
def _lately(typed: str) -> Parsed | NotUnderstood:
    return parse(typed, COMMANDS)


async def run(desk: Desk, person: Person, typed: str, *, yes: bool = False) -> tuple[Card, int]:
    """Do what was typed and return the card with its exit status; `yes` presses the primary button at once."""
    card, status = await _run(desk, person, typed, None)
    if yes and card.approval:
        return replace(card, ok=False), REFUSED
    primary = next((action for action in card.actions if action.style == "primary"), None)
    if yes and status == DONE and primary and not primary.asks:
        return await press(desk, person, primary.key)
    return card, status


async def fill_in(desk: Desk, person: Person, command: Command, arguments: dict[str, object]) -> tuple[Card, int]:
    """Do what a form of chat says: as `run`, with arguments that are what they stand for already."""
    try:
        card, status = await _told(await _call(command, desk, person, arguments, None), desk, person)
    except (Refused, Unavailable) as trouble:
        return _not_done(trouble)
    return await _with_buttons(card, desk, person), status


async def press(desk: Desk, person: Person, key: str, words: str = "") -> tuple[Card, int]:
    """Press the button `key`, adding the words that it asks for."""
    try:
        action = check(await desk.store.actions.get(key.strip().casefold()), key, person)
        said = plain(words).strip()
        line = _line(action, said)
    except Refused as refusal:
        return Card("Not pressed", str(refusal), ok=False), REFUSED
    texts = {TEXT: said, **dict(action.texts)} if action.asks == "text" else dict(action.texts)
    return await _run(desk, person, line, Press(action.key, action.digest), texts)


TEXT = "TEXT"


def _line(action: Action, said: str) -> str:
    """What the button stands for; in the place of a free text there are dots, for it is not read as a command is."""
    if action.asks and not said:
        raise Refused(f'{action.label}: say the {action.asks} too, for example: verbale press {action.key} "…"')
    if len(said) > LONGEST:
        raise Refused(f"{action.label}: at most {LONGEST:,} characters; this has {len(said):,}. Nothing was changed.")
    return f"{action.line} {'“…”' if action.asks == 'text' else said}" if said else action.line


async def _run(
    desk: Desk, person: Person, typed: str, pressed: Press | None, texts: Mapping[str, str] = NO_TEXTS
) -> tuple[Card, int]:
    card, status = await _answered(desk, person, typed, pressed, texts)
    return await _with_buttons(card, desk, person), status


async def _answered(
    desk: Desk, person: Person, typed: str, pressed: Press | None, texts: Mapping[str, str]
) -> tuple[Card, int]:
    """The card before its buttons have ids."""
    parsed = understood(typed)
    if isinstance(parsed, NotUnderstood):
        return _not_understood(parsed)
    try:
        _none_of_this_computers(parsed, desk)
        answer = await _answer(desk, person, parsed, pressed, texts)
        if isinstance(answer, NotUnderstood):
            return _not_understood(answer)
        return await _told(answer, desk, person)
    except (Refused, Unavailable) as trouble:
        return _not_done(trouble)


async def _told(answer: Card | Passed, desk: Desk, person: Person) -> tuple[Card, int]:
    """What was answered; where that is left to another command, what that one answers."""
    if isinstance(answer, Passed):
        other, status = await _answered(desk, person, answer.line, answer.press, dict(answer.texts))
        return answer.over(other), status
    return answer, DONE if answer.ok else REFUSED


async def _answer(
    desk: Desk, person: Person, parsed: Parsed, pressed: Press | None, texts: Mapping[str, str]
) -> Card | Passed | NotUnderstood:
    """What the command says, or why its words cannot be understood after all."""
    meant = await resolve(parsed, await Words.of(desk), COMMANDS)
    if isinstance(meant, NotUnderstood):
        return meant
    if isinstance(meant, Card):  # it asks back: nobody is asked about what they may not do
        require(person, parsed.command.role, f"do that ({parsed.command.form})")
        return meant
    return await _call(parsed.command, desk, person, meant | _exactly(texts, parsed), pressed)


def _exactly(texts: Mapping[str, str], parsed: Parsed) -> dict[str, object]:
    """The free texts of a button by the names of their arguments; what the button asked for is the last of the line's."""
    slots = [
        name for name, slot in parsed.command.shape.slots.items() if slot.type == TEXT and name in parsed.arguments
    ]
    return {(slots[-1] if name == TEXT and slots else name): text for name, text in texts.items()}


def _none_of_this_computers(parsed: Parsed, desk: Desk) -> None:
    """Whoever types in chat is not at this computer: its files are neither read nor written for them."""
    slots = parsed.command.shape.slots
    named = [name for name in parsed.arguments if name in slots and slots[name].type in FILES]
    if desk.in_chat and named:
        raise Refused(
            "Files of the desk's computer are for its terminal; nothing was changed. In chat the form takes files: "
            f"type the beginning, {parsed.command.noun} …, and leave the rest out."
        )


def _not_done(trouble: Refused | Unavailable) -> tuple[Card, int]:
    if isinstance(trouble, Refused):
        return Card("Refused", str(trouble), ok=False), REFUSED
    log.warning("not now", error=type(trouble).__name__)
    return Card("Not now", f"{trouble}. Try again later.", ok=False), TRY_LATER


def _not_understood(said: NotUnderstood) -> tuple[Card, int]:
    return Card("Not understood", said.text, notes=said.suggestions, ok=False), NOT_UNDERSTOOD


async def _call(
    command: Command, desk: Desk, person: Person, arguments: dict[str, object], pressed: Press | None
) -> Card | Passed:
    if command.takes_press:
        arguments = {**arguments, "press": pressed}
    return await command.handler(desk, person, **arguments)


async def _with_buttons(card: Card, desk: Desk, person: Person) -> Card:
    """Give each offer a random id, kept before it is shown."""
    if not card.offers:
        return card
    actions = tuple(_shown(offer, desk, person) for offer in card.offers)
    async with desk.store.transaction(by=person.key, doing="card shown", about=card.title[:80], at=desk.now) as tx:
        await tx.actions.add(*actions)
    return replace(card, actions=actions, offers=())


def _shown(offer: Offer, desk: Desk, person: Person) -> Action:
    return new_action(offer, shown_at=desk.now, person=person.key)
