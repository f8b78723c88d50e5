"""What differs from last time: addresses that came and that left, and words that changed."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import islice
from typing import Final

MOST_CHANGES: Final = 20
LONGEST: Final = 3_000
"""Words of one letter that are compared."""
AROUND: Final = 3
"""Words on each side of a change, so that it can be read."""
CLOSE: Final = 3
"""Two changes with fewer words than this between them are one."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Some words of a letter as they were, and as they are; one of the two may be empty."""

    language: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Difference:
    """From the letters of `release`, which were queued on `on`; (party, address) each."""

    release: str
    on: date
    came: tuple[tuple[str, str], ...]
    left: tuple[tuple[str, str], ...]
    words: tuple[Changed, ...]


Addressed = Mapping[str, Collection[str]]
"""The addresses of each party."""


def came(now: Addressed, last: Addressed) -> tuple[tuple[str, str], ...]:
    """Who is written to now and was not then; the other way round, who has left."""
    return tuple(
        (party, address)
        for party, addresses in now.items()
        for address in addresses
        if address not in last.get(party, ())
    )


def changed(language: str, was: str, now: str) -> list[Changed]:
    """The words that changed, with a few beside them; how lines are broken does not count."""
    before, after = was.split()[:LONGEST], now.split()[:LONGEST]
    spans = islice(_spans(before, after), MOST_CHANGES)
    return [Changed(language, _around(before, *old), _around(after, *new)) for old, new in spans]


Span = tuple[int, int]


def _spans(before: list[str], after: list[str]) -> Iterator[tuple[Span, Span]]:
    """Where the two differ, in order; changes that lie close together are one."""
    held: tuple[Span, Span] | None = None
    for what, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        if held and i - held[0][1] < CLOSE:
            held = (held[0][0], j), (held[1][0], m)
            continue
        if held:
            yield held
        held = (i, j), (k, m)
    if held:
        yield held


def _around(words: list[str], start: int, end: int) -> str:
    """Empty where nothing stands there; else with its neighbours, and dots where the text goes on."""
    if start == end:
        return ""
    first, last = max(start - AROUND, 0), min(end + AROUND, len(words))
    before, after = "… " if first else "", " …" if last < len(words) else ""
    return f"{before}{' '.join(words[first:last])}{after}"
