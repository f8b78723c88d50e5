"""Typed words become a flow, a flow becomes a card: parse, resolve, run, and give each offered button its id."""

from dataclasses import replace

from bot.commands import COMMANDS
from bot.grammar import parse
from bot.registry import Command, Passed
from bot.suggestions import NotUnderstood
from bot.words import Words, resolve
from committee.cards import Action, Card, Offer
from committee.errors import Refused, Unavailable
from committee.staff import Person
from mailflows.cards import new_action
from mailflows.desk import Desk
from mailflows.logs import log
from mailflows.permissions import require
from mailflows.presses import Press, check

DONE, REFUSED, NOT_UNDERSTOOD, TRY_LATER = 0, 1, 2, 75
"""Exit statuses; 75 is sysexits' EX_TEMPFAIL."""


async def run(desk: Desk, person: Person, typed: str, *, yes: bool = False) -> tuple[Card, int]:
    """Do what was typed and return the card with its exit status; `yes` presses the primary button at once."""
    card, status = await _run(desk, person, typed, None)
    if yes and card.approval:
        return replace(card, ok=False), REFUSED
    primary = next((action for action in card.actions if action.style == "primary"), None)
    if yes and status == DONE and primary and not primary.asks:
        return await press(desk, person, primary.key)
    return card, status


async def press(desk: Desk, person: Person, key: str, words: str = "") -> tuple[Card, int]:
    """Press the button `key`, adding the words that it asks for."""
    try:
        action = check(await desk.store.actions.get(key.strip().casefold()), key, person)
        line = _line(action, words)
    except Refused as refusal:
        return Card("Not pressed", str(refusal), ok=False), REFUSED
    return await _run(desk, person, line, Press(action.key, action.digest))


def _line(action: Action, words: str) -> str:
    if action.asks and not words.strip():
        raise Refused(f'{action.label}: say the {action.asks} too, for example: verbale press {action.key} "…"')
    return f"{action.line} {words}" if words.strip() else action.line


async def _run(desk: Desk, person: Person, typed: str, pressed: Press | None) -> tuple[Card, int]:
    card, status = await _answered(desk, person, typed, pressed)
    return await _with_buttons(card, desk, person), status


async def _answered(desk: Desk, person: Person, typed: str, pressed: Press | None) -> tuple[Card, int]:
    """The card before its buttons have ids."""
    parsed = parse(typed, COMMANDS)
    if isinstance(parsed, NotUnderstood):
        return _not_understood(parsed)
    try:
        meant = await resolve(parsed, await Words.of(desk), COMMANDS)
        if isinstance(meant, NotUnderstood):
            return _not_understood(meant)
        if isinstance(meant, Card):  # it asks back: nobody chooses what they may not do
            require(person, parsed.command.role, f"do that ({parsed.command.form})")
        card = meant if isinstance(meant, Card) else await _call(parsed.command, desk, person, meant, pressed)
        if isinstance(card, Passed):
            other, status = await _answered(desk, person, card.line, card.press)
            return card.over(other), status
    except Refused as refusal:
        return Card("Refused", str(refusal), ok=False), REFUSED
    except Unavailable as trouble:
        log.warning("not now", error=type(trouble).__name__)
        return Card("Not now", f"{trouble}. Try again later.", ok=False), TRY_LATER
    return card, DONE if card.ok else REFUSED


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
