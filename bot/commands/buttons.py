"""Which buttons of an event card a person is shown in a list: those whose command takes a role that they have."""

from functools import lru_cache

from bot.grammar import Parsed, parse
from bot.registry import Command
from committee.cards import Action, EventCard
from committee.staff import Person, Role
from mailflows.desk import Desk


async def buttons(event: EventCard, desk: Desk, person: Person) -> list[dict[str, str]]:
    """Each as the rows have it; none once somebody has decided, nor one that was used.

    A button that only shows what the card's text says how to see is not listed beside it.
    """
    found = [] if event.decided else [await desk.store.actions.get(key) for key in event.actions]
    return [
        _shown(action)
        for action in found
        if action and not action.used_at and not _is_written_out(action, event) and person.may(role_of(action))
    ]


def role_of(action: Action) -> Role:
    """The role that its command takes; an officer's where its line is none any more."""
    command = _command(action.line, asks=bool(action.asks))
    return command.role if command else Role.OFFICER


def _is_written_out(action: Action, event: EventCard) -> bool:
    command = _command(action.line, asks=bool(action.asks))
    return command is not None and not command.takes_press and action.line in event.text


@lru_cache(maxsize=4096)
def _command(line: str, *, asks: bool) -> Command | None:
    """The same cards are listed again and again."""
    from bot.commands import COMMANDS  # noqa: PLC0415 - the list holds the commands that show buttons

    parsed = parse(f"{line} words" if asks else line, COMMANDS)
    return parsed.command if isinstance(parsed, Parsed) else None


def _shown(action: Action) -> dict[str, str]:
    asks = {"asks": action.asks} if action.asks else {}
    return {"id": action.key, "label": action.label, "style": action.style, **asks}
