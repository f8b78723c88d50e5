"""What the process does that reads a table: one file from standard input, its sheets or a sentence to standard output."""

import json
import signal
import sys
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from committee.sheets import Row, Sheet, Workbook
from mailflows.reading.apart import keep_to_yourself
from mailflows.tables.errors import NoTable
from mailflows.tables.texts import sheet_of

ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0"


def answer(seconds: float, memory: int) -> None:
    """Read one file and end; the process ends over one that takes so many seconds, or more bytes of address space."""
    keep_to_yourself(memory)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        said = asdict(read(sys.stdin.buffer.read()))
    except NoTable as reason:
        said = {"no": str(reason)}
    except MemoryError:
        said = {"no": "it takes too much memory to be read"}
    sys.stdout.write(json.dumps(said, default=date.isoformat))


def read(raw: bytes) -> Workbook:
    """The sheets of a file, which it is itself that says of what kind it is; `NoTable` with the reason else."""
    if raw.startswith(OLE):
        raise NoTable("it is an old XLS file or has a password; save it as XLSX without one, or as CSV")
    if raw.startswith(ZIP):
        from mailflows.tables.workbooks import workbook_of  # noqa: PLC0415 - a CSV is read without it, in half the time

        return workbook_of(raw)
    return Workbook((sheet_of(raw),))


def heard(said: str) -> Workbook:
    """What `answer` has written; `NoTable` where it was a sentence."""
    found: dict[str, Any] = json.loads(said)
    if "no" in found:
        raise NoTable(found["no"])
    return Workbook(tuple(_sheet(one) for one in found["sheets"]), tuple(found["notes"]))


def _sheet(said: dict[str, Any]) -> Sheet:
    zero = said["day_zero"]
    rows = tuple(Row(row["number"], tuple(row["cells"])) for row in said["rows"])
    return Sheet(said["name"], rows, date.fromisoformat(zero) if zero else None)
