"""A reply to the yearly question about an entry: a plain "confirm" of a known person counts at once, all else an officer reads."""

from dataclasses import replace

from committee.cards import Offer
from committee.confirmations import Asking
from committee.confirming_words import says_all_is_right, speaks_of_it
from committee.contacts import state_of
from committee.letters import Letter, LetterKind
from committee.mail import Mail, MailState
from committee.promises import own_lines
from mailflows import confirmed, conversations, correspondents, status
from mailflows.arrivals import Arrival
from mailflows.desk import Desk
from mailflows.reply_tokens import conversations_named
from storage.port import Transaction


async def by_reply(arrival: Arrival, tx: Transaction, desk: Desk) -> Mail | None:
    """Take it as the party's answer, and tell whoever wrote what is on record; None where it is not one that counts at once.

    It counts from a registered and authenticated address, in answer to our letter, with no enclosure and nothing beside it.
    """
    plain = own_lines(arrival.reading.reply or arrival.reading.text)
    if arrival.files or not (
        arrival.mail.authenticated and status.may_ask(arrival.writer) and says_all_is_right(plain)
    ):
        return None
    letter = await _asked(arrival, tx, desk)
    asking = Asking.named(letter.conversation) if letter else None
    if letter is None or asking is None:
        return None
    if not await tx.confirmations.get(asking.key):
        shown = {row["key"]: row["shown"] for row in letter.words["entry"]}
        source = confirmed.by_mail(arrival.writer, arrival.mail.key, desk)
        await confirmed.unchanged(tx, asking, shown, source, desk)
    told = await status.answer_with_entry(arrival, tx, desk)
    return replace(arrival.mail, state=MailState.TAKEN_IN, kind="confirmation", answers=letter.key, reason=told)


async def proposed(arrival: Arrival, tx: Transaction, desk: Desk) -> tuple[str, tuple[Offer, ...]]:
    """What a card says of any other answer to that question: an officer reads it, and says with one press that all is right."""
    letter = await _asked(arrival, tx, desk)
    if letter is None:
        return "", ()
    name = await correspondents.party_name(tx, letter.party, desk)
    said = f"It answers the yearly question about the entry of {name}, which is not confirmed by it."
    if not speaks_of_it(own_lines(arrival.reading.reply or arrival.reading.text)):
        return said, ()
    return said, (Offer("All of its entry is right", f"confirmation {letter.party} confirm"),)


async def _asked(arrival: Arrival, tx: Transaction, desk: Desk) -> Letter | None:
    """The letter to this party that it answers: by Message-ID, else the newest of the asking that our address names."""
    found = await conversations.letters_answered(arrival.reading, tx)
    for key in await conversations_named(arrival.reading, tx, desk):
        found += await tx.letters.find(conversation=key, kind=LetterKind.CONFIRMATION, newest_first=True, limit=1)
    asked = (one for one in found if one.kind is LetterKind.CONFIRMATION)
    return next((one for one in asked if state_of(one.party) == arrival.party), None)
