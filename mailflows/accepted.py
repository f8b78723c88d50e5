"""How the handing over of one copy ends: accepted with its proof, put off, refused, not let in, or uncertain."""

import re
from dataclasses import dataclass
from datetime import timedelta

from committee.errors import Refused, Unavailable

LONGEST_REPLY = 500
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")
_AFTER = re.compile(r"\b(?:in|after|wait)\s+(\d{1,6})\s*(seconds?|secs?|s|minutes?|mins?|m|hours?|h)\b", re.IGNORECASE)
_UNITS = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class Accepted:
    """The proof of one delivery: the server's own words, which server said them, and how the line was protected."""

    reply: str
    server: str
    tls: str = ""


class Deferred(Unavailable):
    """The server answered 4yz: later (RFC 5321, 4.2.1), after `after` where it says so."""

    def __init__(self, reply: str) -> None:
        super().__init__(reply)
        self.reply = reply
        self.after = _said_after(reply)


class Unreachable(Unavailable):
    """No connection, so nothing was said about any letter: nothing of a letter's tries is used up."""


class TooMuch(Unavailable):
    """The server asks us for less: too many connections, or too fast (4.3.2, 4.7.x about us, RFC 3463); it said so of no letter."""

    def __init__(self, reply: str) -> None:
        super().__init__(reply)
        self.reply = reply
        self.after = _said_after(reply)


class Bounced(Refused):
    """The server answered 5yz to this message or this recipient: not as it stands (RFC 5321, 4.2.1)."""

    def __init__(self, reply: str) -> None:
        super().__init__(reply)
        self.reply = reply


class NotLetIn(Refused):
    """The server refuses us, not a letter: our name and password, or a line that is not protected."""


class Uncertain(Exception):
    """The end of the message went out and no answer came: it may have been accepted, so it is not just tried again."""


def said(reply: str) -> str:
    """The server's words on one line, without control codes, cut at 500 characters."""
    plain = reply.encode("utf-8", "replace").decode("utf-8", "replace")
    return " ".join(_CONTROL.sub(" ", plain).split())[:LONGEST_REPLY]


def _said_after(reply: str) -> timedelta | None:
    found = _AFTER.search(reply)
    return timedelta(seconds=int(found[1]) * _UNITS[found[2][0].casefold()]) if found else None
