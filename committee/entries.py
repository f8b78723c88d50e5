"""One row of a table of contacts as values; each cell that cannot be read says why, with its place."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from committee.columns import Column, Headings
from committee.contacts import Office, Pronoun
from committee.names import fold
from committee.party_names import PartyNames
from committee.sheets import LONGEST_CELL, Place, Row, Sheet
from committee.typed_dates import YEARS, day_meant

LONGEST: Final = 200
GUARDED: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
"""A cell that begins so would be computed by a spreadsheet, so an export has ' before it; that is taken away again."""
FIELDS: Final[Mapping[Column, str]] = {
    Column.STYLE: "style", Column.NAME: "name", Column.TITLE: "title", Column.PRONOUN: "pronoun",
    Column.ADDRESS: "address", Column.TELEPHONE: "telephone", Column.LANGUAGES: "languages", Column.ORDER: "order",
    Column.START: "start", Column.END: "end", Column.PERSON: "person",
}  # fmt: skip
"""Which field of a contact each column is; what is not here says which contact it is."""
_KEY: Final = re.compile(r"[A-Za-z0-9/-]{1,100}")
_ERROR: Final = re.compile(r"#(?:REF|VALUE|N/A|NAME|DIV/0|NULL|NUM|SPILL|CALC)[!?]?")
_YEAR: Final = re.compile(r"\b\d{4}\b")
_SERIAL: Final = re.compile(r"\d{4,5}")
_HIGHEST_ORDER: Final = 200
_OFFICES: Final = {
    Office.PERMANENT_MISSION: "mission|permanent mission|mission permanente|misión permanente|постоянное представительство|"
    "البعثة الدائمة|常驻代表团",
    Office.PERMANENT_REPRESENTATIVE: "permanent representative|représentant permanent|représentante permanente|"
    "representante permanente|постоянный представитель|الممثل الدائم|الممثلة الدائمة|常驻代表",
    Office.DEPUTY: "deputy|deputy permanent representative|représentant permanent adjoint|représentante permanente adjointe|"
    "representante permanente adjunto|representante permanente adjunta|заместитель постоянного представителя|"
    "نائب الممثل الدائم|常驻副代表",
    Office.EXPERT: "expert|experte|experto|experta|эксперт|خبير|خبيرة|专家",
    Office.NATIONAL_CONTACT_POINT: "national contact point|national point of contact|point de contact national|"
    "punto de contacto nacional|национальный контактный пункт|جهة الاتصال الوطنية|国家联络点",
    Office.MINISTRY: "ministry|ministère|ministerio|министерство|الوزارة|部委",
    Office.OFFICE: "bureau|oficina|бюро|المكتب|办公室",
    Office.POINT_OF_CONTACT: "point of contact|contact point|point de contact|punto de contacto|контактный пункт|"
    "جهة الاتصال|联络点",
    Office.DELEGATION: "délégation|delegación|делегация|الوفد|代表团",
}  # fmt: skip


def _plain(words: str) -> str:
    return fold(words).replace("-", " ")


_NAMED: Final = {_plain(words): office for office, said in _OFFICES.items() for words in said.split("|")} | {
    _plain(office): office for office in Office
}


@dataclass(frozen=True, slots=True)
class Fault:
    """`asks`: something stands there that may mean several things."""

    place: Place
    why: str
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that was read: which contact it speaks of, and what it says of it; an empty cell says nothing."""

    place: Place
    party: str
    office: Office | None
    key: str
    facts: Mapping[str, Any]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What a row is read by: the parties' names, the languages by code and name, and the desk's day."""

    names: PartyNames
    languages: Mapping[str, str]
    today: date
    mailbox: Callable[[str], str]
    """An address as envelopes carry it; empty where it is none that mail can be sent to."""


def entries_of(sheet: Sheet, headings: Headings, known: Known) -> Iterator[Entry]:
    for row in sheet.rows[headings.first :]:
        if not headings.repeated_in(row):
            yield _Reading(sheet, headings, row, known).entry()


class _Unread(Exception):
    """Why a cell cannot be read, in words that follow its place."""


