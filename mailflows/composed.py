"""The message of a letter, from its frozen words, its kept templates and its kept enclosures."""

from committee.letters import Letter
from mailflows.desk import Desk
from mailflows.message import Message
from mailflows.stationery import Stationery


async def message(letter: Letter, desk: Desk) -> Message:
    """What leaves: the same bytes today and after any upgrade."""
    return await Stationery(desk.store).message(letter, desk)
