"""An officer confirms where a State stands with its first report, or notes what it has said."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

from committee.calendar import written
from committee.errors import Refused
from committee.staff import Person, Role
from committee.states import Note, ReportStatus, State
from mailflows.desk import Desk
from mailflows.permissions import require
from storage.transactions import Transaction


async def confirm(key: str, status: ReportStatus, person: Person, desk: Desk) -> State:
    """The State's status, on an officer's word: from now on it counts."""
    async with _noting("confirm", key, person, desk) as tx:
        state = await _state(tx, key)
        if not state.is_member:
            raise Refused(
                f"{state.named_on(desk.today).listed} is an observer, not a Member State; it has no status to confirm."
            )
        confirmed = state.confirmed_as(status, desk.today)
        await tx.states.put(confirmed)
    return confirmed


async def note(key: str, text: str, until: date | None, person: Person, desk: Desk) -> State:
    """What a State has said; with a date it is a promise that stops its reminders until that day is over."""
    if until and until < desk.today:
        raise Refused(f"{written(until)} has passed: a promise is for a day to come. Nothing was noted.")
    async with _noting("note", key, person, desk) as tx:
        noted = (await _state(tx, key)).noting(Note(text, person.name, desk.now, until))
        await tx.states.put(noted)
    return noted


@asynccontextmanager
async def _noting(what: str, key: str, person: Person, desk: Desk) -> AsyncIterator[Transaction]:
    require(person, Role.OFFICER, f"{what} a State")
    async with desk.store.transaction(by=person.key, doing=f"state {what}", about=key, at=desk.now) as tx:
        yield tx


async def _state(tx: Transaction, key: str) -> State:
    state = await tx.states.get(key)
    if state is None:
        raise Refused(f"There is no State {key} in the register. To see them: states.")
    return state
