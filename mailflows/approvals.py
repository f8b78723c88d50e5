"""What goes to many parties is prepared by one person and released by a second; nobody releases what they prepared."""

from dataclasses import replace

from committee.calendar import written_moment
from committee.cards import Offer
from committee.errors import Refused
from committee.letters import MOST_WITHOUT_A_SECOND_PERSON, Draft
from committee.staff import Person, Role
from mailflows import cards
from mailflows.permissions import require
from mailflows.presses import Act, Press
from storage.tables import Tables
from storage.transactions import Transaction

KIND = "letters-to-release"


def takes_a_second_person(drafts: tuple[Draft, ...]) -> bool:
    return len(drafts) > MOST_WITHOUT_A_SECOND_PERSON


async def ask(about: str, title: str, letters: int, offer: Offer, who: Act) -> None:
    """Put it on a card for whoever approves; the same words, prepared again, stay as they are, others replace them."""
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing="approval asked", about=about, at=desk.now) as tx:
        earlier = await tx.cards.find(about=about, kind=KIND)
        waiting = [card for card in earlier if not card.decided]
        for card in waiting:
            actions = [await tx.actions.get(key) for key in card.actions]
            if any(action and action.digest == offer.digest for action in actions):
                return
            await tx.cards.put(replace(card, decided=f"prepared anew by {who.person.name}, {written_moment(desk.now)}"))
        text = f"Prepared by {who.person.name}. A second person, an approver, releases them."
        fields = {"prepared_by": who.person.key, "letters": letters}
        await cards.post(
            tx, KIND, about, title, text, now=desk.now, fields=fields, offers=(offer,), nth=len(earlier) + 1
        )


async def waiting(tables: Tables) -> int:
    """How many letters are prepared and wait for a second person."""
    return sum(int(card.fields["letters"]) for card in await tables.cards.find(kind=KIND) if not card.decided)


async def check(tx: Transaction, press: Press, person: Person) -> None:
    """`Refused` unless `person` is an approver, the button stands on an approval's card, and somebody else prepared it."""
    require(person, Role.APPROVER, f"release letters to more than {MOST_WITHOUT_A_SECOND_PERSON} parties")
    action = await tx.actions.get(press.action)
    card = await tx.cards.get(action.card) if action and action.card else None
    if card is None or card.kind != KIND:
        raise Refused("This was not prepared for release; a second person does that. Nothing was sent.")
    if card.decided:
        raise Refused(f"{card.title}: {card.decided}. Nothing was sent.")
    if card.fields.get("prepared_by") == person.key:
        raise Refused("Nobody releases what they prepared: another approver does. Nothing was sent.")
