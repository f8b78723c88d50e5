"""Which entries of the audit trail belong to a thing and its parts: those about them, and those about many at once."""

from collections.abc import Collection, Iterable, Mapping

from committee.audit import Entry
from committee.calendar import new_york
from committee.letters import OPEN, Letter, Stop
from committee.story import Known
from committee.story_of_cases import LETTING_GO
from committee.story_of_chat import TOLD
from committee.story_of_decisions import NOTING
from storage.port import Store


async def entries_about(
    known: Known, store: Store, *, parties: Collection[str] = (), elsewhere: Collection[str] = ()
) -> list[Entry]:
    """The entries about the thing and its parts, and those about something else in which one of them changed."""
    keys = {key for table in _tables(known).values() for key in table}
    own = await store.trail.find(about=tuple(keys))
    sources = tuple({mail.source or mail.sha256 for mail in known.mails.values()})
    kept = await store.trail.find(about=sources, doing="mail kept") if sources else []
    by_hand = await store.trail.find(about=tuple(parties), doing="submission add") if parties else []
    let_go = await store.trail.find(doing=LETTING_GO) if known.mails else []
    notes = await store.trail.find(about=tuple(parties), doing=NOTING) if parties else []
    told = await store.trail.find(about=tuple(known.told), doing=TOLD) if known.told else []
    at = {note.at for _, note in known.notes}
    others = [*await _for_many(known, store), *(await store.trail.find(about=tuple(elsewhere)) if elsewhere else ())]
    tables = _tables(known)
    touching = [entry for entry in (*kept, *by_hand, *let_go, *others) if _touches(entry, tables)]
    return by_commit(
        [*own, *told, *touching, *(entry for entry in notes if entry.at in at), *await _stops(known, store)]
    )


def by_commit(entries: Iterable[Entry]) -> list[Entry]:
    return sorted({entry.seq: entry for entry in entries}.values(), key=lambda entry: entry.seq)


async def answered_in(letters: Collection[Letter], store: Store) -> tuple[str, ...]:
    """About what the commits are that queued answers: the submission, or the mail that was kept, answered or decided on."""
    if not letters:
        return ()
    conversations = {letter.conversation for letter in letters} - {""}
    named = {
        part for letter in letters for part in letter.key.split("/")
    }  # status-answer/M-2012-0007, answer/M-2012-0007/1
    mails = [
        *(await store.mail.find(submission=tuple(conversations)) if conversations else ()),
        *await store.mail.find(key=tuple(named)),
    ]
    return (*conversations, *(key for mail in mails for key in (mail.key, mail.source or mail.sha256)))


async def _for_many(known: Known, store: Store) -> list[Entry]:
    """Commits about many letters at once: announced, queued or dropped together, held by the clock or by a restore."""
    if not (known.letters or known.announcements):
        return []
    days = {new_york(one.announced_at).date() for one in known.announcements.values()}
    keys = {_committed_about(key) for key in (*known.letters, *known.announcements)} - {""}
    together = await store.trail.find(about=(*(f"first-report/{day}" for day in days), *keys))
    return [*together, *await store.trail.find(about="desk", doing=("announcements held", "desk restored"))]


def _committed_about(letter: str) -> str:
    """About what letters to many are committed: `first-report/programme-11` of `first-report/MWI/programme-11/3`."""
    match letter.split("/"):
        case ["first-report", _, programme, *_]:
            return f"first-report/{programme}"
        case ["closure-notice", days, *_]:
            return f"closure/{days}"
        case _:
            return ""


async def _stops(known: Known, store: Store) -> list[Entry]:
    """What halted the letters, or let them go on, while a copy of theirs had not left."""
    if not known.letters:
        return []
    releases = {letter.release for letter in known.letters.values()} - {*known.letters}
    entries = await store.trail.find(about=(Stop.ALL, *releases), doing=("letter stop", "letter resume"))
    first = min(letter.queued_at for letter in known.letters.values())
    still = any(copy.state in OPEN for copy in known.deliveries.values())
    last = max((copy.since for copy in known.deliveries.values()), default=first)
    return [entry for entry in entries if entry.at >= first and (still or entry.at <= last)]


def _tables(known: Known) -> dict[str, Collection[str]]:
    """The keys of the thing and its parts, by the register or ledger in which they are."""
    return {
        "submissions": known.submissions.keys(), "mail": known.mails.keys(), "cases": known.mails.keys(), "letters": known.letters.keys(),
        "deliveries": known.deliveries.keys(), "announcements": known.announcements.keys(),
    }  # fmt: skip


def _touches(entry: Entry, tables: Mapping[str, Collection[str]]) -> bool:
    return any(change.key in tables.get(change.table, ()) for change in entry.changes)
