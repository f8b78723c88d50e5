"""The only door out: letters are queued in the commit that decided them, and delivered after, each copy with its proof."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace

from committee.approvals import Approval
from committee.calendar import new_york
from committee.letters import Draft, Letter, deliveries_of
from mailflows import indexing, letters
from mailflows.delivering import Delivering, Tally
from mailflows.desk import Desk
from mailflows.post import Post
from storage.port import Transaction

_LOT_BYTES = 4


async def queue(  # noqa: PLR0913 - letters, and on whose word they leave
    tx: Transaction, drafts: Sequence[Draft], *, release: str, by: str, desk: Desk, approval: Approval | None = None
) -> list[Letter]:
    """Add the letters, each with its reference number and one delivery for each address; keys already known add nothing.

    Letters of one release go in an order that is drawn each time, never in the alphabet's.
    """
    wanted = {draft.key: draft for draft in reversed(drafts) if draft.addressees}
    known = {letter.key for letter in await tx.letters.find(key=tuple(wanted))} if wanted else set()
    new = [draft for draft in dict.fromkeys(draft.key for draft in drafts) if draft in wanted and draft not in known]
    references = await tx.numbers("L", new_york(desk.now).year, len(new))
    queued = [
        replace(letters.release(wanted[key], reference=reference, release=release, by=by, desk=desk), approval=approval)
        for key, reference in zip(new, references, strict=True)
    ]
    await add(tx, queued)
    return queued


async def add(tx: Transaction, released: Sequence[Letter]) -> None:
    """Add letters that have their numbers, each with one delivery for each address; these in the order of their lots.

    Rows that are changed together then lie together, and a commit of many marks writes few pages.
    """
    lots = sorted((secrets.token_hex(_LOT_BYTES), place) for place in range(len(released)))
    await tx.letters.add(*released)
    await tx.deliveries.add(*(copy for lot, place in lots for copy in deliveries_of(released[place], lot)))
    await indexing.index_letters(tx, released)


async def deliver_due(desk: Desk, post: Post, *, ending: Callable[[], bool] = lambda: False) -> Tally:
    """One round over a way out that is open for this round alone; whoever calls this holds the work lock."""
    return await Delivering(post).round(desk, ending=ending)
