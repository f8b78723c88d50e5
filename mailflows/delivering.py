"""Rounds of deliveries over one way out: claimed, handed over and recorded, as many at once as it takes, as fast as it may."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from socket import gethostname

from committee import relays
from committee.errors import Unavailable
from committee.letters import DeliveryState
from committee.pacing import Pace
from mailflows import cards, claiming
from mailflows.accepted import TooMuch
from mailflows.desk import Desk
from mailflows.figures import Figures
from mailflows.handing_over import HandingOver, LineBroke, NotBegun, RelayFailed
from mailflows.marks import ClaimLost, InHand, Marks
from mailflows.post import Post

BATCH = 128
"""Most that are claimed in one commit."""
AHEAD = 8
"""Claims in hand for each connection, where no rate says otherwise."""
GATHERED_FROM = 10
"""With so many under way, many answers are recorded in one commit; a desk's ordinary letters each have their own."""
LOOKS_AGAIN_SECONDS = 1.0
"""While letters are under way, how often it is looked whether something more urgent was queued."""
PATIENCE_SECONDS = 60.0
"""A round that has nothing to do but wait for its pace ends after so long, and the next one goes on."""
MOST_COMPLAINTS = 4
"""Complaints of us, each after a longer pause and with nothing taken between them, and the relay counts as failed."""
MOST_BROKEN = 3
"""Lines that break one after the other, and the relay counts as failed; before that it may be the copy's own fault."""
PUT_RIGHT_SECONDS = 60.0
"""How often it is looked for what nobody has any more, and for what has had its last useful moment."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What one round of deliveries came to."""

    sent: int = 0
    later: int = 0
    refused: int = 0
    uncertain: int = 0
    trouble: str = ""

    def plus(self, state: DeliveryState) -> "Tally":
        return replace(
            self,
            sent=self.sent + (state is DeliveryState.SENT),
            later=self.later + (state is DeliveryState.LATER),
            refused=self.refused + (state is DeliveryState.REFUSED),
            uncertain=self.uncertain + (state is DeliveryState.UNCERTAIN),
        )


