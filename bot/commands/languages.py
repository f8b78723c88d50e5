"""/1540 languages, language … sign: in which languages letters may go out."""

from bot.registry import command
from committee.cards import Card
from committee.staff import Person, Role
from mailflows import languages as flows
from mailflows.desk import Desk


@command("languages", reads=True, example="languages")
async def languages(desk: Desk, _person: Person) -> Card:
    """The six official languages, and who has signed the letters of each."""
    rows = tuple(
        {"key": one.key, "name": one.name, "signed_by": one.signed_by or None, "signed_on": one.signed_on or None}
        for one in await desk.store.languages.all()
    )
    return Card(
        "Languages", "Letters go out in a language once a person has signed it; English needs no signature.", rows
    )


@command("language CODE=WORD sign", role=Role.OFFICER, example="language fr sign")
async def sign(desk: Desk, person: Person, *, code: str) -> Card:
    """Sign the letters of a language: missions that have indicated it are written to in it from now on."""
    signed = await flows.sign(code, person, desk)
    return Card(f"{signed.name}: signed", f"Signed by {person.name}.", fields={"key": signed.key})
