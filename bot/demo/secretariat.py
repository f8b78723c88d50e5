"""The practice desk's people in the local Slack: one workspace with one channel, and each known to the desk by who they are there."""

from collections.abc import Iterable
from typing import Final

from bot.commands import COMMANDS
from bot.demo.clock import PracticeClock
from bot.local_slack.channels import Channel, Kind
from bot.local_slack.people import HOME, User, as_installed
from bot.local_slack.workspace import Workspace
from bot.slack.manifest import manifest
from committee.staff import Person, Role
from mailflows import staff
from mailflows.desk import Desk
from mailflows.presses import Act

COMMAND: Final = "/1540"
CHANNEL: Final = "C01DESK"
USERS: Final = {
    "officer-1": "U01ALEX", "officer-2": "U02SAM", "approver-1": "U03ROBIN", "administrator-1": "U04KIM",
    "reader-1": "U05JO",
}  # fmt: skip
"""Who each person of the practice staff is in chat."""
TOPIC: Final = "Practice: every name, mail and letter here is illustrative"


def workspace(people: Iterable[Person], clock: PracticeClock) -> Workspace:
    """Everybody of the staff, the app as its manifest installs it, and the channel in which cards stand."""
    made = Workspace(app=as_installed(manifest(COMMANDS, COMMAND)), clock=clock)
    staff_of = {person.key: person for person in people}
    for key, user in USERS.items():
        if person := staff_of.get(key):
            title = ", ".join(role.capitalize() for role in person.roles)
            made.person(User(user, person.key, person.name, title=title))
    members = frozenset({made.app.bot_user, *USERS.values()})
    made.put_channel(Channel(CHANNEL, "secretariat", Kind.PUBLIC, members, TOPIC))
    return made


async def join(desk: Desk) -> None:
    """The administrator says who everybody is in chat."""
    people = await desk.store.staff.all()
    administrator = next(person for person in people if person.may(Role.ADMINISTRATOR))
    for person in people:
        if user := USERS.get(person.key):
            await staff.recognize(person.key, f"{HOME}/{user}", Act(administrator, desk))
