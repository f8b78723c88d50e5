"""/1540 organizations, organization …, experts: the rest of the network, and who stands for each."""

from bot.commands.contacts import COLUMNS, contact_row
from bot.registry import command
from committee.calendar import written
from committee.cards import Card
from committee.contacts import Office
from committee.counting import counted
from committee.errors import Refused
from committee.parties import EXPERTS
from committee.staff import Person
from mailflows import book
from mailflows.desk import Desk

SHOWN = 20
"""Letters and submissions, the newest first."""


@command("organizations [without-contact=WHICH]", reads=True, example="organizations without-contact")
async def organizations(desk: Desk, _person: Person, *, which: str | None = None) -> Card:
    """The organizations in alphabetical order, or those that have named no point of contact (S/2012/663, 3 (c))."""
    without = await book.without_point_of_contact(desk.store, desk.today)
    known = [one for one in await desk.store.organizations.all() if which is None or one.key in without]
    rows = tuple(
        {
            "key": one.key,
            "name": one.name,
            "type": one.type,
            "field": one.field,
            "point_of_contact": one.key not in without,
        }
        for one in sorted(known, key=lambda one: one.name)
    )
    title = "Organizations" if which is None else "Organizations without a point of contact"
    return Card(title, f"{counted(len(rows), 'organization')}, in alphabetical order.", rows)


@command("organization PARTY", reads=True, example="organization OPCW")
async def organization(desk: Desk, _person: Person, *, party: str) -> Card:
    """One organization whole: its contacts, letters and submissions."""
    found = await desk.store.organizations.get(party)
    if found is None:
        raise Refused(
            f"{party} is no organization of the register. To see them: organizations. A State: state {party}."
        )
    people = await book.on(desk.store, party, desk.today)
    letters = await desk.store.letters.find(party=party, newest_first=True, limit=SHOWN)
    submissions = await desk.store.submissions.find(party=party, newest_first=True, limit=SHOWN)
    named = party not in await book.without_point_of_contact(desk.store, desk.today)
    fields = {
        "key": found.key, "type": found.type, "field": found.field, "source": found.source, "point_of_contact": named,
        "submissions": [f"{one.key} {one.kind} {one.state}" for one in submissions],
        "letters": [letter.key for letter in letters],
    }  # fmt: skip
    says = "It has a point of contact." if named else "It has named no point of contact."
    return Card(
        found.name,
        f"{says} It gets letters, never notes verbales.",
        tuple(map(contact_row, people)),
        fields,
        columns=COLUMNS,
    )


@command("experts", reads=True, example="experts")
async def experts(desk: Desk, _person: Person) -> Card:
    """The group of experts as it is today, and the former members who stay in the network (S/2012/663, 4 (h))."""
    people = await book.on(desk.store, EXPERTS, desk.today)
    former = sum(one.office is Office.FORMER_MEMBER for one in people)
    text = (
        f"{counted(len(people) - former, 'member')} on {written(desk.today)}; former members in the network: {former}."
    )
    return Card("Group of Experts", text, tuple(map(contact_row, people)), {"key": EXPERTS}, columns=COLUMNS)
