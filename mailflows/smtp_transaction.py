"""One message over an SMTP line (RFC 5321, 3.3): the server agrees to take it, then the text goes, and the answer is its end."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from committee.errors import Refused
from mailflows.accepted import Bounced, Deferred, NotLetIn, Uncertain
from mailflows.headers import ascii_address
from mailflows.message import Message
from mailflows.post import Ready
from mailflows.smtp_answers import GO_ON, OutOfStep, Reply, refusal
from mailflows.smtp_line import Line
from mailflows.smtp_text import blocks
from mailflows.smtp_timeouts import Timeouts

_LONGEST_ENVID = 100  # RFC 3461, 4.4
_SHORT = 65_536  # bytes; what is taken at once anyway, so that a break in it says nothing of how much has arrived
_XTEXT = re.compile(r"[!-*,-<>-~]*")
_CODED = re.compile(rb"[^!-*,-<>-~]")
_LONGEST_NUMBER = 20  # digits; RFC 1870, section 4
_LONGEST_LOCAL_PART = 64  # bytes; RFC 5321, 4.5.3.1.1
_LOCAL_IN_UTF8 = re.compile(r"(?!\.)(?:\.?[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u00a1-\U0010ffff-])+")  # RFC 6531, 3.3
_ABOUT_THE_MESSAGE = re.compile(r"^552\b|\b5\.3\.4\b")  # RFC 1870, 6.1: its size; any other refusal of MAIL is about us


@dataclass(frozen=True, slots=True)
class Envelope:
    """Addresses as they go over the line: domains as A-labels, local parts in UTF-8 only where they need it."""

    sender: str
    recipient: str
    id: str = ""

    @property
    def in_utf8(self) -> bool:
        return not (self.sender.isascii() and self.recipient.isascii())


class _Command(NamedTuple):
    step: str
    words: bytes
    seconds: float


def envelope(sender: str, recipient: str, envelope_id: str) -> Envelope:
    """`Refused` where one of them is not an address: nothing that data say ends a command or adds a word to it."""
    return Envelope(_address(sender), _address(recipient), envelope_id)


async def offer(line: Line, envelope: Envelope, message: Message, timeouts: Timeouts) -> None:
    """Sender, recipient and DATA, in one write where the server takes that (RFC 2920); returns when it says 354.

    Raises `Deferred` and `Bounced`, after which the line can carry the next message; after anything else it cannot.
    """
    if line.doubtful:
        await _reset(line, timeouts)
    commands = (
        _Command("MAIL", _mail(line, envelope, message), timeouts.mail),
        _Command("RCPT", b"RCPT TO:<%b>\r\n" % envelope.recipient.encode(), timeouts.rcpt),
        _Command("DATA", b"DATA\r\n", timeouts.data),
    )
    line.doubtful = True
    groups: list[tuple[_Command, ...]]
    groups = [commands] if "pipelining" in line.extensions else [(each,) for each in commands]
    for group in groups:
        replies = await line.ask(b"".join([each.words for each in group]), *[each.seconds for each in group])
        if isinstance(line.trouble, OutOfStep):
            raise line.trouble
        for command, reply in zip(group, replies, strict=False):  # a line that ends answers fewer
            if error := _refusal(command.step, reply, line, envelope):
                if isinstance(error, Bounced | Deferred):
                    await _end_without_text(line, group, replies, timeouts)
                raise error
        if line.trouble:
            raise line.trouble


async def hand_over(line: Line, message: Message, ready: Ready, timeouts: Timeouts) -> Reply:
    """After `offer`: the text and the final dot, when `ready` has returned; returns the reply that accepts the message.

    Raises `Unavailable` where the line broke before the dot went out, and `Uncertain` where it broke after, or where
    what came is no answer.
    """
    error: Exception | None
    try:
        await ready()
    except BaseException:  # the server waits for a text, and gets neither one nor its end
        line.abort()
        raise
    if line.trouble:
        raise line.trouble
    replies = await line.ask(await _to_the_last(line, message, timeouts) + b".\r\n", timeouts.dot)
    if isinstance(line.trouble, OutOfStep) or not replies:
        error = line.trouble
    elif (error := _refusal(".", replies[0], line, None)) is None:
        line.doubtful = False
        return replies[0]
    elif not isinstance(error, OutOfStep):
        raise error
    raise Uncertain(f"the end of the message went out and no answer came: {error}") from error


async def greet(line: Line, timeouts: Timeouts) -> Reply:
    """NOOP: whether a message could go."""
    replies = await line.ask(b"NOOP\r\n", timeouts.command)
    if error := line.trouble or _refusal("NOOP", replies[0], line, None):
        raise error
    return replies[0]


async def _to_the_last(line: Line, message: Message, timeouts: Timeouts) -> bytes:
    """All of a long text, so that a line that breaks in it breaks before the dot; a short one goes with the dot."""
    if len(message) <= _SHORT:
        return b"".join(blocks(message))
    for block in blocks(message):
        await line.write(block, timeouts.block)
    return b""


async def _reset(line: Line, timeouts: Timeouts) -> None:
    replies = await line.ask(b"RSET\r\n", timeouts.command)
    if line.trouble:
        raise line.trouble
    if error := refusal("RSET", replies[0], line.relay):
        raise OutOfStep(f"{line.relay} does not begin anew: {error}")
    line.doubtful = False


async def _end_without_text(line: Line, group: tuple[_Command, ...], replies: list[Reply], timeouts: Timeouts) -> None:
    """A server that asks for the text of a message that it has refused gets a lone dot (RFC 2920, 3.1)."""
    if len(replies) == len(group) and group[-1].step == "DATA" and replies[-1].code == GO_ON:
        await line.ask(b".\r\n", timeouts.dot)


def _refusal(step: str, reply: Reply, line: Line, envelope: Envelope | None) -> Exception | None:
    error = refusal(step, reply, line.relay)
    if envelope and step == "MAIL" and isinstance(error, Bounced) and not _ABOUT_THE_MESSAGE.search(error.reply):
        return NotLetIn(f"{line.relay} does not take {envelope.sender} as a sender: {error.reply}")
    return error


def _mail(line: Line, envelope: Envelope, message: Message) -> bytes:
    """What the server offers is used, and what it does not offer and the message needs is said in a sentence (`Bounced`)."""
    offered, size = line.extensions, len(message)
    limit = offered.get("size", "")
    if limit.isdecimal() and len(limit) < _LONGEST_NUMBER and 0 < int(limit) < size:
        raise Bounced(f"not offered to {line.relay}: the message has {size} bytes, and it takes {limit} (EHLO SIZE)")
    words, in_utf8 = f"MAIL FROM:<{envelope.sender}>", envelope.in_utf8
    if "size" in offered:
        words += f" SIZE={size}"
    if not all(part.isascii() for part in message.parts):
        words += _needed(line, "8BITMIME", "its text has bytes beyond ASCII", " BODY=8BITMIME")
        in_utf8 |= not bytes(message).partition(b"\r\n\r\n")[0].isascii()
    if in_utf8:
        words += _needed(line, "SMTPUTF8", "an address or its header has signs beyond ASCII", " SMTPUTF8")
    if "dsn" in offered and (envid := _xtext(envelope.id)):
        words += f" RET=HDRS ENVID={envid}"
    return f"{words}\r\n".encode()


def _needed(line: Line, extension: str, why: str, words: str) -> str:
    if extension.lower() in line.extensions:
        return words
    raise Bounced(
        f"not offered to {line.relay}: {why}, and it does not take that (no {extension} in its answer to EHLO)"
    )


def _address(address: str) -> str:
    local, at, domain = address.rpartition("@")
    if local.isascii() or not at or not local.isprintable() or not _LOCAL_IN_UTF8.fullmatch(local):
        return ascii_address(address)
    if len(local.encode()) > _LONGEST_LOCAL_PART:
        raise Refused(f"{local[:100]!r} is longer than the part of an address before the @ may be")
    return f"{local}@{ascii_address(f'x@{domain}').rpartition('@')[2]}"


def _xtext(envelope_id: str) -> str:
    """An envelope id as ENVID carries it (RFC 3461, section 4), or nothing where it would be too long."""
    if not _XTEXT.fullmatch(envelope_id):
        coded = (f"+{byte:02X}" if _CODED.match(bytes([byte])) else chr(byte) for byte in envelope_id.encode())
        envelope_id = "".join(coded)
    return envelope_id if len(envelope_id) <= _LONGEST_ENVID else ""
