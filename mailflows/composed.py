"""The message of a letter, from its frozen words, its kept templates and its kept enclosures."""

from committee.letters import Letter
from mailflows.desk import Desk
from mailflows.message import Message
from mailflows.stationery import Stationery


async def message(letter: Letter, desk: Desk) -> Message:
    """What would leave today; what did leave is in the archive (`mailflows/sent_messages.py`)."""
    return await Stationery(desk.store).message(letter, desk)
