"""Where a mail belongs that an officer sent by hand: to one party, and perhaps to a submission and to the mail that it answers."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

FILED = "filed"
"""What such a mail is, as `inbox` says it."""
FILED_AGAIN = "filed-again"
_NUMBER = re.compile(r"(?<![\w-])([SML])-(\d{4})-(\d{1,8})(?![\w-])", re.IGNORECASE)
MOST_NUMBERS = 5


@dataclass(frozen=True, slots=True)
class Place:
    """One party, a submission of it, and the mail of it that is answered; the last two may be missing."""

    party: str
    submission: str = ""
    answers: str = ""


def numbers(subject: str) -> tuple[str, ...]:
    """The numbers of submissions, mails and letters in a subject, as they are written: S-2012-0017."""
    found = (f"{series.upper()}-{year}-{number:0>4}" for series, year, number in _NUMBER.findall(subject))
    return tuple(dict.fromkeys(found))[:MOST_NUMBERS]


def place_of(recipients: Collection[str], thread: Sequence[Place], named: Sequence[Place]) -> Place | str:
    """The one place on which recipients, the thread and the numbers in the subject agree; else, in words, why there is none.

    `recipients` are the parties to whose people it went, `thread` is what it answers, `named` what its subject names.
    Nothing is guessed: two parties are one too many, whichever way they are named.
    """
    if len(recipients) > 1:
        return f"it went to people of several parties ({_listed(recipients)}), and is filed under one"
    known = [*_of(recipients, thread), *_of(recipients, named)]
    parties = {*recipients, *(one.party for one in known)}
    if len(parties) > 1:
        return f"it names several parties, by whom it went to, what it answers or its subject: {_listed(parties)}"
    if not parties:
        return "no address in To or Cc, nothing that it answers and no number in its subject says whose it is"
    [party] = parties
    submission = next((one.submission for one in known if one.submission), "")
    answers = next((one.answers for one in known if one.answers and one.submission in {submission, ""}), "")
    return Place(party, submission, answers)


def _of(recipients: Collection[str], places: Sequence[Place]) -> Sequence[Place]:
    """Those of the party that it went to, if any is: a Message-ID is a hint, and another party may have used the same."""
    return [one for one in places if one.party in recipients] or places


def _listed(parties: Iterable[str]) -> str:
    return ", ".join(sorted(parties))
