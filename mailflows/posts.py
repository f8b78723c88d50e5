"""A card is to stand in the desk's channels, and to be changed there when somebody decides: queued in the same commit."""

from dataclasses import replace

from committee import posts
from committee.cards import Action, EventCard
from committee.posts import OPEN, ChatFacts, Post, PostState
from mailflows.chat import Shown
from storage.port import Transaction
from storage.tables import Tables

CHAT = "chat"
S = PostState
NOT_BEGUN = frozenset({S.QUEUED, S.LATER})


async def facts(tables: Tables) -> ChatFacts:
    return await tables.chat.get(CHAT) or ChatFacts(CHAT)


async def is_told_in_chat(tables: Tables) -> bool:
    """Whether the desk has a channel, so that what is announced counts from when it stands there."""
    return bool((await facts(tables)).channels)


async def queue(tx: Transaction, card: EventCard) -> None:
    """The card is to stand in each of the desk's channels; without one this adds nothing."""
    await tx.posts.add(*(posts.post_of(card, channel, tx.at) for channel in (await facts(tx)).channels))


async def show_change(tx: Transaction, card: str) -> None:
    """Wherever the card stands, or may, it is to be shown as it is now; what has not been posted yet is drawn later anyway.

    Not in a channel that the desk has left.
    """
    there = await tx.posts.find(card=card)
    channels = (await facts(tx)).channels if there else ()
    for post in there:
        changes = [one for one in there if one.updates == post.key and not one.second_look]
        begun = not post.updates and post.state not in {*NOT_BEGUN, S.GIVEN_UP}
        if begun and post.channel in channels and not any(one.state in NOT_BEGUN for one in changes):
            await tx.posts.add(posts.update_of(post, len(changes) + 1, tx.at))


async def shown(card: EventCard, tables: Tables) -> Shown:
    """The card as it is now: decided, it says by whom, and no button that was pressed is left."""
    buttons: list[Action] = []
    for key in () if card.decided else card.actions:
        action = await tables.actions.get(key)
        if action and not action.used_at:
            buttons.append(action)
    return Shown(card, tuple(buttons))


async def continues(tx: Transaction, thread: str, into: str) -> None:
    """What was told of `thread` was the beginning of `into`: that goes on in its thread, unless it has one already."""
    for channel in (await facts(tx)).channels:
        known = await tx.posts.find(place=f"{channel}/{into}")
        if all(one.state in NOT_BEGUN for one in known):
            begun = await tx.posts.find(place=f"{channel}/{thread}")
            await tx.posts.put(*(replace(one, place=f"{channel}/{into}") for one in begun))


async def restored(tx: Transaction) -> None:
    """The desk is as it was at a backup: what waited then may stand in chat since, so it is looked up."""
    waiting = [one for one in await tx.posts.find(state=tuple(OPEN)) if one.state is not S.UNCERTAIN]
    await tx.posts.put(*(one.moved(S.UNCERTAIN, tx.at, why="restored") for one in waiting))


async def not_taken(tables: Tables) -> list[Post]:
    """What chat was asked to take, and did not: it is tried again."""
    put_off = await tables.posts.find(state=(S.LATER, S.UNCERTAIN))
    return [one for one in put_off if one.next_try]


async def waiting(tables: Tables, *, limit: int | None = None) -> list[Post]:
    """What does not stand in chat yet, the oldest first."""
    return await tables.posts.find(state=tuple(OPEN), limit=limit)
