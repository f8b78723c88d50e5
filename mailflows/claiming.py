"""What may go now is taken on, so many at a time: receipts before bulk, nothing stopped, and each recipient looked at again."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from committee import claims, pacing
from committee.letters import WAITING, Delivery, DeliveryState, Letter, Priority, Record
from committee.retries import next_try
from mailflows import envelopes, office_hours, outcomes, repairs, standing
from mailflows.desk import Desk
from storage.ledgers import Seen
from storage.port import Transaction

STOPS_ALL = "all"
_TOKEN_BYTES = 8


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that is ours to send until its lease runs out, with its letter and the sender of its envelope."""

    seen: Seen[Delivery]
    letter: Letter
    envelope_sender: str

    @property
    def delivery(self) -> Delivery:
        return self.seen.value


async def claim(desk: Desk, places: int, round_number: int) -> tuple[list[Claim], int]:
    """Take on at most so many of what may go now, and say how many were looked at.

    What must not go any more is withdrawn, expired or put off instead; another address may have been queued in its place.
    """
    clock = await desk.store.clock()
    async with _changing(desk, "delivery claimed") as tx:
        candidates = await _candidates(tx, desk, places, round_number)
        taken = await _taken(tx, candidates, desk, clock)
        if len(of_letters := {letter.key for _, letter in taken}) == 1:
            tx.occasion(doing="delivery claimed", about=of_letters.pop())
    sender = await envelopes.senders(desk)
    return [Claim(seen, letter, sender(letter, seen.value)) for seen, letter in taken], len(candidates)


async def put_right(desk: Desk) -> None:
    """What is in flight with nobody, what is uncertain, and what has had its last useful moment, each as its rule says."""
    await _recover(desk)
    await _expire(desk)


async def _candidates(tx: Transaction, desk: Desk, places: int, round_number: int) -> list[Seen[Delivery]]:
    stops = [stop.key for stop in await tx.stops.all()]
    if STOPS_ALL in stops or places < 1:
        return []
    until, but = {"due": int(desk.now.timestamp())}, {"release": stops, "letter": stops}
    groups = [{"state": state, "priority": priority} for priority in Priority for state in WAITING]
    waiting: dict[int, list[Seen[Delivery]]] = {priority: [] for priority in sorted(Priority)}
    for found in await tx.deliveries.in_turn(groups, limit=places, until=until, but=but):
        for seen in found:
            waiting[seen.value.priority].append(seen)
    shares = pacing.shared_out({one: len(found) for one, found in waiting.items()}, places, round_number)
    return [seen for priority, found in waiting.items() for seen in sorted(found, key=_turn)[: shares[priority]]]


def _turn(seen: Seen[Delivery]) -> tuple[int, str]:
    return seen.value.tries, seen.value.turn


async def _taken(
    tx: Transaction, candidates: Sequence[Seen[Delivery]], desk: Desk, clock: datetime
) -> list[tuple[Seen[Delivery], Letter]]:
    """Each is looked at once more: by its moment, by what its party has said since, by who is still in office."""
    letters = await tx.letters.seen({one.value.letter for one in candidates})
    sift = await _sift(tx, [one.value for one in candidates], [one.value for one in letters.values()], desk)
    moves, taken = [], list[str]()
    for seen in candidates:
        delivery, letter = seen.value, letters[seen.value.letter].value
        if (after := sift(delivery, letter)) is None:
            after = claims.claimed(delivery, secrets.token_hex(_TOKEN_BYTES), now=desk.now, clock=clock)
            taken.append(delivery.key)
        moves.append((seen, after))
    done = await tx.deliveries.swap(moves)
    dated = await _dated(tx, [letters[done[key].value.letter] for key in taken], desk)
    for _, after in moves:
        await outcomes.follow(tx, after, desk)
        if after.state is DeliveryState.WITHDRAWN:
            await repairs.serve_otherwise(tx, letters[after.letter].value, desk)
    return [(done[key], dated[done[key].value.letter]) for key in taken]


