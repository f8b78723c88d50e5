"""/1540 parties, party add, addressing …: who else the desk writes to, and how a party wishes to be addressed."""

from bot.registry import command
from committee.cards import Card
from committee.contacts import Office
from committee.counting import counted
from committee.letters import LetterKind
from committee.parties import PartyKind
from committee.staff import Person, Role
from mailflows import addressings
from mailflows import parties as flows
from mailflows.desk import Desk
from mailflows.presses import Act


@command("parties [KIND=PARTYKIND]", reads=True, example="parties civil-society")
async def parties(desk: Desk, _person: Person, *, kind: PartyKind | None = None) -> Card:
    """The parties that are neither States nor organizations: experts, civil society, academia, industry, parliament, press."""
    found = sorted(await flows.others(desk.store), key=lambda one: one.name)
    rows = tuple({"key": one.key, "name": one.name, "kind": one.kind} for one in found if kind in {None, one.kind})
    return Card("Parties", f"{counted(len(rows), 'party', 'parties')}, in alphabetical order.", rows)


@command("party add KIND=PARTYKIND NAME=TEXT", role=Role.OFFICER, example='party add academia "Quill Institute"')
async def add(desk: Desk, person: Person, *, kind: PartyKind, name: str) -> Card:
    """Add a party of civil society, academia, industry, a parliament or the press; then its contacts: contact add."""
    added = await flows.add(kind, name, Act(person, desk))
    text = f"Added by {person.name}. It gets letters, never notes verbales. An address: contact add {added.key} subscriber ADDRESS"
    return Card(f"{added.name}: {added.kind}", text, fields={"key": added.key, "kind": added.kind})


@command(
    "addressing ADDRESSEE to TO=OFFICES [cc COPIES=OFFICES] [--for KIND=LETTERKIND]",
    role=Role.OFFICER,
    example="addressing MWI to national-contact-point cc permanent-mission,ministry --for letter",
)
async def place(  # noqa: PLR0913 - the words that the pattern names
    desk: Desk, person: Person, *, addressee: str, to: tuple[Office, ...], copies: tuple[Office, ...] = (),
    kind: LetterKind | None = None,
) -> Card:  # fmt: skip
    """Record how a party wishes to be addressed: offices in To, the first that serves, and in Cc; a capital never without its mission."""
    wish = await addressings.place(addressee, to, copies, kind, Act(person, desk))
    copied = f", copied {', '.join(wish.copies)}" if wish.copies else ""
    text = (
        f"To {', '.join(wish.to)}{copied}, by {person.name}. Whenever a capital is written to, its mission is copied."
    )
    fields = {"key": wish.key, "to": list(wish.to), "cc": list(wish.copies), "kind": wish.kind}
    return Card(f"{addressee}: {wish.kind or 'every letter'}", text, fields=fields)


@command("addressing ADDRESSEE none", role=Role.OFFICER, example="addressing MWI none")
async def forget(desk: Desk, person: Person, *, addressee: str) -> Card:
    """The party has no wish any more: its letters go as everybody's do."""
    gone = await addressings.forget(addressee, Act(person, desk))
    return Card(
        f"{addressee}: as everybody",
        f"Said by {person.name}.",
        fields={"key": addressee, "forgotten": [one.key for one in gone]},
    )
