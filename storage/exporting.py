"""The desk's registers as JSON lines, and back: what is true now, without secrets, staff, mail, letters or chat."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic_core import from_json

from committee.errors import Refused
from storage.documents import Documents, documents_of, parsed, written
from storage.errors import Damaged
from storage.tables import REGISTERS, Tables

EXPORTED: Final = (
    "states", "organizations", "parties", "addressings", "terms", "contacts", "groups", "chairings", "programme", "policies",
    "days_off", "languages",
)  # fmt: skip
"""What the Committee's work runs on. Who may do what (staff, delegations) is each desk's own; the rest is its own work."""
VERSION: Final = 1
BEGINS: Final = b'{"verbale":"export"'
LONGEST_LINE: Final = 1_000_000

Values = Mapping[str, Mapping[str, Any]]
"""The values of each register, by its name and their keys."""


async def exported(tables: Tables, *, practice: bool) -> bytes:
    """A first line that says what it is, one for each value in the order of registers and keys, a last one with their count."""
    lines = [written({"verbale": "export", "version": VERSION, "practice": practice, "registers": EXPORTED})]
    for name in EXPORTED:
        documents = _documents(name)
        values = await getattr(tables, name).all()
        lines += [written({"register": name, "value": parsed(documents.text(value))}) for value in values]
    lines.append(written({"end": len(lines) - 1}))
    return "".join(f"{line}\n" for line in lines).encode()


def read(raw: bytes, *, practice: bool) -> Values:
    """The values of an export that is whole; `Refused`, with the line, where it is not, or is of another kind of desk."""
    lines = raw.splitlines()
    first = _line(lines[0], 1)
    if first.get("verbale") != "export" or first.get("version") != VERSION or first.get("registers") != [*EXPORTED]:
        raise Refused("This export is of another version of Verbale. Nothing was changed.")
    if first.get("practice") is not practice:
        kind = "a practice desk, whose contacts are invented" if not practice else "a real desk"
        raise Refused(f"This export is of {kind}, and this desk is not. Nothing was changed.")
    values: dict[str, dict[str, Any]] = {name: {} for name in EXPORTED}
    for number, name, value in _values(lines[1:-1]):
        if values[name].setdefault(value.key, value) is not value:
            raise Refused(f"Line {number} says {name} {value.key} a second time. Nothing was changed.")
    if len(lines) < 2 or _line(lines[-1], len(lines)) != {"end": len(lines) - 2}:  # noqa: PLR2004 - the first and the last
        raise Refused("This export is not whole: its last line is missing. Nothing was changed.")
    return values


def _documents(name: str) -> Documents[Any]:
    kind: Any = REGISTERS[name].kind
    return documents_of(kind)


def _values(lines: list[bytes]) -> Iterator[tuple[int, str, Any]]:
    for number, raw in enumerate(lines, 2):
        line = _line(raw, number)
        name = line.get("register")
        if name not in EXPORTED or line.keys() != {"register", "value"}:
            raise Refused(f"Line {number} of this export is no value of a register. Nothing was changed.")
        try:
            yield number, name, _documents(name).value(written(line["value"]))
        except (Damaged, TypeError, AttributeError) as error:
            raise Refused(f"Line {number} of this export is no value of {name}. Nothing was changed.") from error


def _line(raw: bytes, number: int) -> dict[str, Any]:
    try:
        found = from_json(raw) if len(raw) <= LONGEST_LINE else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Refused(f"Line {number} of this export cannot be read. Nothing was changed.")
    return found
