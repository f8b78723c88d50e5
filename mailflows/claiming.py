"""What may go now is taken on, so many at a time: receipts before bulk, nothing stopped, and each recipient looked at again."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from committee import claims, pacing
from committee.contacts import state_of
from committee.letters import WAITING, Delivery, DeliveryState, Letter, Priority, Stop, dated
from committee.retries import next_try
from mailflows import envelopes, office_hours, outcomes, repairs, seats, standing
from mailflows.desk import Desk
from storage.ledgers import Seen
from storage.port import Transaction
from storage.tables import Tables

_TOKEN_BYTES = 8
NO_LONGER_SERVES = "not sent: the address no longer serves"


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that is ours to send, with its letter and the sender of its envelope.

    Where several processes may deliver, its row says so, until a lease runs out. Where one works alone nobody else can
    take it: it is in that process's hand alone, and its row waits until the commit that begins to send.
    """

    seen: Seen[Delivery]
    letter: Letter
    envelope_sender: str

    @property
    def delivery(self) -> Delivery:
        return self.seen.value

    @property
    def again(self) -> bool:
        """Whether it was tried before."""
        return self.delivery.tries > (self.delivery.state is DeliveryState.CLAIMED)


@dataclass(frozen=True, slots=True)
class _Found:
    """What may go now, looked at once more: what may be taken on, what becomes of the rest, which letters need their date."""

    taken: list[tuple[Seen[Delivery], Seen[Letter]]]
    stays: list[tuple[Seen[Delivery], Delivery, Letter]]
    undated: dict[str, Seen[Letter]]

    @property
    def looked_at(self) -> int:
        return len(self.taken) + len(self.stays)


async def claim(desk: Desk, places: int, round_number: int, in_hand: Collection[str] = ()) -> tuple[list[Claim], int]:
    """Take on at most so many of what may go now, and say how many were looked at; nothing that is `in_hand` by its key.

    What must not go any more is withdrawn, expired or put off instead; another address may have been queued in its place.
    """
    if desk.store.alone:
        found = await _found(desk.store, desk, places, round_number, in_hand)
        if not (found.stays or found.undated):  # nothing to be written
            return await _claims([(seen, letter.value) for seen, letter in found.taken], desk), found.looked_at
    clock = await desk.store.clock()
    async with _changing(desk, "delivery claimed") as tx:
        found = await _found(tx, desk, places, round_number, in_hand)
        taken = await _taken(tx, found, desk, clock)
        if len(of_letters := {letter.key for _, letter in taken}) == 1:
            tx.occasion(doing="delivery claimed", about=of_letters.pop())
    return await _claims(taken, desk), found.looked_at


async def _claims(taken: Sequence[tuple[Seen[Delivery], Letter]], desk: Desk) -> list[Claim]:
    """Each with its letter as it is sent: with its date, which is the copy's where there is one copy, and today's at its first try."""
    sender = await envelopes.senders(desk)
    claimed = []
    for seen, letter in taken:
        sent = letter if letter.date else replace(letter, date=seen.value.date or desk.now)
        claimed.append(Claim(seen, sent, sender(sent, seen.value)))
    return claimed


async def put_right(desk: Desk) -> None:
    """What is in flight with nobody, what is uncertain, and what has had its last useful moment, each as its rule says."""
    await _recover(desk)
    await _expire(desk)


async def _found(tables: Tables, desk: Desk, places: int, round_number: int, in_hand: Collection[str]) -> _Found:
    """Each is looked at once more: by its moment, by what its party has said since, by who is still in office."""
    candidates = await _candidates(tables, desk, places, round_number, in_hand)
    letters = await tables.letters.seen({one.value.letter for one in candidates})
    sift = await _sift(tables, [one.value for one in candidates], [one.value for one in letters.values()], desk)
    found = _Found([], [], {})
    for seen in candidates:
        delivery, letter = seen.value, letters[seen.value.letter]
        if after := sift(delivery, letter.value):
            found.stays.append((seen, after, letter.value))
            continue
        found.taken.append((seen, letter))
        if letter.value.date is None and not (letter.value.has_one_copy and delivery.is_first):
            found.undated[letter.value.key] = letter
    return found


