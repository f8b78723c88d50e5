"""An administrator says who works at the desk, and in which role; the last administrator cannot be taken away."""

import re
from dataclasses import replace

from committee.errors import Refused
from committee.names import fold
from committee.staff import Person, Role
from mailflows.desk import Desk
from mailflows.permissions import require


def key_for(name: str) -> str:
    """A person's key, from the name: Ana García is ana-garcia."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-") or "person"


async def add(name: str, role: Role, account: int | None, person: Person, desk: Desk) -> Person:
    require(person, Role.ADMINISTRATOR, "add a person to the staff")
    new = Person(key_for(name), name, (role,), account)
    async with desk.store.transaction(by=person.key, doing="staff add", about=new.key, at=desk.now) as tx:
        if await tx.staff.get(new.key):
            raise Refused(
                f"{new.key} is in the staff register already; to change the role: staff {new.key} role {role}."
            )
        await tx.staff.put(new)
    return new


async def give_role(key: str, role: Role, person: Person, desk: Desk) -> Person:
    """From now on `key` has this role, and no other."""
    require(person, Role.ADMINISTRATOR, "change a role")
    async with desk.store.transaction(by=person.key, doing="staff role", about=key, at=desk.now) as tx:
        known = await tx.staff.get(key)
        if known is None:
            raise Refused(f"There is no {key} in the staff register. To see who is: staff.")
        changed = replace(known, roles=(role,))
        others = [one for one in await tx.staff.all() if one.key != key and one.may(Role.ADMINISTRATOR)]
        if known.may(Role.ADMINISTRATOR) and not changed.may(Role.ADMINISTRATOR) and not others:
            raise Refused(f"{known.name} is the last administrator; make another one first. Nothing was changed.")
        await tx.staff.put(changed)
    return changed
