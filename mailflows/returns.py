"""What comes back about a letter of ours, a bounce or an automatic reply, reaches the delivery that it is about."""

from dataclasses import replace
from datetime import timedelta

from committee.away import back_on
from committee.calendar import written
from committee.cards import Offer
from committee.contacts import state_of
from committee.letters import MOVES, Delivery, DeliveryState, Letter
from committee.mail import Mail
from committee.posts import run_of
from mailflows import cards, conversations, correspondents, envelopes, repairs, round_trip
from mailflows.desk import Desk
from mailflows.reading import Bounce, Failure, Reading, ReadingKind
from storage.port import Transaction

MOST_DOUBTS = 3
"""Addresses that one notification can put in doubt by naming them: a stranger must not fill the cards with the address book."""
DOUBTS_A_DAY = 10
"""Such cards within a day, whoever writes the notifications; further ones stand in the inbox alone."""
MOST_REPLIES = 50
"""Automatic replies that are noted on a letter; further ones are kept as mail, and say which letter they are about."""
FROM_A_MACHINE = frozenset({ReadingKind.AUTOMATIC, ReadingKind.MESSAGE, ReadingKind.LIST})


async def receive(mail: Mail, reading: Reading, tx: Transaction, desk: Desk) -> Mail:
    """Bring it to its delivery, and say in the mail's reason which that was; what names none changes nothing.

    A bounce is believed by its token, its ENVID or the Message-ID of a letter of ours, never by an address alone: a
    stranger could write such a notification.
    """
    if await round_trip.came_back(reading, tx, desk):
        return replace(mail, reason="the test letter has come back")
    if reading.bounce:
        return await _notified(mail, reading, reading.bounce, tx, desk)
    return await _answered(mail, reading, tx, desk) if reading.kind in FROM_A_MACHINE else mail


async def _notified(mail: Mail, reading: Reading, bounce: Bounce, tx: Transaction, desk: Desk) -> Mail:
    """A delivery status notification: the copies that it names have bounced; what is only delayed is noted."""
    failed = [failure for failure in bounce.failed if failure.permanent]
    if named := await envelopes.delivery_named(reading, tx, desk):
        letter, delivery = named
        for failure in failed[:1]:
            await _bounced(letter, delivery, failure, mail, tx, desk)
        for failure in bounce.delayed[:1]:
            await _delayed(delivery, failure, tx, desk)
        return _about(mail, letter, delivery.party)
    letters = await tx.letters.find(message_id=bounce.message_id) if bounce.message_id else []
    for letter in letters:
        for failure in failed:
            for delivery in await tx.deliveries.find(letter=letter.key, address=failure.address):
                await _bounced(letter, delivery, failure, mail, tx, desk)
        for failure in bounce.delayed:
            for delivery in await tx.deliveries.find(letter=letter.key, address=failure.address):
                await _delayed(delivery, failure, tx, desk)
        return _about(mail, letter, letter.party)
    for failure in failed[:MOST_DOUBTS]:
        await _names_no_letter(failure, mail, tx, desk)
    return mail


async def _bounced(  # noqa: PLR0913, PLR0917 - what bounced, why, and where
    letter: Letter, delivery: Delivery, failure: Failure, mail: Mail, tx: Transaction, desk: Desk
) -> None:
    if DeliveryState.BOUNCED not in MOVES[delivery.state]:
        return
    said = " ".join(filter(None, (failure.status, failure.said))) or "it came back"
    if _domain(failure.address) != _domain(delivery.address):
        await _passed_on(letter, delivery, f"{failure.address}: {said}", mail, tx, desk)
        return
    bounced = delivery.moved(DeliveryState.BOUNCED, desk.now, reply=f"{said} ({mail.key})")
    await tx.deliveries.put(bounced)
    if await repairs.undelivered(tx, bounced, letter, desk):
        return  # the contact's own card tells it
    offers = (Offer("Show the letter", f"letter {letter.key}"),)
    text = f"{delivery.address}: {said}. It had been accepted before; the notification is {mail.key}."
    title = f"{letter.key}: one copy has bounced"
    await cards.post(
        tx, "letter-bounced", delivery.key, title, text, now=desk.now, offers=offers, thread=run_of(letter)
    )


