"""An import is taken back: what it said of each contact, by that contact's own history; what was said since stays."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from committee.contacts import Contact, Pronoun
from committee.provenance import Fact, as_read


def said_by(contact: Contact, where: str) -> list[Fact]:
    """What the import `where` (its key) said of a contact."""
    return [fact for fact in contact.history if fact.source.where == where]


def is_new_by(contact: Contact, where: str) -> bool:
    """Whether the import has put it there: a contact has always had an address."""
    return any(fact.what == "address" and not fact.was for fact in said_by(contact, where))


def why_not(contact: Contact, where: str) -> str:
    """Why what the import said cannot be taken back, in words that follow the contact's key; empty where it can."""
    mine = said_by(contact, where)
    if is_new_by(contact, where):
        since = len(mine) != len(contact.history) or contact.notes or contact.held or contact.automatic_reply
        return "was changed since" if since else ""
    for fact in mine:
        if contact.told_last(fact.what) != fact or as_read(getattr(contact, fact.what)) != fact.now:
            return f"has another {fact.what} since"
    return ""


def taken_back(contact: Contact, where: str) -> Contact | None:
    """As it was before the import, in its history too; None: it was not there."""
    if is_new_by(contact, where):
        return None
    was = {fact.what: _READ.get(fact.what, str)(fact.was) for fact in reversed(said_by(contact, where))}
    return replace(contact, **was, history=tuple(fact for fact in contact.history if fact.source.where != where))


def _day(said: str) -> date | None:
    return date.fromisoformat(said) if said else None


_READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "start": _day, "end": _day, "order": int, "pronoun": Pronoun,
    "languages": lambda said: tuple(said.split(", ")) if said else (),
}  # fmt: skip
"""How the words of a history become a field's value again; all others are words."""
