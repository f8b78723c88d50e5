"""What becomes of each copy is recorded: one commit for one, and one for many where many answers come at once."""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from committee import claims
from committee.errors import Unavailable
from committee.letters import Copy, Delivery, DeliveryState, Stop
from mailflows import outcomes
from mailflows.desk import Desk
from mailflows.logs import log
from storage.ledgers import Seen
from storage.port import Transaction

MOST_AT_ONCE = 200
BLINK_SECONDS = 0.01
_TOKEN_BYTES = 8
Change = Callable[[Delivery, datetime, datetime], Delivery | None]
"""A delivery as it will be: from the delivery as it is, the desk's moment, and the store's clock."""


class NotRecorded(Unavailable):
    """The store could not record it: what had not gone out does not go out, what was accepted is recorded later."""


class ClaimLost(Exception):
    """It was stopped, held or withdrawn, or its lease ran out: nothing of it may go out."""


@dataclass(slots=True)
class InHand:
    """A copy on its way, as it was last recorded, and the date that its letter bears.

    As long as it waits by its row, nobody but the one process that delivers could have taken it (`Claim`).
    """

    seen: Seen[Delivery]
    date: datetime | None


@dataclass(slots=True)
class _Mark:
    seen: Seen[Delivery]
    change: Change
    done: "asyncio.Future[Seen[Delivery]]"
    begins: bool = False  # to send: not while it is stopped
    proves: bool = False  # what cannot be taken back: it is recorded again and again until it is


class Marks:
    """One writer for all connections, in the order in which it is told: `desk` gives the moment of each commit.

    It is told of each delivery as it was last seen, with the token of its claim; what has become of it since is looked up.
    An acceptance is recorded with the next copy that is to begin, or after a blink: its connection sends nothing else before.
    """

    def __init__(self, desk: Callable[[], Desk]) -> None:
        self._desk = desk
        self.gathers = False
        """Whether what waits is recorded in one commit, which the trail has about no letter; else one by one."""
        self._waiting: deque[_Mark] = deque()
        self._why = ""  # the last commit of them failed
        self._writing: asyncio.Task[None] | None = None
        self._later: asyncio.TimerHandle | None = None

    async def sending(self, ours: InHand) -> None:
        """Make durable that it is being sent; `ClaimLost` where it may not be any more."""

        def change(current: Delivery, now: datetime, clock: datetime) -> Delivery | None:
            current, token = _claimed(current, ours, now, clock)
            return claims.sending(current, token, now=now, clock=clock)

        ours.seen = await self._told(_Mark(ours.seen, change, self._future(), begins=True))

    async def answered(self, ours: InHand, state: DeliveryState, **facts: Any) -> Delivery:
        """Record what the server said of it, short of taking it."""

        def change(current: Delivery, now: datetime, clock: datetime) -> Delivery:
            current, token = _claimed(current, ours, now, clock)
            return claims.answered(current, token, state, now, **facts)

        return (await self._told(_Mark(ours.seen, change, self._future()))).value

    async def put_off(self, ours: InHand, reply: str, after: Callable[[Delivery, datetime], Delivery]) -> Delivery:
        """Record that it goes later; `after` says when, or that it is given up."""

        def change(current: Delivery, now: datetime, clock: datetime) -> Delivery:
            current, token = _claimed(current, ours, now, clock)
            later = claims.answered(current, token, DeliveryState.LATER, now, reply=reply)
            return after(later, now) if later.state is DeliveryState.LATER and later is not current else later

        return (await self._told(_Mark(ours.seen, change, self._future()))).value

    async def given_back(self, ours: InHand) -> None:
        """It was not begun, and waits again; what was in hand alone has waited all the time."""
        was = ours.seen.value
        if was.state not in claims.IN_FLIGHT:
            return

        def change(current: Delivery, now: datetime, _clock: datetime) -> Delivery | None:
            return claims.given_back(current, was.token, now)

        with suppress(ClaimLost):
            await self._told(_Mark(ours.seen, change, self._future()))

    def accepted(self, ours: InHand, proof: Callable[[datetime], Copy]) -> "asyncio.Future[Seen[Delivery]]":
        """Record that it was taken; the next final dot on its connection waits for this, since marks keep their order."""
        token = ours.seen.value.token

        def change(current: Delivery, now: datetime, _clock: datetime) -> Delivery:
            return claims.accepted(current, token, proof(now), now)

        mark = _Mark(ours.seen, change, self._future(), proves=True)
        self._tell(mark)
        return mark.done

    @property
    def unrecorded(self) -> str:
        """Why an acceptance could not be recorded yet; empty where all are."""
        return (self._why or "nobody has tried yet") if self._waiting else ""

    async def settled(self) -> None:
        """Everything that was told is recorded, or could not be; what proves an acceptance is tried once more."""
        self._begin()
        while self._writing:
            await asyncio.wait({self._writing})

    def _future(self) -> "asyncio.Future[Seen[Delivery]]":
        return asyncio.get_running_loop().create_future()

    async def _told(self, mark: _Mark) -> Seen[Delivery]:
        self._tell(mark)
        return await mark.done

    def _tell(self, mark: _Mark) -> None:
        self._waiting.append(mark)
        if not (mark.proves and self.gathers):
            self._begin()
        elif self._later is None:
            self._later = asyncio.get_running_loop().call_later(BLINK_SECONDS, self._begin)

    def _begin(self) -> None:
        if self._later:
            self._later.cancel()
            self._later = None
        if self._writing is None and self._waiting:
            self._writing = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(0)  # whoever is about to tell something tells it first
                await self._written(self._next())
        except Exception as error:  # noqa: BLE001 - each waiter was told; what proves an acceptance waits for the next attempt
            self._why = str(error) if isinstance(error, Unavailable) else type(error).__name__
            log.warning("deliveries not recorded", error=type(error).__name__)
        finally:
            self._writing = None

    def _next(self) -> list[_Mark]:
        count = len(self._waiting) if self.gathers else 1
        return [self._waiting.popleft() for _ in range(min(count, MOST_AT_ONCE))]

    async def _written(self, marks: list[_Mark]) -> None:
        desk = self._desk()
        try:
            results = await _commit(marks, desk)
        except BaseException as error:
            kept = [mark for mark in marks if mark.proves]
            self._waiting.extendleft(reversed(kept))
            ours = NotRecorded(str(error)) if isinstance(error, Unavailable) else error
            for mark in [mark for mark in (*marks, *self._waiting) if not mark.proves and not mark.done.done()]:
                mark.done.set_exception(ours)
            self._waiting = deque(mark for mark in self._waiting if mark.proves)
            raise
        for mark, result in zip(marks, results, strict=True):
            if mark.done.done():
                continue
            if result is None:
                mark.done.set_exception(ClaimLost(mark.seen.value.key))
            else:
                mark.done.set_result(result)


