"""Who works at the desk, what each role may do, and by what the desk knows that two entries are one person."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

SETTLES_AFTER: Final = timedelta(days=3)
"""So long the desk does not count on an administrator and whoever they gave an identity to being two people."""


class Role(StrEnum):
    READER = "reader"
    OFFICER = "officer"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"


HOLDERS = {
    Role.READER: frozenset(Role),
    Role.OFFICER: frozenset({Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR}),
    Role.APPROVER: frozenset({Role.APPROVER}),
    Role.ADMINISTRATOR: frozenset({Role.ADMINISTRATOR}),
}
"""Which roles carry each right: a small secretariat's administrator must be able to do an officer's work."""


@dataclass(frozen=True, slots=True)
class LetIn:
    """An identity was given: `by` whom (a key of the staff register), and when."""

    by: str
    at: datetime

    def settles(self) -> datetime:
        """Until when whoever was misused by it has time to say so; a clock that is set back makes that longer."""
        return self.at + SETTLES_AFTER


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the staff register; on a real desk `account` (the host's user id) says who is typing.

    `chat` is the person's identity there, as TEAM/USER; `address` is their own mailbox: alarms reach them there when chat
    does not, and what they send from it by hand may be filed. Whoever has left keeps key and name, since the trail names
    them, and by whom they were let in lately, but no way in. `let_in` is who gave them their identities within the last days.
    """

    key: str
    name: str
    roles: tuple[Role, ...]
    account: int | None = None
    chat: str = ""
    address: str = ""
    left_at: datetime | None = None
    let_in: tuple[LetIn, ...] = ()

    def may(self, role: Role) -> bool:
        return any(held in HOLDERS[role] for held in self.roles)

    def given(self, role: Role) -> "Person":
        return replace(self, roles=tuple(sorted({*self.roles, role}, key=list(Role).index)))

    def without(self, role: Role) -> "Person":
        return replace(self, roles=tuple(held for held in self.roles if held is not role))

    def recognized(self, identity: str, by: LetIn) -> "Person":
        """The same person, known in chat by this identity from now on, and by no other; whoever said so is remembered."""
        return replace(self, chat=identity, let_in=(*self.lately_let_in(by.at), by))

    def unrecognized(self) -> "Person":
        return replace(self, chat="")

    def lately_let_in(self, now: datetime) -> tuple[LetIn, ...]:
        return tuple(one for one in self.let_in if one.settles() > now)

    def gone(self, at: datetime) -> "Person":
        """The entry of somebody who no longer works here: no role, and nobody is recognized as them."""
        return Person(self.key, self.name, (), left_at=at, let_in=self.let_in)

    @property
    def identities(self) -> frozenset[str]:
        """By what the desk recognizes this person: two entries that share one of these are the same person."""
        known = {"entry": self.key, "account": self.account, "chat": self.chat or None}
        return frozenset(f"{what} {value}" for what, value in known.items() if value is not None)

    @property
    def is_recognized(self) -> bool:
        """Whether somebody can act as this person on a real desk: by an account of the host, or in chat."""
        return self.account is not None or bool(self.chat)


STRANGER = Person("stranger", "a person who is not in the staff register", (Role.READER,))
"""Whoever types without an account in the staff register reads, and changes nothing."""


def first_officer(staff: list[Person]) -> Person:
    """Who acts on a practice desk when nobody is named."""
    working = [person for person in staff if person.left_at is None]
    officers = [person for person in working if Role.OFFICER in person.roles]
    return min(officers or working, key=lambda person: person.key, default=STRANGER)


def working(staff: Iterable[Person], key: str) -> Person | None:
    """The person of this key, unless they have left."""
    return next((person for person in staff if person.key == key and person.left_at is None), None)


def in_chat(staff: Iterable[Person], identity: str) -> Person | None:
    """Whoever is known by this identity (TEAM/USER) in chat."""
    return next((person for person in staff if identity and person.chat == identity), None)


def administrators(staff: Iterable[Person]) -> list[Person]:
    return [person for person in staff if person.may(Role.ADMINISTRATOR)]


def leaves_nobody(staff: Iterable[Person], changed: Person) -> bool:
    """Whether the desk had an administrator, and would have none once this entry is as `changed`.

    Where it recognizes one, one whom it recognizes must stay: an entry as which nobody can act lets nobody in.
    """
    before = administrators(staff)
    after = [one for one in before if one.key != changed.key] + administrators([changed])
    recognized = any(one.is_recognized for one in before)
    return bool(before) and not any(one.is_recognized or not recognized for one in after)
