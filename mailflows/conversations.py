"""To which submission a reply belongs: by the token in its recipient, or the Message-ID of ours that it answers."""

from itertools import islice

from committee.letters import Letter
from committee.submissions import Submission
from mailflows.composing import conversation_of
from mailflows.desk import Desk
from mailflows.envelopes import MOST_DETAILS, details
from mailflows.reading import Reading
from storage.port import Transaction


async def submission_of(reading: Reading, party: str, tx: Transaction, desk: Desk) -> Submission | None:
    """The submission that the message answers, if it is this party's own: a token travels with every forward."""
    answered = [letter.conversation for letter in await letters_answered(reading, tx) if letter.conversation]
    for key in [*_tokens(reading, desk), *answered]:
        submission = await tx.submissions.get(key)
        if submission and submission.party == party:
            return submission
    return None


def _tokens(reading: Reading, desk: Desk) -> list[str]:
    secrets = [key.secret for key in desk.store.keys]  # a token outlives the key it was made with by one rotation
    said = islice(dict.fromkeys(details(reading, desk)), MOST_DETAILS)
    return [key for detail in said for secret in secrets if (key := conversation_of(detail, secret))]


async def letters_answered(reading: Reading, tx: Transaction) -> list[Letter]:
    """The letters of ours whose Message-IDs it answers, the one that it names first."""
    ids = islice(dict.fromkeys(filter(None, (reading.in_reply_to, *reversed(reading.references)))), MOST_IDS)
    return [letter for message_id in ids for letter in await tx.letters.find(message_id=message_id)]


MOST_IDS = 20
