"""What stands in the address book is changed: each fact with who said so, in all of a person's entries, over nobody's head."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from committee import audit
from committee.book_rules import told_by_another, why_no_term
from committee.contacts import Contact, Pronoun
from committee.errors import Refused
from committee.provenance import Door, Fact, Source
from committee.staff import Role
from committee.states import Note
from mailflows.lengths import whole
from mailflows.markdown import clean, one_line
from mailflows.permissions import require
from mailflows.presses import Act, use
from storage.port import Transaction
from storage.tables import Tables

OF_A_PERSON: Final = frozenset({"name", "style", "title", "pronoun", "telephone", "languages"})
"""What is said of the person, and so stands in the entry of each of the person's addresses."""
LONGEST: Final = 200
LONGEST_NOTE: Final = 1_000
MOST_NOTES: Final = 50


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody else has changed the same contact meanwhile: nothing was changed, and this is how it stands now."""

    contact: Contact
    facts: tuple[Fact, ...]


def digest(contact: Contact) -> str:
    """Of all that is said of it: whoever presses a button on it has seen exactly this."""
    told = [(fact.what, fact.now, fact.source.by, audit.moment(fact.source.at)) for fact in contact.history]
    return audit.sha256(audit.canonical([contact.key, told, str(contact.end), contact.erased]))


def by_officer(who: Act) -> Source:
    return Source(Door.OFFICER, who.person.key, who.desk.now)


async def change(key: str, facts: Mapping[str, str], who: Act) -> Contact | Clash:
    """Some of name, style, title, pronoun, telephone, languages and order, as typed; an empty word takes one away."""
    async with _changing("change", key, who) as (tx, contact):
        read = {name: await _read(name, typed, tx) for name, typed in facts.items()}
        if not read:
            raise Refused(f"There is nothing to change. For example: contact {key} title Ambassador")
        if clash := _clash(contact, read, who):
            return clash
        await use(tx, who.press, who.person, who.desk.now)
        return await set_facts(tx, contact, by_officer(who), **read)


async def end(key: str, day: date, who: Act) -> Contact | Clash:
    """The last day on which it speaks for its party; of a person's first address, the person's: all of them end then."""
    return await _term(key, who, end=day)


async def begin(key: str, day: date, who: Act) -> Contact | Clash:
    """The first day on which it speaks for its party."""
    return await _term(key, who, start=day)


async def _term(key: str, who: Act, **days: Any) -> Contact | Clash:
    async with _changing("term", key, who) as (tx, contact):
        if clash := _clash(contact, days, who):
            return clash
        await use(tx, who.press, who.person, who.desk.now)
        known = await tx.contacts.find(party=contact.party)
        mine = [one for one in known if one.key == key or (key == one.whose == contact.whose)]
        for one in mine:
            if why := why_no_term(replace(one, **days), known):
                raise Refused(f"{one.key}: {why}. Nothing was changed.")
        changed = {one.key: one.changed(by_officer(who), **days) for one in mine}
        await tx.contacts.put(*changed.values())
    return changed[key]


async def confirm(key: str, who: Act) -> Contact | Clash:
    """All that stands there is right today; from now on letters go to it."""
    async with _changing("confirm", key, who) as (tx, contact):
        if clash := _clash(contact, {}, who):
            return clash
        await use(tx, who.press, who.person, who.desk.now)
        return await set_facts(tx, contact, by_officer(who), confirmed=True, confirmed_on=who.desk.today)


async def note(key: str, text: str, until: date | None, who: Act) -> Contact:
    """What was heard of it, as "back on 14 September"; it changes nobody's letters."""
    said = whole("note", clean(text).strip(), LONGEST_NOTE)
    async with _changing("note", key, who) as (tx, contact):
        if len(contact.notes) >= MOST_NOTES:
            raise Refused(f"{key} has {MOST_NOTES} notes already; nothing was noted.")
        noted = replace(contact, notes=(*contact.notes, Note(said, who.person.name, who.desk.now, until)))
        await tx.contacts.put(noted)
    return noted


async def set_facts(tx: Transaction, contact: Contact, source: Source, **facts: Any) -> Contact:
    """These facts of a contact, on this source's word, what is the person's in every entry of the person."""
    shared = {name: value for name, value in facts.items() if name in OF_A_PERSON}
    known = await tx.contacts.find(party=contact.party)
    others = [one for one in known if one.whose == contact.whose and one.key != contact.key]
    changed = contact.changed(source, **facts)
    await tx.contacts.put(changed, *(one.changed(source, **shared) for one in others))
    return changed


@asynccontextmanager
async def _changing(what: str, key: str, who: Act) -> AsyncIterator[tuple[Transaction, Contact]]:
    require(who.person, Role.OFFICER, f"{what} a contact")
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing=f"contact {what}", about=key, at=desk.now) as tx:
        yield tx, await known_contact(tx, key)


async def known_contact(tables: Tables, key: str) -> Contact:
    """The contact that has this key; `Refused` where there is none, or no more of it than its terms."""
    contact = await tables.contacts.get(key)
    if contact is None:
        raise Refused(f"There is no contact {key}. To see a party's: contacts of PARTY.")
    if contact.erased:
        raise Refused(f"{key} was {contact.erased}; there is nothing to change. Nothing was changed.")
    return contact


def _clash(contact: Contact, facts: Mapping[str, Any], who: Act) -> Clash | None:
    """A press changes what was shown and nothing else; what is typed does not go over what another has just changed."""
    if who.press and who.press.digest:
        return None if who.press.digest == digest(contact) else Clash(contact, _newest(contact, who.desk.now))
    differ = [name for name, value in facts.items() if value != getattr(contact, name)]
    told = told_by_another(contact, differ, who.person.key, who.desk.now)
    return Clash(contact, tuple(told)) if told else None


def _newest(contact: Contact, now: datetime) -> tuple[Fact, ...]:
    """Of what was said of it, the last commit's."""
    newest = contact.history[-1].source.at if contact.history else now
    return tuple(fact for fact in contact.history if fact.source.at == newest)


async def _read(name: str, typed: str, tx: Transaction) -> object:
    """A field's value from the words that were typed for it."""
    said = whole(name, one_line(typed), LONGEST)
    if name == "pronoun":
        return _pronoun(said)
    if name == "languages":
        return await _languages(said, tx)
    if name == "order":
        if not (said.isascii() and said.isdigit() and 0 < int(said) < LONGEST):
            raise Refused(f"The order is a number from 1 to {LONGEST - 1}, not {said!r}. Nothing was changed.")
        return int(said)
    if name == "name" and not said:
        raise Refused("A contact has a name; to take a person's data out: contact KEY erase. Nothing was changed.")
    return said


def _pronoun(said: str) -> Pronoun:
    try:
        return Pronoun(said.casefold())
    except ValueError:
        raise Refused(f"{said!r} is none of his, her, or nothing. Nothing was changed.") from None


async def _languages(said: str, tx: Transaction) -> tuple[str, ...]:
    """Codes or names, with commas or spaces between them, the one that is wanted most first."""
    known = {word.casefold(): one.key for one in await tx.languages.all() for word in (one.key, one.name)}
    words = said.casefold().replace(",", " ").split()
    if unknown := [word for word in words if word not in known]:
        listed = ", ".join(sorted({*known.values()}))
        raise Refused(f"{', '.join(unknown)}: no language of the register; there are {listed}. Nothing was changed.")
    return tuple(dict.fromkeys(known[word] for word in words))
