"""/1540 staff …: who works at the desk, and in which role."""

from bot.registry import command
from committee.cards import Card
from committee.counting import counted
from committee.staff import Person, Role
from mailflows import staff as flows
from mailflows.desk import Desk


@command("staff", reads=True, example="staff")
async def staff(desk: Desk, _person: Person) -> Card:
    """Everyone of the staff register, with their roles."""
    people = await desk.store.staff.all()
    rows = tuple({"key": person.key, "name": person.name, "roles": list(person.roles)} for person in people)
    return Card("Staff", f"{counted(len(rows), 'person')}.", rows)


@command("staff PERSON role ROLE", role=Role.ADMINISTRATOR, example="staff ana-garcia role officer")
async def role(desk: Desk, person: Person, *, who: str, role: Role) -> Card:
    """Give a person a role, in place of the one they have."""
    changed = await flows.give_role(who, role, person, desk)
    return Card(
        f"{changed.name}: {role}",
        f"Changed by {person.name}.",
        fields={"key": changed.key, "roles": list(changed.roles)},
    )


@command(
    "staff add NAME=WORD ROLE [--account N]",
    role=Role.ADMINISTRATOR,
    example='staff add "Ana García" officer --account 1001',
)
async def add(desk: Desk, person: Person, *, name: str, role: Role, account: int | None = None) -> Card:
    """Add a person to the staff; `--account` is the user id by which this host knows them."""
    new = await flows.add(name, role, account, person, desk)
    return Card(
        f"{new.name}: {role}",
        f"Added by {person.name} as {new.key}.",
        fields={"key": new.key, "roles": list(new.roles)},
    )
