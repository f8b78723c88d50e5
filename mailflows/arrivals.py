"""A mail that is a party's own word, on its way to the flow that it belongs to."""

from dataclasses import dataclass

from committee.contacts import Contact
from committee.letters import Enclosure
from committee.mail import Mail
from mailflows.reading import Reading


@dataclass(frozen=True, slots=True)
class Arrival:
    """The mail with what was read in it, and whoever wrote it for which party; its enclosures are kept."""

    mail: Mail
    reading: Reading
    writer: Contact
    party: str
    files: tuple[Enclosure, ...]
