"""An absent approver has a delegate from a day to a day: named by an administrator, and gone again by itself."""

from datetime import date

from committee.calendar import written
from committee.delegations import Delegation, delegation, running, why_not
from committee.errors import Refused
from committee.staff import Person, Role
from mailflows.permissions import require
from mailflows.presses import Act
from storage.tables import Tables


async def delegate(approver: str, to: str, start: date, end: date, who: Act) -> Delegation:
    """From `start` to `end`, both included, `to` releases what `approver` might; never what either of them prepared."""
    require(who.person, Role.ADMINISTRATOR, "name a delegate")
    desk, new = who.desk, delegation(approver, to, start, end, who.person.key)
    async with desk.store.transaction(by=who.person.key, doing="staff delegate", about=approver, at=desk.now) as tx:
        staff = {person.key: person for person in await tx.staff.all() if person.left_at is None}
        if missing := [key for key in (approver, to) if key not in staff]:
            raise Refused(f"{missing[0]} does not work at this desk. To see who does: staff. Nothing was changed.")
        if why := why_not(new, await tx.delegations.all(), staff, desk.today):
            raise Refused(f"{why[:1].upper()}{why[1:]}. Nothing was changed.")
        await tx.delegations.put(new)
        words = {"delegate": to, "from": start.isoformat(), "to": end.isoformat()}
        tx.occasion(doing="staff delegate", about=approver, words=words)
    return new


async def end(approver: str, who: Act) -> list[Delegation]:
    """The approver is back: what was delegated from today on holds no longer, at once."""
    require(who.person, Role.ADMINISTRATOR, "end a delegation")
    desk = who.desk
    async with desk.store.transaction(by=who.person.key, doing="staff delegate end", about=approver, at=desk.now) as tx:
        ended = [one for one in await tx.delegations.all() if one.approver == approver and one.end >= desk.today]
        if not ended:
            raise Refused(f"{approver} has no delegate on {written(desk.today)} or later; nothing was changed.")
        for one in ended:
            await tx.delegations.remove(one.key)
    return ended


async def today(tables: Tables, day: date) -> tuple[dict[str, Person], list[Delegation]]:
    """The staff register by key, and the delegations that hold on `day`."""
    staff = {person.key: person for person in await tables.staff.all()}
    return staff, running(await tables.delegations.all(), staff, day)
