"""The address book as a table, which an import takes in again: nothing differs."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from committee.columns import Column
from committee.contacts import Contact
from committee.entries import FIELDS, GUARDED
from committee.provenance import as_read

HEADINGS: Final = (
    Column.KEY, Column.PARTY, Column.OFFICE, Column.STYLE, Column.NAME, Column.TITLE, Column.PRONOUN, Column.ADDRESS,
    Column.TELEPHONE, Column.LANGUAGES, Column.ORDER, Column.START, Column.END, Column.PERSON,
)  # fmt: skip


def table_of(contacts: Iterable[Contact]) -> Iterator[tuple[str, ...]]:
    """The headings, then a row for each contact; of a person that was erased nothing is left to write."""
    rows = (tuple(guarded(_cell(one, column)) for column in HEADINGS) for one in contacts if not one.erased)
    return chain([tuple(column.value for column in HEADINGS)], rows)


def guarded(cell: str) -> str:
    """The cell with ' before it where a spreadsheet would compute it (https://owasp.org/www-community/attacks/CSV_Injection)."""
    return f"'{cell}" if cell.startswith(GUARDED) else cell


def _cell(contact: Contact, column: Column) -> str:
    match column:
        case Column.KEY:
            return contact.key
        case Column.PARTY:
            return contact.party
        case Column.OFFICE:
            return contact.office
        case _:
            return as_read(getattr(contact, FIELDS[column]))
