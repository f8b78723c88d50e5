"""An administrator says who works at the desk, and in which roles; the last administrator cannot be taken away."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from committee.errors import Refused
from committee.joining import is_identity
from committee.names import fold
from committee.staff import STRANGER, LetIn, Person, Role, administrators, in_chat, leaves_nobody
from mailflows import cases, identities
from mailflows.desk import Desk
from mailflows.headers import ascii_address
from mailflows.joining import CHAT
from mailflows.permissions import require
from mailflows.presses import Act
from storage.port import Transaction

NONE = "none"
"""What is typed in place of an identity or an address that is taken away."""


def key_for(name: str) -> str:
    """A person's key, from the name: Ana García is ana-garcia."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-") or "person"


async def add(name: str, role: Role, account: int | None, person: Person, desk: Desk) -> Person:
    require(person, Role.ADMINISTRATOR, "add a person to the staff")
    let_in = () if account is None else (LetIn(person.key, desk.now),)
    new = Person(key_for(name), name, (role,), account, let_in=let_in)
    if new.key in {STRANGER.key, NONE, CHAT}:
        raise Refused(
            f"{new.key} is how the desk calls nobody that it knows; add the person by another name. Nothing was changed."
        )
    async with desk.store.transaction(by=person.key, doing="staff add", about=new.key, at=desk.now) as tx:
        if await tx.staff.get(new.key):
            raise Refused(
                f"{new.key} is in the staff register already; to change the role: staff {new.key} role {role}."
            )
        taken = next(iter(await tx.staff.find(account=account)), None) if account is not None else None
        if taken:
            raise Refused(f"The account {account} is {taken.name}’s ({taken.key}) already. Nothing was changed.")
        await tx.staff.put(new)
        await identities.tell(tx, None, new, person.key)
    return new


async def give_role(key: str, role: Role, person: Person, desk: Desk) -> Person:
    """From now on `key` has this role, and no other; somebody who had left is back with it."""
    async with _changing("role", key, Act(person, desk)) as (tx, known):
        changed = replace(known, roles=(role,), left_at=None)
        await _put(tx, changed)
    return changed


async def add_role(key: str, role: Role, who: Act) -> Person:
    """From now on `key` has this role too, beside those they have."""
    async with _changing("role added", key, who) as (tx, known):
        _works(known)
        if role in known.roles:
            raise Refused(f"{known.name} is {role} already; nothing was changed.")
        changed = known.given(role)
        await _put(tx, changed)
    return changed


async def remove_role(key: str, role: Role, who: Act) -> Person:
    """One role is taken away; of the last one it is said that the person leaves, so that nobody is left with none."""
    async with _changing("role removed", key, who) as (tx, known):
        if role not in known.roles:
            raise Refused(
                f"{known.name} is no {role}; they have {', '.join(known.roles) or 'left'}. Nothing was changed."
            )
        changed = known.without(role)
        if not changed.roles and not await _leaves_nobody(tx, changed):
            raise Refused(
                f"{role} is the only role of {known.name}. For another one: staff {key} role ROLE; if they no longer work "
                f"here: staff {key} end. Nothing was changed."
            )
        await _put(tx, changed)
    return changed


async def end(key: str, who: Act) -> Person:
    """`key` no longer works here: no role, no account, no identity in chat, no code, no draft, no delegation; their cases are nobody's."""
    async with _changing("end", key, who) as (tx, known):
        _works(known)
        gone = known.gone(who.desk.now)
        await _put(tx, gone)
        await tx.join_codes.remove(key)
        for draft in await tx.form_drafts.all():
            if draft.key.startswith(f"{key}/"):
                await tx.form_drafts.remove(draft.key)
        for one in await tx.delegations.all():
            if key in {one.approver, one.delegate}:
                await tx.delegations.remove(one.key)
    return gone


async def recognize(key: str, identity: str, who: Act) -> Person:
    """In chat `key` is TEAM/USER from now on, or nobody (`none`)."""
    chat = "" if fold(identity) == NONE else identity.strip().upper()
    if chat and not is_identity(chat):
        raise Refused(
            f"{identity!r} is no user of a workspace: TEAM/USER, for example T01DESK/U01ADA, or none. Nothing was changed."
        )
    async with _changing("chat", key, who) as (tx, known):
        _works(known)
        taken = in_chat(await tx.staff.all(), chat)
        if taken and taken.key != key:
            raise Refused(f"{chat} is {taken.name} ({taken.key}) already. Nothing was changed.")
        if chat and await _would_be_trusted_blindly(tx, known):
            raise Refused(
                f"{known.name} is the last administrator whom the desk recognizes, and in chat alone: an identity that is "
                f"mistyped would let nobody in. Make a code (staff {key} code); there you type: join CODE. Nothing was changed."
            )
        let_in = LetIn(who.person.key, who.desk.now)
        changed = known.recognized(chat, let_in) if chat else known.unrecognized()
        await _put(tx, changed)
        await identities.tell(tx, known, changed, who.person.key)
        await tx.join_codes.remove(key)
    return changed


async def reach_at(key: str, address: str, who: Act) -> Person:
    """This is the mailbox of `key`, for alarms when chat is down and for what they file; `none` takes it away."""
    reached = "" if fold(address) == NONE else ascii_address(address.strip()).casefold()
    if reached and reached in {who.desk.address, who.desk.filing}:
        raise Refused(f"{reached} is the desk's own address: nobody reads alarms there. Nothing was changed.")
    async with _changing("address", key, who) as (tx, known):
        _works(known)
        if parties := {one.state for one in await tx.contacts.find(address=reached)} if reached else set():
            raise Refused(
                f"{reached} stands under {', '.join(sorted(parties))} in the address book: no alarm of ours is for them. "
                "Nothing was changed."
            )
        changed = replace(known, address=reached)
        await _put(tx, changed)
        await identities.tell(tx, known, changed, who.person.key)
    return changed


@asynccontextmanager
async def _changing(what: str, key: str, who: Act) -> AsyncIterator[tuple[Transaction, Person]]:
    """One change of one entry, by an administrator."""
    require(who.person, Role.ADMINISTRATOR, "change the staff register")
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing=f"staff {what}", about=key, at=desk.now) as tx:
        known = await tx.staff.get(key)
        if known is None:
            raise Refused(f"There is no {key} in the staff register. To see who is: staff.")
        yield tx, known


async def _put(tx: Transaction, changed: Person) -> None:
    if await _leaves_nobody(tx, changed):
        others = [one.name for one in administrators(await tx.staff.all()) if one.key != changed.key]
        known = f" whom it recognizes, for it knows neither account nor chat of {', '.join(others)}" if others else ""
        raise Refused(f"{changed.name} is the last administrator{known}; make another one first. Nothing was changed.")
    await tx.staff.put(changed)
    if not changed.may(Role.OFFICER):
        await cases.let_go(changed.key, tx)


async def _leaves_nobody(tx: Transaction, changed: Person) -> bool:
    return leaves_nobody(await tx.staff.all(), changed)


async def _would_be_trusted_blindly(tx: Transaction, known: Person) -> bool:
    """Whether nobody could mend it if the identity that is given to this administrator were nobody's."""
    others = [one for one in administrators(await tx.staff.all()) if one.key != known.key and one.is_recognized]
    return known.may(Role.ADMINISTRATOR) and bool(known.chat) and known.account is None and not others


def _works(known: Person) -> None:
    if known.left_at:
        raise Refused(f"{known.name} no longer works here; to have them back: staff {known.key} role ROLE.")
