"""When what goes by itself may leave: on a working day in office hours, also after an outage; what a person pressed, at once."""

from datetime import datetime, timedelta

from committee.announcements import released_at
from committee.letters import Letter, Release
from committee.policies import timing
from mailflows.desk import Desk
from storage.tables import Tables

LOOKED_AT = timedelta(days=60)
BY_ITSELF = "rule:"


def goes_by_itself(letter: Letter) -> bool:
    """Whether it is an announced letter that no person pressed, which leaves in office hours alone."""
    return letter.rule.release is Release.ANNOUNCED and letter.by.startswith(BY_ITSELF)


async def next_opening(tables: Tables, desk: Desk) -> datetime:
    """This moment in office hours, else the next at which the office opens, as the policies of today have it."""
    days_off = [day.day for day in await tables.days_off.all()]
    hours = timing(await tables.policies.all(), days_off, desk.today)
    return released_at(desk.now, hours, desk.today + LOOKED_AT) or desk.now + LOOKED_AT
