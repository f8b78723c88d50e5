"""To which submission a reply belongs: by the token in its recipient, or the Message-ID of ours that it answers."""

from itertools import islice

from committee.submissions import Submission
from mailflows.composing import conversation_of
from mailflows.desk import Desk
from mailflows.envelopes import MOST_DETAILS, details
from mailflows.reading import Reading
from storage.transactions import Transaction


async def submission_of(reading: Reading, party: str, tx: Transaction, desk: Desk) -> Submission | None:
    """The submission that the message answers, if it is this party's own: a token travels with every forward."""
    for key in [*_tokens(reading, desk), *await _answered(reading, tx)]:
        submission = await tx.submissions.get(key)
        if submission and submission.party == party:
            return submission
    return None


def _tokens(reading: Reading, desk: Desk) -> list[str]:
    secrets = [key.secret for key in desk.store.keys]  # a token outlives the key it was made with by one rotation
    said = islice(dict.fromkeys(details(reading, desk)), MOST_DETAILS)
    return [key for detail in said for secret in secrets if (key := conversation_of(detail, secret))]


async def _answered(reading: Reading, tx: Transaction) -> list[str]:
    ids = dict.fromkeys(filter(None, (reading.in_reply_to, *reversed(reading.references))))
    keys = []
    for message_id in list(ids)[:20]:
        keys += [letter.conversation for letter in await tx.letters.find(message_id=message_id) if letter.conversation]
    return keys
