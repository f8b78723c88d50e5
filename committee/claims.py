"""Who has taken on which delivery, and for how long: leases by the store's clock, each with a token that nobody else has."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from committee.letters import MOVES, Copy, Delivery, DeliveryState, Record

CLAIM_LEASE = timedelta(minutes=5)
"""How long something may wait between claim and sending; then anybody may claim it."""
SENDING_LEASE = timedelta(minutes=20)
"""Longer than the longest answer: a large text, and ten minutes after the final dot (RFC 5321, 4.5.3.2.6)."""
D = DeliveryState
IN_FLIGHT = frozenset({D.CLAIMED, D.SENDING})


def claimed(
    delivery: Delivery, token: str, *, now: datetime, clock: datetime, date: datetime | None = None
) -> Delivery:
    """Taken on: `now` is the desk's moment, `clock` the store's, `date` that of its letter where it has one."""
    return delivery.moved(
        D.CLAIMED,
        now,
        token=token,
        lease=clock + CLAIM_LEASE,
        tries=delivery.tries + 1,
        first_try=delivery.first_try or now,
        date=delivery.date or date or now,
        next_try=None,
    )


def sending(current: Delivery, token: str, *, now: datetime, clock: datetime) -> Delivery | None:
    """The claim, if it still holds, becomes sending under a lease of its own; None where it was lost.

    From here on a message of it may have left.
    """
    holds = current.state is D.CLAIMED and current.token == token and current.lease and clock < current.lease
    return current.moved(D.SENDING, now, lease=clock + SENDING_LEASE, record=Record.OWED) if holds else None


def given_back(current: Delivery, token: str, now: datetime) -> Delivery | None:
    """Claimed and not begun: it waits again, as if nobody had taken it."""
    if current.state not in IN_FLIGHT or current.token != token:
        return None
    waiting = replace(current, state=D.CLAIMED).moved(D.QUEUED, now, tries=max(current.tries - 1, 0))
    return waiting if waiting.tries else replace(waiting, first_try=None, date=None)


def answered(current: Delivery, token: str, state: DeliveryState, now: datetime, **facts: Any) -> Delivery:
    """What the server's answer makes of it; nothing, where the claim was lost meanwhile and somebody else goes on with it.

    Where somebody who had lost it before was told yes after all, it is sent, whatever this server says of the second copy.
    """
    if current.token != token or current.state not in IN_FLIGHT:
        return current
    if current.copies:
        return current.moved(D.SENT, now, reply=current.copies[-1].reply)
    if state is D.UNCERTAIN:
        facts["record"] = Record.OWED
    return current.moved(state, now, **facts)


def accepted(current: Delivery, token: str, copy: Copy, now: datetime) -> Delivery:
    """A server has taken it: that is recorded whatever has become of the claim, since it cannot be taken back.

    Where another process is sending it at this moment, the state is that one's to change.
    """
    proven = current.proven(copy)
    others = current.state is D.SENDING and current.token != token
    if others or D.SENT not in MOVES[current.state]:
        return replace(current, **proven)
    return current.moved(D.SENT, now, reply=copy.reply, **proven)


def is_lost(delivery: Delivery, clock: datetime, *, alone: bool) -> bool:
    """Whether whoever had it is gone: its lease has run out, or, where one works `alone`, nobody else can have it."""
    return delivery.state in IN_FLIGHT and (alone or delivery.lease is None or delivery.lease <= clock)
