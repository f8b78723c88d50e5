"""/1540 contact …: an officer adds to the address book and changes what stands there, over nobody's head."""

from collections.abc import Mapping
from datetime import date

from bot.commands.contacts import fact_row, shown
from bot.registry import command
from committee.calendar import written
from committee.cards import Card, Offer
from committee.contacts import NOT_BY_ITSELF, Contact, Office
from committee.names import fold
from committee.staff import Person, Role
from mailflows import address_book, book, contacts
from mailflows.address_book import Clash, digest
from mailflows.desk import Desk
from mailflows.presses import Act, Press

NONE = "none"
"""What is typed in place of a value that is taken away."""


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
        return await shown(changed.key, who, text)
    names = {person.key: person.name for person in await who.desk.store.staff.all()}
    rows = tuple(fact_row(fact, names) for fact in changed.facts)
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
