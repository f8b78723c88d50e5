"""What a message says, as plain values: nothing of MIME goes further than this folder."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ReadingKind(StrEnum):
    """What a message is, by its form alone; who wrote it and what for is decided elsewhere."""

    MESSAGE = "message"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    CALENDAR = "calendar"
    LIST = "list"
    REPORT = "report"
    RECEIPT = "receipt"
    UNREADABLE = "unreadable"


class Flag(StrEnum):
    """What a person should know about an attachment before opening it."""

    MISMATCH = "mismatch"  # its bytes are not what its name or its sender says
    MACRO = "macro"
    ARCHIVE = "archive"
    ENCRYPTED = "encrypted-archive"
    BOMB = "bomb"  # unpacked it would be absurdly large
    EXECUTABLE = "executable"
    TOO_LARGE = "too-large"
    EMPTY = "empty"
    TNEF = "tnef"  # winmail.dat, kept whole


@dataclass(frozen=True, slots=True)
class Mailbox:
    address: str  # lower case, the domain as A-label
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    type: str  # by its bytes
    declared: str | None  # by its sender
    size: int
    sha256: str
    flags: tuple[Flag, ...]
    inline: bool
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Failure:
    """A recipient that a delivery status notification speaks of."""

    address: str
    status: str | None  # RFC 3463, 5.1.1
    said: str | None  # the server's words, at most 500 characters
    permanent: bool


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery status notification (RFC 3464, 6533) and what it is about."""

    failed: tuple[Failure, ...] = ()
    delayed: tuple[Failure, ...] = ()
    message_id: str | None = None  # of the returned message
    token: str | None = None  # of the envelope sender that it came back to
    envelope_id: str | None = None  # ENVID (RFC 3461)


@dataclass(frozen=True, slots=True)
class Attendee:
    address: str
    partstat: str | None


@dataclass(frozen=True, slots=True)
class Calendar:
    """The calendar part of a message (RFC 5546)."""

    method: str | None
    uid: str | None
    sequence: int | None
    attendees: tuple[Attendee, ...] = ()


@dataclass(frozen=True, slots=True)
class Authentication:
    """Results of one Authentication-Results header (RFC 8601); `aligned` is None where nobody said whose word counts."""

    spf: str | None = None
    dkim: str | None = None
    dmarc: str | None = None
    arc: str | None = None
    aligned: bool | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A message as it was understood; header values hold neither line breaks nor control characters."""

    kind: ReadingKind
    from_: Mailbox | None = None  # None: not exactly one mailbox in From
    senders: tuple[Mailbox, ...] = ()  # every mailbox of every From
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    reply_to: tuple[Mailbox, ...] = ()
    envelope_sender: str | None = None  # Return-Path; "": the null sender
    delivered_to: tuple[str, ...] = ()  # envelope recipients, as servers noted them
    subject: str | None = None
    date: datetime | None = None  # as written, with its zone
    received: datetime | None = None  # when the last server took it, with its zone
    message_id: str | None = None  # with < and >, as all Message-IDs here
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    text: str = ""
    reply: str = ""  # the new words, apart from what they quote
    language: str | None = None  # en, fr, es, ru, ar or zh
    attachments: tuple[Attachment, ...] = ()
    bounce: Bounce | None = None
    calendar: Calendar | None = None
    about: str | None = None  # Message-ID that a report or a read receipt is about
    results: tuple[str, ...] = ()  # Authentication-Results, the topmost first
    auto_submitted: str | None = None  # the keyword of RFC 3834, in lower case
    precedence: str | None = None
    autoreply: str | None = None  # X-Autoreply and its kin
    suppress: str | None = None  # X-Auto-Response-Suppress
    spam: bool = False  # X-Spam-Flag or X-Spam-Status: a filter on its way took it for that
    list_id: str | None = None
    loop: str | None = None  # the domain in X-Verbale-Desk, else another X-Verbale header's name
    problems: tuple[str, ...] = ()
