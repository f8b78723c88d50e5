"""What a story says of chat: that a card about the thing came to stand in a channel, and when."""

from collections.abc import Iterator

from committee.audit import Entry
from committee.story import Known, Trace

TOLD = "post posted"


def of_chat(entry: Entry, known: Known, _trace: Trace) -> Iterator[str]:
    """The sentence of one entry by which a card came to stand in chat."""
    if entry.doing == TOLD and (card := known.told.get(entry.about)):
        channel = entry.about.rpartition("@")[2]
        yield f"Told in chat, in {channel}: {card.title.rstrip('.')}."
