"""What was written to a member, or under a Chair, that is one no more by the time its turn comes: it does not leave."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from committee.calendar import new_york
from committee.cards import Offer
from committee.chairs import COMMITTEE, in_the_chair
from committee.contacts import is_delegation, state_of
from committee.council import left_between
from committee.counting import counted
from committee.letters import Letter, LetterKind
from committee.posts import run_of
from mailflows import cards
from mailflows.desk import Desk
from storage.port import Transaction
from storage.tables import Tables

TO_WHO_LEAVES: Final = frozenset({LetterKind.MEMBER_NETWORK})
"""Kinds that are for a member because it leaves: an outage over the turn of the year takes nothing from them."""
KIND: Final = "not-sent-any-more"
HAS_LEFT: Final = "not sent: its term on the Council has ended since"
UNDER_ANOTHER: Final = "not sent: the Chair under whom it was released is in the chair no more"
SAID: Final = frozenset({HAS_LEFT, UNDER_ANOTHER})


async def why_not_any_more(letters: Iterable[Letter], tables: Tables, desk: Desk) -> dict[str, str]:
    """By its key, why a letter that was right when it was queued must not leave now; every letter that may is left out."""
    to_members = [one for one in letters if is_delegation(one.party) and one.kind not in TO_WHO_LEAVES]
    under_a_chair = [one for one in letters if one.sender == "chair" and one.words.get("chair")]
    if not to_members and not under_a_chair:
        return {}
    return await _who_has_left(to_members, tables, desk) | await _under_another(under_a_chair, tables, desk)


async def tell(tx: Transaction, stayed: Sequence[tuple[Letter, str]], desk: Desk) -> None:
    """One card for each release of which letters stay, in the commit that withdraws them; it grows with them."""
    for release in dict.fromkeys(letter.release for letter, _ in stayed):
        of_it = [(letter, why) for letter, why in stayed if letter.release == release]
        earlier = await tx.cards.get(cards.key_of(KIND, release))
        keys = [*(earlier.fields["letters"] if earlier else ()), *(letter.key for letter, _ in of_it)]
        reasons = [*(earlier.fields["reasons"] if earlier else ()), *(why for _, why in of_it)]
        fields = {"letters": [*dict.fromkeys(keys)], "reasons": [*dict.fromkeys(reasons)]}
        title = f"{counted(len(fields['letters']), 'letter')} of {release} did not leave"
        text = f"{'; '.join(fields['reasons'])}. What is to be said all the same is written anew, to whoever is in office now."
        if earlier:
            await cards.put(tx, replace(earlier, title=title, text=text, fields=fields))
            continue
        first = of_it[0][0]
        offers: tuple[Offer, ...] = (Offer("Show the letter", f"letter {first.key}"),)
        if first.kind is LetterKind.FIRST_REPORT_REMINDER:
            offers = (*offers, Offer("Write the reminders anew", "remind first-report"))
        await cards.post(
            tx, KIND, release, title, text, now=desk.now, fields=fields, offers=offers, thread=run_of(first)
        )


async def _who_has_left(letters: Sequence[Letter], tables: Tables, desk: Desk) -> dict[str, str]:
    """Whoever was a member when the letter was queued, and is none today; a former one that was written to as such stays."""
    terms = await tables.terms.all() if letters else []
    queued = {one.key: new_york(one.queued_at).date() for one in letters}
    left = {one.key for one in letters if left_between(state_of(one.party), queued[one.key], desk.today, terms)}
    return dict.fromkeys(left, HAS_LEFT)


async def _under_another(letters: Sequence[Letter], tables: Tables, desk: Desk) -> dict[str, str]:
    """No name stands in a letter, and yet it is the Chair's: under whom it was released must be in the chair when it leaves."""
    if not letters:
        return {}
    chairings = await tables.chairings.find(body=COMMITTEE)
    serving = in_the_chair(COMMITTEE, desk.today, chairings, await tables.terms.all())
    return {one.key: UNDER_ANOTHER for one in letters if serving is None or one.words["chair"] != serving.key}
