"""What follows from a copy's fate, in the commit that records it: a card, a repair, the next address, a contact that is free."""

from committee.cards import Offer
from committee.letters import Delivery, DeliveryState
from committee.posts import run_of
from mailflows import cards, repairs
from mailflows.desk import Desk
from storage.port import Transaction

SHOWN = frozenset({DeliveryState.REFUSED, DeliveryState.EXPIRED, DeliveryState.UNCERTAIN})


async def follow(tx: Transaction, delivery: Delivery, desk: Desk) -> None:
    """Do what the state into which a copy has just come asks for; for one that was accepted see `got_through`."""
    letter = await tx.letters.get(delivery.letter) if delivery.state in SHOWN else None
    if delivery.state in SHOWN:
        await _show(tx, delivery, run_of(letter) if letter else "", desk)
    if delivery.state is DeliveryState.REFUSED and letter:
        await repairs.undelivered(tx, delivery, letter, desk)
    in_time = delivery.not_after is None or delivery.not_after >= desk.now
    if delivery.state is DeliveryState.EXPIRED and letter and in_time:
        await repairs.serve_otherwise(tx, letter, desk)


async def got_through(tx: Transaction, accepted: list[Delivery]) -> None:
    """Whoever takes mail again needs no mending; where nothing is to be mended, nothing is looked up."""
    if accepted and await tx.repairs.all():
        for delivery in accepted:
            await repairs.got_through(tx, delivery)


async def _show(tx: Transaction, delivery: Delivery, thread: str, desk: Desk) -> None:
    letter = delivery.letter
    text = f"{delivery.address}: {delivery.reply}"
    offers: tuple[Offer, ...] = (Offer("Show the letter", f"letter {letter}"),)
    if delivery.state is DeliveryState.UNCERTAIN:
        offers = (
            Offer("Send it again", f"letter {letter} again", "primary"),
            Offer("Write a second copy", f"letter {letter} second-copy"),
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
        thread=thread,
    )
