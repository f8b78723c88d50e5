"""The only door out: letters are queued in the commit that decided them, and delivered after, each copy with its proof."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Protocol

from committee.calendar import new_york
from committee.cards import Offer
from committee.errors import Refused, Unavailable
from committee.letters import Delivery, DeliveryState, Draft, Letter, deliveries_of
from committee.retries import given_up, next_try
from mailflows import cards, composing, envelopes, indexing, letters, office_hours, rendering, repairs
from mailflows.accepted import Accepted, Deferred, NotLetIn, Uncertain
from mailflows.desk import Desk
from mailflows.logs import log
from mailflows.standing import why_not_any_more
from storage.transactions import Transaction

WAITING = (DeliveryState.QUEUED, DeliveryState.LATER)


class Post(Protocol):
    """A way out: an SMTP server or a Maildir."""

    async def send(
        self, envelope_sender: str, recipient: str, raw: bytes, *, key: str, envelope_id: str = ""
    ) -> Accepted:
        """Hand one copy over; `Deferred`, `Refused`, `Uncertain`, `NotLetIn` or `Unavailable` with the server's words else.

        `key` names the delivery; `envelope_id` comes back in a delivery status notification (ENVID, RFC 3461).
        """


async def queue(tx: Transaction, drafts: Sequence[Draft], *, release: str, by: str, desk: Desk) -> list[Letter]:
    """Add the letters, each with its reference number and one delivery for each address; keys already known add nothing."""
    queued = []
    for draft in drafts:
        if not draft.addressees or await tx.letters.get(draft.key):
            continue
        reference = await tx.number("L", new_york(desk.now).year)
        letter = letters.release(draft, reference=reference, release=release, by=by, desk=desk)
        await tx.letters.add(letter)
        await tx.deliveries.add(*deliveries_of(letter))
        await indexing.index_letter(tx, letter)
        queued.append(letter)
    return queued


@dataclass(frozen=True, slots=True)
class Tally:
    """What one round of deliveries came to."""

    sent: int = 0
    later: int = 0
    refused: int = 0
    uncertain: int = 0
    trouble: str = ""

    def plus(self, delivery: Delivery) -> "Tally":
        state = delivery.state
        return replace(
            self,
            sent=self.sent + (state is DeliveryState.SENT),
            later=self.later + (state is DeliveryState.LATER),
            refused=self.refused + (state is DeliveryState.REFUSED),
            uncertain=self.uncertain + (state is DeliveryState.UNCERTAIN),
        )


async def deliver_due(desk: Desk, post: Post, *, ending: Callable[[], bool] = lambda: False) -> Tally:
    """Deliver what may go now, receipts before bulk; whoever calls this holds the work lock.

    A row that fails is put off and never stops the others; a server that cannot be reached, or that does not let us in,
    ends the round, and everything else stays queued. So does `ending`, asked before each letter: the desk is being ended.
    """
    await _recover(desk)
    tally, tried = Tally(), set[str]()
    while due := [delivery for delivery in await _due(desk) if delivery.key not in tried]:  # a refusal may add one
        for delivery in due:
            if ending():
                return tally
            tried.add(delivery.key)
            try:
                if moved := await _deliver(delivery, post, desk):
                    tally = tally.plus(moved)
            except NoWayOut as error:
                return replace(tally, trouble=str(error))
    return tally


class NoWayOut(Exception):
    """The server cannot be reached, or does not let us in: the round ends, and what waits stays queued."""


async def _recover(desk: Desk) -> None:
    """Rows in flight belong to a process that died: uncertain, and then by their kind again, or a person's decision."""
    for delivery in await desk.store.deliveries.find(state=DeliveryState.SENDING):
        await _mark(desk, delivery, DeliveryState.UNCERTAIN, reply="the desk ended while the server was answering")
    for delivery in await desk.store.deliveries.find(state=DeliveryState.UNCERTAIN):
        letter = await desk.store.letters.get(delivery.letter)
        if letter and letter.rule.again_after_crash and not delivery.by_hand:
            await _mark(
                desk,
                delivery,
                DeliveryState.QUEUED,
                next_try=next_try(desk.now, delivery.tries) if delivery.tries > 1 else None,
            )


