"""/1540 repairs, contact …: contacts to mend or to hold, and those that are right after all."""

from bot.registry import command
from committee.cards import Card
from committee.counting import counted
from committee.repairs import Repair
from committee.staff import Person, Role
from mailflows import correspondents
from mailflows import repairs as flows
from mailflows.desk import Desk
from mailflows.presses import Act, Press


@command("repairs", reads=True, example="repairs")
async def repairs(desk: Desk, _person: Person) -> Card:
    """Contacts whose addresses take no mail any more, until they are mended or a letter gets through after all."""
    rows = tuple([await _row(one, desk) for one in await desk.store.repairs.all()])
    said = f"{counted(len(rows), 'address', 'addresses')} to mend: no mail is taken there."
    return Card("Contacts to mend", said, rows, columns=("key", "address", "since", "said"))


async def _row(one: Repair, desk: Desk) -> dict[str, object]:
    return {
        "key": one.key, "party": one.party, "name": await correspondents.party_name(desk.store, one.party, desk),
        "address": one.address, "since": one.since, "said": one.said, "letter": one.letter,
    }  # fmt: skip


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
