"""An officer records how a party wishes to be addressed: which offices in To, which in Cc, for one kind of letter or for all."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from committee.addressing import Addressing, key_of
from committee.contacts import Office
from committee.errors import Refused
from committee.letters import LetterKind
from committee.staff import Role
from mailflows import parties
from mailflows.permissions import require
from mailflows.presses import Act
from storage.port import Transaction


async def place(
    party: str, to: tuple[Office, ...], copies: tuple[Office, ...], kind: LetterKind | None, who: Act
) -> Addressing:
    """From the next letter on; whoever is released stays with the addresses that were shown."""
    wish = Addressing(
        key_of(party, kind), party, to, tuple(one for one in copies if one not in to), kind, who.person.name
    )
    async with _changing(party, who) as tx:
        await tx.addressings.put(wish)
    return wish


async def forget(party: str, who: Act) -> list[Addressing]:
    """The party has no wish any more: its letters go as everybody's do."""
    async with _changing(party, who) as tx:
        known = await tx.addressings.find(party=party)
        if not known:
            raise Refused(f"No wish of {party} is on record; nothing was changed.")
        for one in known:
            await tx.addressings.remove(one.key)
    return known


@asynccontextmanager
async def _changing(party: str, who: Act) -> AsyncIterator[Transaction]:
    require(who.person, Role.OFFICER, "say how a party is addressed")
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing="addressing", about=party, at=desk.now) as tx:
        await parties.one(tx, party, desk)
        yield tx
