"""Behind a link a party sees its own entry, and answers once: reading changes nothing, what it posts counts or is proposed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from email_validator import EmailNotValidError, validate_email

from committee.confirmations import Asking, Change, What
from committee.contacts import Contact, state_of
from mailflows import confirmed, correspondents, entries, page_tokens
from mailflows.desk import Desk
from mailflows.markdown import clean, one_line
from storage.tables import Tables

LONGEST: Final = 200
LONGEST_WORDS: Final = 2_000
ASKED: Final = (What.NAME, What.TITLE, What.TELEPHONE, What.ADDRESS)
"""The fields of a contact that stand on the page."""
LANGUAGES: Final = frozenset({"en", "fr", "es", "ru", "ar", "zh"})


class How(StrEnum):
    """What a link leads to."""

    OPEN = "open"
    UNKNOWN = "unknown"  # not ours, or not as we made it: nothing of anybody is shown
    EXPIRED = "expired"
    USED = "used"
    UNCHANGED = "unchanged"  # just now: it counts
    PROPOSED = "proposed"  # just now: an officer reads it
    ANOTHER = "another"  # the entry was changed since the page was shown: nothing was changed, this is how it stands
    EMPTY = "empty"  # nothing in it differs from what is on record
    WRONG_ADDRESS = "wrong-address"


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows: of one party, or of nobody."""

    how: How
    language: str = "en"
    party: str = ""
    entry: tuple[Contact, ...] = ()


async def look(token: str, desk: Desk) -> View:
    """The entry as it stands; a reader of links that is a machine changes nothing by it."""
    opened = page_tokens.opened(token, desk.store.keys)
    if opened is None:
        return View(How.UNKNOWN)
    if opened.last_day < desk.today:
        return View(How.EXPIRED, await _language(desk.store, opened.asking.party, desk))
    if await desk.store.confirmations.get(opened.asking.key):
        return View(How.USED, await _language(desk.store, opened.asking.party, desk))
    return await _view(desk.store, How.OPEN, opened.asking, desk)


async def confirm(token: str, given: Mapping[str, str], desk: Desk) -> View:
    """All of it is right as it was shown; it counts at once, in one commit, and once."""
    view, asking = await _open(token, desk)
    if asking is None:
        return view
    async with desk.store.transaction(
        by=f"page: {asking.party}", doing="confirmation", about=asking.key, at=desk.now
    ) as tx:
        if given.get("seen", "") != seen(await entries.of_party(tx, asking.party, desk)):
            return await _view(tx, How.ANOTHER, asking, desk)
        shown = {one.key: entries.digest(one) for one in await entries.of_party(tx, asking.party, desk)}
        try:
            await confirmed.unchanged(tx, asking, shown, confirmed.by_page(asking, desk), desk)
        except confirmed.Used:
            return View(How.USED, view.language)
    return View(How.UNCHANGED, view.language)


async def correct(token: str, given: Mapping[str, str], desk: Desk) -> View:
    """What differs from what was shown waits for an officer; nothing is changed by it."""
    view, asking = await _open(token, desk)
    if asking is None:
        return view
    async with desk.store.transaction(
        by=f"page: {asking.party}", doing="confirmation proposed", about=asking.key, at=desk.now
    ) as tx:
        entry = await entries.of_party(tx, asking.party, desk)
        if given.get("seen", "") != seen(entry):
            return await _view(tx, How.ANOTHER, asking, desk)
        changes = [change for place, one in enumerate(entry) for change in _changes(place, one, given)]
        words = clean(given.get("words", "")).strip()[:LONGEST_WORDS]
        if not changes and not words:
            return await _view(tx, How.EMPTY, asking, desk)
        if any(one.what is What.ADDRESS and not _is_address(one.now) for one in changes):
            return await _view(tx, How.WRONG_ADDRESS, asking, desk)
        try:
            await confirmed.propose(tx, asking, changes, words, confirmed.by_page(asking, desk), desk)
        except confirmed.Used:
            return View(How.USED, view.language)
    return View(How.PROPOSED, view.language)


def seen(entry: Sequence[Contact]) -> str:
    """Of all that the page shows: an answer is to exactly this."""
    return ".".join(entries.digest(one)[:16] for one in entry)


def field(place: int, what: What) -> str:
    """The name of a field of the form: by its place, so that no form can name a contact of another party."""
    return f"{place}-{what}"


async def _open(token: str, desk: Desk) -> tuple[View, Asking | None]:
    view, opened = await look(token, desk), page_tokens.opened(token, desk.store.keys)
    return view, opened.asking if opened and view.how is How.OPEN else None


async def _view(tables: Tables, how: How, asking: Asking, desk: Desk) -> View:
    name = await correspondents.party_name(tables, asking.party, desk)
    entry = await entries.of_party(tables, asking.party, desk)
    return View(how, await _language(tables, asking.party, desk), name, tuple(entry))


async def _language(tables: Tables, party: str, desk: Desk) -> str:
    """The one that the party has said, of the six; the page is ours and needs no signature."""
    state = await tables.states.get(state_of(party))
    people = await entries.of_party(tables, party, desk)
    wished = [state.language if state else "", *(code for one in people for code in one.languages)]
    return next((code for code in wished if code in LANGUAGES), "en")


def _changes(place: int, one: Contact, given: Mapping[str, str]) -> list[Change]:
    if given.get(field(place, What.LEFT)):
        return [Change(one.key, What.LEFT, one.called, "")]
    was = entries.said_of(one)
    now = {what: one_line(given.get(field(place, what), was[what])).strip()[:LONGEST] for what in ASKED}
    now[What.NAME] = now[What.NAME] or was[What.NAME]
    now[What.ADDRESS] = now[What.ADDRESS] or was[What.ADDRESS]
    return [Change(one.key, what, was[what], said) for what, said in now.items() if said != one_line(was[what])]


def _is_address(said: str) -> bool:
    try:
        return bool(validate_email(said, check_deliverability=False, test_environment=True))
    except EmailNotValidError:
        return False
