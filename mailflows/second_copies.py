"""A deliberate second copy: a letter of its own, with its own number, date and Message-ID, that says which letter it repeats."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace

from committee.calendar import new_york, written_moment
from committee.cards import Offer
from committee.differences import Difference
from committee.errors import Refused
from committee.letters import (
    MOST_WITHOUT_A_SECOND_PERSON,
    Addressee,
    DeliveryState,
    Letter,
    Record,
    Release,
)
from committee.staff import Role
from mailflows import approvals, cards, differences, letters, outbox, repeating
from mailflows.approvals import Prepared, Released
from mailflows.desk import Desk
from mailflows.marking import WORD, mark_of
from mailflows.permissions import require
from mailflows.presses import Act, use
from mailflows.reminders import Stale
from mailflows.standing import SECOND_COPY
from storage.port import Transaction
from storage.tables import Tables

D = DeliveryState


@dataclass(frozen=True, slots=True)
class Plan:
    """The second copy as it would be queued, but for its number; the letter that it repeats, and how that one stands."""

    letter: Letter
    first: Letter
    state: DeliveryState
    digest: str
    takes_a_second_person: bool


async def preview(key: str, who: Act) -> Plan:
    """What would be sent, and to whom; `Refused` with the reason where a second copy makes no sense."""
    require(who.person, Role.OFFICER, "write a second copy")
    return await _plan(key, who.desk.store, who.desk)


async def since_first(plan: Plan, desk: Desk) -> Difference | None:
    """What differs from the letter that it repeats."""
    return await differences.difference([plan.letter], [plan.first], desk)


async def write(key: str, who: Act) -> Letter | None:
    """Queue the second copy that the press was bound to, in one commit; `Stale` if anything of it changed since.

    Of a kind that needs approval the first press puts it on a card, on which a second person releases it: then None.
    """
    require(who.person, Role.OFFICER, "write a second copy")
    desk, press = who.desk, who.press
    if press is None:
        raise Refused("A second copy goes by its button alone, after a preview. Nothing was sent.")
    async with desk.store.transaction(
        by=who.person.key, doing="letter second-copy", about=_first_of(key), at=desk.now
    ) as tx:
        plan = await _plan(key, tx, desk)
        if plan.digest != press.digest:
            raise Stale
        second = await approvals.given(tx, who)
        await use(tx, press, who.person, desk.now)
        if plan.takes_a_second_person and second is None:
            title = f"A second copy of {plan.first.reference} waits for a second person"
            await approvals.ask(tx, Prepared(plan.letter.key, title, plan.first.kind, 1, 1), offer(plan), who)
            return None
        approval = await approvals.settle(tx, second, Released(_first_of(key), plan.letter.release, 1), who)
        released = f"released by {who.person.name}, {written_moment(desk.now)}"
        await cards.decide(tx, plan.letter.key, released, kind=approvals.KIND)
        return await _queued(tx, replace(plan.letter, by=who.person.key, approval=approval), desk)


def offer(plan: Plan) -> Offer:
    """The button that sends it; beside one that sends the letter itself again it is not the first."""
    style = "default" if plan.state is D.UNCERTAIN else "primary"
    return Offer("Send a second copy", f"letter {plan.first.key} second-copy", style, plan.digest)


async def copies_of(keys: Collection[str], tables: Tables) -> dict[str, list[Letter]]:
    """The second copies of each of these letters, in the order in which they were written; without any it is left out."""
    found: dict[str, list[Letter]] = {}
    asked, nth = tuple(keys), 1
    while asked:
        there = await tables.letters.find(key=tuple(_key(key, nth) for key in asked))
        for copy in there:
            found.setdefault(copy.second_copy_of, []).append(copy)
        asked, nth = tuple(copy.second_copy_of for copy in there), nth + 1
    return found


def _key(first: str, nth: int) -> str:
    return f"{first}{SECOND_COPY}" if nth == 1 else f"{first}{SECOND_COPY}/{nth}"


def _first_of(key: str) -> str:
    """Of a second copy the letter that it repeats: a copy of a copy repeats the same letter."""
    return key.partition(SECOND_COPY)[0]


async def _plan(key: str, tables: Tables, desk: Desk) -> Plan:
    first = await tables.letters.get(_first_of(key))
    if first is None:
        raise Refused(f"There is no letter {key}. To see them: outbox.")
    state = repeating.stands(await tables.deliveries.find(letter=first.key))
    if state not in repeating.REPEATED:
        why = "nothing of it has left" if state is D.WITHDRAWN else "it goes by itself, or by: letter KEY release"
        raise Refused(f"{first.key} is {state}: {why}. A second copy would not be one; nothing was changed.")
    earlier = (await copies_of([first.key], tables)).get(first.key, [])
    await repeating.ended(earlier, tables)
    await repeating.still_holds(first, tables, desk)
    letter = _as_it_would_be(first, await repeating.addressees(first, tables, desk), len(earlier) + 1, desk)
    return Plan(letter, first, state, _digest(letter), await _takes_a_second_person(first, tables))


def _as_it_would_be(first: Letter, to: tuple[Addressee, ...], nth: int, desk: Desk) -> Letter:
    """The first letter's words, templates and enclosures; all else is its own."""
    if not desk.address:
        raise Refused(f"{letters.NO_ADDRESS} Nothing was changed.")
    key = _key(first.key, nth)
    return replace(
        first,
        key=key, release=key, rungs=(key,), reference="", by="", addressees=to, queued_at=desk.now, date=None,
        words=first.words | {WORD: mark_of(first)}, message_id=letters.message_id(key, desk),
        automatic_replies=(), second_copy_of=first.key, record=Record.NOTHING, approval=None,
    )  # fmt: skip


def _digest(letter: Letter) -> str:
    """What a press is bound to: recipients, words, the templates' text and enclosures."""
    shown = asdict(replace(letter, queued_at=letter.queued_at.min))
    return hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()


async def _takes_a_second_person(first: Letter, tables: Tables) -> bool:
    """What took approval takes it again; so does the next of many that one release is written to once more, one by one."""
    if first.rule.release is Release.APPROVED:
        return True
    together = await tables.letters.find(release=first.release)
    others = await copies_of([one.key for one in together if one.party != first.party], tables)
    parties = {copy.party for copies in others.values() for copy in copies}
    return len(parties) >= MOST_WITHOUT_A_SECOND_PERSON


async def _queued(tx: Transaction, letter: Letter, desk: Desk) -> Letter:
    numbered = replace(letter, reference=await tx.number("L", new_york(desk.now).year))
    await outbox.add(tx, [numbered])
    return numbered
