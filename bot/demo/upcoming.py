"""What is due at the next moment, in words: for whoever is about to let time go on."""

from datetime import datetime

from committee.counting import counted
from committee.letters import DeliveryState
from mailflows import announcements, morning
from mailflows.desk import Desk


async def at(moment: datetime, desk: Desk) -> list[str]:
    """What the clock does at `moment`, each in a sentence without its end."""
    return [
        said
        for said in (await _card(moment, desk), *await _reminders(moment, desk), await _tries(moment, desk))
        if said
    ]


async def _card(moment: datetime, desk: Desk) -> str:
    return "the 9 a.m. card" if await morning.next_moment(desk) == moment else ""


async def _reminders(moment: datetime, desk: Desk) -> list[str]:
    coming = await announcements.coming(desk.store, desk, desk.today + announcements.AHEAD)
    told = sum(bool(one.at) and not one.announced and one.announce_at == moment for one in coming)
    leave = sum(one.announced and one.at == moment for one in coming)
    return [
        f"{counted(told, 'reminder')} announced" if told else "",
        f"{counted(leave, 'reminder')} leaving by the clock" if leave else "",
    ]


async def _tries(moment: datetime, desk: Desk) -> str:
    waiting = await desk.store.deliveries.find(state=(DeliveryState.QUEUED, DeliveryState.LATER))
    again = sum(one.next_try == moment for one in waiting)
    return f"{counted(again, 'delivery', 'deliveries')} tried again" if again else ""