async def _due(desk: Desk) -> list[Delivery]:
    """What may go now, receipts first and what has failed least; what is past its last useful moment expires here, and is shown."""
    stops = {stop.key for stop in await desk.store.stops.all()}
    due = []
    for delivery in await desk.store.deliveries.find(state=WAITING):
        if delivery.not_after and delivery.not_after < desk.now:
            await _mark(desk, delivery, DeliveryState.EXPIRED, reply="its last useful moment has passed")
        elif not stops & {"all", delivery.release, delivery.letter} and (delivery.next_try or desk.now) <= desk.now:
            due.append(delivery)
    return sorted(due, key=lambda delivery: (delivery.priority, delivery.tries))


async def _deliver(delivery: Delivery, post: Post, desk: Desk) -> Delivery | None:
    """Claim, send, record: `sending` is durable before the message goes out."""
    claimed = await _claim(delivery, desk)
    if claimed is None:
        return None
    sending, letter = claimed
    try:
        raw = await composed(letter, desk)
    except Exception as error:  # noqa: BLE001 - one letter that nobody foresaw must not stop the others
        log.error("letter not composed", key=sending.key, error=type(error).__name__)
        return await _put_off(desk, sending, f"it could not be composed ({type(error).__name__})")
    return await _hand_over(sending, letter, raw, post, desk)


async def _hand_over(sending: Delivery, letter: Letter, raw: bytes, post: Post, desk: Desk) -> Delivery:
    """Every answer becomes a state, with the server's own words."""
    try:
        sender = await envelopes.envelope_sender(letter, sending, desk)
        named = envelopes.token(letter, sending, desk.store.secret)
        accepted = await post.send(sender, sending.address, raw, key=sending.key, envelope_id=named)
    except Deferred as error:
        return await _put_off(desk, sending, error.reply, error.after)
    except Uncertain as error:
        return await _mark(desk, sending, DeliveryState.UNCERTAIN, reply=str(error))
    except (NotLetIn, Unavailable) as error:
        await _put_off(desk, sending, str(error), to_the_end=True)
        if isinstance(error, NotLetIn):
            await _alarm(desk, "smtp-not-let-in", str(error))
        raise NoWayOut(str(error)) from error
    except Refused as error:
        return await _mark(desk, sending, DeliveryState.REFUSED, reply=str(error))
    except Exception as error:  # noqa: BLE001 - one letter that nobody foresaw must not stop the others
        log.error("letter not delivered", key=sending.key, error=type(error).__name__)
        return await _put_off(desk, sending, f"it could not be handed over ({type(error).__name__})")
    digest = hashlib.sha256(raw).hexdigest()
    proof = {"reply": accepted.reply, "server": accepted.server, "tls": accepted.tls, "sha256": digest}
    return await _mark(desk, sending, DeliveryState.SENT, **proof)


async def _claim(delivery: Delivery, desk: Desk) -> tuple[Delivery, Letter] | None:
    """Mark it as being sent, if it still may be: not stopped, not held, its address still in office."""
    async with desk.store.transaction(
        by="rule: outbox", doing="delivery sending", about=delivery.key, at=desk.now
    ) as tx:
        current, letter = await tx.deliveries.get(delivery.key), await tx.letters.get(delivery.letter)
        if current is None or letter is None or current.state not in WAITING:
            return None
        for key in ("all", current.release, current.letter):
            if await tx.stops.get(key):
                return None
        if answered := await why_not_any_more(letter, tx, desk):
            await tx.deliveries.put(current.moved(DeliveryState.WITHDRAWN, desk.now, reply=answered))
            return None
        if left := await _has_left(tx, current, desk):
            await tx.deliveries.put(current.moved(DeliveryState.WITHDRAWN, desk.now, reply=left))
            await repairs.serve_otherwise(tx, letter, desk)
            return None
        opening = await office_hours.goes_by_itself_at(letter, tx, desk)
        if opening and opening > desk.now:
            await tx.deliveries.put(replace(current, next_try=opening))
            return None
        letter = letter if letter.date else replace(letter, date=desk.now)
        first = current.first_try or desk.now
        tries = current.tries + 1
        sending = current.moved(DeliveryState.SENDING, desk.now, tries=tries, next_try=None, first_try=first)
        await tx.letters.put(letter)
        await tx.deliveries.put(sending)
    return sending, letter


async def _has_left(tx: Transaction, delivery: Delivery, desk: Desk) -> str:
    """Recipients are checked again when their copy goes: whoever has left office since gets nothing."""
    known = [contact for contact in await tx.contacts.find(address=delivery.address) if contact.state == delivery.party]
    if known and not any(contact.serves_on(desk.today) for contact in known):
        return "not sent: the address no longer serves"
    return ""


