"""Event cards: what happened, told to the secretariat once, with the buttons that fit; decided, the buttons are gone."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from committee.cards import Action, EventCard, Offer
from mailflows import posts
from storage.port import Transaction

ID_BYTES = 5


def new_action(offer: Offer, *, shown_at: datetime, person: str | None = None, card: str | None = None) -> Action:
    """The offer as a button: its id is random, so that nobody presses what they have not been shown."""
    return Action(
        key=secrets.token_hex(ID_BYTES),
        label=offer.label,
        line=offer.line,
        style=offer.style,
        shown_at=shown_at,
        person=person,
        digest=offer.digest,
        asks=offer.asks,
        card=card,
        releases=offer.releases,
        texts=offer.texts,
    )


async def post(  # noqa: PLR0913 - a card's facts, each by its name
    tx: Transaction, kind: str, about: str, title: str, text: str, *, now: datetime,
    fields: Mapping[str, Any] | None = None, offers: tuple[Offer, ...] = (), nth: int = 1, thread: str = "",
) -> bool:  # fmt: skip
    """Add the card, its buttons and its posts in chat to this commit; the same event again adds nothing, and says so.

    `thread` is the key of what it concerns, where that is not what it is `about`.
    """
    key = key_of(kind, about, nth)
    actions = [new_action(offer, shown_at=now, card=key) for offer in offers]
    buttons = tuple(action.key for action in actions)
    card = EventCard(key, kind, now, about, title, text, dict(fields or {}), buttons, thread=thread)
    if not await tx.cards.add(card):
        return False
    await tx.actions.add(*actions)
    await posts.queue(tx, card)
    return True


def key_of(kind: str, about: str, nth: int = 1) -> str:
    return f"{kind}/{about}" if nth == 1 else f"{kind}/{about}/{nth}"


async def decide(tx: Transaction, about: str, words: str, *, kind: str = "") -> None:
    """Every card about `about`, or those of one kind, says who decided what, and its buttons are gone."""
    for card in await tx.cards.find(about=about):
        if not card.decided and kind in {"", card.kind}:
            await put(tx, replace(card, decided=words))


async def refresh(tx: Transaction, about: str, offers: tuple[Offer, ...], now: datetime) -> None:
    """The newest card about `about` shows the buttons that fit now; those that were pressed stay pressed."""
    newest = await tx.cards.find(about=about, newest_first=True, limit=1)
    for card in newest:
        actions = [new_action(offer, shown_at=now, card=card.key) for offer in offers]
        await tx.actions.add(*actions)
        await put(tx, replace(card, decided="", actions=tuple(action.key for action in actions)))


async def put(tx: Transaction, card: EventCard) -> None:
    """The card is another now: wherever it stands in chat, it is shown so."""
    await tx.cards.put(card)
    await posts.show_change(tx, card.key)
