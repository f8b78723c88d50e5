"""A form, filled in: its fixed lines as they are, its lines with holes escaped, wrapped and encoded for each letter."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from mailflows.encoding import Written, quoted_printable
from mailflows.markdown import one_line
from mailflows.rendering import LONGEST_SUBJECT

Escape = Callable[[str], str]
Picked = Callable[[list[str]], tuple[str, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line with holes: which values it takes, and how it is escaped; where it is wrapped, what stands before it."""

    pattern: str  # for the operator %
    picked: Picked
    escapes: tuple[Escape, ...] = ()  # none: as it is
    before: str = ""
    width: int = 0  # 0: it is not wrapped
    wrap: Callable[[str, int], list[str]] | None = None


Parts = tuple[bytes | Line, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A letter's subject, and its text and HTML as they stand in a message, without what only it says."""

    subject: Line
    text: Parts
    html: Parts


def filled(form: Form, values: list[str]) -> Written:
    subject = form.subject.pattern % form.subject.picked(values)
    return Written(one_line(subject)[:LONGEST_SUBJECT], _joined(form.text, values), _joined(form.html, values))


def picking(holes: list[int]) -> Picked:
    """What takes the values of these holes from those of a letter."""
    match holes:
        case []:
            return lambda _: ()
        case [hole]:
            return lambda values: (values[hole],)
        case _:
            return itemgetter(*holes)


def as_nh3(value: str) -> str:
    """Text as it stands in HTML that nh3 has cleaned."""
    value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return value.replace("\N{NO-BREAK SPACE}", "&nbsp;")


def as_jinja(value: str) -> str:
    """Text as Jinja escapes it."""
    value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return value.replace("'", "&#39;").replace('"', "&#34;")


def _joined(parts: Parts, values: list[str]) -> bytes:
    return b"".join([part if isinstance(part, bytes) else _encoded(part, part.picked(values)) for part in parts])


@lru_cache(maxsize=2_000)
def _encoded(line: Line, values: tuple[str, ...]) -> bytes:
    """A line with its holes filled, as bytes; what is the same for many letters, such as an address, is made once."""
    if line.escapes:
        values = tuple([escaped(value) for escaped, value in zip(line.escapes, values, strict=True)])
    text = line.pattern % values
    if line.wrap:
        gap = "\n" + " " * len(line.before)
        text = line.before + gap.join(line.wrap(text, line.width)) + "\n"
    return quoted_printable(text)