async def composed(letter: Letter, desk: Desk) -> bytes:
    """The bytes that leave, from the frozen words: the same today and after any upgrade."""
    rendered = rendering.render(await desk.store.kept(letter.template), letter)
    enclosures = {enclosure.sha256: await desk.store.kept(enclosure.sha256) for enclosure in letter.enclosures}
    reply_to = letters.reply_to(letter, desk)
    return composing.compose(
        letter, rendered, letterhead=letters.letterhead(desk), enclosures=enclosures, reply_to=reply_to
    )


async def _put_off(
    desk: Desk, delivery: Delivery, words: str, after: timedelta | None = None, *, to_the_end: bool = False
) -> Delivery:
    """Try it later; after five days it is given up, or, `to_the_end`, at its last useful moment where it has one.

    That our own server cannot be reached says nothing about the letter or whom it is for.
    """
    later = await _mark(
        desk, delivery, DeliveryState.LATER, reply=words, next_try=next_try(desk.now, delivery.tries, after)
    )
    if to_the_end and delivery.not_after:
        return later
    if delivery.tries > 1 and given_up(delivery.first_try or desk.now, desk.now):
        return await _mark(
            desk, later, DeliveryState.EXPIRED, reply=f"given up after {delivery.tries} tries in five days: {words}"
        )
    return later


async def _mark(desk: Desk, delivery: Delivery, state: DeliveryState, **facts: Any) -> Delivery:
    """One move in one commit; what a person must know of is shown in the same commit."""
    words = {"reply": facts["reply"]} if facts.get("reply") else None  # the delivery forgets it with its next move
    async with desk.store.transaction(
        by="rule: outbox", doing=f"delivery {state}", about=delivery.key, at=desk.now, words=words
    ) as tx:
        current = await tx.deliveries.get(delivery.key)
        if current and current.state is DeliveryState.BOUNCED and state is DeliveryState.SENT:
            proven = replace(current, **{name: facts[name] for name in ("server", "tls", "sha256")})
            await tx.deliveries.put(proven)  # its bounce was quicker than this mark
            return proven
        if current is None or current.state is not delivery.state:
            return current or delivery
        moved = current.moved(state, desk.now, **facts)
        await tx.deliveries.put(moved)
        await _told(tx, moved, desk)
    return moved


async def _told(tx: Transaction, delivery: Delivery, desk: Desk) -> None:
    """What follows from a move, in the same commit: a card, a repair, the next address, a contact that is free again."""
    if delivery.state in {DeliveryState.REFUSED, DeliveryState.EXPIRED, DeliveryState.UNCERTAIN}:
        await _show(tx, delivery, desk)
    letter = await tx.letters.get(delivery.letter)
    if delivery.state is DeliveryState.REFUSED and letter:
        await repairs.undelivered(tx, delivery, letter, desk)
    in_time = delivery.not_after is None or delivery.not_after >= desk.now
    if delivery.state is DeliveryState.EXPIRED and letter and in_time:
        await repairs.serve_otherwise(tx, letter, desk)
    if delivery.state is DeliveryState.SENT:
        await repairs.got_through(tx, delivery)


async def _show(tx: Transaction, delivery: Delivery, desk: Desk) -> None:
    letter = delivery.letter
    text = f"{delivery.address}: {delivery.reply}"
    offers: tuple[Offer, ...] = (Offer("Show the letter", f"letter {letter}"),)
    if delivery.state is DeliveryState.UNCERTAIN:
        offers = (
            Offer("Send it again", f"letter {letter} again", "primary"),
            Offer("Withdraw it", f"letter {letter} withdraw", "danger"),
        )
    title = f"{letter}: {delivery.state}, one delivery"
    fields = {"party": delivery.party, "kind": delivery.kind, "address": delivery.address}
    await cards.post(
        tx,
        f"letter-{delivery.state}",
        delivery.key,
        title,
        text,
        now=desk.now,
        fields=fields,
        offers=offers,
        nth=max(delivery.tries, 1),
    )


async def _alarm(desk: Desk, kind: str, words: str) -> None:
    async with desk.store.transaction(by="rule: outbox", doing="alarm", about=kind, at=desk.now) as tx:
        about = f"{kind}/{desk.today}"
        await cards.post(tx, "alarm", about, "Nothing leaves: the mail server does not let us in", words, now=desk.now)