async def _sift(
    tx: Transaction, deliveries: Sequence[Delivery], letters: Sequence[Letter], desk: Desk
) -> Callable[[Delivery, Letter], Delivery | None]:
    """What becomes of each that must not go now; None for one that may."""
    answered = await standing.why_not_any_more(letters, tx, desk)
    left = await _who_has_left(tx, deliveries, desk)
    by_itself = any(map(office_hours.goes_by_itself, letters))
    opening = await office_hours.next_opening(tx, desk) if by_itself else desk.now

    def sifted(delivery: Delivery, letter: Letter) -> Delivery | None:
        if delivery.not_after and delivery.not_after < desk.now:
            return _expired(delivery, desk)
        if why := answered.get(letter.key) or left.get(delivery.key):
            return delivery.moved(DeliveryState.WITHDRAWN, desk.now, reply=why)
        if opening > desk.now and office_hours.goes_by_itself(letter):
            return delivery.waiting_until(opening)
        return None

    return sifted


async def _dated(tx: Transaction, letters: Iterable[Seen[Letter]], desk: Desk) -> dict[str, Letter]:
    """The date of a letter is the moment of its first try, which stands in each of its copies for ever.

    What is claimed may leave: its message is owed to the record.
    """
    seen = {one.value.key: one for one in letters}
    owed = [one for one in seen.values() if one.value.date is None or one.value.record is not Record.OWED]
    done = await tx.letters.swap(
        [(one, replace(one.value, date=one.value.date or desk.now, record=Record.OWED)) for one in owed]
    )
    return {key: done[key].value if key in done else one.value for key, one in seen.items()}


async def _who_has_left(tx: Transaction, candidates: Iterable[Delivery], desk: Desk) -> dict[str, str]:
    """Recipients are checked again when their copy goes: whoever has left office since gets nothing."""
    known = defaultdict(list)
    for contact in await tx.contacts.find(address=tuple({one.address for one in candidates})):
        known[contact.state, contact.address].append(contact)
    return {
        one.key: "not sent: the address no longer serves"
        for one in candidates
        if (there := known[one.party, one.address]) and not any(contact.serves_on(desk.today) for contact in there)
    }


async def _recover(desk: Desk) -> None:
    """What nobody has any more goes again or, where it may have been accepted, as its kind says."""
    store = desk.store
    if not await store.deliveries.count(state=(*claims.IN_FLIGHT, DeliveryState.UNCERTAIN)):
        return
    clock = await store.clock()
    for delivery in await store.deliveries.find(state=tuple(claims.IN_FLIGHT)):
        if claims.is_lost(delivery, clock, alone=store.alone):
            await _recovered(desk, delivery, clock)
    for delivery in await store.deliveries.find(state=DeliveryState.UNCERTAIN):
        letter = await store.letters.get(delivery.letter)
        if letter and letter.rule.again_after_crash and not delivery.by_hand:
            wait = next_try(desk.now, delivery.tries) if delivery.tries > 1 else None
            await _put(desk, delivery, delivery.moved(DeliveryState.QUEUED, desk.now, next_try=wait))


async def _recovered(desk: Desk, delivery: Delivery, clock: datetime) -> None:
    if delivery.state is DeliveryState.CLAIMED:
        if back := claims.given_back(delivery, delivery.token, desk.now):
            await _put(desk, delivery, back)
        return
    said = "the desk ended while the server was answering" if desk.store.alone else _silent(delivery, clock)
    await _put(desk, delivery, delivery.moved(DeliveryState.UNCERTAIN, desk.now, reply=said))


def _silent(delivery: Delivery, clock: datetime) -> str:
    minutes = int((clock - delivery.lease).total_seconds() // 60) if delivery.lease else 0
    return f"whoever was sending it has not been heard of since its lease ran out, {minutes} minutes ago"


async def _expire(desk: Desk) -> None:
    for delivery in await desk.store.deliveries.find(state=tuple(WAITING)):
        if delivery.not_after and delivery.not_after < desk.now:
            await _put(desk, delivery, _expired(delivery, desk))


def _expired(delivery: Delivery, desk: Desk) -> Delivery:
    return delivery.moved(DeliveryState.EXPIRED, desk.now, reply="its last useful moment has passed")


async def _put(desk: Desk, before: Delivery, after: Delivery) -> None:
    """One move in one commit, if nobody has moved it meanwhile, with what follows from it."""
    words = {"reply": after.reply} if after.reply and after.state in outcomes.SHOWN else None
    async with desk.store.transaction(
        by="rule: outbox", doing=f"delivery {after.state}", about=after.key, at=desk.now, words=words
    ) as tx:
        if await tx.deliveries.get(after.key) == before:
            await tx.deliveries.put(after)
            await outcomes.follow(tx, after, desk)


def _changing(desk: Desk, doing: str) -> Transaction:
    return desk.store.transaction(by="rule: outbox", doing=doing, about="outbox", at=desk.now)
