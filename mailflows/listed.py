"""What the registers hold, each entry with the words by which it is found: parties, their people, staff, the programme."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from committee.calendar import new_york, written
from committee.contacts import Contact
from committee.organizations import Organization
from committee.programme import Item
from committee.search import Found, Question, speaks_of, words_in
from committee.staff import Person
from committee.states import Note, State
from storage.tables import Tables

_name: Final[Callable[[str], str]] = lru_cache(maxsize=10_000)(words_in)
"""Names of parties are the same for every question."""
_NUMBER: Final = re.compile(r"\b[SML]-\d{4}-\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Registers:
    """The registers as they were when somebody asked."""

    states: list[State]
    organizations: list[Organization]
    contacts: list[Contact]
    staff: list[Person]
    programme: list[Item]

    @classmethod
    async def of(cls, tables: Tables) -> "Registers":
        return cls(
            await tables.states.all(),
            await tables.organizations.all(),
            await tables.contacts.all(),
            await tables.staff.all(),
            await tables.programme.all(),
        )


def listed(question: Question, registers: Registers, today: date, *, notes_about_mail: bool) -> list[Found]:
    """Every entry that answers the question; a State also by what was noted of it.

    A note that names a submission or a mail may repeat what stands there: `notes_about_mail` says whether it counts.
    """
    found = [
        one for state in registers.states if (one := _state(state, question, today, notes_about_mail=notes_about_mail))
    ]
    others = (*_organizations(registers), *_contacts(registers), *_staff(registers), *_programme(registers))
    return found + [one for one, words in others if speaks_of(question, words, one.party)]


def names_a_mail(text: str) -> bool:
    """Whether words of ours name a submission, a mail or a letter, and so may say what stands in it."""
    return _NUMBER.search(text) is not None


def _state(state: State, question: Question, today: date, *, notes_about_mail: bool) -> Found | None:
    name = state.named_on(today).listed
    words = " ".join(map(_name, (state.key, *state.aliases)))
    if speaks_of(question, words, state.key):
        return Found("state", state.key, state.key, None, f"{name}, first report: {state.status}")
    notes = (note for note in reversed(state.notes) if notes_about_mail or not names_a_mail(note.text))
    note = next((note for note in notes if speaks_of(question, words_in(note.text), state.key)), None)
    return _noted(state, name, note) if note else None


def _noted(state: State, name: str, note: Note) -> Found:
    said = f"{name}, noted by {note.by} on {written(new_york(note.at).date())}: {note.text}"
    return Found("state", state.key, state.key, note.at, said)


def _organizations(registers: Registers) -> Iterator[tuple[Found, str]]:
    for one in registers.organizations:
        yield Found("organization", one.key, one.key, None, one.name), f"{_name(one.key)} {_name(one.name)}"


def _contacts(registers: Registers) -> Iterator[tuple[Found, str]]:
    for one in registers.contacts:
        if one.erased:
            continue
        said = f"{one.name} <{one.address}>, {one.office}"
        yield (
            Found("contact", one.key, one.state, one.start, said),
            words_in(f"{one.key} {one.name} {one.title} {one.address}"),
        )


def _staff(registers: Registers) -> Iterator[tuple[Found, str]]:
    for one in registers.staff:
        yield (
            Found("person", one.key, None, None, f"{one.name}, {', '.join(one.roles) or 'no longer works here'}"),
            words_in(f"{one.key} {one.name}"),
        )


def _programme(registers: Registers) -> Iterator[tuple[Found, str]]:
    for one in registers.programme:
        words = words_in(f"{one.key} {one.what} {one.rule} {one.responsible} {one.where}")
        yield Found("programme", one.key, None, one.due, f"{one.what} ({one.where})"), words
