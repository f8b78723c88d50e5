"""A story is told: each entry of the trail in sentences, and what stands on record without one, in order."""

from collections.abc import Iterator, Sequence

from committee.audit import Entry
from committee.story import Known, Line, Trace, in_order, line_of
from committee.story_of_arrivals import coming, of_arrivals
from committee.story_of_cases import of_cases
from committee.story_of_chat import of_chat
from committee.story_of_decisions import noted, of_decisions
from committee.story_of_letters import of_letters, untold


def tell(entries: Sequence[Entry], known: Known, beside: Sequence[Entry] = ()) -> tuple[Line, ...]:
    """Every entry has at least one line; the lines of one commit have its number.

    What was committed `beside` is not told: it says which of the entries made a thing, and which left it as it stands.
    """
    trace = Trace(sorted({entry.seq: entry for entry in (*entries, *beside)}.values(), key=lambda entry: entry.seq))
    lines = [line for entry in entries for line in _of(entry, known, trace)]
    if known.to_the_end:
        lines += [*untold(known, trace), *_notes_untold(known)]
    lines += [line for mail in known.mails.values() if (line := coming(mail))]
    return in_order(lines)


def _of(entry: Entry, known: Known, trace: Trace) -> Iterator[Line]:
    tellers = (of_arrivals, of_decisions, of_letters, of_cases, of_chat)
    sentences = [said for teller in tellers for said in teller(entry, known, trace)]
    yield from (line_of(entry, said) for said in sentences or [_plainly(entry)])


def _plainly(entry: Entry) -> str:
    """What an entry says by itself: done what, about what, and which other keys it changed."""
    about = f": {entry.about}" if entry.about else ""
    others = [
        change.key for change in entry.changes if change.key != entry.about and change.table not in {"actions", "cards"}
    ]
    more = f" ({', '.join(others[:_MOST])}{', …' if len(others) > _MOST else ''})" if others else ""
    return f"{entry.doing[:1].upper()}{entry.doing[1:]}{about}{more}."


_MOST = 5


def _notes_untold(known: Known) -> Iterator[Line]:
    told = [*known.noted.values()]
    for state, note in known.notes:
        if note not in told:
            yield Line(note.at, note.by, "state note", state, noted(state, note, known))
