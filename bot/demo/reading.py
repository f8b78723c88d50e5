"""A letter as its mailbox shows it; whatever came through the counter is shown somehow."""

import re
from contextlib import suppress
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP, compat32
from email.utils import parsedate_to_datetime
from html import escape
from typing import Final

import nh3

from bot.demo.post_office import Arrived
from committee.calendar import written_moment

LONGEST: Final = 300
"""Letters of one field that are shown."""
BLANK_LINE: Final = re.compile(rb"\r?\n\r?\n")
"""RFC 5322 2.1: after it comes the body, of which a list of letters reads nothing."""
LARGEST_PAGE: Final = 50_000
"""Characters of HTML that are drawn: tags within tags take the square of their number. A larger page is shown as it is written."""
DOCUMENT: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>A letter</title>
<style>pre {{ white-space: pre-wrap; overflow-wrap: anywhere; }}</style></head><body dir="auto">
{words}
</body></html>"""
TAGS: Final = (nh3.ALLOWED_TAGS - {"a"}) | {"style"}
UNREAD: Final = {"noscript", "script", "title"}
"""Whose words are none of the letter's."""
ATTRIBUTES: Final = {
    "*": {"class", "dir", "lang", "style"},
    "img": {"alt", "height", "src", "width"},
    "td": {"colspan", "rowspan"},
}


def field(letter: Arrived, name: str) -> str:
    """One line of its heading, decoded as far as that can be done."""
    heading, *_ = BLANK_LINE.split(letter.raw, maxsplit=1)
    written = str(message_from_bytes(heading, policy=compat32).get(name, ""))
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
    """Its words as a page in which nothing can happen: the letter's own where it has one, else its text as it is written."""
    try:
        message = message_from_bytes(letter.raw, policy=SMTP)
        body = message.get_body(("html", "plain")) if isinstance(message, EmailMessage) else None
        words, is_page = (body.get_content(), body.get_content_subtype() == "html") if body else ("", False)
    except Exception:  # noqa: BLE001 - the parser has no list of what it raises; then its bytes are shown
        words, is_page = letter.raw.decode("ascii", "replace"), False
    text = str(words).encode(errors="replace").decode()
    return DOCUMENT.format(
        words=_inert(text) if is_page and len(text) <= LARGEST_PAGE else f"<pre>{escape(text)}</pre>"
    )


def _inert(page: str) -> str:
    """What of it has words, pictures that it brings along, or a look of its own.

    The frame's policy lets nothing be fetched; but for a frame in a frame a browser asks for the name and connects before it looks
    at the policy, and whoever wrote the letter would know that it was read.
    """
    return nh3.clean(
        page, tags=TAGS, clean_content_tags=UNREAD, attributes=ATTRIBUTES, url_schemes={"data"}, link_rel=None
    )
