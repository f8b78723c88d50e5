"""The desk looks at its clock: after a long silence, or a jump, what was announced waits for a person; else what is due goes."""

from datetime import timedelta

from committee.announcements import Announcement
from committee.desk import WRITTEN_EVERY, Tick, why_wait
from committee.letters import Letter
from mailflows import announcements, clarifications, confirmations, morning, turn
from mailflows.desk import Desk

TICK, MAIL_READ = "tick", "mail read"
READ_JUST_NOW = timedelta(seconds=90)
"""They are read each minute, and when something comes."""


async def look(desk: Desk, *, went_on: bool = False) -> list[Announcement]:
    """Note the moment, and hold what was announced if the clock cannot be trusted; `went_on` says that no time was missed."""
    last = await desk.store.ticks.get(TICK)
    held: list[Announcement] = []
    if last and not went_on and (why := why_wait(last.at, desk.now)):
        held = await announcements.hold_all(desk, why)
    if last is None or not last.at <= desk.now < last.at + WRITTEN_EVERY:
        async with desk.store.transaction(by="rule: clock", doing="tick", about=TICK, at=desk.now) as tx:
            await tx.ticks.put(Tick(TICK, desk.now))
    return held


async def note_read(desk: Desk) -> None:
    """Every mailbox was read to its end just now: other processes of the same desk go by that."""
    if desk.store.alone:
        return
    async with desk.store.transaction(by="rule: clock", doing="mail read", about=MAIL_READ, at=desk.now) as tx:
        await tx.ticks.put(Tick(MAIL_READ, desk.now))


async def was_read(desk: Desk) -> bool:
    """Whether the process that reads the mailboxes has just read all of them to their end."""
    last = await desk.store.ticks.get(MAIL_READ)
    return last is not None and desk.now - last.at <= READ_JUST_NOW


async def do_due(desk: Desk, *, mail_is_read: bool) -> tuple[list[Announcement], list[Letter]]:
    """Say what the day brings, announce what is to be announced, queue what goes, show what waits too long.

    Nothing goes before every mailbox was read to its end.
    """
    await morning.tell(desk)  # before anything goes, so that it says what is about to
    sent = await announcements.send_announced(desk) if mail_is_read else []
    asked = await confirmations.send_announced(desk) if mail_is_read else []
    await clarifications.show_unanswered(desk)
    await confirmations.show_unanswered(desk)
    await turn.tell(desk)
    announced = [*await announcements.announce_due(desk), *await confirmations.announce_due(desk)]
    return announced, [*sent, *asked]
