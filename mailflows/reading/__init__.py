"""An e-mail is read: bytes in, plain values out, whatever the bytes are; nothing raises out of here."""

from mailflows.reading.contract import as_json
from mailflows.reading.loops import automatic, replies_by_itself
from mailflows.reading.messages import read
from mailflows.reading.results import authentication
from mailflows.reading.values import (
    Attachment,
    Attendee,
    Authentication,
    Bounce,
    Calendar,
    Failure,
    Flag,
    Mailbox,
    Reading,
    ReadingKind,
)

__all__ = [
    "Attachment",
    "Attendee",
    "Authentication",
    "Bounce",
    "Calendar",
    "Failure",
    "Flag",
    "Mailbox",
    "Reading",
    "ReadingKind",
    "as_json",
    "authentication",
    "automatic",
    "read",
    "replies_by_itself",
]