async def _commit(marks: list[_Mark], desk: Desk) -> list[Seen[Delivery] | None]:
    """All of them in one commit; for each the delivery as it is then, or None where its claim was lost."""
    clock = await desk.store.clock()
    occasion: dict[str, Any] = {"by": "rule: outbox", "at": desk.now, "doing": "deliveries", "about": "outbox"}
    async with desk.store.transaction(**occasion) as tx:
        stops = {stop.key for stop in await tx.stops.all()}
        recording = _Recording(marks, stops, desk.now, clock)
        await recording.go(tx)
        if len(marks) == 1 and recording.moved:
            [(_, now)] = recording.moved
            tx.occasion(doing=f"delivery {now.state}", about=now.key, words=_said(now))
        await _follow(tx, recording.moved, desk)
    return recording.results


class _Recording:
    """What is as it was last seen is compared and set; of anything else the row is read first."""

    def __init__(self, marks: list[_Mark], stops: set[str], now: datetime, clock: datetime) -> None:
        self._marks, self._stops, self._now, self._clock = marks, stops, now, clock
        self.results: list[Seen[Delivery] | None] = [None] * len(marks)
        self.moved: list[tuple[Delivery, Delivery]] = []

    async def go(self, tx: Transaction) -> None:
        left = await self._set(tx, {place: mark.seen for place, mark in enumerate(self._marks)})
        while left:
            rows = await tx.deliveries.seen({self._marks[place].seen.value.key for place in left})
            keys = {place: self._marks[place].seen.value.key for place in left}
            left = await self._set(tx, {place: rows[key] for place, key in keys.items() if key in rows})

    async def _set(self, tx: Transaction, rows: dict[int, Seen[Delivery]]) -> list[int]:
        """Set what can be set on these rows, one mark for each row; the marks that are still to be recorded."""
        pairs: dict[str, tuple[int, Seen[Delivery], Delivery]] = {}
        left = []
        for place, was in rows.items():
            if was.value.key in pairs:
                left.append(place)
                continue
            after, lost = self._after(self._marks[place], was.value)
            if after is not was.value:
                pairs[was.value.key] = (-1 if lost else place, was, after)
            elif not lost:
                self.results[place] = was
        done = await tx.deliveries.swap([(was, after) for _, was, after in pairs.values()])
        self.moved += [(was.value, after) for key, (_, was, after) in pairs.items() if key in done]
        for key, (place, *_) in pairs.items():
            if place >= 0 and key in done:
                self.results[place] = done[key]
        return [*left, *(place for key, (place, *_) in pairs.items() if place >= 0 and key not in done)]

    def _after(self, mark: _Mark, current: Delivery) -> tuple[Delivery, bool]:
        """The delivery as it is then, and whether the claim was lost; a stop between claim and sending gives it back."""
        if mark.begins and not self._stops.isdisjoint((Stop.ALL, current.release, current.letter)):
            return claims.given_back(current, mark.seen.value.token, self._now) or current, True
        changed = mark.change(current, self._now, self._clock)
        return changed or current, changed is None


def _claimed(current: Delivery, ours: InHand, now: datetime, clock: datetime) -> tuple[Delivery, str]:
    """The copy as we have claimed it, and the claim's token: what was in hand alone is claimed in the commit of its first mark.

    If anybody has touched its row meanwhile, it is not ours, and the token is one that nothing has.
    """
    was = ours.seen.value
    if was.state in claims.IN_FLIGHT:
        return current, was.token
    token = secrets.token_hex(_TOKEN_BYTES)
    if current != was:
        return current, token
    return claims.claimed(current, token, now=now, clock=clock, date=ours.date), token


def _said(delivery: Delivery) -> dict[str, Any] | None:
    """The server's words beside the trail: the delivery forgets them with its next move."""
    return {"reply": delivery.reply} if delivery.reply and delivery.state not in claims.IN_FLIGHT else None


async def _follow(tx: Transaction, moved: list[tuple[Delivery, Delivery]], desk: Desk) -> None:
    for was, now in moved:
        if now.state is not was.state and now.state in outcomes.SHOWN:
            await outcomes.follow(tx, now, desk)
    await outcomes.got_through(tx, [now for _, now in moved if now.state is DeliveryState.SENT])