async def _candidates(
    tables: Tables, desk: Desk, places: int, round_number: int, in_hand: Collection[str]
) -> list[Seen[Delivery]]:
    stops = [stop.key for stop in await tables.stops.all()]
    if Stop.ALL in stops or places < 1:
        return []
    until, but = {"due": int(desk.now.timestamp())}, {"release": stops, "letter": stops, "key": [*in_hand]}
    groups = [{"state": state, "priority": priority} for priority in Priority for state in WAITING]
    waiting: dict[int, list[Seen[Delivery]]] = {priority: [] for priority in sorted(Priority)}
    for found in await tables.deliveries.in_turn(groups, limit=places, until=until, but=but):
        for seen in found:
            waiting[seen.value.priority].append(seen)
    shares = pacing.shared_out({one: len(found) for one, found in waiting.items()}, places, round_number)
    return [seen for priority, found in waiting.items() for seen in sorted(found, key=_turn)[: shares[priority]]]


def _turn(seen: Seen[Delivery]) -> tuple[int, str]:
    return seen.value.tries, seen.value.turn


async def _taken(tx: Transaction, found: _Found, desk: Desk, clock: datetime) -> list[tuple[Seen[Delivery], Letter]]:
    """Write what becomes of what stays, the dates, and, where several may deliver, the claims."""
    dated_now = await _dated(tx, found.undated, desk)
    letters = {seen.value.key: dated_now.get(letter.value.key, letter.value) for seen, letter in found.taken}
    mine = [] if desk.store.alone else [seen for seen, _ in found.taken]
    claimed = [(seen, _claimed(seen.value, letters[seen.value.key], desk, clock)) for seen in mine]
    done = await tx.deliveries.swap([*((seen, after) for seen, after, _ in found.stays), *claimed])
    for _, after, letter in found.stays:
        await outcomes.follow(tx, after, desk)
        if after.reply == NO_LONGER_SERVES:
            await repairs.serve_otherwise(tx, letter, desk)
    await seats.tell(tx, [(letter, after.reply) for _, after, letter in found.stays if after.reply in seats.SAID], desk)
    return [(done[key] if mine else seen, letters[key]) for seen, _ in found.taken for key in (seen.value.key,)]


def _claimed(delivery: Delivery, letter: Letter, desk: Desk, clock: datetime) -> Delivery:
    return claims.claimed(delivery, secrets.token_hex(_TOKEN_BYTES), now=desk.now, clock=clock, date=letter.date)


async def _sift(
    tables: Tables, deliveries: Sequence[Delivery], letters: Sequence[Letter], desk: Desk
) -> Callable[[Delivery, Letter], Delivery | None]:
    """What becomes of each that must not go now; None for one that may."""
    over = await standing.why_not_any_more(letters, tables, desk)
    over |= await seats.why_not_any_more(letters, tables, desk)
    left = await _who_has_left(tables, deliveries, desk)
    by_itself = any(map(office_hours.goes_by_itself, letters))
    opening = await office_hours.next_opening(tables, desk) if by_itself else desk.now

    def sifted(delivery: Delivery, letter: Letter) -> Delivery | None:
        if delivery.not_after and delivery.not_after < desk.now:
            return _expired(delivery, desk)
        if why := over.get(letter.key) or left.get(delivery.key):
            return delivery.moved(DeliveryState.WITHDRAWN, desk.now, reply=why)
        if opening > desk.now and office_hours.goes_by_itself(letter):
            return delivery.waiting_until(opening)
        return None

    return sifted


async def _dated(tx: Transaction, undated: Mapping[str, Seen[Letter]], desk: Desk) -> dict[str, Letter]:
    """The date of a letter is the moment of its first try, for ever; several copies must agree on it before one leaves."""
    if not undated:
        return {}
    copies = await tx.deliveries.find(letter=tuple(undated))
    tried = {key: [one for one in copies if one.letter == key] for key in undated}
    letters = [(seen, dated(seen.value, tried[key])) for key, seen in undated.items()]
    done = await tx.letters.swap([(seen, replace(one, date=one.date or desk.now)) for seen, one in letters])
    return {key: seen.value for key, seen in done.items()}


async def _who_has_left(tables: Tables, candidates: Iterable[Delivery], desk: Desk) -> dict[str, str]:
    """Recipients are checked again when their copy goes: whoever has left office since gets nothing."""
    known = defaultdict(list)
    for contact in await tables.contacts.find(address=tuple({one.address for one in candidates})):
        known[contact.state, contact.address].append(contact)
    return {
        one.key: NO_LONGER_SERVES
        for one in candidates
        if (there := known[state_of(one.party), one.address])
        and not any(contact.serves_on(desk.today) for contact in there)
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
