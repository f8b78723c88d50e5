"""/1540 approvals, approval …: what one person has prepared and a second one releases."""

from bot.commands.buttons import buttons
from bot.registry import Passed, command
from committee.calendar import written_moment
from committee.cards import Card, Offer
from committee.counting import counted
from committee.staff import Person, Role
from mailflows import approvals as flows
from mailflows.approvals import Waiting
from mailflows.desk import Desk
from mailflows.presses import Act, Press

COLUMNS = ("key", "kind", "parties", "letters", "prepared_by", "since", "may_release", "actions")


@command("approvals", reads=True, example="approvals")
async def approvals(desk: Desk, person: Person) -> Card:
    """What waits for a second person: who prepared it, since when, and who may release it today."""
    waiting = await flows.all_waiting(desk.store, desk)
    rows = tuple([_row(one) | {"actions": await buttons(one.card, desk, person)} for one in waiting])
    mine = sum(person in one.may_release for one in waiting)
    text = f"{counted(len(rows), 'thing')} {'waits' if len(rows) == 1 else 'wait'} for a second person; {mine} for you."
    read = ("To read the letter and to see who gets it, before you press: approval KEY",) if rows else ()
    return Card("Approvals", text, rows, {"waiting": len(rows), "for_you": mine}, notes=read, columns=COLUMNS)


@command("approval APPROVAL=KEY", role=Role.OFFICER, reads=True, example="approval A-2012-0001")
async def approval(desk: Desk, person: Person, *, approval: str) -> Passed:
    """One thing that waits: the letter, who gets it, what differs from last time, and the buttons that you may press."""
    who = Act(person, desk)
    one = await flows.one_waiting(approval, who)
    offers = await flows.buttons(one, who)
    return _shown(one, offers)


@command(
    "approval APPROVAL=KEY emergency-release WHY=TEXT",
    role=Role.ADMINISTRATOR,
    example='approval A-2012-0001 emergency-release "Both approvers are away, and the closure is tomorrow"',
)
async def emergency_release(
    desk: Desk, person: Person, *, approval: str, why: str, press: Press | None = None
) -> Passed:
    """Release in the place of an approver, with a reason that all staff read: shows it whole, then a button does it."""
    one, offer = await flows.in_an_emergency(approval, why, Act(person, desk))
    if press and press.digest:
        return Passed(one.offer.line, flows.as_emergency(press, why), one.offer.texts)
    return _shown(one, (offer,))


@command("approval APPROVAL=KEY withdraw", role=Role.OFFICER, example="approval A-2012-0001 withdraw")
async def withdraw(desk: Desk, person: Person, *, approval: str, press: Press | None = None) -> Card:
    """What waits is not to be released any more."""
    card = await flows.take_back(approval, Act(person, desk, press))
    return Card(f"{approval}: withdrawn", f"{card.decided}. Nothing was sent.", fields={"key": approval})


def _shown(one: Waiting, offers: tuple[Offer, ...]) -> Passed:
    """What the command that prepared it shows, to whoever may read it, with these buttons."""
    line, texts, digest = one.offer.line, one.offer.texts, one.offer.digest
    return Passed(line, texts=texts, text=_said(one), fields=_fields(one), digest=digest, offers=offers)


def _said(one: Waiting) -> str:
    who = ", ".join(person.name for person in one.may_release) or "nobody today; an administrator, in an emergency"
    return f"{one.number} was prepared by {one.preparer.name}, {written_moment(one.card.at)}. May release it: {who}."


def _fields(one: Waiting) -> dict[str, object]:
    return {
        "approval": one.number, "prepared_by": one.preparer.key, "since": one.card.at,
        "may_release": [person.key for person in one.may_release],
    }  # fmt: skip


def _row(one: Waiting) -> dict[str, object]:
    facts = one.card.fields
    return {
        "key": one.number, "kind": facts.get("kind"), "about": one.card.about, "title": one.card.title,
        "parties": facts.get("parties"), "letters": facts["letters"], "prepared_by": one.preparer.key,
        "since": one.card.at, "may_release": [person.key for person in one.may_release],
    }  # fmt: skip
