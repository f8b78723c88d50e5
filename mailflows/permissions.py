"""Roles are checked where the change is made: the flow asks, whatever the door."""

from committee.errors import Refused
from committee.staff import Person, Role


def require(person: Person, role: Role, doing: str) -> None:
    """`Refused`, with the way out, unless `person` may do what takes `role`."""
    if not person.may(role):
        held = ", ".join(person.roles) or "no role"
        raise Refused(
            f"To {doing} takes the role {role}; {person.name} has {held}. Nothing was changed. An administrator gives roles: staff."
        )
