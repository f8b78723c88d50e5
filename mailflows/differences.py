"""What differs from the last time that letters of a kind were released, for those who prepare and who release."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from committee.calendar import new_york
from committee.differences import Addressed, Changed, Difference, came, changed
from committee.letters import Letter, LetterKind
from mailflows.desk import Desk
from mailflows.rendering import freeze, render
from storage.tables import Tables

LOOKED_AT = 100
"""Letters of a kind, the newest first, among which the last run is looked for."""
NUMBER = "…"
"""In place of the letters' numbers, which always differ."""


async def last_run(kind: LetterKind, tables: Tables) -> list[Letter]:
    """The letters that were released together last; a second copy of one of them is no run."""
    newest = await tables.letters.find(kind=kind, newest_first=True, limit=LOOKED_AT)
    release = next((letter.release for letter in newest if not letter.second_copy_of), None)
    return await tables.letters.find(kind=kind, release=release) if release else []


async def difference(now: Sequence[Letter], last: Sequence[Letter], desk: Desk) -> Difference | None:
    """Who came, who left, and which words changed, in one letter of each language; None where there was no last time."""
    if not last:
        return None
    to, before = _addressed(now), _addressed(last)
    words = [one for mine, theirs in _pairs(now, last) for one in await _changed(mine, theirs, desk)]
    return Difference(
        last[0].release, new_york(last[0].queued_at).date(), came(to, before), came(before, to), tuple(words)
    )


def _addressed(letters: Sequence[Letter]) -> Addressed:
    return {letter.party: [person.address for person in letter.addressees] for letter in letters}


def _pairs(now: Sequence[Letter], last: Sequence[Letter]) -> list[tuple[Letter, Letter]]:
    """One of each language, beside the last one to the same party, or to any."""
    pairs: dict[str, tuple[Letter, Letter]] = {}
    for language in dict.fromkeys(letter.language for letter in now):
        mine = [letter for letter in now if letter.language == language]
        theirs = {letter.party: letter for letter in last if letter.language == language}
        if theirs:
            pairs[language] = _pair(mine, theirs)
    return [*pairs.values()]


def _pair(mine: Sequence[Letter], theirs: Mapping[str, Letter]) -> tuple[Letter, Letter]:
    both = next((letter for letter in mine if letter.party in theirs), mine[0])
    return both, theirs.get(both.party) or next(iter(theirs.values()))


async def _changed(now: Letter, last: Letter, desk: Desk) -> list[Changed]:
    frozen = freeze(now.kind, now.language)
    today = frozen.data if frozen.sha256 == now.template else await desk.store.kept(now.template)
    return changed(now.language, _text(last, await desk.store.kept(last.template), desk), _text(now, today, desk))


def _text(letter: Letter, bundle: bytes, desk: Desk) -> str:
    """Subject and words, as if both had been written today under one number."""
    rendered = render(bundle, replace(letter, reference=NUMBER, date=None, queued_at=desk.now))
    return f"{rendered.subject}\n{rendered.text}"
