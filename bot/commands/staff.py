"""/1540 staff …: who works at the desk, in which roles, and by what the desk knows them."""

from dataclasses import replace

from bot.registry import command
from committee.calendar import written_moment
from committee.cards import Card
from committee.counting import counted
from committee.staff import Person, Role
from mailflows import joining
from mailflows import staff as flows
from mailflows.desk import Desk
from mailflows.presses import Act


@command("staff", reads=True, example="staff")
async def staff(desk: Desk, _person: Person) -> Card:
    """Everyone of the staff register: roles, delegates, and who joined from chat."""
    people, delegations = await desk.store.staff.all(), await desk.store.delegations.all()
    names = {person.key: person.name for person in people}
    rows = tuple(
        {
            "key": person.key, "name": person.name, "roles": list(person.roles),
            "delegates": [
                {"delegate": one.delegate, "name": names.get(one.delegate, one.delegate), "from": one.start, "to": one.end}
                for one in sorted(delegations, key=lambda one: one.start)
                if one.approver == person.key and one.end >= desk.today
            ],
            "in_chat": bool(person.chat), "left_at": person.left_at,
        }
        for person in people
    )  # fmt: skip
    at_work = sum(person.left_at is None for person in people)
    return Card("Staff", f"{counted(at_work, 'person', 'people')}.", rows, parts=("name", "from", "to"))


@command("staff PERSON role ROLE", role=Role.ADMINISTRATOR, example="staff ana-garcia role officer")
async def role(desk: Desk, person: Person, *, who: str, role: Role) -> Card:
    """Give a person a role, in place of those they have; whoever had left is back."""
    return _now(await flows.give_role(who, role, person, desk), str(role), person)


@command("staff PERSON also ROLE", role=Role.ADMINISTRATOR, example="staff ana-garcia also approver")
async def also(desk: Desk, person: Person, *, who: str, role: Role) -> Card:
    """Give a person a role beside those they have."""
    return _now(await flows.add_role(who, role, Act(person, desk)), f"{role} too", person)


@command("staff PERSON remove ROLE", role=Role.ADMINISTRATOR, example="staff ana-garcia remove approver")
async def remove(desk: Desk, person: Person, *, who: str, role: Role) -> Card:
    """Take one of a person's roles away; never the last administrator's."""
    return _now(await flows.remove_role(who, role, Act(person, desk)), f"no longer {role}", person)


@command("staff PERSON end", role=Role.ADMINISTRATOR, example="staff sam-ledger end")
async def end(desk: Desk, person: Person, *, who: str) -> Card:
    """A person no longer works here: no role, no account, nobody in chat, no delegation; the trail keeps the name."""
    gone = _now(await flows.end(who, Act(person, desk)), "no longer works here", person)
    return replace(gone, text=f"{gone.text} What was theirs to answer is nobody's now: inbox waiting")


@command("staff PERSON chat IDENTITY=WORD", role=Role.ADMINISTRATOR, example="staff ana-garcia chat T01DESK/U01ADA")
async def chat(desk: Desk, person: Person, *, who: str, identity: str) -> Card:
    """Say who a person is in chat, as TEAM/USER; `none` takes it away."""
    changed = await flows.recognize(who, identity, Act(person, desk))
    return _now(changed, changed.chat or "nobody in chat", person)


@command("staff PERSON code", role=Role.ADMINISTRATOR, example="staff ana-garcia code")
async def code(desk: Desk, person: Person, *, who: str) -> Card:
    """A code with which a person joins from chat; it is shown this once, and used once within seven days."""
    code, kept = await joining.make_code(who, Act(person, desk))
    text = f"In chat, {who} types within seven days, once: join {code}. An earlier code of theirs no longer counts."
    until = f"It ends {written_moment(kept.until)}."
    return Card(
        "A code to join from chat", text, fields={"key": who, "code": code, "until": kept.until}, notes=(until,)
    )


@command(
    "staff PERSON address ADDRESS=WORD", role=Role.ADMINISTRATOR, example="staff ana-garcia address ana@desk.example"
)
async def address(desk: Desk, person: Person, *, who: str, address: str) -> Card:
    """A person's own mailbox: alarms go there when chat is down, and what they send by hand may be filed; `none` takes it away."""
    changed = await flows.reach_at(who, address, Act(person, desk))
    return _now(changed, changed.address or "no address", person)


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
        f"Added by {person.name} as {new.key}. To let them in from chat: staff {new.key} code",
        fields={"key": new.key, "roles": list(new.roles)},
    )


def _now(changed: Person, what: str, by: Person) -> Card:
    fields = {"key": changed.key, "roles": list(changed.roles)}
    return Card(f"{changed.name}: {what}", f"Changed by {by.name}.", fields=fields)
