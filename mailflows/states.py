"""An officer confirms where a State stands with its first report, or notes what it has said."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

from committee.calendar import written
from committee.errors import Refused
from committee.staff import Role
from committee.states import Note, ReportStatus, State
from mailflows.permissions import require
from mailflows.presses import Act, use
from storage.transactions import Transaction


async def confirm(key: str, status: ReportStatus, who: Act) -> State:
    """The State's status, on an officer's word: from now on it counts."""
    async with _noting("confirm", key, who) as tx:
        state = await _state(tx, key)
        if not state.is_member:
            raise Refused(
                f"{state.named_on(who.desk.today).listed} is an observer, not a Member State; it has no status to confirm."
            )
        confirmed = state.confirmed_as(status, who.desk.today)
        await tx.states.put(confirmed)
    return confirmed


async def note(key: str, text: str, until: date | None, who: Act) -> State:
    """What a State has said; with a date it is a promise that stops its reminders until that day is over."""
    if until and until < who.desk.today:
        raise Refused(f"{written(until)} has passed: a promise is for a day to come. Nothing was noted.")
    async with _noting("note", key, who) as tx:
        noted = (await _state(tx, key)).noting(Note(text, who.person.name, who.desk.now, until))
        await tx.states.put(noted)
    return noted


@asynccontextmanager
async def _noting(what: str, key: str, who: Act) -> AsyncIterator[Transaction]:
    require(who.person, Role.OFFICER, f"{what} a State")
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing=f"state {what}", about=key, at=desk.now) as tx:
        await use(tx, who.press, who.person, desk.now)
        yield tx


async def _state(tx: Transaction, key: str) -> State:
    state = await tx.states.get(key)
    if state is None:
        raise Refused(f"There is no State {key} in the register. To see them: states.")
    return state
