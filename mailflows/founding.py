"""A desk is founded: the register of the year in one commit, and on a practice desk what is invented beside it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from committee.calendar import DayOff, new_york
from committee.contacts import Contact
from committee.desk import DeskFacts, Language
from committee.errors import Refused
from committee.staff import Person, Role, administrators
from committee.states import State
from committee.working_groups import Chairing
from mailflows import practice as invented
from mailflows.joining import new_code
from mailflows.staff import key_for
from storage import opening, seeding
from storage.errors import FolderTaken
from storage.marker import mark
from storage.port import Store, Transaction

DESK = "desk"


@dataclass(frozen=True, slots=True)
class Beginning:
    """What differs between a real desk and a practice desk on their first day."""

    facts: DeskFacts
    states: list[State]
    days_off: list[DayOff]
    languages: list[Language]
    staff: list[Person]
    contacts: list[Contact]
    chairings: list[Chairing]
    join_code: str = field(
        default="", repr=False
    )  # with which the administrator joins from chat; it stands nowhere else


async def found(  # noqa: PLR0913 - what a desk begins with
    folder: Path, *, practice: bool, at: datetime, administrator: str, account: int | None, database: str | None = None
) -> Beginning:
    """Make a desk in `folder` that opens at `at`, all of it in one commit; a folder that holds a desk is refused.

    With a `database`, a URL of PostgreSQL's, the folder gets its keys, and the database everything else.

    A real desk begins with the register, unconfirmed, and one person: `administrator`, whose account on this host is
    `account`. It has no contact and no chair. A practice desk has an invented staff of its own; both are ignored. What is
    returned has the code with which the first administrator joins from chat: once, within seven days.
    """
    beginning = _practice(at) if practice else _real(at, administrator, account)
    async with await _room_in(folder, database) as store:
        by = beginning.staff[0].key
        async with store.transaction(by=by, doing="desk founded", about=DESK, at=at) as tx:
            if await tx.desk.get(DESK):
                raise FolderTaken(f"{folder} holds a desk already: choose another folder, or open this one")
            mark(folder, practice=practice)
            await _write(beginning, tx)
            first = administrators(beginning.staff)[0].key
            code, _ = await new_code(tx, first, by=first, now=at)
    return replace(beginning, join_code=code)


async def _room_in(folder: Path, database: str | None) -> Store:
    """A new store; also one that was made, and whose founding was cut off."""
    try:
        return await opening.made(folder, database)
    except FolderTaken:
        return await opening.opened(folder, database)


def _real(at: datetime, administrator: str, account: int | None) -> Beginning:
    name = " ".join(administrator.split())
    if not name:
        raise Refused("A desk needs a first person; say who: verbale init DIR --administrator NAME. Nothing was made.")
    return Beginning(
        facts=DeskFacts(DESK, opened=at, practice=False),
        states=seeding.states(),
        days_off=seeding.days_off(),
        languages=seeding.languages(),
        staff=[Person(key_for(name), name, (Role.ADMINISTRATOR,), account)],
        contacts=[],
        chairings=[],
    )


def _practice(at: datetime) -> Beginning:
    states, terms, day = seeding.states(), seeding.terms(), new_york(at).date()
    return Beginning(
        facts=DeskFacts(DESK, opened=at, practice=True, clock=at),
        states=invented.states(states, seeding.non_reporting_2012(), at),
        days_off=[replace(holiday, confirmed=True) for holiday in seeding.days_off()],
        languages=invented.languages(seeding.languages(), day),
        staff=[*invented.STAFF],
        contacts=invented.contacts(states, terms, seeding.organizations(), day),
        chairings=invented.chairings(terms),
    )


async def _write(beginning: Beginning, tx: Transaction) -> None:
    await tx.desk.put(beginning.facts)
    await tx.states.put(*beginning.states)
    await tx.organizations.put(*seeding.organizations())
    await tx.terms.put(*seeding.terms())
    await tx.groups.put(*seeding.groups())
    await tx.programme.put(*seeding.programme())
    await tx.days_off.put(*beginning.days_off)
    await tx.languages.put(*beginning.languages)
    await tx.staff.put(*beginning.staff)
    await tx.contacts.put(*beginning.contacts)
    await tx.chairings.put(*beginning.chairings)
