"""What left, as bytes that stay: one row a letter, and what of it is still owed to the record."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from committee.claims import IN_FLIGHT
from committee.letters import Delivery, DeliveryState, Record
from committee.proofs import acceptances


@dataclass(frozen=True, slots=True)
class Packed:
    """One message as it left, made small."""

    sha256: str  # of the message
    data: str  # in base64


@dataclass(frozen=True, slots=True)
class SentMessage:
    """What left of one letter: one message, or several where a setting changed between its copies.

    They are packed with the letter's template as dictionary and without its enclosures; both stay kept under their hashes.
    """

    key: str  # the letter's
    template: str
    enclosures: tuple[str, ...]
    messages: tuple[Packed, ...] = ()
    not_kept: tuple[str, ...] = ()  # hashes of what left and could not be composed again

    def message(self, sha256: str) -> Packed | None:
        return next((one for one in self.messages if one.sha256 == sha256), None)

    def knows(self, sha256: str) -> bool:
        return sha256 in self.not_kept or self.message(sha256) is not None


@dataclass(frozen=True, slots=True)
class Left:
    """What the deliveries of one letter say of the messages that left."""

    hashes: tuple[str, ...]  # of what was accepted, the first one first
    under_way: bool  # a copy is on its way at this moment: what becomes of it is not known yet
    uncertain: bool  # a copy may have left, and nobody has said so

    def owed(self, row: SentMessage) -> tuple[str, ...]:
        """The hashes of what left and is not in this row."""
        return tuple(sha256 for sha256 in self.hashes if not row.knows(sha256))

    def asks_for(self, row: SentMessage) -> bool:
        """Whether the message is to be composed: it left, or it may have."""
        return bool(self.owed(row)) or (self.uncertain and not self.hashes and not row.messages)


def left(deliveries: Iterable[Delivery]) -> Left:
    copies = list(deliveries)
    accepted = sorted((copy for one in copies for copy in acceptances(one)), key=lambda copy: copy.at)
    states = {one.state for one in copies}
    return Left(
        tuple(dict.fromkeys(copy.sha256 for copy in accepted if copy.sha256)),
        under_way=not states.isdisjoint(IN_FLIGHT),
        uncertain=DeliveryState.UNCERTAIN in states,
    )


def with_message(row: SentMessage, what: Left, composed: Packed | None) -> SentMessage:
    """The row with what was composed, if it is what left; what left and is not that cannot be had any more.

    Where nothing was accepted and a copy may have left, what was composed at once after stands for it.
    """
    if not what.asks_for(row):
        return row
    missing = (*row.not_kept, *what.owed(row))
    fits = composed is not None and (composed.sha256 in missing or not what.hashes)
    messages = (*row.messages, composed) if composed and fits else row.messages
    made = composed.sha256 if composed else ""
    return replace(row, messages=messages, not_kept=tuple(one for one in missing if one != made))


def record_of(row: SentMessage, what: Left) -> Record:
    """How the letter stands with the record: owed for as long as more may come."""
    if what.under_way or what.asks_for(row):
        return Record.OWED
    if row.not_kept:
        return Record.DIFFERS
    return Record.KEPT if row.messages else Record.NOTHING
