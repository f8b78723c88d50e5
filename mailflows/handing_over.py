"""One claimed copy: composed, handed over, and every answer made a state with the server's own words."""

from collections.abc import Callable
from datetime import datetime, timedelta

from committee.errors import Refused, Unavailable
from committee.letters import Copy, Delivery, DeliveryState, Letter
from committee.retries import given_up, next_try
from mailflows.accepted import Accepted, Deferred, NotLetIn, TooMuch, Uncertain, Unreachable
from mailflows.claiming import Claim
from mailflows.desk import Desk
from mailflows.envelopes import token
from mailflows.logs import log
from mailflows.marks import ClaimLost, InHand, Marks, NotRecorded
from mailflows.message import Message
from mailflows.post import Post
from mailflows.stationery import Stationery


class RelayFailed(Exception):
    """Nothing that waits for this relay would fare better; `refuses_us`: it does not let us in."""

    def __init__(self, said: str, *, refuses_us: bool = False) -> None:
        super().__init__(said)
        self.refuses_us = refuses_us


class LineBroke(Exception):
    """In the middle of this copy, which is put off: the relay's fault, or that of this copy alone."""


class NotBegun(Unavailable):
    """The store could not record that it is being sent, so nothing of it went out."""


class HandingOver:
    """What the workers of one way out do with each claim; `told` hears of every state that a copy has come to."""

    def __init__(self, post: Post, marks: Marks, told: Callable[[DeliveryState], None]) -> None:
        self._post, self._marks, self._told = post, marks, told
        self._stationery: Stationery | None = None

    async def deliver(self, claim: Claim, desk: Desk) -> None:
        """Hand it over, and record what was said.

        Raises `ClaimLost` where it is not ours any more, `TooMuch` and `RelayFailed` where the server spoke of us and not
        of this copy, `LineBroke` where it spoke of nothing, `NotBegun` where the store could not record that it is being sent,
        and `Unavailable` where it could not record what became of it.
        """
        ours = InHand(claim.seen, claim.letter.date)
        message = await self._composed(claim.letter, ours, desk)
        if message is None:
            return
        try:
            accepted = await self._post.send(
                claim.envelope_sender,
                claim.delivery.address,
                message,
                key=claim.delivery.key,
                envelope_id=token(claim.letter, claim.delivery, desk.store.secret),
                ready=lambda: self._marks.sending(ours),
            )
        except ClaimLost:
            raise
        except NotRecorded as error:
            raise NotBegun(str(error)) from error
        except Exception as error:  # noqa: BLE001 - every one of them is an answer, the unforeseen as well
            await self._failed(ours, error)
        else:
            self._took(ours, accepted, message)

    async def _composed(self, letter: Letter, ours: InHand, desk: Desk) -> Message | None:
        if self._stationery is None or self._stationery.store is not desk.store:
            self._stationery = Stationery(desk.store)
        try:
            return await self._stationery.message(letter, desk)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - one letter that nobody foresaw must not stop the others
            log.error("letter not composed", key=ours.seen.value.key, error=type(error).__name__)
            await self._put_off(ours, f"it could not be composed ({type(error).__name__})")
            return None

    def _took(self, ours: InHand, accepted: Accepted, message: Message) -> None:
        def proof(at: datetime) -> Copy:
            return Copy(at, accepted.reply, accepted.server, accepted.tls, message.sha256)

        recorded = self._marks.accepted(ours, proof)
        recorded.add_done_callback(lambda done: done.cancelled() or done.exception() or self._told(DeliveryState.SENT))

    async def _failed(self, ours: InHand, error: Exception) -> None:
        """That the server spoke of us, and not of this copy, uses up none of its tries."""
        match error:
            case Deferred():
                await self._put_off(ours, error.reply, error.after)
            case Uncertain():
                await self._answered(ours, DeliveryState.UNCERTAIN, str(error))
            case TooMuch() if (
                ours.seen.value.state is DeliveryState.SENDING
            ):  # it had the text: perhaps that is what it minds
                await self._put_off(ours, error.reply, error.after)
                raise error
            case TooMuch():
                await self._marks.given_back(ours)
                raise error
            case Unreachable() | NotLetIn():
                await self._marks.given_back(ours)
                raise RelayFailed(str(error), refuses_us=isinstance(error, NotLetIn)) from error
            case Unavailable():
                await self._put_off(ours, str(error), to_the_end=True)
                raise LineBroke(str(error)) from error
            case Refused():
                await self._answered(ours, DeliveryState.REFUSED, str(error))
            case _:  # one letter that nobody foresaw must not stop the others
                log.error("letter not delivered", key=ours.seen.value.key, error=type(error).__name__)
                await self._put_off(ours, f"it could not be handed over ({type(error).__name__})")

    async def _answered(self, ours: InHand, state: DeliveryState, reply: str) -> None:
        self._told((await self._marks.answered(ours, state, reply=reply)).state)

    async def _put_off(
        self, ours: InHand, words: str, after: timedelta | None = None, *, to_the_end: bool = False
    ) -> None:
        """Try it later; after five days it is given up, or, `to_the_end`, at its last useful moment where it has one.

        That our own server cannot be reached says nothing about the letter or whom it is for.
        """

        def later(current: Delivery, now: datetime) -> Delivery:
            if (to_the_end and current.not_after) or current.tries <= 1 or not given_up(current.first_try or now, now):
                return current.waiting_until(next_try(now, current.tries, after))
            said = f"given up after {current.tries} tries in five days: {words}"
            return current.moved(DeliveryState.EXPIRED, now, reply=said, next_try=None)

        self._told((await self._marks.put_off(ours, words, later)).state)
