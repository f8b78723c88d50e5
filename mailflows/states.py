"""An officer confirms where a State stands with its first report, or notes what it has said, also in which language to write."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date

from committee.calendar import written
from committee.errors import Refused
from committee.staff import Role
from committee.states import Note, ReportStatus, State
from mailflows.permissions import require
from mailflows.presses import Act, use
from mailflows.rendering import shipped_languages
from storage.port import Transaction


async def confirm(key: str, status: ReportStatus, who: Act) -> State:
    """The State's status, on an officer's word: from now on it counts."""
    async with _noting("confirm", key, who, status=status) as tx:
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


async def indicate_language(key: str, language: str | None, where: str, who: Act) -> State:
    """In which language the mission has said that it wants letters, `where` if known; None takes it back. Never guessed.

    Whoever asks for it again is refused: it stands already. Letters that were released stay in the language they have.
    """
    async with _noting("language", key, who) as tx:
        state = await _state(tx, key)
        listed = state.named_on(who.desk.today).listed
        if language == state.language:
            stands = f"{language!r} stands for {listed}" if language else f"No language stands for {listed}"
            raise Refused(f"{stands} already; nothing was changed.")
        if language and language not in _languages(state, who.desk.today):
            known = ", ".join(sorted(_languages(state, who.desk.today)))
            raise Refused(f"There are no letters to {listed} in {language!r}; there are: {known}. Nothing was changed.")
        code = language or state.language or ""
        named = await tx.languages.get(code)
        said = f"Its mission {'has indicated' if language else 'no longer indicates'} {named.name if named else code}"
        note = Note(f"{said}{f' ({where})' if where else ''}.", who.person.name, who.desk.now)
        indicated = replace(state, language=language).noting(note)
        await tx.states.put(indicated)
    return indicated


def _languages(state: State, day: date) -> frozenset[str]:
    """Those in which every letter is there, and in which the State has a name."""
    return shipped_languages() & state.named_on(day).words.keys()


@asynccontextmanager
async def _noting(what: str, key: str, who: Act, **words: str) -> AsyncIterator[Transaction]:
    require(who.person, Role.OFFICER, f"{what} a State")
    desk = who.desk
    async with desk.store.transaction(
        by=who.person.key, doing=f"state {what}", about=key, at=desk.now, words=words
    ) as tx:
        await use(tx, who.press, who.person, desk.now)
        yield tx


async def _state(tx: Transaction, key: str) -> State:
    state = await tx.states.get(key)
    if state is None:
        raise Refused(f"There is no State {key} in the register. To see them: states.")
    return state
