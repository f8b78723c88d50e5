"""/1540 contacts, contact …: who stands behind a party on any day, and one of them whole."""

from collections.abc import Mapping
from datetime import date

from bot.registry import command
from committee.addressing import Addressing
from committee.book_rules import Doubt
from committee.calendar import written, written_moment
from committee.cards import Card, Offer
from committee.contacts import Contact
from committee.counting import counted
from committee.provenance import Fact
from committee.staff import Person
from committee.states import Note
from mailflows import book, handling
from mailflows import parties as known_parties
from mailflows.address_book import digest
from mailflows.desk import Desk
from mailflows.listed import names_a_mail
from mailflows.presses import Act

COLUMNS = ("key", "called", "office", "address", "telephone", "state")


@command("contacts of ADDRESSEE [on DATE]", reads=True, example="contacts of MWI on 2013-01-02")
async def contacts_of(desk: Desk, _person: Person, *, addressee: str, date: date | None = None) -> Card:
    """The people and addresses of a party, in the order in which they are written to, today or on any day."""
    day = date or desk.today
    party = await known_parties.one(desk.store, addressee, desk)
    found = await book.on(desk.store, addressee, day)
    others = len(await desk.store.contacts.find(party=addressee)) - len(found)
    fields = {
        "key": party.key, "kind": party.kind, "groups": list(party.groups), "on": day,
        "letters": "notes verbales" if party.gets_notes else "letters",
        "addressed": [_wish(one) for one in await book.addressed(desk.store, party)],
    }  # fmt: skip
    rows = tuple(contact_row(one) for one in found)
    text = f"{counted(len(rows), 'contact')} on {written(day)}; of another time: {others}."
    said = await book.doubts(desk.store, desk, found)
    return Card(party.name, text, rows, fields, columns=COLUMNS, notes=tuple(one.said for one in said))


def _wish(one: Addressing) -> str:
    kind = one.kind or "every letter"
    return f"{kind}: to {', '.join(one.to)}" + (f"; copied {', '.join(one.copies)}" if one.copies else "")


def contact_row(one: Contact) -> dict[str, object]:
    """One contact in a list."""
    return {
        "key": one.key, "party": one.party, "office": one.office, "name": one.name, "called": one.called,
        "address": one.address, "telephone": one.telephone or None, "order": one.order, "from": one.start, "until": one.end,
        "state": one.erased or one.held or ("confirmed" if one.confirmed else "unconfirmed"),
        "automatic_reply": one.automatic_reply or None, "trouble": one.trouble.said if one.trouble else None,
    }  # fmt: skip


@command("contacts doubtful", reads=True, example="contacts doubtful")
async def doubtful(desk: Desk, _person: Person) -> Card:
    """What to look at in the address book: an address or a person twice, shared domains, domains that look like another."""
    found = await book.doubts(desk.store, desk)
    rows = tuple(_doubt(one) for one in found)
    return Card("Contacts to look at", f"{counted(len(rows), 'doubt')}; nothing was changed for them.", rows)


def _doubt(one: Doubt) -> dict[str, object]:
    return {"key": one.key, "party": one.party, "said": one.said}


@command("contact CONTACT", reads=True, example="contact MWI/permanent-mission/1")
async def contact(desk: Desk, person: Person, *, contact: str) -> Card:
    """One contact whole: the person with all addresses, the term, and each fact with who said it and when."""
    return await shown(contact, Act(person, desk))


async def shown(key: str, who: Act, text: str = "") -> Card:
    desk = who.desk
    whole, reads_closed = await book.whole(desk.store, key, desk), handling.reads_closed(who.person, desk)
    one = whole.contact
    fields = contact_row(one) | {
        "style": one.style or None, "title": one.title or None, "pronoun": one.pronoun or None,
        "languages": list(one.languages), "confirmed_on": one.confirmed_on, "provenance": one.provenance or None,
        "addresses": [f"{other.address} ({other.key})" for other in whole.entries],
        "notes": [f"{written_moment(note.at)}, {note.by}: {_noted(note, reads_closed)}" for note in one.notes],
    }  # fmt: skip
    names = {person.key: person.name for person in await desk.store.staff.all()}
    rows = tuple(fact_row(fact, names) for fact in one.history)
    said = text or (f"{one.key} was {one.erased}." if one.erased else f"{one.office} of {whole.party}.")
    offers = () if one.erased else (Offer("All of it is right", f"contact {one.key} confirm", digest=digest(one)),)
    notes = ("It is illustrative.",) if one.illustrative else ()
    doubts = tuple(doubt.said for doubt in whole.doubts)
    return Card(one.called or one.key, said, rows, fields, offers=offers, notes=(*notes, *doubts))


def _noted(note: Note, closed_too: bool) -> str:  # noqa: FBT001 - whether what is not open is shown too
    """A note that names what came in may repeat what stands there."""
    return note.text if closed_too or not names_a_mail(note.text) else "about a mail, for officers"


def fact_row(fact: Fact, names: Mapping[str, str]) -> dict[str, object]:
    source = fact.source
    return {
        "at": source.at, "what": fact.what, "was": fact.was or None, "now": fact.now or None,
        "by": names.get(source.by, source.by), "through": f"{source.door} {source.where}".strip(),
    }  # fmt: skip
