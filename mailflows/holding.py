"""Holding, releasing, withdrawing a letter; stopping everything that is queued, or one release, at one press."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

from committee.announcements import Announcement, AnnouncementState
from committee.calendar import new_york, written_moment
from committee.counting import counted
from committee.errors import Refused
from committee.letters import Delivery, DeliveryState, Letter, Release, Stop
from committee.staff import STRANGER, Person, Role
from mailflows import announcements, cards, office_hours
from mailflows.permissions import require
from mailflows.presses import Act, use
from mailflows.standing import AGAIN
from storage.port import Transaction

ALL = Stop.ALL
D = DeliveryState
NOT_BEGUN = (D.QUEUED, D.CLAIMED, D.LATER)
"""What a hand can still stop: nothing of it has gone out."""


async def hold(key: str, why: str, who: Act) -> Letter | Announcement:
    """What has not left of a letter, or is only announced, stays until an officer releases it; any of the staff may hold."""
    _require_staff(who.person, "hold a letter")
    if await _only_announced(key, who):
        try:
            return await announcements.hold(key, why, who)
        except Refused:  # it may have been written in this very moment: then what has not left of it is held
            if await _only_announced(key, who):
                raise
    return await _move(key, "hold", who, NOT_BEGUN, D.HELD, held=f"{why} (by {who.person.name})")


async def hold_announced(moment: str, why: str, who: Act) -> list[str]:
    """What the card of that moment announces stays, as far as it has not left; returns the keys of what is held by this."""
    _require_staff(who.person, "hold a letter")
    about = f"announced/{moment}"
    card = await who.desk.store.cards.get(cards.key_of(announcements.KIND, about))
    if card is None:
        raise Refused(f"Nothing was announced at {moment}. To see what goes by itself: due.")
    said, doing = f"{why} (by {who.person.name})", "announcement hold"
    run = str(card.fields["letters"][0]).partition("/")[0]
    async with who.desk.store.transaction(
        by=who.person.key, doing=doing, about=f"{run}/{new_york(card.at).date()}", at=who.desk.now,
        words={"why": said},
    ) as tx:  # fmt: skip
        await use(tx, who.press, who.person, who.desk.now)
        held = [key for key in card.fields["letters"] if await _held(tx, key, said)]
        if not held:
            raise Refused(f"{card.title}: nothing of it is still to go; nothing was changed.")
        by = f"by {who.person.name}, {written_moment(who.desk.now)}"
        await cards.decide(
            tx, about, f"{counted(len(held), 'letter')} held {by}. Each is let go by: letter KEY release"
        )
    return held


async def _held(tx: Transaction, key: str, why: str) -> bool:
    """Whether something of it was still to go, and is held now."""
    if await tx.letters.get(key):
        moving = await tx.deliveries.find(letter=key, state=NOT_BEGUN)
        await tx.deliveries.put(*(one.moved(D.HELD, tx.at, held=why) for one in moving))
        return bool(moving)
    one = await tx.announcements.get(key)
    if one is None or one.state is not AnnouncementState.ANNOUNCED:
        return False
    await tx.announcements.put(replace(one, state=AnnouncementState.HELD, why=why))
    return True


async def release(key: str, who: Act) -> Letter | Announcement:
    """Let a held letter go, nothing else."""
    require(who.person, Role.OFFICER, "release a held letter")
    if await _only_announced(key, who):
        return await announcements.release(key, who)
    next_try = await _when_it_goes(key, who)
    return await _move(key, "release", who, (D.HELD,), D.QUEUED, held="", next_try=next_try, first_try=None)


async def _when_it_goes(key: str, who: Act) -> datetime | None:
    """A reminder goes on a working day in office hours: at once, or at the next opening; other letters at once."""
    letter = await who.desk.store.letters.get(key)
    if letter is None or letter.rule.release is not Release.ANNOUNCED:
        return None
    return await office_hours.next_opening(who.desk.store, who.desk)


async def withdraw(key: str, who: Act) -> Letter:
    require(who.person, Role.OFFICER, "withdraw a letter")
    return await _move(key, "withdraw", who, (*NOT_BEGUN, D.HELD, D.UNCERTAIN), D.WITHDRAWN)


async def again(key: str, who: Act) -> Letter:
    """Send what is uncertain again, or what was given up, with the same Message-ID."""
    require(who.person, Role.OFFICER, "send a letter again")
    freed = {"next_try": await _when_it_goes(key, who), "first_try": None, "by_hand": False, "held": ""}
    async with _changing("again", key, who) as tx:
        letter = await tx.letters.get(key)
        if letter and letter.not_after and letter.not_after < who.desk.now:
            raise Refused(f"The last useful moment of {key} has passed; nothing was changed.")
        if await tx.letters.get(key + AGAIN):
            raise Refused(f"{key} was written anew already: letter {key}{AGAIN}. Nothing was changed.")
        return await _moved(tx, key, "again", who, (D.UNCERTAIN, D.EXPIRED), D.QUEUED, **freed)


async def stop(key: str | None, who: Act) -> list[Delivery]:
    """Halt everything queued, or one release or letter; returns the deliveries that it halts."""
    _require_staff(who.person, "stop what is queued")
    async with _changing("stop", key or ALL, who) as tx:
        halted = await _waiting(tx, key)
        if key and not halted and not await tx.letters.get(key) and not await tx.letters.find(release=key, limit=1):
            raise Refused(f"There is no letter or release {key}. To see what waits: outbox waiting.")
        before = await tx.stops.get(key or ALL)
        restored = before is not None and before.restored
        await tx.stops.put(Stop(key or ALL, who.person.name, who.desk.now, restored))
    return halted


async def resume(key: str | None, who: Act) -> list[Delivery]:
    require(who.person, Role.OFFICER, "resume what was stopped")
    async with _changing("resume", key or ALL, who) as tx:
        stop = await tx.stops.get(key or ALL)
        if stop and stop.restored:
            require(who.person, Role.ADMINISTRATOR, "let a restored desk go")
        if stop is None:
            raise Refused(
                f"{'Nothing' if key is None else key} is stopped; nothing was changed."
                if key
                else "Nothing is stopped."
            )
        await tx.stops.remove(key or ALL)
        return await _waiting(tx, key)


async def _only_announced(key: str, who: Act) -> bool:
    store = who.desk.store
    return await store.letters.get(key) is None and await store.announcements.get(key) is not None


async def _waiting(tx: Transaction, key: str | None) -> list[Delivery]:
    waiting = await tx.deliveries.find(state=NOT_BEGUN)
    return [delivery for delivery in waiting if key is None or key in {delivery.release, delivery.letter}]


async def _move(key: str, doing: str, who: Act, states: Sequence[D], to: D, **facts: object) -> Letter:
    async with _changing(doing, key, who, why=facts.get("held")) as tx:
        return await _moved(tx, key, doing, who, states, to, **facts)


async def _moved(  # noqa: PLR0913, PLR0917 - a move, and who makes it
    tx: Transaction, key: str, doing: str, who: Act, states: Sequence[D], to: D, **facts: object
) -> Letter:
    letter = await tx.letters.get(key)
    if letter is None:
        raise Refused(f"There is no letter {key}. To see them: outbox.")
    deliveries = await tx.deliveries.find(letter=key)
    moving = [delivery for delivery in deliveries if delivery.state in states]
    if not moving:
        now = ", ".join(sorted({delivery.state for delivery in deliveries}))
        raise Refused(f"{key} is {now}: there is nothing of it to {doing}; nothing was changed.")
    for delivery in moving:
        await tx.deliveries.put(delivery.moved(to, who.desk.now, **facts))
        if delivery.state in {D.UNCERTAIN, D.EXPIRED}:
            await cards.decide(tx, delivery.key, f"{doing} by {who.person.name}, {written_moment(who.desk.now)}")
    return letter


@asynccontextmanager
async def _changing(doing: str, about: str, who: Act, *, why: object = None) -> AsyncIterator[Transaction]:
    """One commit; the reason lies beside the trail too, since the delivery forgets it when it is let go."""
    desk, words = who.desk, {"why": why} if why else None
    async with desk.store.transaction(
        by=who.person.key, doing=f"letter {doing}", about=about, at=desk.now, words=words
    ) as tx:
        await use(tx, who.press, who.person, desk.now)
        yield tx


def _require_staff(person: Person, doing: str) -> None:
    if person.key == STRANGER.key:
        raise Refused(f"To {doing} you must be in the staff register; an administrator adds people: staff add.")
