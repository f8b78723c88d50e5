"""The message of a letter, from its frozen words, its kept templates and its kept enclosures."""

from committee.letters import Letter
from mailflows import composing, letters, rendering
from mailflows.desk import Desk
from mailflows.message import Message


async def message(letter: Letter, desk: Desk) -> Message:
    """What leaves: the same bytes today and after any upgrade."""
    rendered = rendering.render(await desk.store.kept(letter.template), letter)
    enclosures = {enclosure.sha256: await desk.store.kept(enclosure.sha256) for enclosure in letter.enclosures}
    reply_to = letters.reply_to(letter, desk)
    return composing.compose(
        letter, rendered, letterhead=letters.letterhead(desk), enclosures=enclosures, reply_to=reply_to
    )
