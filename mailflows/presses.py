"""A button is pressed: it was shown to this person, it is used once, and it does what was shown, nothing else."""

from dataclasses import dataclass, replace
from datetime import datetime

from committee.calendar import written_moment
from committee.cards import Action
from committee.errors import Refused
from committee.staff import Person
from mailflows import posts
from mailflows.desk import Desk
from storage.port import Transaction


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, at which desk, and by which button, if by one."""

    person: Person
    desk: Desk
    press: "Press | None" = None


@dataclass(frozen=True, slots=True)
class Press:
    """A press on its way to a flow: which button, bound to which digest; the reason, where it replaces an approver."""

    action: str
    digest: str
    emergency: str = ""


def check(action: Action | None, key: str, person: Person) -> Action:
    """The action, if `person` may press it now; `Refused` with the reason else."""
    if action is None:
        raise Refused(f"There is no button {key}. Ask for the card again: cards.")
    if action.used_at:
        raise Refused(
            f"{action.label}: pressed already by {action.used_by}, {written_moment(action.used_at)}. Nothing was changed."
        )
    if action.person not in {None, person.key}:
        raise Refused(
            f"{action.label}: this button was shown to somebody else. For a preview of your own: {action.line}"
        )
    return action


async def use(tx: Transaction, press: Press | None, person: Person, now: datetime) -> None:
    """Mark the button as used, in the commit of what it does: pressed twice at once, one of the two is refused."""
    if press:
        action = check(await tx.actions.get(press.action), press.action, person)
        await tx.actions.put(replace(action, used_by=person.key, used_at=now))
        if action.card:
            await posts.show_change(tx, action.card)
