"""An officer sets a policy from a day on; what the clock would do is derived anew from then."""

from datetime import date

from committee.policies import Policy, read
from committee.staff import Role
from mailflows.permissions import require
from mailflows.presses import Act


async def set_from(name: str, value: str, start: date, who: Act) -> Policy:
    require(who.person, Role.OFFICER, "set a policy")
    read(name, value)
    desk = who.desk
    policy = Policy(f"{name}/{start.isoformat()}", name, value.strip(), start, who.person.name)
    async with desk.store.transaction(by=who.person.key, doing="policy set", about=name, at=desk.now) as tx:
        await tx.policies.put(policy)
    return policy