class Delivering:
    """One for each way out, for as long as it is open; what it has learnt of the relay's pace stays with it.

    `clock` gives the moment of each commit; without it everything in a round has the moment of the desk that it is given.
    """

    def __init__(
        self,
        post: Post,
        pace: Pace | None = None,
        *,
        clock: Callable[[], datetime] | None = None,
        figures: Figures | None = None,
    ) -> None:
        self._post, self._clock = post, clock
        self.pace = pace or Pace(None, post.connections)
        self.figures = figures or Figures()
        self._desk: Desk | None = None
        self._marks = Marks(self._now)
        self._hands = HandingOver(post, self._marks, self._told)
        self._claims: deque[claiming.Claim] = deque()
        self._in_hand = set[
            str
        ]()  # what was claimed, by its key, until it is recorded that it is being sent, or is not
        self._moved = asyncio.Event()  # something was claimed, or has ended
        self._not_begun: list[InHand] = []
        self._tally = Tally()
        self._failure: Exception | None = None
        self._relay: relays.Relay | None = None
        self._under_way = self._rounds = self._broken = self._complaints = 0
        self._over = self._more_may_come = False
        self._put_right_at = float("-inf")

    async def round(self, desk: Desk, *, ending: Callable[[], bool] = lambda: False) -> Tally:
        """Deliver what may go now, until nothing is left or the relay fails; whoever calls this may deliver.

        A copy that fails is put off and never stops the others. A server that cannot be reached, or that does not let us
        in, ends the round, and everything else stays queued. So does `ending`, asked before each claim and each copy.
        Raises `Unavailable` where the store could not record what became of a copy.
        """
        self._desk, self._tally, self._failure, self._over = desk, Tally(), None, False
        await self._settled()
        await self._give_back()
        await self._put_right()
        self._relay = await self._left_alone()
        if self._relay and not self._relay.lets(self._now().now):
            return Tally(trouble=self._relay.why)
        await self._work_through(ending)
        await self._marks.settled()
        if self._failure:
            self._put_right_at = float("-inf")  # what could not be given back is the next round's
            raise self._failure
        await self._settled()
        return self._tally

    def _now(self) -> Desk:
        assert self._desk is not None  # noqa: S101 - a round is given its desk
        return self._desk.at(self._clock()) if self._clock else self._desk

    @property
    def _relay_key(self) -> str:
        """Where several machines share a desk, each has a relay of its own, perhaps under the same name as the others'."""
        return self._post.relay if self._now().store.alone else f"{self._post.relay}, seen from {gethostname()}"

    def _told(self, state: DeliveryState) -> None:
        self.figures.count(state)
        self._tally = self._tally.plus(state)
        self._more_may_come |= state is not DeliveryState.SENT  # the letter may go to its party's next address

    async def _settled(self) -> None:
        await self._marks.settled()
        if why := self._marks.unrecorded:
            raise Unavailable(
                f"what a server has accepted could not be recorded ({why}); nothing else goes before it is"
            )

    async def _give_back(self) -> None:
        """What was claimed and not begun waits again; what could not be given back stays on the list."""
        listed, self._not_begun = self._not_begun, []
        told = await asyncio.gather(*map(self._marks.given_back, listed), return_exceptions=True)
        failed = {place: error for place, error in enumerate(told) if error}
        self._not_begun += [listed[place] for place in failed]
        for error in failed.values():
            raise error

    async def _put_right(self) -> None:
        desk, at = self._now(), time.monotonic()
        if self._clock is None or at - self._put_right_at >= PUT_RIGHT_SECONDS:
            await claiming.put_right(desk)
            self._put_right_at = at

    async def _work_through(self, ending: Callable[[], bool]) -> None:
        workers = [asyncio.create_task(self._work(nth, ending)) for nth in range(self._post.connections)]
        try:
            try:
                await self._feed(ending)
            except Exception as error:  # noqa: BLE001 - the store's trouble is raised once what is under way has ended
                self._failure = self._failure or error
            self._over = True
            self._wake()
            await asyncio.gather(*workers)
        finally:  # also where the round is cancelled: what was claimed and not begun goes back
            self._over = True
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
            left, self._claims, self._under_way = list(self._claims), deque(), 0
            self._in_hand.clear()
            self._not_begun += [InHand(one.seen, one.letter.date) for one in left]
            with suppress(
                Unavailable
            ):  # the next round's beginning, if the store does not come back: their leases run out
                await self._give_back()

    # What is claimed, and when.

    async def _feed(self, ending: Callable[[], bool]) -> None:
        dry_since: float | None = None  # nothing more was there to claim
        idle_since = time.monotonic()
        while not (self._over or ending()):
            at = time.monotonic()
            places = self.pace.places(at, min(self._room(), BATCH))
            looks = dry_since is None or not self._under_way or at - dry_since >= LOOKS_AGAIN_SECONDS
            if places and looks:
                looked_at = await self._claimed(places)
                dry_since = None if looked_at == places else at
                if looked_at:
                    idle_since = at
                    continue
                if not self._under_way and not self._more_may_come:
                    return
                self._more_may_come = False
                if not self._now().store.alone:  # what this round has in flight is nobody else's to put right
                    await self._put_right()
            if not self._under_way and at - idle_since > PATIENCE_SECONDS:
                return
            if self._under_way or not places:
                await self._something(min(self.pace.wait(at) or LOOKS_AGAIN_SECONDS, LOOKS_AGAIN_SECONDS))

    def _room(self) -> int:
        """Half of what may be in hand is gone before more is taken, so that one commit claims many."""
        most = self._width() * (1 if self.pace.interval else AHEAD)
        room = most - self._under_way
        return room if room >= max(1, most // 2) else 0

    def _width(self) -> int:
        """One copy tries a relay that has failed; the others wait for what becomes of it."""
        return 1 if self._relay else min(self.pace.width, self._post.connections)

    async def _claimed(self, places: int) -> int:
        self._rounds += 1
        claims, looked_at = await claiming.claim(self._now(), places, self._rounds, self._in_hand)
        self.pace.take(len(claims), time.monotonic())
        self.figures.retried += sum(one.again for one in claims)
        self._claims.extend(claims)
        self._in_hand.update(one.delivery.key for one in claims)
        self._under_way += len(claims)
        self._marks.gathers = self._under_way >= GATHERED_FROM
        if claims:
            self._wake()
        return looked_at

    async def _something(self, seconds: float) -> None:
        """Wait until something has moved, at most so long."""
        moved = self._moved
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await moved.wait()

    def _wake(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    # One worker for each connection.

    async def _work(self, nth: int, ending: Callable[[], bool]) -> None:
        while not (self._over or ending()):
            if not self._claims or nth >= self._width():
                await self._something(LOOKS_AGAIN_SECONDS)
                continue
            claim = self._claims.popleft()
            try:
                await self._hand_over(claim)
            except Exception as error:  # noqa: BLE001 - raised when the others have ended: nothing may be left half done
                self._failure, self._over = self._failure or error, True
            finally:
                self._under_way -= 1
                self._in_hand.discard(claim.delivery.key)
                self._wake()

    async def _hand_over(self, claim: claiming.Claim) -> None:
        try:
            await self._hands.deliver(claim, self._now())
            self._broken = self._complaints = 0
            if self._relay:
                await self._relay_works()
        except ClaimLost:
            self.figures.lease_lost += 1
            self._more_may_come = True
        except NotBegun:
            self._not_begun.append(InHand(claim.seen, claim.letter.date))
            raise
        except TooMuch as error:
            self.figures.slowed += 1
            await self._complained(error)
        except RelayFailed as error:
            await self._relay_failed(error)
        except LineBroke as error:
            self._broken += 1
            if self._broken >= MOST_BROKEN:
                await self._relay_failed(RelayFailed(str(error)))

    # The relay as a whole.

    async def _left_alone(self) -> relays.Relay | None:
        """The relay, if it failed last time; others that nobody tries any more are forgotten."""
        desk, known = self._now(), await self._now().store.relays.all()
        if forgotten := [one.key for one in known if one.key != self._relay_key and not one.is_news(desk.now)]:
            async with desk.store.transaction(by="rule: outbox", doing="relay forgotten", at=desk.now) as tx:
                for key in forgotten:
                    await tx.relays.remove(key)
        return next((one for one in known if one.key == self._relay_key), None)

    async def _relay_failed(self, error: RelayFailed) -> None:
        """The round ends; several connections that fail at once are one failure."""
        if self._tally.trouble:
            return
        why, key = str(error), self._relay_key
        self._tally, self._over = replace(self._tally, trouble=why), True
        desk = self._now()
        async with desk.store.transaction(by="rule: outbox", doing="relay failed", about=key, at=desk.now) as tx:
            before = await tx.relays.get(key)
            await tx.relays.put(relays.failed(before, key, why, desk.now, refuses_us=error.refuses_us))
            if error.refuses_us:
                title = "Nothing leaves: the mail server does not let us in"
                await cards.post(tx, "alarm", f"smtp-not-let-in/{desk.today}", title, why, now=desk.now)

    async def _complained(self, error: TooMuch) -> None:
        """Slower; a relay that takes nothing however slowly we come has failed, and is said to have."""
        after = error.after.total_seconds() if error.after else None
        self._complaints += self.pace.too_much(time.monotonic(), after)
        if self._complaints >= MOST_COMPLAINTS:
            await self._relay_failed(RelayFailed(str(error)))

    async def _relay_works(self) -> None:
        """It has spoken of a copy: it is no longer left alone."""
        self._relay = None
        desk, key = self._now(), self._relay_key
        async with desk.store.transaction(by="rule: outbox", doing="relay works", about=key, at=desk.now) as tx:
            await tx.relays.remove(key)
        self._wake()
