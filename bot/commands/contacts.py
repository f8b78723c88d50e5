"""/1540 contacts, contact …: who stands behind a party on any day, one of them whole, and what an officer changes."""

from collections.abc import Mapping
from datetime import date

from bot.commands.remind import stale
from bot.registry import command
from committee.addressing import Addressing
from committee.book_rules import Doubt
from committee.calendar import written, written_moment
from committee.cards import Card, Offer
from committee.contacts import NOT_BY_ITSELF, Contact, Office
from committee.counting import counted
from committee.names import fold
from committee.provenance import Fact
from committee.staff import Person, Role
from committee.states import Note
from mailflows import address_book, book, contacts, erasing, handling
from mailflows import parties as known_parties
from mailflows.address_book import Clash, digest
from mailflows.desk import Desk
from mailflows.listed import names_a_mail
from mailflows.presses import Act, Press
from mailflows.reminders import Stale

NONE = "none"
"""What is typed in place of a value that is taken away."""
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
        "automatic_reply": one.automatic_reply or None,
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
    return await _whole(contact, Act(person, desk))


async def _whole(key: str, who: Act, text: str = "") -> Card:
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
    rows = tuple(_fact(fact, names) for fact in one.history)
    said = text or (f"{one.key} was {one.erased}." if one.erased else f"{one.office} of {whole.party}.")
    offers = () if one.erased else (Offer("All of it is right", f"contact {one.key} confirm", digest=digest(one)),)
    notes = ("It is illustrative.",) if one.illustrative else ()
    doubts = tuple(doubt.said for doubt in whole.doubts)
    return Card(one.called or one.key, said, rows, fields, offers=offers, notes=(*notes, *doubts))


def _noted(note: Note, closed_too: bool) -> str:  # noqa: FBT001 - whether what is not open is shown too
    """A note that names what came in may repeat what stands there."""
    return note.text if closed_too or not names_a_mail(note.text) else "about a mail, for officers"


def _fact(fact: Fact, names: Mapping[str, str]) -> dict[str, object]:
    source = fact.source
    return {
        "at": source.at, "what": fact.what, "was": fact.was or None, "now": fact.now or None,
        "by": names.get(source.by, source.by), "through": f"{source.door} {source.where}".strip(),
    }  # fmt: skip


@command(
    "contact add PARTY=ADDRESSEE OFFICE ADDRESS=WORD [NAME=TEXT] [--from START=DATE] [--until END=DATE]",
    role=Role.OFFICER,
    example='contact add MWI permanent-mission pm@malawi.mission.example "Permanent Mission of Malawi"',
)
async def add(  # noqa: PLR0913 - the words that the pattern names
    desk: Desk, person: Person, *, party: str, office: Office, address: str, name: str = "",
    start: date | None = None, end: date | None = None,
) -> Card:  # fmt: skip
    """Add an address of a party in an office, from today or a day until a day; the last word is the name."""
    new = contacts.New(party, office, name, address, start, end)
    return await _added(await contacts.add(new, Act(person, desk)), person, desk)


@command(
    "contact CONTACT next ADDRESS=WORD",
    role=Role.OFFICER,
    example="contact MWI/permanent-mission/1 next registry@malawi.mission.example",
)
async def add_next(desk: Desk, person: Person, *, contact: str, address: str) -> Card:
    """Add one more address of the same person or office: letters go there when the one before it fails."""
    return await _added(await contacts.add_next(contact, address, Act(person, desk)), person, desk)


async def _added(added: Contact, person: Person, desk: Desk) -> Card:
    starts = f"from {written(added.start)}" if added.start and added.start > desk.today else "from today"
    goes = "it is answered, and written to as a list says," if added.office in NOT_BY_ITSELF else "letters go to it"
    said = await book.doubts(desk.store, desk, [added])
    return Card(
        f"{added.key}: {added.address}",
        f"Added by {person.name}; {goes} {starts}.",
        fields={"key": added.key, "party": added.party, "from": added.start, "until": added.end},
        notes=tuple(one.said for one in said),
    )


@command(
    "contact CONTACT name|style|title|telephone|pronoun|languages|order=FIELD VALUE=TEXT",
    role=Role.OFFICER,
    example="contact MWI/permanent-representative/1 title Ambassador",
)
async def set_one(  # noqa: PLR0913 - the words that the pattern names
    desk: Desk, person: Person, *, contact: str, field: str, value: str, press: Press | None = None
) -> Card:
    """Change a person's name, style (H.E. Ms.), title, telephone, pronoun, languages or place in the order; none takes it away."""
    texts = (("value", value),)
    again = Offer("Change it all the same", f'contact {contact} {field} "…"', "danger", texts=texts)
    return await _change(contact, {field: value}, again, Act(person, desk, press))


@command(
    "contact CONTACT change NAME=TEXT [--style STYLE=TEXT] [--title TITLE=TEXT] [--telephone TELEPHONE=TEXT] "
    "[--pronoun PRONOUN=TEXT] [--languages LANGUAGES=TEXT] [--order ORDER=TEXT]",
    role=Role.OFFICER,
    example='contact MWI/permanent-representative/1 change "Ada Quill" --style "H.E. Ms." --title Ambassador --languages "fr, en"',
)
async def change(  # noqa: PLR0913 - the words that the pattern names
    desk: Desk, person: Person, *, contact: str, name: str, style: str | None = None,
    title: str | None = None, telephone: str | None = None, pronoun: str | None = None, languages: str | None = None,
    order: str | None = None, press: Press | None = None,
) -> Card:  # fmt: skip
    """Change the name and other facts of a person at once; what is left out stays as it is, and none takes a fact away."""
    typed = {
        "name": name, "style": style, "title": title, "telephone": telephone, "pronoun": pronoun,
        "languages": languages, "order": order,
    }  # fmt: skip
    facts = {field: value for field, value in typed.items() if value is not None}
    options = "".join(f' --{field} "…"' for field in facts if field != "name")
    line = f'contact {contact} change "…"{options}'
    again = Offer("Change it all the same", line, "danger", texts=tuple(facts.items()))
    return await _change(contact, facts, again, Act(person, desk, press))


