"""Who works at the desk, and what each role may do."""

from dataclasses import dataclass, replace
from enum import StrEnum


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
class Person:
    """A person of the staff register; on a real desk `account` (the host's user id) says who is typing."""

    key: str
    name: str
    roles: tuple[Role, ...]
    account: int | None = None
    chat: str = ""
    address: str = ""  # where an alarm reaches them by mail

    def may(self, role: Role) -> bool:
        return any(held in HOLDERS[role] for held in self.roles)

    def given(self, role: Role) -> "Person":
        return replace(self, roles=tuple(sorted({*self.roles, role}, key=list(Role).index)))


STRANGER = Person("stranger", "a person who is not in the staff register", (Role.READER,))
"""Whoever types without an account in the staff register reads, and changes nothing."""


def first_officer(staff: list[Person]) -> Person:
    """Who acts on a practice desk when nobody is named."""
    officers = [person for person in staff if Role.OFFICER in person.roles]
    return min(officers or staff, key=lambda person: person.key, default=STRANGER)
