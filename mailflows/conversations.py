"""To which submission a reply belongs, and which letter of ours it answers: by the token in its recipient, or by Message-ID."""

from itertools import islice

from committee.contacts import state_of
from committee.letters import WRITTEN, Letter, LetterKind
from committee.submissions import Submission, SubmissionState
from mailflows.desk import Desk
from mailflows.reading import Reading
from mailflows.reply_tokens import conversations_named
from storage.port import Transaction


async def submission_of(reading: Reading, party: str, tx: Transaction, desk: Desk) -> Submission | None:
    """The submission that the message answers, if it is this party's own: a token travels with every forward.

    Where an officer's letter began the conversation, or went on with one that is decided, it is what came in answer to
    that letter before, if that is still open.
    """
    named = await _named(reading, party, tx, desk)
    if named and named.state in OPEN:
        return named
    letter = await letter_answered(reading, party, tx, desk)
    return (letter and await _answered_before(letter, party, tx)) or named


OPEN = frozenset({SubmissionState.WAITING, SubmissionState.CLARIFYING})


ANSWERED = (*WRITTEN, LetterKind.MEMBER_WELCOME, LetterKind.MEMBER_NETWORK)
"""Letters that begin a conversation and ask for an answer: which of them a mail answers is on record with it."""


async def letter_answered(reading: Reading, party: str, tx: Transaction, desk: Desk) -> Letter | None:
    """The letter of such a kind to this party that the message answers: the one that it names, else the last of its conversation."""
    named = [letter for letter in await letters_answered(reading, tx) if letter.kind in ANSWERED]
    for key in await conversations_named(reading, tx, desk):
        named += await tx.letters.find(conversation=key, kind=ANSWERED, newest_first=True, limit=1)
    return next((letter for letter in named if state_of(letter.party) == party), None)


async def _named(reading: Reading, party: str, tx: Transaction, desk: Desk) -> Submission | None:
    answered = [letter.conversation for letter in await letters_answered(reading, tx) if letter.conversation]
    for key in [*await conversations_named(reading, tx, desk), *answered]:
        submission = await tx.submissions.get(key)
        if submission and submission.party == party:
            return submission
    return None


async def _answered_before(letter: Letter, party: str, tx: Transaction) -> Submission | None:
    """The open submission that an earlier answer to this letter has become, or was added to."""
    came = await tx.mail.find(party=party, since=letter.queued_at, newest_first=True)
    for key in dict.fromkeys(mail.submission for mail in came if mail.answers == letter.key and mail.submission):
        submission = await tx.submissions.get(key)
        if submission and submission.state in OPEN:
            return submission
    return None


async def letters_answered(reading: Reading, tx: Transaction) -> list[Letter]:
    """The letters of ours whose Message-IDs it answers, the one that it names first."""
    ids = islice(dict.fromkeys(filter(None, (reading.in_reply_to, *reversed(reading.references)))), MOST_IDS)
    return [letter for message_id in ids for letter in await tx.letters.find(message_id=message_id)]


MOST_IDS = 20
