"""What goes to many parties is prepared by one person and released by a second; nobody releases what they prepared."""

from dataclasses import replace

from committee.calendar import written_moment
from committee.cards import EventCard, Offer
from committee.errors import Refused
from committee.letters import MOST_WITHOUT_A_SECOND_PERSON
from committee.staff import Person, Role
from mailflows import cards
from mailflows.permissions import require
from mailflows.presses import Act, Press
from storage.port import Transaction
from storage.tables import Tables

KIND = "letters-to-release"


async def ask(  # noqa: PLR0913, PLR0917 - a card's facts, and who asks
    tx: Transaction, about: str, title: str, letters: int, offer: Offer, who: Act
) -> None:
    """Put it on a card for whoever approves; the same words, asked for again, stay as they are, others replace them."""
    desk = who.desk
    earlier = await tx.cards.find(about=about, kind=KIND)
    for card in earlier:
        actions = [await tx.actions.get(key) for key in card.actions]
        if not card.decided and any(action and action.digest == offer.digest for action in actions):
            return
    await withdraw(tx, about, f"prepared anew by {who.person.name}, {written_moment(desk.now)}")
    text = (
        f"Prepared by {who.person.name}. A second person, an approver, releases them. "
        f"To read the letter and to see who gets it: {offer.line}"
    )
    fields = {"prepared_by": who.person.key, "letters": letters}
    await cards.post(tx, KIND, about, title, text, now=desk.now, fields=fields, offers=(offer,), nth=len(earlier) + 1)


async def withdraw(tx: Transaction, about: str, why: str) -> None:
    """What waits for a second person about this, or about all that begins with it, is not to be released any more."""
    for card in await tx.cards.find(kind=KIND):
        if card.about.startswith(about) and not card.decided:
            await cards.put(tx, replace(card, decided=why))


async def card_of(tx: Transaction, press: Press) -> EventCard | None:
    """The card that asks for a second person, where the button stands on one."""
    action = await tx.actions.get(press.action)
    card = await tx.cards.get(action.card) if action and action.card else None
    return card if card and card.kind == KIND else None


async def waiting(tables: Tables) -> int:
    """How many letters are prepared and wait for a second person."""
    return sum(int(card.fields["letters"]) for card in await tables.cards.find(kind=KIND) if not card.decided)


def check(card: EventCard, person: Person) -> None:
    """`Refused` unless `person` is an approver, somebody else prepared it, and it still waits."""
    require(person, Role.APPROVER, f"release letters to more than {MOST_WITHOUT_A_SECOND_PERSON} parties")
    if card.decided:
        raise Refused(f"{card.title}: {card.decided}. Nothing was sent.")
    if card.fields.get("prepared_by") == person.key:
        raise Refused("Nobody releases what they prepared: another approver does. Nothing was sent.")