async def _delayed(delivery: Delivery, failure: Failure, tx: Transaction, desk: Desk) -> None:
    """It is tried further by whoever has it; why it waits stands on the contact."""
    if _domain(failure.address) == _domain(delivery.address):
        said = " ".join(filter(None, (failure.status, failure.said)))
        await repairs.trouble(tx, delivery.address, state_of(delivery.party), said, desk)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].casefold()


async def _passed_on(  # noqa: PLR0913, PLR0917 - what came back, and where
    letter: Letter, delivery: Delivery, said: str, mail: Mail, tx: Transaction, desk: Desk
) -> None:
    """The address itself took it and passed it on, to a list perhaps: that one of them is gone says nothing of the address."""
    text = (
        f"{delivery.address} took it and passed it on, and from there it came back ({mail.key}). {said}. Others behind "
        "that address may have it; nothing was held."
    )
    offers = (Offer("Show the letter", f"letter {letter.key}"),)
    title = f"{letter.key}: one copy did not reach everybody"
    await cards.post(
        tx, "letter-passed-on", delivery.key, title, text, now=desk.now, offers=offers, thread=run_of(letter)
    )


async def _names_no_letter(failure: Failure, mail: Mail, tx: Transaction, desk: Desk) -> None:
    """The address alone, which anybody can write, opens a task where it is in the address book; it holds nothing."""
    if await tx.cards.count(kind="contact-in-doubt", since=desk.now - timedelta(days=1)) >= DOUBTS_A_DAY:
        return
    for contact in await tx.contacts.find(address=failure.address):
        earlier = await tx.cards.find(about=contact.key, kind="contact-in-doubt")
        if contact.held or any(not card.decided for card in earlier):
            continue
        name = await correspondents.party_name(tx, contact.state, desk)
        # Anybody may have written it, so its words are not put into chat under the desk's name.
        status = f" ({failure.status})" if failure.status else ""
        text = (
            f"{mail.key} says that {contact.address} cannot be reached{status}. It names no letter of ours, so nothing was held or sent. "
            f"To read it: mail {mail.key} show"
        )
        offers = (
            Offer("Hold the address", f"contact {contact.key} hold", "danger", asks="text"),
            Offer("The address is right", f"contact {contact.key} free"),
        )
        await cards.post(
            tx, "contact-in-doubt", contact.key, f"{name}: an address in doubt", text,
            now=desk.now, offers=offers, nth=len(earlier) + 1,
        )  # fmt: skip


async def _answered(mail: Mail, reading: Reading, tx: Transaction, desk: Desk) -> Mail:
    """An automatic reply is kept on the letter that it answers, and on the contact whose address gave it."""
    letter, address = await _answers(reading, tx, desk)
    if letter is None:
        return mail
    if len(letter.automatic_replies) < MOST_REPLIES:
        await tx.letters.put(replace(letter, automatic_replies=(*letter.automatic_replies, mail.key)))
    for contact in await tx.contacts.find(address=address):
        if contact.state == state_of(letter.party):
            said = _said(reading, mail, desk)
            await tx.contacts.put(replace(contact, automatic_reply=said))
    return _about(mail, letter, letter.party)


def _said(reading: Reading, mail: Mail, desk: Desk) -> str:
    """The day on which its writer is back where that is certain, and in which mail it stands; none of its other words."""
    said = f"an automatic reply on {written(desk.today)} ({mail.key})"
    back = back_on(f"{reading.subject or ''}\n{reading.reply or reading.text}", desk.today)
    return f"back on {written(back)} ({said})" if back else said


async def _answers(reading: Reading, tx: Transaction, desk: Desk) -> tuple[Letter | None, str]:
    """The letter, and which of its addresses answered: by the token of its envelope, else by the Message-ID it answers."""
    if named := await envelopes.delivery_named(reading, tx, desk):
        return named[0], named[1].address
    for letter in await conversations.letters_answered(reading, tx):
        sender = reading.from_.address if reading.from_ else ""
        written_to = await tx.deliveries.find(letter=letter.key, address=sender)
        return letter, sender if written_to else ""
    return None, ""


def _about(mail: Mail, letter: Letter, party: str) -> Mail:
    """Which letter it is about, as `inbox` says it."""
    reason = "; ".join(filter(None, (mail.reason, f"about {letter.reference}, {letter.key}")))
    return replace(mail, party=state_of(party), reason=reason)
