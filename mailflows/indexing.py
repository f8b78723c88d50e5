"""What comes in, what we write, and what officers say of it is found by its words from the commit that brings it."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from committee.errors import Unavailable
from committee.letters import Letter
from committee.mail import Mail
from committee.submissions import Submission
from mailflows.desk import Desk
from mailflows.logs import log
from mailflows.reading import Reading, ReadingKind
from storage.index import Indexed
from storage.port import Transaction

MAIL, SUBMISSION, LETTER = "mail", "submission", "letter"
A_TICK: Final = 25
"""Mails from before the index that one tick makes up for: the desk's work waits for some seconds at most."""
THE_SAME_IN_EACH: Final = frozenset({"mission", "address", "limit"})
"""Words of a letter that stand in every letter to its party."""


async def index_mail(tx: Transaction, mail: Mail, reading: Reading) -> None:
    """A mail by its subject, its writer, its file names and its text; with the submission that it has become or belongs to.

    What nobody could read as a message is found by its number alone.
    """
    if reading.kind is ReadingKind.UNREADABLE:
        return await tx.unindex(MAIL, mail.key)
    facts = _facts(mail.key, mail.submission, mail.party or mail.proposed, mail.kind)
    wrote = [reading.from_.name, reading.from_.address] if reading.from_ else []
    words = [reading.subject, *wrote, *(attachment.name for attachment in reading.attachments), reading.text]
    await tx.index(Indexed(MAIL, mail.key, mail.came_at or mail.kept_at, facts, _lines(*words)))
    if mail.submission and (submission := await tx.submissions.get(mail.submission)):
        await index_submission(tx, submission)
    return None


async def index_submission(tx: Transaction, submission: Submission) -> None:
    """A submission by its subject, its file names, and what officers have said of it."""
    facts = _facts(submission.key, submission.party, submission.kind, submission.kind.words)
    reasons = [one.words for one in submission.decisions if one.what != "handling"]  # that one is nobody's words
    words = _lines(submission.subject, *(file.name for file in submission.files), *reasons)
    await tx.index(Indexed(SUBMISSION, submission.key, submission.received, facts, words))


async def index_letters(tx: Transaction, letters: Iterable[Letter]) -> None:
    """Letters by their keys and reference numbers, the words of their own, their addressees and their enclosures."""
    await tx.index(*map(_of_letter, letters))


def _of_letter(letter: Letter) -> Indexed:
    facts = _facts(letter.key, letter.reference, letter.party, letter.kind)
    own = {name: value for name, value in letter.words.items() if name not in THE_SAME_IN_EACH}
    people = [word for person in letter.addressees for word in (person.name, person.address)]
    words = _lines(*_said(own), *people, *(enclosure.name for enclosure in letter.enclosures))
    return Indexed(LETTER, letter.key, letter.queued_at, facts, words)


async def catch_up(desk: Desk, most: int = A_TICK) -> int:
    """Index some of what came before this desk had an index, the newest first, each in a commit of its own; how many it was."""
    came_before = await desk.store.not_indexed(most)
    for kind, key in came_before:
        reading = await _read(key, desk) if kind == MAIL else None
        async with desk.store.transaction(by="rule: index", doing="index", about=key, at=desk.now) as tx:
            await _index(kind, key, reading, tx)
    return len(came_before)


async def _read(key: str, desk: Desk) -> Reading:
    """What a kept mail says; what cannot be read today is not tried again at each tick."""
    mail = await desk.store.mail.get(key)
    try:
        if mail is not None:
            return await desk.reader.read(await desk.store.kept(mail.sha256))
    except Unavailable:
        raise
    except Exception as error:  # noqa: BLE001 - one mail that nobody foresaw must not stop the others
        log.warning("mail not indexed", key=key, error=type(error).__name__)
    return Reading(ReadingKind.UNREADABLE)


async def _index(kind: str, key: str, reading: Reading | None, tx: Transaction) -> None:
    if reading and (mail := await tx.mail.get(key)):
        await index_mail(tx, mail, reading)
    elif kind == SUBMISSION and (submission := await tx.submissions.get(key)):
        await index_submission(tx, submission)
    elif kind == LETTER and (letter := await tx.letters.get(key)):
        await index_letters(tx, [letter])
    else:
        await tx.unindex(kind, key)


def _facts(*known: str | None) -> str:
    return " ".join(filter(None, known))


def _lines(*words: str | None) -> str:
    return "\n".join(filter(None, words))


def _said(value: Any) -> Iterator[str]:
    """Every text in a letter's words."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for part in value.values() for text in _said(part))
    elif isinstance(value, list | tuple):
        yield from (text for part in value for text in _said(part))
