"""When what goes by itself may leave: on a working day in office hours, also after an outage; what a person pressed, at once."""

from datetime import datetime, timedelta

from committee.announcements import released_at
from committee.letters import Letter, Release
from committee.policies import timing
from mailflows.desk import Desk
from storage.tables import Tables

LOOKED_AT = timedelta(days=60)
BY_ITSELF = "rule:"


async def goes_by_itself_at(letter: Letter, tables: Tables, desk: Desk) -> datetime | None:
    """When an announced letter may leave that no person pressed: now, or at the next opening; None for any other letter."""
    if letter.rule.release is not Release.ANNOUNCED or not letter.by.startswith(BY_ITSELF):
        return None
    return await next_opening(tables, desk)


async def next_opening(tables: Tables, desk: Desk) -> datetime:
    """This moment in office hours, else the next at which the office opens, as the policies of today have it."""
    days_off = [day.day for day in await tables.days_off.all()]
    hours = timing(await tables.policies.all(), days_off, desk.today)
    return released_at(desk.now, hours, desk.today + LOOKED_AT) or desk.now + LOOKED_AT
