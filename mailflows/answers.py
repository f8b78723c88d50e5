"""What the desk answers by itself: to a registered address, under a cap that the ledger counts."""

from datetime import timedelta

from committee.answers import why_not_again
from committee.letters import Draft, LetterKind
from committee.mail import Mail
from mailflows import composing, letters, outbox
from mailflows.desk import Desk
from storage.port import Transaction

BY_ITSELF = (LetterKind.RECEIPT, LetterKind.RECEIPT_REPEAT, LetterKind.STATUS_ANSWER, LetterKind.TOO_LARGE)
"""The kinds that answer a mail by themselves: counted together, for each address (RFC 3834, section 2)."""


async def answer(draft: Draft, mail: Mail, address: str, rule: str, tx: Transaction, desk: Desk) -> str:  # noqa: PLR0913, PLR0917 - what answers what, and why
    """Queue the answer to `address`, or return the reason, as a sentence, why it gets none."""
    none = f"No {'receipt' if draft.kind in composing.RECEIPTS else 'answer'} went out"
    if not desk.address:
        return f"{none}. {letters.NO_ADDRESS}"
    if desk.facts.restored and (mail.came_at or desk.now) <= desk.facts.restored:
        return f"{none}: it came before this desk was restored from a backup, and may have had one."
    since = desk.now - timedelta(days=1)
    # The first copy is the writer's; the mission's own copy does not count.
    today = [d for d in await tx.deliveries.find(address=address, kind=BY_ITSELF, since=since) if d.key.endswith("#1")]
    thread = await tx.letters.find(conversation=draft.conversation, kind=BY_ITSELF) if draft.conversation else []
    if reason := why_not_again(len(today), len(thread)):
        return f"{none}: {address}: {reason}."
    await outbox.queue(tx, [draft], release=draft.key, by=f"rule: {rule}", desk=desk)
    return ""
