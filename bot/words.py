"""What typed words mean at this desk: a name becomes a key, "tomorrow" a day; whatever is not certain asks back."""

import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bot import suggestions
from bot.asking import AskBack, asked_back
from bot.grammar import Parsed
from bot.options import LISTS
from bot.patterns import Slot
from bot.placeholders import (
    addressed_kind_named,
    days_meant,
    kind_named,
    office_named,
    offices_named,
    party_kind_named,
    role_named,
    status_named,
)
from bot.plain import shortened
from bot.registry import Command
from bot.suggestions import NotUnderstood
from bot.typed import comma_list, words_of
from committee.cards import Card
from committee.contacts import delegation
from committee.names import Directory, fold
from committee.regional_groups import group_named
from committee.typed_dates import day_meant
from mailflows import parties
from mailflows.desk import Desk
from storage.remembered import Remembered

PAST: Final = frozenset({"since"})
"""Arguments whose day without a year has been, not will be."""

Exists = Callable[[str, str], Awaitable[bool]]
_NUMBERED: Final = re.compile(r"([A-Za-z]{1,3})-?(\d{4})-(\d{1,6})")


async def _nothing(_reference: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Words:
    """What a desk knows when words are typed at it."""

    today: date
    off: Collection[date]
    states: Directory
    parties: Directory
    people: Directory
    names: Mapping[str, str]  # how each key is read
    exists: Exists  # whether a ledger has a key: (placeholder, key)
    referred: Callable[[str], Awaitable[str | None]] = _nothing  # the key of the letter that has this reference

    @classmethod
    async def of(cls, desk: Desk) -> "Words":
        """Of what is remembered, made once for each day."""
        if isinstance(desk.store, Remembered):
            return await desk.store.answer((cls, desk.today), lambda: cls._read(desk))
        return await cls._read(desk)

    @classmethod
    async def _read(cls, desk: Desk) -> "Words":
        store = desk.store
        states, organizations, staff = (
            await store.states.all(),
            await store.organizations.all(),
            await store.staff.all(),
        )
        others = [(one.key, one.name) for one in organizations]
        others += [(one.key, one.name) for one in await parties.others(store)]
        of_states = [(state.key, (state.iso2, *state.aliases)) for state in states]
        return cls(
            today=desk.today,
            off={day.day for day in await store.days_off.all()},
            states=Directory(of_states),
            parties=Directory([*of_states, *((key, (name,)) for key, name in others)]),
            people=Directory([(person.key, (person.name,)) for person in staff]),
            names={state.key: state.named_on(desk.today).listed for state in states}
            | dict(others)
            | {person.key: person.name for person in staff},
            exists=_ledgers(desk),
            referred=_references(desk),
        )


async def resolve(
    parsed: Parsed, words: Words, commands: Collection[Command] = ()
) -> dict[str, object] | Card | NotUnderstood:
    """The handler's arguments; a card where something asks back, or why the words cannot be understood after all."""
    arguments: dict[str, object] = {}
    for name, typed in parsed.arguments.items():
        slot = parsed.command.shape.slots.get(name)
        meant = await meant_by(slot, str(typed), words, parsed.command) if slot else typed
        if isinstance(meant, AskBack):
            return _rather(parsed, str(typed), meant, commands) or asked_back(meant, parsed, words.names)
        if isinstance(meant, NotUnderstood):
            return meant
        arguments[name] = meant
    return arguments


def _rather(parsed: Parsed, typed: str, ask: AskBack, commands: Collection[Command]) -> NotUnderstood | None:
    """Words that name nothing may be a command, misspelt or unfinished: `state Mali confrm reported`."""
    several = len(typed.split()) > 1 or not ask.keys
    named = ask.listed or not several
    return (
        None
        if named
        else suggestions.rather(parsed.line, words_of(parsed.line), tuple(commands), literals=parsed.literals + 1)
    )


async def meant_by(slot: Slot, typed: str, words: Words, command: Command) -> object:  # noqa: C901, PLR0911 - one line for each kind
    """What one argument means: its value, or why it is none."""
    match slot.type:
        case "STATE":
            return _one_of(words.states, slot, "State", typed, two_letters=command.noun == "state")
        case "PARTY" | "ADDRESSEE":
            return _party(words, slot, typed)
        case "PERSON":
            return _one_of(words.people, slot, "person", typed)
        case "STATES":
            return _states(words, slot, typed)
        case "SUBMISSION" | "MAIL" | "LETTER" | "CONTACT" | "KEY":
            return await key_meant(typed, words, slot.type)
        case "FILES":
            return tuple(typed.split(LISTS[slot.type])) if typed else _not(slot, typed, command)
        case "TEXT" | "SUBJECT":
            return typed or NotUnderstood(
                "There is no text between the quotes. Nothing was changed.", (command.form, command.example)
            )
        case "DATE":
            return day_meant(typed, words.today, words.off, past=slot.name in PAST) or _not(slot, typed, command)
        case "DAYS":
            return days_meant(typed, words.today, words.off) or _not(slot, typed, command)
        case "N":
            return int(typed) if slot.placeholder.fits and slot.placeholder.fits(typed) else _not(slot, typed, command)
        case "KIND" | "STATUS" | "ROLE" | "GROUP" | "OFFICE" | "OFFICES" | "PARTYKIND" | "LETTERKIND":
            return _CLOSED[slot.type](typed) or _not(slot, typed, command)
        case _:
            return typed or _not(slot, typed, command)


_CLOSED: Final[Mapping[str, Callable[[str], object | None]]] = {
    "KIND": kind_named, "STATUS": status_named, "ROLE": role_named, "GROUP": group_named, "OFFICE": office_named,
    "OFFICES": offices_named, "PARTYKIND": party_kind_named, "LETTERKIND": addressed_kind_named,
}  # fmt: skip


def _one_of(directory: Directory, slot: Slot, noun: str, typed: str, *, two_letters: bool = False) -> str | AskBack:
    match = directory.find(typed, two_letters=two_letters)
    return match.keys[0] if match.certain else AskBack(slot.name, noun, typed, match.keys)


def _party(words: Words, slot: Slot, typed: str) -> str | AskBack:
    """A State or an organization; where it is written to, also a delegation: `delegation of China`, `delegation/CHN`."""
    named = _DELEGATION.sub("", typed, count=1) if slot.type == "ADDRESSEE" else typed
    if named == typed:
        return _one_of(words.parties, slot, "State or organization", typed)
    meant = _one_of(words.states, slot, "State", named)
    if isinstance(meant, str):
        return delegation(meant)
    return AskBack(slot.name, "State", typed, tuple(map(delegation, meant.keys)))


_DELEGATION: Final = re.compile(r"\s*(?:the )?delegation(?:/| of (?:the )?)", re.IGNORECASE)


def _states(words: Words, slot: Slot, typed: str) -> tuple[str, ...] | AskBack | NotUnderstood:
    """The keys of a list, each once; the first member that is not certain asks back."""
    listed = tuple(one for member in comma_list(typed) for one in _members(member, words))
    keys = []
    for name in listed:
        match = words.states.find(name)
        if not match.certain:
            return AskBack(slot.name, "State", name, match.keys, listed)
        keys.append(match.keys[0])
    return tuple(dict.fromkeys(keys)) or NotUnderstood(
        "Here the command wants States with commas between them. Nothing was changed."
    )


def _members(member: str, words: Words) -> tuple[str, ...]:
    """A member with a comma is a name with one, or a list that stood in quotes as a whole."""
    return (member,) if "," not in member or words.states.find(member).certain else comma_list(member)


async def key_meant(typed: str, words: Words, placeholder: str = "KEY") -> str:
    """The key as its ledger has it: `s-2012-17` is S-2012-0017; of one that no ledger has, its flow says so."""
    tidy = tidied(typed, words)
    for key in dict.fromkeys((typed, tidy, fold(typed))):
        if await words.exists(placeholder, key):
            return key
    if reference := await words.referred(tidy):
        return reference
    state = words.states.find(typed) if placeholder == "KEY" else None
    return state.keys[0] if state and state.certain else tidy


def tidied(typed: str, words: Words) -> str:
    """A key as it is written, whether any ledger has it or not."""
    return "/".join(_segment(segment, words) for segment in typed.split("/"))


def _segment(segment: str, words: Words) -> str:
    """A key's part: a number of a series, a party by its letters, or a word in small letters."""
    said = fold(segment)
    if numbered := _NUMBERED.fullmatch(said):
        series, year, number = numbered.groups()
        return f"{series.upper()}-{year}-{number.zfill(4)}"
    return (
        said.upper() if said.upper() in words.names else said if said in words.names or segment.isascii() else segment
    )


def _not(slot: Slot, typed: str, command: Command) -> NotUnderstood:
    choices = f": {', '.join(slot.placeholder.choices)}" if slot.placeholder.choices else ""
    text = f"“{shortened(typed, 40)}” is not {slot.placeholder.says}{choices}. Nothing was changed."
    return NotUnderstood(text, (command.form, command.example))


def _references(desk: Desk) -> Callable[[str], Awaitable[str | None]]:
    """A mission telephones with the number that stands on its letter."""

    async def key_of(reference: str) -> str | None:
        found = await desk.store.letters.find(reference=reference, limit=1) if reference.startswith("L-") else []
        return found[0].key if found else None

    return key_of


def _ledgers(desk: Desk) -> Exists:
    """Looks a key up where it may be: most commands name their ledger, `log KEY` looks in all."""
    store = desk.store
    ledgers: dict[str, Any] = {
        "SUBMISSION": store.submissions, "MAIL": store.mail, "LETTER": store.letters, "CONTACT": store.contacts,
    }  # fmt: skip

    async def exists(placeholder: str, key: str) -> bool:
        looked_in = [ledgers[placeholder]] if placeholder in ledgers else ledgers.values()
        return any([await ledger.get(key) is not None for ledger in looked_in])

    return exists
