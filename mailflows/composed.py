"""The message of a letter, from its frozen words, its kept templates and its kept enclosures."""

from committee.letters import Letter, dated
from mailflows.desk import Desk
from mailflows.message import Message
from mailflows.stationery import Stationery


async def message(letter: Letter, desk: Desk) -> Message:
    """What would leave today; what did leave is in the archive (`mailflows/sent_messages.py`)."""
    deliveries = [] if letter.date else await desk.store.deliveries.find(letter=letter.key)
    return await Stationery(desk.store).message(dated(letter, deliveries), desk)
