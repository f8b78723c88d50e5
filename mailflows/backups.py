"""The desk is backed up, restored, brought forward and given a new key: an administrator's acts, each in the audit trail."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from committee.announcements import AnnouncementState
from committee.calendar import written_moment
from committee.cards import Offer
from committee.counting import counted
from committee.desk import Backup
from committee.errors import Refused
from committee.letters import Delivery, DeliveryState, Stop
from committee.staff import Person, Role
from mailflows import cards, holding, posts
from mailflows.desk import Desk
from mailflows.permissions import require
from storage.archive import Manifest
from storage.backup import BackedUp
from storage.port import Transaction

LAST = "last"
D = DeliveryState
UNSENT = (D.QUEUED, D.CLAIMED, D.LATER, D.SENDING, D.HELD)


async def back_up(to: Path, at: datetime, person: Person, desk: Desk) -> BackedUp:
    """The whole desk into one file, beside its work; `at` is the world's moment, also for a practice desk."""
    require_administrator(person, "make a backup", practice=desk.facts.practice)
    made = await desk.store.back_up(to, at)
    async with desk.store.transaction(by=person.key, doing="backup", about=desk.facts.key, at=desk.now) as tx:
        await tx.backups.put(Backup(LAST, at, person.key, made.manifest.count))
    return made


async def brought_forward(made: BackedUp, person: Person, desk: Desk) -> None:
    """An older desk is one of this version now, and its backup is on record."""
    doing, about = "desk brought forward", f"from version {made.manifest.version}"
    async with desk.store.transaction(by=person.key, doing=doing, about=about, at=desk.now) as tx:
        await tx.backups.put(Backup(LAST, made.manifest.made_at, person.key, made.manifest.count))


async def rekeyed(at: datetime, person: Person, desk: Desk) -> None:
    """The desk has a new key, and its trail is sealed with it."""
    async with desk.store.transaction(by=person.key, doing="key made", about=desk.facts.key, at=desk.now) as tx:
        await tx.desk.put(replace(desk.facts, keyed=at))


async def moved(place: str, person: Person, desk: Desk) -> None:
    """The desk is where it was moved to; `place` is where it was before."""
    doing, words = "desk moved", {"from": place}
    async with desk.store.transaction(by=person.key, doing=doing, about=desk.facts.key, at=desk.now, words=words) as tx:
        await tx.desk.put(replace(desk.facts, moved=desk.now))


async def hold_restored(manifest: Manifest, person: Person, desk: Desk) -> list[Delivery]:
    """A desk that was restored does not know what left since its backup: in one commit it is stopped, and what was unsent
    is uncertain, and a person decides about each. What does not fit its audit trail is refused.
    """
    require_administrator(person, "restore a backup", practice=desk.facts.practice)
    if faults := [finding for finding in await desk.store.verify() if not finding.note]:
        first = " ".join(filter(None, (faults[0].ledger, faults[0].key, faults[0].what)))
        raise Refused(f"The backup does not fit its audit trail ({counted(len(faults), 'thing')}, first: {first}).")
    async with desk.store.transaction(by=person.key, doing="desk restored", about=desk.facts.key, at=desk.now) as tx:
        unsent = await _made_uncertain(tx, manifest, desk)
        await _hold_announced(tx, desk)
        await posts.restored(tx)
        await tx.stops.put(Stop(holding.ALL, person.name, desk.now, restored=True))
        await tx.desk.put(replace(desk.facts, restored=desk.now))
        await tx.backups.put(Backup(LAST, manifest.made_at, person.key, manifest.count))
        await _tell(tx, manifest, len(unsent), desk)
    return unsent


async def take_over(key: str, account: int, desk: Desk) -> Person:
    """On another host an administrator of the desk has another account: whoever holds the backup says whose this one is."""
    person = await desk.store.staff.get(key)
    if person is None or not person.may(Role.ADMINISTRATOR):
        people = [one.key for one in await desk.store.staff.all() if one.may(Role.ADMINISTRATOR)]
        raise Refused(f"{key} is no administrator of this desk; its administrators: {', '.join(people)}.")
    async with desk.store.transaction(by=key, doing="account taken over", about=key, at=desk.now) as tx:
        for other in await tx.staff.find(account=account):
            await tx.staff.put(replace(other, account=None))
        taken = replace(person, account=account)
        await tx.staff.put(taken)
    return taken


async def _made_uncertain(tx: Transaction, manifest: Manifest, desk: Desk) -> list[Delivery]:
    why = f"it had not left when the backup of {written_moment(manifest.made_at)} was made, and may have left since"
    unsent = [
        delivery.moved(D.UNCERTAIN, desk.now, reply=why, by_hand=True)
        for delivery in await tx.deliveries.find(state=UNSENT)
    ]
    before = [replace(delivery, by_hand=True) for delivery in await tx.deliveries.find(state=D.UNCERTAIN)]
    await tx.deliveries.put(*unsent, *before)
    return [*unsent, *before]


async def _hold_announced(tx: Transaction, desk: Desk) -> None:
    why = f"this desk was restored from a backup on {written_moment(desk.now)}, and it may have gone"
    announced = await tx.announcements.find(state=AnnouncementState.ANNOUNCED)
    await tx.announcements.put(*(replace(one, state=AnnouncementState.HELD, why=why) for one in announced))


async def _tell(tx: Transaction, manifest: Manifest, unsent: int, desk: Desk) -> None:
    text = (
        f"It is as it was on {written_moment(manifest.made_at)}. Nothing leaves until an administrator resumes. "
        f"{counted(unsent, 'delivery', 'deliveries')} may have left since: outbox uncertain, and for each letter "
        "letter KEY again, or withdraw."
    )
    offers = (Offer("Let the desk go", "resume", "danger"),)
    about = f"restored/{desk.now.isoformat()}"
    await cards.post(tx, "alarm", about, "This desk was restored from a backup", text, now=desk.now, offers=offers)


def require_administrator(person: Person, doing: str, *, practice: bool) -> None:
    """On a practice desk anyone may try it out."""
    if not practice:
        require(person, Role.ADMINISTRATOR, doing)
