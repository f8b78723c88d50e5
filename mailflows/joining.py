"""Somebody in chat joins the desk with a code that is used once; whoever does not is told whom to ask."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from committee.calendar import written_moment
from committee.errors import Refused
from committee.joining import LASTS, LENGTH, LETTERS, JoinCode, Tries, grouped, is_identity, tidied
from committee.staff import LetIn, Person, Role, administrators, in_chat, working
from mailflows import identities
from mailflows.desk import Desk
from mailflows.permissions import require
from mailflows.presses import Act
from storage.port import Transaction
from storage.tables import Tables

CHAT = "chat"
"""Who acts in the trail, and about what, for as long as the desk does not know the person."""


async def join(desk: Desk, identity: str, code: str) -> Person:
    """Whoever is `identity` (TEAM/USER) in chat is the person for whom `code` was made, from this commit on.

    `Refused`, in a sentence for that person alone, where the code is wrong, was used, or has expired; where the identity
    is somebody at the desk already; and for everything after five wrong codes within an hour.
    """
    if not is_identity(identity):
        raise Refused("The desk does not know users of this form, so nobody can join as one. Nothing was changed.")
    async with desk.store.transaction(by=CHAT, doing="join", about=CHAT, at=desk.now) as tx:
        joined = await _joined(tx, identity, code, desk.now)
    if isinstance(joined, str):  # raised after the commit, so that a wrong guess is counted
        raise Refused(joined)
    return joined


async def make_code(key: str, who: Act) -> tuple[str, JoinCode]:
    """A code for a person of the staff, shown this once; an earlier one of theirs no longer counts."""
    require(who.person, Role.ADMINISTRATOR, "make a code with which somebody joins from chat")
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing="staff code", about=key, at=desk.now) as tx:
        if working(await tx.staff.all(), key) is None:
            raise Refused(f"{key} does not work at this desk. To see who does: staff. No code was made.")
        return await new_code(tx, key, by=who.person.key, now=desk.now)


async def new_code(tx: Transaction, key: str, *, by: str, now: datetime) -> tuple[str, JoinCode]:
    """The code as it is printed, and what is kept of it in this commit."""
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    kept = JoinCode(key, _hash(code), now, now + LASTS, by)
    await tx.join_codes.put(kept)
    return grouped(code), kept


def person_in_chat(staff: Iterable[Person], team: str, user: str) -> Person | None:
    """The person of the staff who is this user of this workspace; None for everybody else, who may read nothing."""
    return in_chat(staff, f"{team}/{user}") if team and user else None


async def whom_to_ask(tables: Tables) -> str:
    """What somebody is told whom the desk does not know: nothing of its work, and who can let them in."""
    names = sorted(person.name for person in administrators(await tables.staff.all()))
    listed = " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return (
        "This desk does not know you, so it shows you nothing and does nothing for you. "
        f"{listed or 'Its administrator'} can give you a code; then type: join CODE"
    )


async def _joined(tx: Transaction, identity: str, typed: str, now: datetime) -> Person | str:
    """The person, or why not: then the guess is counted in this commit."""
    tries = await tx.join_tries.get(identity) or Tries(identity, ())
    if tries.too_many(now):
        return (
            f"Too many wrong codes came from you: the next is looked at from {written_moment(tries.again_at(now))} on. "
            f"An administrator may help: {await _names(tx)}."
        )
    staff = await tx.staff.all()
    if already := in_chat(staff, identity):
        return f"You are {already.name} at this desk already. The code was not used."
    code = await _code(tx, typed)
    person = working(staff, code.key) if code else None
    if code is None or person is None:
        await _count(tx, tries.and_one(now), now)
        return (
            f"This is no code of this desk, or it was used. A new one comes from an administrator: {await _names(tx)}."
        )
    if now > code.until:
        return (
            f"This code ended {written_moment(code.until)}. A new one comes from an administrator: {await _names(tx)}."
        )
    return await _known(tx, person, identity, LetIn(code.by, now))


async def _known(tx: Transaction, person: Person, identity: str, by: LetIn) -> Person:
    """The code is gone and the person known, in one commit: it is used once."""
    joined = person.recognized(identity, by)
    await identities.tell(tx, person, joined, by.by)
    await tx.join_codes.remove(person.key)
    await tx.join_tries.remove(identity)
    await tx.staff.put(joined)
    tx.occasion(doing="staff joined", about=person.key, words={"chat": identity})
    return joined


async def _code(tx: Transaction, typed: str) -> JoinCode | None:
    bare = tidied(typed)
    found = await tx.join_codes.find(sha256=_hash(bare)) if bare else []
    return found[0] if found else None


async def _count(tx: Transaction, tries: Tries, now: datetime) -> None:
    """A wrong guess is on record; those of others that no longer count are dropped."""
    for other in await tx.join_tries.all():
        if not other.lately(now):
            await tx.join_tries.remove(other.key)
    await tx.join_tries.put(tries)
    tx.occasion(doing="join refused", about=CHAT, words={"chat": tries.key})


async def _names(tx: Transaction) -> str:
    return ", ".join(sorted(person.name for person in administrators(await tx.staff.all()))) or "there is none"


def _hash(code: str) -> str:
    return sha256(code.encode()).hexdigest()
