"""An officer takes a table of contacts in: previewed row by row, one press, one commit, and a key by which it is taken back."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from committee.audit import canonical, sha256
from committee.columns import Column, headings_of
from committee.contacts import Contact, new_place
from committee.entries import Entry, Known, entries_of
from committee.errors import Refused
from committee.imports import Line, Ours, Standing, planned
from committee.party_names import PartyNames
from committee.provenance import Door, Source
from committee.sheets import Sheet, Workbook, letters
from committee.staff import Role
from mailflows import parties
from mailflows.address_book import OF_A_PERSON
from mailflows.desk import Desk
from mailflows.headers import ascii_address
from mailflows.permissions import require
from mailflows.presses import Act, use
from mailflows.reminders import Stale
from mailflows.senders import SHARED_DOMAINS
from mailflows.tables import reading
from storage.port import Transaction
from storage.tables import Tables

DOING: Final = "import"
SERIES: Final = "I"
SLICE: Final = 200
"""Contacts that are put without giving way."""
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Choice:
    """What beside the certain rows is taken in: the doubtful ones that may be, and the end of those who are gone."""

    doubtful: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What a table would change; `file` is the SHA-256 under which it is kept until somebody presses."""

    file: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    choice: Choice = Choice()

    def of(self, standing: Standing) -> list[Line]:
        return [line for line in self.lines if line.standing is standing]

    @property
    def is_whole(self) -> bool:
        """Whether every row says which contact it means: only then can one say who is gone."""
        return not any(
            line.standing in {Standing.DOUBTFUL, Standing.WRONG} and not line.takeable for line in self.lines
        )

    @property
    def chosen(self) -> list[Line]:
        """The lines that would be written."""
        return [line for line in self.lines if line.writes or self._also(line)]

    @property
    def digest(self) -> str:
        return sha256(canonical([self.file, *(_seen(line) for line in self.chosen)]))

    def choosing(self, choice: Choice) -> "Plan":
        return replace(self, choice=choice)

    def _also(self, line: Line) -> bool:
        if line.standing is Standing.GONE:
            return self.choice.gone and self.is_whole
        return line.takeable and self.choice.doubtful


@dataclass(frozen=True, slots=True)
class Imported:
    """What was done: the key by which it can be taken back, and the contacts as they are now."""

    key: str
    contacts: tuple[Contact, ...]


async def preview(raw: bytes, who: Act) -> Plan:
    """What the file would change; it is kept, since it may come from another computer, and nothing else is written."""
    require(who.person, Role.OFFICER, "import contacts")
    entries, notes = await _read(raw, who.desk)
    file = await who.desk.store.keep(raw)
    return await _plan(who.desk.store, entries, notes, file, who.desk)


async def preview_again(file: str, choice: Choice, who: Act) -> Plan:
    """What the file that was shown would change now."""
    require(who.person, Role.OFFICER, "import contacts")
    entries, notes = await _read(await _kept(file, who), who.desk)
    return (await _plan(who.desk.store, entries, notes, file, who.desk)).choosing(choice)


async def take_in(file: str, choice: Choice, who: Act) -> Imported:
    """Write what was shown, in one commit; `Stale` if it would be something else by now."""
    require(who.person, Role.OFFICER, "import contacts")
    entries, notes = await _read(await _kept(file, who), who.desk)
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing=DOING, at=desk.now) as tx:
        plan = (await _plan(tx, entries, notes, file, desk)).choosing(choice)
        if who.press is None or plan.digest != who.press.digest:
            raise Stale
        await use(tx, who.press, who.person, desk.now)
        key = await tx.number(SERIES, desk.today.year)
        tx.occasion(doing=DOING, about=key)
        source = Source(Door.IMPORT, who.person.key, desk.now, key)
        written = await _write(tx, plan.chosen, source, who)
    return Imported(key, written)


async def _kept(file: str, who: Act) -> bytes:
    """The file that a button was shown for: no other kept file is ever read as a table."""
    if who.press is None or not _SHA256.fullmatch(file):
        raise Refused("A table is taken in by the button of its preview. To see one: import FILE. Nothing was changed.")
    return await who.desk.store.kept(file)


async def _read(raw: bytes, desk: Desk) -> tuple[list[Entry], list[str]]:
    """The rows of every sheet that has headings, and what was not read."""
    workbook = await reading.read(raw)
    known = await _known(desk)
    return await asyncio.to_thread(_entries, workbook, known)


def _entries(workbook: Workbook, known: Known) -> tuple[list[Entry], list[str]]:
    found = [(sheet, headings) for sheet in workbook.sheets if (headings := headings_of(sheet))]
    if not found:
        wanted = ", ".join(Column)
        raise Refused(
            f"No row with headings was found: a column for the party and one for the e-mail address are needed. The columns "
            f"are {wanted}, in any order, or their names in the other official languages. Nothing was changed."
        )
    notes = [*workbook.notes]
    for sheet, headings in found:
        notes += [
            f"{_named(sheet)}olumn {letters(where)} (“{said[:60]}”) was not read." for where, said in headings.not_read
        ]
    notes += [
        f"The sheet “{sheet.name}” has no headings and was not read."
        for sheet in workbook.sheets
        if sheet.rows and all(sheet is not one for one, _ in found)
    ]
    return [entry for sheet, headings in found for entry in entries_of(sheet, headings, known)], notes


