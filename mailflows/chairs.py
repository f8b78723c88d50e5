"""An officer notes who is in a chair from a day on; whoever was in it before leaves it the day before, who follows stays."""

from dataclasses import replace
from datetime import date, timedelta

from committee.calendar import written
from committee.chairs import COMMITTEE
from committee.errors import Refused
from committee.staff import Role
from committee.working_groups import Chairing
from mailflows.permissions import require
from mailflows.presses import Act


async def seat(body: str, name: str, start: date, delegation: str, who: Act) -> Chairing:
    """The Committee's chair, or a working group's; the Chair's letters go once there is one."""
    require(who.person, Role.OFFICER, "note who is in a chair")
    desk = who.desk
    chairing = Chairing(f"{body}/{start.isoformat()}", body, name, delegation, start)
    async with desk.store.transaction(by=who.person.key, doing="chair noted", about=body, at=desk.now) as tx:
        groups = [group.key for group in await tx.groups.all()]
        if body not in {COMMITTEE, *groups}:
            raise Refused(
                f"There is no body {body!r}; there are: {', '.join((COMMITTEE, *groups))}. Nothing was changed."
            )
        others = await tx.chairings.find(body=body)
        if same := [one for one in others if one.start == start]:
            raise Refused(f"{same[0].name} is in that chair from {written(start)} already. Nothing was changed.")
        for before in others:
            if before.start < start and (before.end is None or before.end >= start):
                await tx.chairings.put(replace(before, end=start - timedelta(days=1)))
        if after := min((one.start for one in others if one.start > start), default=None):
            chairing = replace(chairing, end=after - timedelta(days=1))
        await tx.chairings.put(chairing)
    return chairing