class _Reading:
    """One row while it is read."""

    def __init__(self, sheet: Sheet, headings: Headings, row: Row, known: Known) -> None:
        self._sheet, self._columns, self._row, self._known = sheet, headings.columns, row, known
        self._faults: list[Fault] = []

    def entry(self) -> Entry:
        party, key = self._read(Column.PARTY, self._party), self._read(Column.KEY, self._key)
        office = self._read(Column.OFFICE, self._office)
        facts = {
            field: value
            for column, field in FIELDS.items()
            if (value := self._read(column, self._readers().get(column, self._text))) is not None
        }
        if party is None and not self._said(Column.PARTY):
            self._faults.append(Fault(self._place(Column.PARTY), "no State and no organization stands there"))
        if not (facts.get("address") or key or self._said(Column.ADDRESS) or self._said(Column.KEY)):
            self._faults.append(Fault(self._place(Column.ADDRESS), "no address stands there"))
        if facts.get("start") and facts.get("end") and facts["end"] < facts["start"]:
            self._faults.append(Fault(self._place(Column.END), "the last day is before the first"))
        return Entry(self._place(None), party or "", office, key or "", facts, tuple(self._faults))

    def _readers(self) -> Mapping[Column, Callable[[str], Any]]:
        return {
            Column.ADDRESS: self._mailbox, Column.LANGUAGES: self._languages, Column.ORDER: self._order,
            Column.START: self._day, Column.END: self._day, Column.PRONOUN: self._pronoun, Column.PERSON: self._key,
        }  # fmt: skip

    def _place(self, column: Column | None) -> Place:
        return Place(self._sheet.name, self._row.number, self._columns.get(column) if column else None)

    def _said(self, column: Column) -> str:
        where = self._columns.get(column)
        said = "" if where is None else self._row.cell(where)
        return said[1:] if len(said) > 1 and said[0] == "'" and said[1] in GUARDED else said

    def _read(self, column: Column, reader: Callable[[str], Any]) -> Any:
        """What the cell means; None where it is empty, or where it has a fault."""
        said = self._said(column)
        try:
            return reader(_readable(said)) if said else None
        except _Unread as why:
            self._faults.append(Fault(self._place(column), str(why), asks=column is Column.PARTY))
            return None

    def _party(self, said: str) -> str:
        named = self._known.names.named(said)
        if not named.key:
            raise _Unread(named.why)
        return named.key

    def _office(self, said: str) -> Office:
        office = _NAMED.get(_plain(said))
        if office is None:
            raise _Unread(f"“{said[:60]}” is no office; there are {', '.join(Office)}")
        return office

    def _key(self, said: str) -> str:
        if not _KEY.fullmatch(said):
            raise _Unread(f"“{said[:60]}” is no key of a contact; leave it empty for a new one")
        return said

    def _mailbox(self, said: str) -> str:
        address = self._known.mailbox(said)
        if not address:
            raise _Unread(f"“{said[:60]}” is not one address that mail can be sent to")
        return address

    def _languages(self, said: str) -> tuple[str, ...]:
        words = re.split(r"[,;/\s]+", fold(said).strip(" ,;/"))
        if unknown := [word for word in words if word not in self._known.languages]:
            raise _Unread(f"“{unknown[0][:30]}” is no language of the register")
        return tuple(dict.fromkeys(self._known.languages[word] for word in words))

    def _order(self, said: str) -> int:
        if not (said.isascii() and said.isdigit() and len(said) < 4 and 0 < int(said) < _HIGHEST_ORDER):  # noqa: PLR2004 - digits
            raise _Unread(f"“{said[:30]}” is no place in an order; a number from 1 to {_HIGHEST_ORDER - 1} is")
        return int(said)

    def _day(self, said: str) -> date:
        day = None
        if _SERIAL.fullmatch(said) and self._sheet.day_zero:
            day = self._sheet.day_zero + timedelta(days=int(said))
        elif _YEAR.search(said):  # no "tomorrow": a table is read on another day than it was written
            day = day_meant(said, self._known.today, ())
        if day is None or day.year not in YEARS:
            raise _Unread(f"“{said[:30]}” is no day that everybody reads alike; write it as 2012-09-12")
        return day

    def _pronoun(self, said: str) -> Pronoun:
        try:
            return Pronoun(fold(said))
        except ValueError:
            raise _Unread(f"“{said[:30]}” is neither his nor her") from None

    def _text(self, said: str) -> str:
        if len(said) > LONGEST:
            raise _Unread(f"{len(said):,} characters are too many; there may be {LONGEST}")
        return said


def _readable(said: str) -> str:
    if len(said) > LONGEST_CELL:
        raise _Unread(f"more than {LONGEST_CELL:,} characters stand there")
    if "\ufffd" in said:
        raise _Unread("some letters cannot be read; save the file as UTF-8")
    if _ERROR.fullmatch(said):
        raise _Unread(f"a formula shows {said}")
    return said