def _named(sheet: Sheet) -> str:
    return f"Sheet “{sheet.name}”, c" if sheet.name else "C"


async def _known(desk: Desk) -> Known:
    store = desk.store
    others = await parties.others(store)
    names = PartyNames.on(desk.today, await store.states.all(), await store.organizations.all(), others)
    languages = {said.casefold(): one.key for one in await store.languages.all() for said in (one.key, one.name)}
    return Known(names, languages, desk.today, _mailbox)


def _mailbox(said: str) -> str:
    try:
        return ascii_address(said.removeprefix("mailto:")).casefold()
    except Refused:
        return ""


async def _plan(tables: Tables, entries: Sequence[Entry], notes: Iterable[str], file: str, desk: Desk) -> Plan:
    staff = {one.address.strip().casefold() for one in await tables.staff.all() if one.address}
    ours = Ours(frozenset({desk.address, desk.filing, *staff} - {""}), SHARED_DOMAINS)
    book = await tables.contacts.all()
    lines = await asyncio.to_thread(planned, entries, book, ours, desk.today)
    return Plan(file, tuple(lines), tuple(notes))


def _seen(line: Line) -> list[object]:
    """What of a line its reader has seen: whoever presses changes exactly this."""
    before = line.before and [line.before.key, *(str(getattr(line.before, name)) for name in line.facts)]
    after = line.after and [line.after.party, line.after.office]
    return [line.standing, str(line.place), before, after, {name: str(value) for name, value in line.facts.items()}]


async def _write(tx: Transaction, lines: list[Line], source: Source, who: Act) -> tuple[Contact, ...]:
    """All of them are thought out beside the event loop, and put in slices, between which it has its turn."""
    book = await tx.contacts.all()
    touched, written = await asyncio.to_thread(_written, book, lines, source, who)
    for at in range(0, len(touched), SLICE):
        await tx.contacts.put(*touched[at : at + SLICE])
        await asyncio.sleep(0)
    return written


def _written(
    known: list[Contact], lines: list[Line], source: Source, who: Act
) -> tuple[list[Contact], tuple[Contact, ...]]:
    """Every contact that becomes another, and those of the lines, in their order."""
    book, by_party = {one.key: one for one in known}, defaultdict[str, dict[str, Contact]](dict)
    for one in known:
        by_party[one.party][one.key] = one
    keys: dict[str, str] = {}  # of a new contact, as the plan calls it and as it is called now
    touched: dict[str, None] = {}
    of_lines = []
    for line in lines:
        for contact in _become(line, book, by_party[line.party], keys, source, who):
            book[contact.key] = by_party[line.party][contact.key] = contact
            touched[contact.key] = None
            last = contact.key
        of_lines.append(last)
    return [book[key] for key in touched], tuple(book[key] for key in of_lines)


def _become(  # noqa: PLR0913, PLR0917 - a line, and what it is held against
    line: Line,
    book: Mapping[str, Contact],
    party: Mapping[str, Contact],
    keys: dict[str, str],
    source: Source,
    who: Act,
) -> Iterator[Contact]:
    """The contact of a line as it becomes, last; before it the other entries of its person, of which the same is said."""
    if line.before is None:
        yield _new(line, party, keys, source, who)
        return
    mine = book[line.before.key]  # another row of the same person may have changed it
    shared = {name: value for name, value in line.facts.items() if name in OF_A_PERSON}
    for one in [one for one in party.values() if shared and one.whose == mine.whose and one.key != mine.key]:
        yield one.changed(source, **shared)
    yield mine.changed(source, **line.facts)


def _new(line: Line, party: Mapping[str, Contact], keys: dict[str, str], source: Source, who: Act) -> Contact:
    after = line.after
    assert after is not None  # noqa: S101 - a new line has a contact
    key, order = new_place(party.values(), after.party, after.office)
    today = who.desk.today
    if after.key.rpartition("/")[2].isdigit():  # the table has the key, so it has all that was known of it
        key, start = after.key, after.start
    else:
        start = after.start or today
    keys[after.key] = key
    facts = {name: value for name, value in line.facts.items() if name not in {"person", "start", "end", "order"}}
    bare = Contact(
        key, after.party, after.office, "", "", line.facts.get("order", order), start=start, end=after.end, confirmed=True,
        confirmed_on=today, provenance=f"{source.door} of {who.person.name} ({source.where})",
        person=keys.get(after.person, after.person),
    )  # fmt: skip
    return bare.changed(source, **facts)
