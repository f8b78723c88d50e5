"""A letter as its mailbox shows it; whatever came through the counter is shown somehow."""

from contextlib import suppress
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP, compat32
from email.utils import parsedate_to_datetime
from html import escape
from typing import Final

from bot.demo.post_office import Arrived
from committee.calendar import written_moment

LONGEST: Final = 300
"""Letters of one field that are shown."""


def field(letter: Arrived, name: str) -> str:
    """One line of its heading, decoded as far as that can be done."""
    written = str(message_from_bytes(letter.raw, policy=compat32).get(name, ""))
    with suppress(LookupError, MessageError, ValueError):  # an unknown charset, or words that are not what they say
        written = str(make_header(decode_header(written)))
    return " ".join(written.encode(errors="replace").decode().split())[:LONGEST]


def moment(letter: Arrived) -> str:
    """When it was written, as it says itself."""
    try:
        return written_moment(parsedate_to_datetime(field(letter, "Date")).astimezone())
    except (ValueError, OverflowError):
        return "without a date"


def document(letter: Arrived) -> str:
    """Its words as a page: the letter's own where it has one, else its text as it is written."""
    try:
        message = message_from_bytes(letter.raw, policy=SMTP)
        body = message.get_body(("html", "plain")) if isinstance(message, EmailMessage) else None
        words, is_page = (body.get_content(), body.get_content_subtype() == "html") if body else ("", False)
    except Exception:  # noqa: BLE001 - the parser has no list of what it raises; then its bytes are shown
        words, is_page = letter.raw.decode("ascii", "replace"), False
    text = str(words).encode(errors="replace").decode()
    return text if is_page else f"<!doctype html><html lang=en><title>A letter</title><pre>{escape(text)}</pre></html>"
