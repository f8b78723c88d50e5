"""By what the desk knows a person is another now: a card says so to all staff in the same commit, and so to that person."""

from collections.abc import Iterator

from committee.calendar import written_moment
from committee.staff import SETTLES_AFTER, Person
from mailflows import cards
from storage.port import Transaction

KIND = "staff-identity"


async def tell(tx: Transaction, before: Person | None, after: Person, by: str) -> None:
    """Who is meant, and who said it or made the code (`by`); a mailbox itself stands on no card, and what stays is not said."""
    ways = [*_ways(before, after)]
    if not ways:
        return
    is_one_to_count = after.let_in != (before.let_in if before else ())
    counts = f"For {SETTLES_AFTER.days} days the two do not count as two people where a letter takes two. "
    told, hand = await tx.cards.find(kind=KIND, about=after.key), await tx.staff.get(by)
    text = (
        f"From {written_moment(tx.at)} on {after.name} is known by {' and by '.join(ways)}; {hand.name if hand else by} saw to it. "
        f"{counts if is_one_to_count and by != after.key else ''}"
        f"Whoever knows that this is not {after.name} tells an administrator, who takes it away: "
        f"staff {after.key} chat none, or staff {after.key} end"
    )
    fields = {"person": after.key, "by": by, "chat": after.chat or None}
    title = f"{after.name} is known to the desk by something else"
    await cards.post(tx, KIND, after.key, title, text, now=tx.at, fields=fields, nth=len(told) + 1)


def _ways(before: Person | None, after: Person) -> Iterator[str]:
    if after.account is not None and (before is None or before.account != after.account):
        yield f"the account {after.account} of this host"
    if after.chat and (before is None or before.chat != after.chat):
        yield f"the user {after.chat} in chat"
    if after.address and (before is None or before.address != after.address):
        yield "another mailbox, from which they file"
