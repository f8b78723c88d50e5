"""What can be shown of a letter or a release: each copy with who accepted it when, in whose words, over which line, as which bytes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from committee.errors import Refused
from committee.letters import Copy, Delivery, DeliveryState, Letter
from committee.proofs import acceptances, has_it
from mailflows.desk import Desk
from mailflows.unserved import Standing, standings

ACCEPTED = "delivery sent"


@dataclass(frozen=True, slots=True)
class Proven:
    """One copy to one address, with every acceptance of it: none, one, or after a crash perhaps two."""

    standing: Standing
    letter: Letter
    delivery: Delivery
    acceptances: tuple[Copy, ...]

    @property
    def has_it(self) -> bool:
        return has_it(self.delivery)

    @property
    def sha256(self) -> str:
        """Of what was sent; empty where nothing has been accepted."""
        return self.acceptances[-1].sha256 if self.acceptances else self.delivery.sha256


@dataclass(frozen=True, slots=True)
class Proof:
    """Of one letter, or of all that was released together, as of one moment."""

    key: str
    as_of: datetime
    standings: tuple[Standing, ...]
    copies: tuple[Proven, ...]

    @property
    def moments(self) -> list[datetime]:
        """Of every acceptance, the first one first."""
        return sorted(copy.at for one in self.copies for copy in one.acceptances)

    @property
    def open(self) -> tuple[Standing, ...]:
        """The parties that have nothing, with the reason of each."""
        return tuple(one for one in self.standings if not one.served)

    @property
    def served(self) -> int:
        return len(self.standings) - len(self.open)


async def proof(key: str, desk: Desk) -> Proof:
    """What is on record of a letter with its second copies, or of a release; `Refused` for a key of nothing."""
    found = await standings(key, desk)
    copies = [replace(one, acceptances=await _acceptances(one, desk)) for one in _copies(found)]
    return Proof(key, desk.now, tuple(found), tuple(copies))


def letter_of(shown: Proof) -> Letter:
    """The one letter of which it is; `Refused` where it is of several."""
    letters = {one.letter.key: one.letter for one in shown.copies}
    if shown.key not in letters:
        named = next(iter(letters), "")
        raise Refused(f"{shown.key} is several letters, each with a message of its own; name one: proof {named}")
    return letters[shown.key]


def _copies(found: Sequence[Standing]) -> Iterator[Proven]:
    for standing in found:
        letters = {letter.key: letter for letter in standing.letters}
        for delivery in standing.deliveries:
            yield Proven(standing, letters[delivery.letter], delivery, acceptances(delivery))


async def _acceptances(one: Proven, desk: Desk) -> tuple[Copy, ...]:
    """What came back before acceptances were kept has its bounce in the row; that it was accepted is told by the trail."""
    if one.acceptances or one.delivery.state is not DeliveryState.BOUNCED:
        return one.acceptances
    delivery = one.delivery
    entries = await desk.store.trail.find(about=delivery.key, doing=ACCEPTED)
    return tuple(
        Copy(entry.at, str((entry.words or {}).get("reply", "")), delivery.server, delivery.tls, delivery.sha256)
        for entry in entries
    )
