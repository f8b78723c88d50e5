"""/1540 repairs, repair …, contact …: contacts to mend or to hold, and those that are right after all."""

from bot.commands.remind import stale
from bot.commands.writing import preview, queued
from bot.registry import command
from committee.calendar import written_moment
from committee.cards import Card, Offer
from committee.counting import counted
from committee.staff import Person, Role
from mailflows import address_question, mending
from mailflows import repairs as flows
from mailflows.desk import Desk
from mailflows.mending import Move, ToMend
from mailflows.presses import Act, Press
from mailflows.reminders import Stale


@command("repairs", reads=True, example="repairs")
async def repairs(desk: Desk, _person: Person) -> Card:
    """Contacts whose addresses take no mail, the oldest first: what was tried, whom to telephone, where letters go."""
    rows = tuple(_row(one) for one in await mending.queue(desk))
    said = f"{counted(len(rows), 'address', 'addresses')} to mend: no mail is taken there. One whole: repair KEY"
    return Card("Contacts to mend", said, rows, columns=("key", "address", "since", "said", "telephone", "next"))


def _row(one: ToMend) -> dict[str, object]:
    repair = one.repair
    return {
        "key": repair.key, "party": repair.party, "name": one.name, "address": repair.address, "since": repair.since,
        "said": repair.said, "letter": repair.letter, "telephone": one.telephone or None, "next": one.next or None,
        "unserved": list(one.nobody_has), "asked": [letter.key for letter in one.asked],
        "tried": [
            {"letter": copy.letter, "address": copy.address, "at": copy.since, "state": copy.state, "said": copy.reply}
            for copy in one.tried
        ],
    }  # fmt: skip


@command("repair CONTACT", reads=True, example="repair MWI/permanent-mission/1")
async def repair(desk: Desk, _person: Person, *, contact: str) -> Card:
    """One address to mend: each copy with when and what its server said, the telephone, the next address, and what ends it."""
    one = await mending.one(contact, desk)
    row = _row(one)
    asked = [f"The party was asked: {letter.key}, {written_moment(letter.queued_at)}." for letter in one.asked]
    missing = [f"Not served, for paper or the telephone: {', '.join(one.nobody_has)}."] if one.nobody_has else []
    goes = (
        f"Letters go to {one.next} meanwhile."
        if one.next
        else "No address of the party is left: its letters go by paper."
    )
    held = f"{one.repair.address} takes no mail since {written_moment(one.repair.since)}: {one.repair.said}."
    return Card(
        f"{one.name}: an address to mend", f"{held} {goes}", tuple(row.pop("tried")), row,  # type: ignore[arg-type]  # its own list
        offers=flows.presses(contact), notes=(f"Telephone: {one.telephone or 'none on record'}", *missing, *asked),
        columns=("letter", "address", "at", "state", "said"), facts=(),
    )  # fmt: skip


@command("repair CONTACT letter", role=Role.OFFICER, example="repair MWI/national-contact-point/1 letter")
async def letter(desk: Desk, person: Person, *, contact: str, press: Press | None = None) -> Card:
    """Ask the party for the right address: shows the letter and who gets it, then a button sends it."""
    send = Offer("Send the letter", f"repair {contact} letter", "primary")
    who = Act(person, desk, press)
    if press is None or not press.digest:
        return await preview(await address_question.preview(contact, who), send, desk)
    try:
        sent = await address_question.ask(contact, who)
    except Stale:
        return stale(await preview(await address_question.preview(contact, who), send, desk))
    return await queued(sent, person, desk)


@command(
    "repair CONTACT address ADDRESS=TEXT", role=Role.OFFICER,
    example="repair MWI/national-contact-point/1 address focal.point@gov-malawi.example",
)  # fmt: skip
async def address(desk: Desk, person: Person, *, contact: str, address: str, press: Press | None = None) -> Card:
    """The new address in place of the dead one: shows what would go there at once, then a button changes it."""
    who = Act(person, desk, press)
    if press is None or not press.digest:
        return _moving(await mending.preview_move(contact, address, who))
    try:
        moved = await mending.move(contact, address, who)
    except Stale:
        return stale(_moving(await mending.preview_move(contact, address, who)))
    said = (
        f"Letters go to {moved.address}. At once: {counted(len(moved.letters), 'letter')} that nobody of the party had."
    )
    return Card(f"{contact}: mended", said, fields={"key": contact, "letters": list(moved.letters)})


def _moving(would: Move) -> Card:
    texts = (("address", would.address),)
    line = f'repair {would.contact.key} address "…"'
    goes = ", ".join(would.letters) or "nothing waits"
    return Card(
        f"{would.contact.key}: a new address",
        f"In place of {would.contact.address} letters would go to {would.address}. At once, since nobody has it: {goes}.",
        fields={"key": would.contact.key, "letters": list(would.letters)},
        offers=(Offer("Change it", line, "primary", digest=would.digest, texts=texts),),
    )


@command(
    "repair CONTACT done WHY=TEXT", role=Role.OFFICER,
    example='repair MWI/permanent-mission/1 done "the mission writes from another address"',
)  # fmt: skip
async def done(desk: Desk, person: Person, *, contact: str, why: str, press: Press | None = None) -> Card:
    """It is seen to, as by telephone: off the list; nothing goes to the address until it is freed."""
    settled = await mending.done(contact, why, Act(person, desk, press))
    return Card(
        f"{settled.key}: seen to",
        f"Nothing goes to {settled.address} until it is freed: contact {settled.key} free",
        fields={"key": settled.key, "party": settled.state},
    )


@command("contact CONTACT free", role=Role.OFFICER, example="contact MWI/permanent-mission/1 free")
async def free(desk: Desk, person: Person, *, contact: str, press: Press | None = None) -> Card:
    """The address is right: letters go to it again."""
    freed = await flows.free(contact, Act(person, desk, press))
    return Card(
        f"{freed.key}: free", f"Letters go to {freed.address} again.", fields={"key": freed.key, "party": freed.state}
    )


@command(
    "contact CONTACT hold WHY=TEXT",
    role=Role.OFFICER,
    example='contact MWI/permanent-mission/1 hold "the Deputy says that nobody reads it"',
)
async def hold(desk: Desk, person: Person, *, contact: str, why: str, press: Press | None = None) -> Card:
    """Nothing more goes to an address until it is mended; the party's letters go to its next address."""
    held = await flows.hold(contact, why, Act(person, desk, press))
    return Card(
        f"{held.key}: held",
        f"Nothing more goes to {held.address}. To let letters go there again: contact {held.key} free",
        fields={"key": held.key, "party": held.state},
    )
