"""The story of one thing, told from what registers, ledgers and the audit trail hold of it; in order, nothing invented."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from committee.announcements import Announcement
from committee.audit import Entry
from committee.cards import EventCard
from committee.cases import Case
from committee.handling import Handling
from committee.letters import Delivery, Letter
from committee.mail import Mail
from committee.states import Note, State
from committee.submissions import Submission


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a story; `seq` and `changed` are those of the trail's entry that stands behind it, if one does."""

    at: datetime
    by: str
    doing: str
    about: str
    said: str
    seq: int | None = None
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What stands on record about a thing and its parts now, each by its key; the cards are those of what arrived."""

    submissions: Mapping[str, Submission] = field(default_factory=dict)
    wholes: Mapping[str, Submission] = field(default_factory=dict)  # to which some of them were joined
    mails: Mapping[str, Mail] = field(default_factory=dict)
    letters: Mapping[str, Letter] = field(default_factory=dict)
    deliveries: Mapping[str, Delivery] = field(default_factory=dict)
    announcements: Mapping[str, Announcement] = field(default_factory=dict)
    cards: Mapping[str, EventCard] = field(default_factory=dict)
    told: Mapping[str, EventCard] = field(
        default_factory=dict
    )  # what stands in chat about it, by the keys of its posts
    cases: Mapping[str, Case] = field(default_factory=dict)  # of the mails
    states: Mapping[str, State] = field(default_factory=dict)
    notes: tuple[tuple[str, Note], ...] = ()  # of which State each is
    noted: Mapping[int, Note] = field(default_factory=dict)  # which entry made which of them
    names: Mapping[str, str] = field(default_factory=dict)  # of parties and people; letters by their numbers
    answered: Mapping[str, str] = field(default_factory=dict)  # which mail each letter answers
    to_the_end: bool = True  # whether what became of the letters belongs to the story
    reads_all: bool = False  # whoever asks may read what is not open

    def named(self, key: str) -> str:
        return self.names.get(key, key)

    def reference(self, letter: str) -> str:
        """The number that stands on a letter; its key where it is not among what was gathered."""
        return self.letters[letter].reference if letter in self.letters else self.named(letter)

    def is_open(self, submission: Submission) -> bool:
        """A part as the whole to which it was joined, too."""
        whole = self.submissions.get(submission.joined_to or "") or self.wholes.get(submission.joined_to or "")
        joined = submission.joined_to is None or (whole is not None and self.is_open(whole))
        return submission.handling is Handling.OPEN and joined

    def quoted(self, words: str, submission: Submission | None) -> str:
        """Our own words in quotes after a colon; about what is not open only for those who may read it."""
        hidden = submission is not None and not self.is_open(submission) and not self.reads_all
        return f": “{words.rstrip('.')}”" if words and not hidden else ""


class Trace:
    """Which entries changed what: the first one made it, the last one left it as it stands."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in entries:
            for change in entry.changes:
                self._entries[change.table, change.key].append(entry)

    def of(self, table: str, key: str) -> Sequence[Entry]:
        return self._entries.get((table, key), ())

    def made(self, table: str, key: str, entry: Entry) -> bool:
        return self.of(table, key)[:1] == [entry]

    def left(self, table: str, key: str, entry: Entry) -> bool:
        return self.of(table, key)[-1:] == [entry]


def changed_in(entry: Entry, table: str) -> Iterator[str]:
    """The keys of one register or ledger that an entry changed."""
    return (change.key for change in entry.changes if change.table == table)


def line_of(entry: Entry, said: str) -> Line:
    return Line(
        entry.at, entry.by, entry.doing, entry.about, said, entry.seq, tuple(change.key for change in entry.changes)
    )


def in_order(lines: Collection[Line]) -> tuple[Line, ...]:
    """Entries as they were committed, also where a clock was set back; what no entry stands behind by its moment, after them."""
    committed = sorted((line for line in lines if line.seq is not None), key=lambda line: line.seq or 0)
    others = sorted((line for line in lines if line.seq is None), key=lambda line: line.at)
    story: list[Line] = []
    for line in committed:
        while others and others[0].at < line.at:
            story.append(others.pop(0))
        story.append(line)
    return (*story, *others)