async def _change(key: str, facts: Mapping[str, str], again: Offer, who: Act) -> Card:
    meant = {field: "" if fold(value) == NONE else value for field, value in facts.items()}
    return await _done(await address_book.change(key, meant, who), again, f"Changed by {who.person.name}.", who)


@command("contact CONTACT confirm", role=Role.OFFICER, example="contact MWI/permanent-mission/1 confirm")
async def confirm(desk: Desk, person: Person, *, contact: str, press: Press | None = None) -> Card:
    """All that stands there is right today; letters go to it."""
    who, again = Act(person, desk, press), Offer("All of it is right", f"contact {contact} confirm")
    return await _done(await address_book.confirm(contact, who), again, f"Confirmed by {person.name}.", who)


@command("contact CONTACT end DATE", role=Role.OFFICER, example="contact MWI/permanent-representative/1 end 2012-12-31")
async def end(desk: Desk, person: Person, *, contact: str, date: date, press: Press | None = None) -> Card:
    """The last day of its term; it and what it has said stay in the book of the days before."""
    who, again = Act(person, desk, press), Offer("End it all the same", f"contact {contact} end {date}", "danger")
    text = f"Its term ends on {written(date)}, by {person.name}."
    return await _done(await address_book.end(contact, date, who), again, text, who)


@command(
    "contact CONTACT begin DATE", role=Role.OFFICER, example="contact MWI/permanent-representative/1 begin 2013-01-01"
)
async def begin(desk: Desk, person: Person, *, contact: str, date: date, press: Press | None = None) -> Card:
    """The first day of its term."""
    who, again = Act(person, desk, press), Offer("Begin it all the same", f"contact {contact} begin {date}", "danger")
    text = f"Its term begins on {written(date)}, by {person.name}."
    return await _done(await address_book.begin(contact, date, who), again, text, who)


async def _done(changed: Contact | Clash, again: Offer, text: str, who: Act) -> Card:
    if isinstance(changed, Contact):
        return await _whole(changed.key, who, text)
    names = {person.key: person.name for person in await who.desk.store.staff.all()}
    rows = tuple(_fact(fact, names) for fact in changed.facts)
    told = "; ".join(
        f"{row['what']} was “{row['was'] or ''}” and is “{row['now'] or ''}”, by {row['by']}" for row in rows
    )
    key = changed.contact.key
    said = (
        f"It was changed meanwhile: {told}. Nothing was changed by you. To change it still: contact {key} FIELD VALUE"
    )
    offer = Offer(again.label, again.line, again.style, digest(changed.contact), texts=again.texts)
    return Card(f"{key} is another now", said, rows, {"key": key}, offers=(offer,), ok=False)


@command(
    "contact CONTACT note TEXT [--until DATE]",
    role=Role.OFFICER,
    example='contact MWI/permanent-mission/1 note "back on 14 September" --until 2012-09-13',
)
async def note(desk: Desk, person: Person, *, contact: str, text: str, until: date | None = None) -> Card:
    """Note what was heard of a contact; it changes nobody's letters."""
    noted = await address_book.note(contact, text, until, Act(person, desk))
    return Card(f"{noted.key}: noted", f"Noted by {person.name}.", fields={"key": noted.key, "until": until})


@command("contact CONTACT erase", role=Role.OFFICER, example="contact MWI/permanent-mission/1 erase")
async def erase(desk: Desk, person: Person, *, contact: str, press: Press | None = None) -> Card:
    """Take a person's data out of the address book: shows what goes, what stays and why, then a button does it."""
    who = Act(person, desk, press)
    if press is None or not press.digest:
        return await _to_erase(contact, who)
    try:
        done = await erasing.erase(contact, who)
    except Stale:
        return stale(await _to_erase(contact, who))
    stays = "; ".join(done.stays) or "nothing but its key, its office and its term"
    keys = [one.key for one in done.contacts]
    return Card(
        f"{contact}: erased", f"By {person.name}. What stays: {stays}.", fields={"key": contact, "erased": keys}
    )


async def _to_erase(key: str, who: Act) -> Card:
    plan = await erasing.preview(key, who)
    go = counted(len(plan.contacts), "entry", "entries")
    text = f"{go} would lose name, addresses, telephone, notes and history, for good. The key, the office and the term stay."
    rows = tuple(contact_row(one) for one in plan.contacts)
    stays = tuple(f"It stays: {one}." for one in plan.stays)
    waits = tuple(f"It waits to go there: {one}. Let it go or withdraw it first." for one in plan.waits)
    offers = () if waits else (Offer("Erase it", f"contact {key} erase", "primary", plan.digest),)
    return Card(f"To erase: {key}", text, rows, {"key": key}, offers=offers, notes=(*stays, *waits), columns=COLUMNS)
